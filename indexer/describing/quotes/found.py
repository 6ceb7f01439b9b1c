"""What rules find in one paragraph, and who was named so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive import QuoteKind, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """A speaker as mentioned, with the role given beside the name; `document` where it is one that speaks."""

    name: str
    role: str | None = None
    document: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Record):
    """Words somebody said; `start` and `end` in the paragraph."""

    start: int
    end: int
    kind: QuoteKind
    cue: str | None
    person: Person | None
    rule: str
    confidence: float


class Named:
    """The people a text has named so far, the last one at hand for "she said"."""

    def __init__(self) -> None:
        self.people: list[Person] = []

    def note(self, person: Person) -> Person:
        """Keep a person; a role given before is kept for later mentions that give none only by the same name."""
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
