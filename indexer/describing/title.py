"""The title of a page: what it calls itself, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from archive import fold_plain
from indexer.describing.tree import Block, Tree, linked_data, meta, squeezed

LONGEST = 300
SHORTEST = 8  # characters of a headline that differs from the page's title
ALIKE = 60  # of 100 letters and their order that both share
PART = 0.45  # of a page's title that a heading must make up to be the title rather than the site's name
# What parts a title from the name of the site.
_PARTED = re.compile(r"\s+[-–—|·:»«/]{1,2}\s+|\s*(?:\|+|｜|--+|__?|::|－)\s*")


def title_of(tree: Tree, seen: Sequence[Block]) -> str:
    """The title: a heading that the page's own title bears out, else what is stated for machines, else the page's title."""
    page = squeezed(tree.findtext(".//title") or "")
    stated = [*filter(None, [meta(tree, "og:title", "twitter:title", "dc.title")]), *_headlines(tree)]
    site = fold_plain(site_name(tree) or "")
    headings = _headings(tree, "h1")
    if len(headings) == 1 and _resembles(page, headings[0]) and not _bears_out(page, headings[0]):
        return headings[0]
    for candidate in (*headings, *stated, *_headings(tree, "h2", "h3"), *_beginnings(seen, page)):
        if fold_plain(candidate) != site and _bears_out(page, candidate):
            return candidate
    # What a page calls itself in a tab or a list may be shorter than its headline.
    if alike := next((h for h in _headings(tree, "h1", "h2") if fold_plain(h) != site and _resembles(page, h)), None):
        return alike
    if beginning := next(_first_parts(seen, page), None):
        return beginning
    others = filter(None, (*stated, page, *headings))
    return _without_site(next(others, ""), site)[:LONGEST]


def site_name(tree: Tree) -> str | None:
    """What the page calls its site, or None."""
    if name := meta(tree, "og:site_name", "application-name"):
        return name
    publishers = (found.get("publisher") for found in linked_data(tree))
    names = (publisher.get("name") for publisher in publishers if isinstance(publisher, dict))
    return next((squeezed(name) for name in names if isinstance(name, str) and name.strip()), None)


def _headlines(tree: Tree) -> list[str]:
    return [squeezed(o["headline"]) for o in linked_data(tree) if isinstance(o.get("headline"), str)]


def _headings(tree: Tree, *names: str) -> list[str]:
    return [text for element in tree.iter(*names) if (text := squeezed(element.text_content()))]


def _beginnings(seen: Sequence[Block], page: str) -> Iterator[str]:
    """Blocks that the page's title begins with: old pages have no headings, and part nothing from the site's name."""
    yield from (block.text for block in seen if len(block.text) > 1 and page.startswith(block.text))


def _first_parts(seen: Sequence[Block], page: str) -> Iterator[str]:
    """Blocks that are the first part of the page's title, and no link as the site's name is."""
    first = fold_plain(_PARTED.split(page)[0])
    for block in seen:
        if (
            not block.linked
            and block.element.tag != "title"
            and first != fold_plain(page)
            and fold_plain(block.text) == first
        ):
            yield block.text


def _bears_out(page: str, candidate: str) -> bool:
    """Whether the page's title holds the candidate, and mostly that."""
    if not 1 < len(candidate) <= LONGEST:
        return False
    whole, part = fold_plain(page), fold_plain(candidate)
    longest = max(map(str.strip, _PARTED.split(whole)), key=len)
    return part in whole and (len(part) >= PART * len(whole) or part == longest)


def _resembles(page: str, heading: str) -> bool:
    """Whether a heading says mostly what the page's title says, in other words or more of them."""
    longest = max(_PARTED.split(fold_plain(page)), key=len)
    return SHORTEST <= len(heading) <= LONGEST and fuzz.ratio(longest, fold_plain(heading)) >= ALIKE


def _without_site(title: str, site: str) -> str:
    """The title up to where the site's name begins: what its last separator parts off, if that is the smaller part."""
    parts = [match.start() for match in _PARTED.finditer(title)]
    if not parts:
        return title
    head, tail = title[: parts[-1]].strip(), _PARTED.sub("", title[parts[-1] :]).strip()
    return head if fold_plain(tail) == site or len(tail) < len(head) else title
