"""A page as it looked: the archived HTML without all that runs or leads away, its pictures and styles from the archive."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from archive import (
    REQUISITE,
    Capture,
    Catalogue,
    Home,
    Payload,
    Record,
    css_with,
    is_hostile,
    picture_of,
    read_payload,
    resolve,
    urlkey,
)

CSS = "text/css"
# Elements that run, load or send something, or speak for the whole page.
GONE = frozenset(
    ("script", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet", "portal", "base", "source",
     "track", "audio", "dialog", "template", "slot")
)  # fmt: skip
# All that an element may keep, besides what is written anew below.
KEPT = frozenset(
    ("alt", "align", "bgcolor", "border", "cellpadding", "cellspacing", "charset", "class", "color", "cols", "colspan",
     "dir", "face", "height", "id", "lang", "media", "nowrap", "rel", "rows", "rowspan", "scope", "size", "span",
     "start", "style", "title", "type", "valign", "value", "width")
)  # fmt: skip
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
Address = Callable[[str], str]  # of a requisite: where this archive gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed(Record):
    """What is given to a browser."""

    body: bytes
    content_type: str


def nearest_requisite(catalogue: Catalogue, url: str, timestamp: str) -> Capture | None:
    """The capture of a picture or style nearest in time to a page's."""
    wanted = int(timestamp)
    found = (c for c in catalogue.captures(urlkey=urlkey(url)) if (c.how or "").startswith(REQUISITE) and c.url == url)
    return min(found, key=lambda capture: abs(int(capture.timestamp) - wanted), default=None)


def replay_requisite(home: Home, catalogue: Catalogue, capture: Capture, address: Address) -> Replayed:
    """A picture as it is, a style with its addresses led to this archive."""
    payload = read_payload(home, capture, catalogue=catalogue)
    if capture.mime != CSS:
        return Replayed(body=payload.body, content_type=capture.mime)
    css = payload.body.decode(_charset(payload) or "utf-8", "replace")
    led = css_with(css, lambda url: _led(url, capture.url, address))
    return Replayed(body=led.encode(), content_type="text/css; charset=utf-8")


def replay_page(home: Home, catalogue: Catalogue, capture: Capture, address: Address, *, notice: str) -> Replayed:
    """The page, with a notice above it that says what it is."""
    payload = read_payload(home, capture, catalogue=catalogue)
    root = _tree(payload)
    if root is not None:
        first = next((tag.get("href") for tag in root.iter("base") if tag.get("href")), None)
        _clean(root, _joined(first, capture.url), address)
    shown = etree.tostring(root, method="html", encoding="unicode") if root is not None else ""
    page = f'<!doctype html><meta charset="utf-8">{notice}{shown}'
    return Replayed(body=page.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")


def _tree(payload: Payload) -> etree._Element | None:
    if is_hostile(payload.body.decode("latin-1")):
        return None
    parser = etree.HTMLParser(encoding=_charset(payload), remove_comments=True, remove_pis=True, no_network=True)
    try:
        return etree.fromstring(payload.body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _charset(payload: Payload) -> str | None:
    """The charset the header states, if it is one that is known."""
    stated = CHARSET.search(payload.content_type)
    try:
        return stated[1] if stated and "".encode(stated[1]) == b"" else None
    except LookupError:
        return None


def _clean(root: etree._Element, base: str, address: Address) -> None:
    """Take away all that runs or leads away; what is shown comes from the archive."""
    for tag in list(root.iter()):
        if not isinstance(tag.tag, str) or _is_gone(tag):
            _drop(tag)
            continue
        own = {name.lower(): value for name, value in tag.attrib.items()}
        tag.attrib.clear()
        tag.attrib.update({name: value for name, value in own.items() if name in KEPT})
        _show(tag, own, lambda url: _led(url, base, address))


def _is_gone(tag: etree._Element) -> bool:
    """Whether an element is left out: of links only styles stay, of `meta` nothing."""
    name = tag.tag.lower()
    if name == "link":
        return "stylesheet" not in (tag.get("rel") or "").lower().split()
    return name in GONE or name == "meta" or ":" in name


def _drop(tag: etree._Element) -> None:
    """Take an element away, and leave the text behind it."""
    parent = tag.getparent()
    if parent is None:
        return
    if tag.tail:
        before = tag.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tag.tail
        else:
            parent.text = (parent.text or "") + tag.tail
    parent.remove(tag)


def _show(tag: etree._Element, own: dict[str, str], led: Address) -> None:
    """Write the addresses of what an element shows anew."""
    match tag.tag:
        case "img" if picture := picture_of(own):
            tag.set("src", led(picture))
        case "input" if own.get("src"):
            tag.set("src", led(own["src"]))
        case "link" if own.get("href"):
            tag.set("href", led(own["href"]))
        case "video" if own.get("poster"):
            tag.set("poster", led(own["poster"]))
        case "style" if tag.text:
            tag.text = css_with(tag.text, led)
    if background := own.get("background") or own.get("data-bg"):
        tag.set("background", led(background))
    if own.get("style"):
        tag.set("style", css_with(own["style"], led))


def _led(url: str, base: str, address: Address) -> str:
    """Where this archive gives what an address names; a small picture that is written out stays."""
    if url.startswith("data:image/"):
        return url
    try:
        return address(resolve(url, base=base))
    except ValueError:
        return "about:blank"


def _joined(first: str | None, url: str) -> str:
    try:
        return resolve(first, base=url) if first else url
    except ValueError:
        return url
