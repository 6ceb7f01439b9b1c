"""A page as a tree of elements, and what its head says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from archive import Record

Tree = Any  # lxml ships no types

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr html label legend li main nav ol option p pre section select table tbody td tfoot th thead "
    "title tr ul".split()
)
SILENT = frozenset(("script", "style", "noscript", "template", "iframe", "svg", "object", "head", "select", "textarea"))
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Record):
    """A run of text without a line break in it, the element it stands in, and how much of it is links."""

    text: str
    element: Tree = field(compare=False, repr=False)
    linked: float = 0.0


def parse_page(text: str) -> Tree | None:
    """The tree of a page, or None for what is no markup at all."""
    text = _CONTROL.sub("", _DECLARATION.sub("", text))
    if not text.strip():
        return None
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, and none at its ends."""
    return _SPACES.sub(" ", text).strip()


def blocks(tree: Tree) -> list[Block]:
    """What a reader sees, block by block, in the order of the page; scripts and the like left out."""
    found: list[Block] = []
    parts: list[str] = []
    linked = 0
    owner = tree

    def flush(element: Tree) -> None:
        nonlocal linked, owner
        if text := squeezed("".join(parts)):
            found.append(Block(text=text, element=owner, linked=min(1.0, linked / len(text))))
        parts.clear()
        linked, owner = 0, element

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if name in BLOCKS:
                flush(element)
            if not _silenced(element) and element.text:
                parts.append(element.text)
                linked += len(squeezed(element.text)) if _in_link(element) else 0
        else:
            if name in BLOCKS:
                flush(_parent(element))
            if element.tail and not _silenced(_parent(element)):
                parts.append(element.tail)
                linked += len(squeezed(element.tail)) if _in_link(_parent(element)) else 0
    flush(tree)
    return found


def _parent(element: Tree) -> Tree:
    parent = element.getparent()
    return element if parent is None else parent


def _silenced(element: Tree) -> bool:
    return any(e.tag in SILENT for e in (element, *element.iterancestors()))


def _in_link(element: Tree) -> bool:
    return element.tag == "a" or any(e.tag == "a" for e in element.iterancestors())


def metas(tree: Tree) -> Iterator[tuple[str, str]]:
    """Name (in lower case) and content of each meta element, and of elements with `itemprop` that carry a content."""
    for element in tree.iter("meta"):
        content = squeezed(element.get("content") or "")
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and element.get(key):
                yield squeezed(element.get(key)).lower(), content


def meta(tree: Tree, *names: str) -> str | None:
    """The content of the first of these metas that the page has, in the order of the names."""
    found = dict(reversed(list(metas(tree))))
    return next((found[name] for name in names if name in found), None)


def linked_data(tree: Tree) -> Iterator[dict[str, Any]]:
    """Every object in the page's JSON-LD, nested ones too; what cannot be read is passed over."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            yield from _objects(json.loads(script.text_content(), strict=False))
        except (ValueError, RecursionError):
            continue


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _objects(item)
