"""What rules find in one paragraph, and who was named so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive import QuoteKind, Record
from indexer.describing.quotes.frame import Frame

UNCLOSED = 0.2  # less sure where no mark closes the words
NOBODY = 0.3  # less sure where nobody is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """A speaker as mentioned, with the role given beside the name; `document` where it is one that speaks."""

    name: str
    role: str | None = None
    document: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution(Record):
    """What ties words to whoever said them: the cue as printed, the speaker, the rule that saw it, and how sure it is."""

    cue: str | None
    person: Person | None
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Record):
    """Words somebody said; `start` and `end` in the paragraph."""

    start: int
    end: int
    kind: QuoteKind
    by: Attribution


def in_marks(frame: Frame, number: int, by: Attribution) -> Found:
    """The words of one pair of marks, as said by somebody or by a document."""
    marked = frame.held[number]
    kind = QuoteKind.DOCUMENT if by.person and by.person.document else QuoteKind.DIRECT
    confidence = by.confidence - (0 if marked.closed else UNCLOSED) - (0 if by.person else NOBODY)
    rule = by.rule if marked.closed else f"{by.rule}, never closed"
    by = Attribution(cue=by.cue, person=by.person, rule=rule, confidence=round(confidence, 2))
    return Found(start=marked.first, end=marked.last, kind=kind, by=by)


def told(frame: Frame, start: int, end: int, by: Attribution) -> Found:
    """A stretch of the frame, told as said by somebody or by a document."""
    first, last = frame.back(start, end)
    kind = QuoteKind.DOCUMENT if by.person and by.person.document else QuoteKind.INDIRECT
    return Found(start=first, end=last, kind=kind, by=by)


class Named:
    """The people a text has named so far, the last one at hand for "she said"."""

    def __init__(self) -> None:
        self.people: list[Person] = []

    def note(self, person: Person) -> Person:
        """Keep a person; documents are not who "she" is."""
        if not person.document:
            self.people.append(person)
        return person

    @property
    def last(self) -> Person | None:
        """Who was named last."""
        return self.people[-1] if self.people else None

    def names(self) -> Iterator[str]:
        """Every name so far, the latest first."""
        yield from (person.name for person in reversed(self.people))
