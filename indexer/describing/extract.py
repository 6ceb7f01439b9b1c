"""A page to its title and text: paragraphs joined by line ends, what stands around them left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from html.parser import HTMLParser

from lxml import etree
from trafilatura import bare_extraction

from archive import Record
from indexer.describing.boilerplate import without_boilerplate
from indexer.describing.title import title_of
from indexer.describing.tree import BLOCKS, SILENT, Block, Tree, squeezed

SHORT = 120  # characters; a text that short may be all that a cautious extractor left
LAYOUT = 160  # characters in a cell above which a table sets the page rather than figures
GAIN = 4  # how much more the page must hold in sentences before a short text is not believed
SENTENCE = 40  # characters a block outside links must have to count as a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted(Record):
    """What was found on a page; `how` says by which means."""

    title: str
    text: str
    how: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The lines of the text."""
        return tuple(self.text.split("\n")) if self.text else ()


def extract(tree: Tree | None, seen: Iterable[Block], source: str) -> Extracted:
    """Title and text of a page: its tree (left as it was), the blocks a reader sees, and its markup as text."""
    seen = list(seen)
    title = title_of(tree, seen) if tree is not None else ""
    lines, how = as_seen(_article(tree), seen), "trafilatura"
    text = _joined(without_boilerplate(lines, title=title, seen=seen))
    sentences = [block.text for block in seen if block.linked < 0.5 and len(block.text) >= SENTENCE]
    if len(text) < SHORT and sum(map(len, sentences)) > GAIN * max(len(text), 1):
        text, how = _joined(without_boilerplate(sentences, title=title, seen=seen)), "all sentences of the page"
    if not text:
        # What the parser gave up on, such as thousands of elements within each other, still has its words.
        lines = _without_tags(source)
        text, how = _joined(without_boilerplate(lines, title=title, seen=seen)), "the page without its tags"
    return Extracted(title=title or text.partition("\n")[0][:160], text=text, how=how)


def _article(tree: Tree | None) -> list[str]:
    if tree is None:
        return []
    try:
        document = bare_extraction(_unset(deepcopy(tree)), include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError):
        return []
    body = getattr(document, "body", None)
    return [line for line in _lines(body) if line] if body is not None else []


def as_seen(lines: Iterable[str], seen: Sequence[Block]) -> Iterator[str]:
    """The lines, those that run several blocks of the page together parted as a reader sees them."""
    compact = ["".join(block.text.split()) for block in seen]
    whole = set(compact)
    for line in lines:
        wanted = "".join(line.split())
        parts = [] if wanted in whole else _parts(wanted, compact)
        yield from (seen[number].text for number in parts) if len(parts) > 1 else (line,)


def _parts(wanted: str, compact: Sequence[str]) -> list[int]:
    """The blocks, in order, that make up the whole line; none where they do not."""
    found: list[int] = []
    place = 0
    for number, part in enumerate(compact):
        if wanted.startswith(part, place):
            found.append(number)
            place += len(part)
            if place == len(wanted):
                break
    return found if place == len(wanted) else []


def _unset(tree: Tree) -> Tree:
    """The tree with tables that set the page made into divisions: old pages hold their whole text in a cell."""
    for table in list(tree.iter("table")):
        cells = [cell for row in table.iter("tr") for cell in row if cell.tag in ("td", "th")]
        if any(len(cell.text_content()) > LAYOUT or cell.find(".//p") is not None for cell in cells) or len(cells) < 3:
            for element in (table, *table.iter("tbody", "tr", "td", "th")):
                element.tag = "div"
    return tree


def _lines(body: Tree) -> Iterator[str]:
    """The text of an extracted body, a line for each paragraph, heading, item or row, and for each forced line end."""
    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        ends = element.tag in ("p", "head", "item", "quote", "row", "code", "list", "table", "fw", "ab", "div", "lb")
        if ends and parts:
            yield squeezed("".join(parts))
            parts = []
        if event == "start":
            parts.append(element.text or "")
            if element.tag == "cell" and element.getprevious() is not None:
                parts.insert(-1, " ")
        else:
            parts.append(element.tail or "")
    yield squeezed("".join(parts))


def _joined(lines: Iterable[str]) -> str:
    """The lines as one text, composed (NFC): what quotes and hits point into; nothing else is changed."""
    return "\n".join(unicodedata.normalize("NFC", line) for line in lines if line)


class _Words(HTMLParser):
    """Collects the words of a page without building a tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; scripts and the like say nothing until they end."""
        self.silent += tag in SILENT and tag != "head"
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of what `handle_starttag` began."""
        self.silent = max(0, self.silent - (tag in SILENT and tag != "head"))
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if not self.silent:
            self.parts.append(data.replace("\n", " "))


def _without_tags(source: str) -> Iterator[str]:
    words = _Words()
    words.feed(source)
    words.close()
    return (squeezed(line) for line in "".join(words.parts).split("\n"))
