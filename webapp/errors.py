"""What can go wrong in the webapp.

WebError
├── ArgumentError   a page was asked for with arguments it does not take
└── PortError       the server cannot listen where it was told to
"""


class WebError(Exception):
    """Root of the errors of the webapp."""


class ArgumentError(WebError):
    """An argument in the address is not one the page takes."""


class PortError(WebError):
    """The address or port cannot be listened on."""
