"""Statements in Burmese: the words, then ဟု, then the speaker with က, then the verb; or the speaker first."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from archive import QuoteKind
from indexer.describing.quotes.found import Found, Named, Person
from indexer.describing.quotes.frame import HELD, Frame
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 10
SUBJECT_MARK = "က"
FROM = "မှ"  # from a place: no role


@dataclass(frozen=True, slots=True)
class _Patterns:
    behind: regex.Pattern[str]
    told: regex.Pattern[str]
    themes: regex.Pattern[str]
    person: regex.Pattern[str]
    same: regex.Pattern[str]


class Burmese:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = _patterns(rules)
        self.named = Named()

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        for match in regex.finditer(r"[^။\n]+[။\n]*", frame.text):
            start, end = match.span()
            direct = [f for number, place in frame.within(start, end) if (f := self._direct(frame, number, place, start, end))]
            yield from direct
            if not direct:
                yield from self._told(frame, start, end)

    def _direct(self, frame: Frame, number: int, place: int, start: int, end: int) -> Found | None:
        marked = frame.held[number]
        if marked.last - marked.first < LETTERS or self.patterns.themes.search(frame.text[max(start, place - 24) : place]):
            return None
        cue = self.patterns.behind.match(frame.text[place + 1 : end])
        if cue is None:
            return None
        ahead = regex.sub(rf"{SUBJECT_MARK}\s*$", "", frame.text[start:place].rstrip(" ၊"))
        person = self._person(cue["who"]) or self._person(ahead)
        if person is None:
            return None
        return Found(
            start=marked.first, end=marked.last, kind=QuoteKind.DIRECT, cue=cue["verb"], person=person,
            rule="my: behind", confidence=0.9,
        )  # fmt: skip

    def _told(self, frame: Frame, start: int, end: int) -> Iterator[Found]:
        sentence = frame.text[start:end]
        cue = self.patterns.told.search(sentence)
        if cue is None or (person := self._person(cue["who"])) is None or len(cue["words"]) < LETTERS:
            return
        first, last = cue.span("words")
        if regex.search(HELD, cue["words"]):
            return
        begin, finish = frame.back(start + first, start + last)
        yield Found(
            start=begin, end=finish, kind=QuoteKind.INDIRECT, cue=cue["verb"], person=person, rule="my: told", confidence=0.65,
        )  # fmt: skip

    def _person(self, text: str) -> Person | None:
        """The name begins at the last honorific that begins a word; what stands before is the role."""
        text = text.strip(" ၊")
        if self.patterns.same.fullmatch(text):
            return self.named.last
        matches = list(self.patterns.person.finditer(text))
        if not matches:
            return None
        match = matches[-1]
        name, role = text[match.start() :].strip(), text[: match.start()].strip()
        if role.endswith(FROM) or len(role) > 100:
            role = ""
        return self.named.note(Person(name=name, role=role or None)) if len(name) > len(match[0]) else None


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    said = choice(rules.said)
    return _Patterns(
        behind=regex.compile(rf"\s*(?:ဟု|ဟူ၍|လို့|ဟုလည်း)\s*(?P<who>[^\ue000\ue001။]{{0,120}}?){SUBJECT_MARK}?\s*(?P<verb>{said})"),
        told=regex.compile(rf"^\s*(?P<who>[^\ue000\ue001။]{{2,90}}?){SUBJECT_MARK}\s+(?P<words>.+?)\s*(?:ဟု|လို့)\s*(?:လည်း\s*)?(?P<verb>{said})"),
        themes=regex.compile(choice(rules.themes)),
        person=regex.compile(rf"(?:(?<=^|\s))(?:{choice(rules.honorifics)})"),
        same=regex.compile(rf"(?:{choice(rules.same)})"),
    )
