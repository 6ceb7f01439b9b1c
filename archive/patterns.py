"""Patterns of addresses, as collections state them: `*` is any run of signs, `#` one digit, the rest itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression a pattern stands for."""
    parts = {"*": ".*", "#": "[0-9]"}
    return re.compile("".join(parts.get(sign) or re.escape(sign) for sign in pattern))


def path_of(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def fits(url: str, patterns: Sequence[str]) -> bool:
    """Whether the path of an address is one of those a source's `paths` let in.

    A pattern behind `!` keeps out; where nothing but such stand, all others are let in, and so are all without any.
    """
    path = path_of(url)
    if any(compiled(pattern[1:]).fullmatch(path) for pattern in patterns if pattern.startswith("!")):
        return False
    let_in = [pattern for pattern in patterns if not pattern.startswith("!")]
    return not let_in or any(compiled(pattern).fullmatch(path) for pattern in let_in)


def moved(url: str, signature: str) -> str | None:
    """The address on the signature's own host, where the path of `url` has the signature's form; else None."""
    parts = urlsplit(signature)
    path = path_of(url)
    # A # would be a fragment to the standard library.
    form = signature.partition("://")[2].partition("/")[2]
    if not compiled("/" + form).fullmatch(path):
        return None
    return f"{parts.scheme}://{parts.netloc}{path}"
