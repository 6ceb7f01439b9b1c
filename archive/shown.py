"""What a page shows besides its text: where pages and styles keep the addresses of pictures and of other styles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

# Where pages keep the address of a picture until a script shows it.
LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-img",
    "data-image",
    "data-actualsrc",
)
LAZY_SETS = ("data-srcset", "data-lazy-srcset")
CSS_ADDRESS = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'()\s]+))\s*\)", re.IGNORECASE)
CSS_IMPORT = re.compile(r"@import\s+(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
CSS_EITHER = re.compile(f"{CSS_IMPORT.pattern}|{CSS_ADDRESS.pattern}", re.IGNORECASE)
CSS_COMMENT = re.compile(r"/\*.*?(\*/|\Z)", re.DOTALL)  # one that does not end goes to the end
FONT = re.compile(r"\.(woff2?|ttf|otf|eot)([?#]|$)", re.IGNORECASE)
CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")
# libxml2 compares each attribute of a tag with all before it: one tag with 200,000 of them takes minutes.
HUGE_TAG = re.compile(r"<[a-zA-Z](?:[^<>=\s]*+[=\s]++){20000}")
WINDOW = 10_000  # characters; a tag that HUGE_TAG finds has four times as many
MAX_SRCSET = 4000  # characters
WIDEST = 1200  # of a picture's sizes the widest up to this


def is_hostile(html: str) -> bool:
    """Whether a tag of a page has more attributes than a parser can stand."""
    # Such a tag is long: only where a whole window has no other tag in it is the page worth the longer look.
    windows = (html[start : start + WINDOW] for start in range(0, len(html), WINDOW))
    return any("<" not in part and ">" not in part for part in windows) and HUGE_TAG.search(html) is not None


def picture_of(attributes: Mapping[str, str]) -> str | None:
    """The address of the picture an `img` shows in the end: what a script would put there, its source, its best size."""
    lazy = next((value for name in LAZY if (value := attributes.get(name))), None)
    lazy = lazy or next((best for name in LAZY_SETS if (best := best_of(attributes.get(name) or ""))), None)
    return lazy or attributes.get("src") or best_of(attributes.get("srcset") or "")


def best_of(srcset: str) -> str | None:
    """The address of a `srcset` that is captured: the widest that is not wider than a page."""
    candidates = CANDIDATE.finditer(srcset[:MAX_SRCSET])
    found = [(match[1], float(match[2] or 1)) for match in candidates if _is_number(match[2])]
    fitting = [pair for pair in found if pair[1] <= WIDEST] or sorted(found, key=lambda pair: pair[1])[:1]
    return max(fitting, key=lambda pair: pair[1])[0] if fitting else None


def css_addresses(css: str) -> Iterator[str]:
    """The addresses a stylesheet imports, then those it shows; fonts are left out, since a page can be read without."""
    css = CSS_COMMENT.sub("", css)
    for pattern in (CSS_IMPORT, CSS_ADDRESS):
        for match in pattern.finditer(css):
            url = _address(match)
            if not FONT.search(url):
                yield url


def css_with(css: str, replaced: Callable[[str], str]) -> str:
    """A stylesheet with every address in it replaced."""

    def anew(match: re.Match[str]) -> str:
        return f'{"@import " if match[0].startswith("@") else ""}url("{replaced(_address(match))}")'

    return CSS_EITHER.sub(anew, CSS_COMMENT.sub("", css))


def _address(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "")


def _is_number(text: str | None) -> bool:
    return text is None or re.fullmatch(r"\d+(\.\d+)?", text) is not None
