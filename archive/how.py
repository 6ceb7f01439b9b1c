"""How a capture came to be made: words of its `how` that the crawler writes and describing goes by."""

from __future__ import annotations

OF_COLLECTION = " of the collection"  # ends those of sitemaps, feeds and listings that the collection names
ROBOTS = "robots.txt"
NEXT_PAGE, SITEMAP_INDEX = "next page of ", "sitemap index "  # begin those of further lists
REQUISITE = "requisite of "  # begins those of pictures and styles, before the page they belong to
NOTICE = "; it says that the page is gone"  # ends those of answers of 200 that are none


def may_be_report(how: str | None) -> bool:
    """Whether a capture was made as that of a page, and not to find pages, to show them, or of one that is gone."""
    how = how or ""
    return not how.endswith((OF_COLLECTION, ROBOTS, NOTICE)) and not how.startswith(
        (NEXT_PAGE, SITEMAP_INDEX, REQUISITE)
    )


def is_notice(how: str | None) -> bool:
    """Whether a capture is of an answer of 200 that only said the page is gone."""
    return (how or "").endswith(NOTICE)
