"""The dates a page states for machines, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archive import fold_plain
from indexer.describing.dates import date_rules
from indexer.describing.tree import Tree, linked_data, metas, squeezed

ARTICLE = re.compile(r"article|posting|report", re.IGNORECASE)
ELSEWHERE = frozenset(("a", "aside", "footer", "nav"))  # where dates are of other pages

Stated = tuple[str, str]  # the value as it is written, and how it is stated


def stated_dates(tree: Tree, title: str) -> Iterator[Stated]:
    """Every date of publication that linked data, metas and marked-up times state."""
    yield from _in_linked_data(tree, title)
    yield from _in_metas(tree)
    yield from _in_items(tree)
    yield from _in_times(tree)


def _in_linked_data(tree: Tree, title: str) -> Iterator[Stated]:
    """Of articles first, and of the one with this page's title before those it is shown with."""
    dated = [found for found in linked_data(tree) if isinstance(found.get("datePublished"), str)]
    kinds = [(found, str(found.get("@type") or "")) for found in dated]
    others = tuple(date_rules()["stated"]["others"])
    own = [(found, kind) for found, kind in kinds if not any(other in kind for other in others)]
    own.sort(key=lambda item: (not ARTICLE.search(item[1]), not _is_titled(item[0], title)))
    yield from ((found["datePublished"], "stated by the page (JSON-LD datePublished)") for found, _ in own)


def _is_titled(found: dict[str, Any], title: str) -> bool:
    headline = found.get("headline") or found.get("name")
    return isinstance(headline, str) and fold_plain(squeezed(headline)) == fold_plain(title)


def _in_metas(tree: Tree) -> Iterator[Stated]:
    found = dict(reversed(list(metas(tree))))
    names = date_rules()["stated"]["metas"]
    yield from ((found[name], f"stated by the page (meta {name})") for name in names if name in found)


def _in_items(tree: Tree) -> Iterator[Stated]:
    for element in tree.xpath("//*[@itemprop='datePublished'][not(self::meta)]"):
        value = element.get("content") or element.get("datetime") or squeezed(element.text_content())
        yield value, "stated by the page (itemprop datePublished)"


def _in_times(tree: Tree) -> Iterator[Stated]:
    """The first time of the page that is not of another page, nor of a change."""
    times = [time for time in tree.iter("time") if time.get("datetime") and not _is_elsewhere(time)]
    published = [time for time in times if time.get("pubdate") is not None]
    yield from ((time.get("datetime"), "stated by the page (time datetime)") for time in (published or times)[:1])


def _is_elsewhere(time: Tree) -> bool:
    changed = time.get("itemprop") == "dateModified" or "updated" in (time.get("class") or "").split()
    return changed or any(element.tag in ELSEWHERE for element in time.iterancestors())
