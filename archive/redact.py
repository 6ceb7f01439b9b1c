"""Ledger values that quote an erased text become digests: the decision stays, the words go."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any

from archive.folding import fold_plain
from archive.ledger import Ledger
from archive.records import Field

OF_PAGE = (12, 16)  # letters: a whole value in the text; a run that value and text share, in entries about the page
ELSEWHERE = (40, 40)  # in entries about anything else, where a forum's name alone must not count as a quotation
COPIED = (2, 16)  # of a correction's title or speaker, which are words of the page
WORDED = (Field.TITLE, Field.SPEAKER)
WORDLESS = ("aliases", "erasures", "files", "fixity", "imports")  # written by the program, of names and numbers
LETTERS = re.compile(r"[^\W_]+")


class Redaction:
    """The values to be replaced, by the texts that were erased and the subjects that belonged to them.

    `read_texts` is only asked when there is a value that may quote one.
    """

    def __init__(self, read_texts: Callable[[], Iterable[str]], *, subjects: Collection[str]) -> None:
        self.subjects = frozenset(subjects)
        self._read_texts = read_texts
        self._runs: dict[int, frozenset[str]] = {}

    @cached_property
    def texts(self) -> list[str]:
        """The letters of the texts."""
        return [letters for text in self._read_texts() if (letters := _letters(text))]

    def apply(self, ledger: Ledger) -> int:
        """Replace them in every file of the ledger that may hold words of a page; give how many entries changed."""
        return sum(ledger.rewrite(kind, self._entry) for kind in ledger.kinds() if kind not in WORDLESS)

    def _entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        is_of_page = entry.get("subject") in self.subjects
        least, run = OF_PAGE if is_of_page else ELSEWHERE
        return {
            name: self._value(value, least, run, is_of_page) if name in ("why", "before", "after") else value
            for name, value in entry.items()
        }

    def _value(self, value: Any, least: int, run: int, is_of_page: bool = False) -> Any:
        if isinstance(value, dict) and "field" in value:  # a correction: its other values are keys and ids
            least, run = COPIED if is_of_page else ELSEWHERE
            said = self._value(value.get("value"), least, run) if value["field"] in WORDED else value.get("value")
            return {**value, "value": said} if "value" in value else value
        if isinstance(value, dict):
            return {name: self._value(item, least, run) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, least, run) for item in value]
        if isinstance(value, str) and self._quotes(value, least, run):
            return digest_of(value)
        return value

    def _quotes(self, value: str, least: int, run: int) -> bool:
        if value.startswith(("http://", "https://", "sha256:")):
            return False  # an address is what a decision is about
        letters = _letters(value)
        if len(letters) < min(least, run):
            return False
        if len(letters) >= least and any(letters in text for text in self.texts):
            return True
        return any(letters[at : at + run] in self._of_length(run) for at in range(len(letters) - run + 1))

    def _of_length(self, run: int) -> frozenset[str]:
        if run not in self._runs:
            self._runs[run] = frozenset(t[at : at + run] for t in self.texts for at in range(len(t) - run + 1))
        return self._runs[run]


def digest_of(value: str) -> str:
    """What stands in the ledger for a value that was taken out: by it the value can be recognised, not read."""
    return f"sha256:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _letters(text: str) -> str:
    return "".join(LETTERS.findall(fold_plain(text)))
