"""Views: one blueprint a family of pages. Each parses arguments, calls one function, renders; `api` does so as JSON."""
