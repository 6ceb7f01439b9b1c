"""What pages and servers tell robots beside robots.txt: whether a copy may be shown (`noarchive`, `none`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Named so, a directive is for us: our own name, and those under which pages address web archives as a kind.
OURS = frozenset(("robots", "podium", "archive.org_bot", "ia_archiver"))
FORBID = frozenset(("noarchive", "none"))
# Directives with a value, whose colon does not part an agent from what it is told.
VALUED = frozenset(("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"))
AGENT = re.compile(r"\s*([A-Za-z][\w.-]*)\s*:\s*(.*)", re.DOTALL)


def meta_forbids_copy(tags: Iterable[tuple[str, str]]) -> bool:
    """Whether `meta` elements, as pairs of name and content, forbid showing a copy."""
    return any(name.strip().lower() in OURS and _forbids(content) for name, content in tags)


def header_forbids_copy(values: Iterable[str]) -> bool:
    """Whether X-Robots-Tag headers do; one may begin with the agent it is for, and that one may change within it."""
    for value in values:
        agent = "robots"
        for part in value.split(","):
            match = AGENT.fullmatch(part)
            if match and match[1].lower() not in VALUED:
                agent, part = match[1].lower(), match[2]  # noqa: PLW2901 - the rest of the part is what it says
            if agent in OURS and part.strip().lower() in FORBID:
                return True
    return False


def _forbids(content: str) -> bool:
    return any(part.strip().lower() in FORBID for part in re.split(r"[,;\s]+", content))
