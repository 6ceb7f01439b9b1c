"""Statements in Thai, Lao and Khmer: spaces part phrases, an honorific begins a name, the verb follows the role."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from archive import QuoteKind
from indexer.describing.quotes.found import Found, Named, Person
from indexer.describing.quotes.frame import HELD, Frame
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 10  # that words must have to be speech
THEME = 30
NAME_PARTS = 2  # a given and a family name


@dataclass(frozen=True, slots=True)
class _Patterns:
    said: regex.Pattern[str]
    inverted: regex.Pattern[str]
    person: regex.Pattern[str]
    themes: regex.Pattern[str]
    same: regex.Pattern[str]
    agencies: regex.Pattern[str]
    sentence: regex.Pattern[str]


class Spaced:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = _patterns(rules)
        self.named = Named()

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        start = 0
        for match in self.patterns.sentence.finditer(frame.text):
            start, end = match.span()
            if not match[0].strip():
                continue
            direct = [f for number, place in frame.within(start, end) if (f := self._direct(frame, number, place, start, end))]
            yield from direct
            if not direct:
                yield from self._told(frame, start, end)

    def _direct(self, frame: Frame, number: int, place: int, start: int, end: int) -> Found | None:
        marked = frame.held[number]
        words = frame.paragraph[marked.first : marked.last]
        ahead, behind = frame.text[start:place], frame.text[place + 1 : end]
        if len(regex.findall(r"\p{L}", words)) < LETTERS or self._is_theme(ahead):
            return None
        if (cue := _last(self.patterns.said, ahead)) and len(ahead) - cue.end() <= 8:
            person, near = self._person(ahead[: cue.start()]), True
        elif self.rules.colon and (colon := regex.search(r"[:៖]\s*$", ahead)):
            cue, person, near = colon, self._person(ahead[: colon.start()]), True
        elif (cue := self.patterns.inverted.search(behind)) and cue.start() < 120:
            person, near = self._person(behind[: cue.start()]), True
        elif cue := _last(self.patterns.said, ahead):
            person, near = self._person(ahead[: cue.start()]), False
        else:
            return None
        if person is None or cue is None:
            return None
        return Found(
            start=marked.first, end=marked.last, kind=QuoteKind.DIRECT, cue=cue[0].strip() or None, person=person,
            rule=f"{self.rules.language}: {'beside' if near else 'in the sentence'}", confidence=0.9 if near else 0.7,
        )  # fmt: skip

    def _is_theme(self, ahead: str) -> bool:
        near = ahead[-THEME:]
        match = _last(self.patterns.themes, near)
        return bool(match) and match is not None and not self.patterns.said.search(near[match.end() :])

    def _told(self, frame: Frame, start: int, end: int) -> Iterator[Found]:
        sentence = frame.text[start:end]
        for cue in self.patterns.said.finditer(sentence):
            person = self._person(sentence[: cue.start()])
            if person is None:
                continue
            first = cue.end() + len(regex.match(r"[\s:៖]*", sentence[cue.end() :])[0])  # type: ignore[index]
            last = len(sentence.rstrip(" .។៕\n"))
            if last - first < LETTERS or regex.match(HELD, sentence[first:]):
                return
            begin, finish = frame.back(start + first, start + last)
            yield Found(
                start=begin, end=finish, kind=QuoteKind.INDIRECT, cue=cue[0].strip(), person=person,
                rule=f"{self.rules.language}: told", confidence=0.7,
            )  # fmt: skip
            return

    def _person(self, text: str) -> Person | None:
        """Who ends a stretch of text: honorific, name, role; or a word for whoever was named before."""
        text = regex.split(HELD, text)[-1].strip(" :៖,")
        if self.patterns.agencies.search(text):
            return None
        matches = list(self.patterns.person.finditer(text))
        if len(matches) > 1 and matches[-1][0] in self.rules.also_roles:
            matches.pop()
        if not matches:
            return None
        match = matches[-1]
        tokens = text[match.end() :].split()
        glued = text[match.end() : match.end() + 1].strip() != ""
        if not tokens or self.patterns.same.fullmatch(text[match.start() :].strip()):
            return self.named.last
        count = self._name_length(tokens)
        if count == 0:
            return self.named.last
        end = match.end()
        for token in tokens[:count]:
            end = text.index(token, end) + len(token)
        name = text[match.start() : end]
        role = text[end:].strip(" ,")
        if role.startswith(self.rules.not_roles) or len(role) > 120:
            role = ""
        return self.named.note(Person(name=name, role=role or None)) if glued or tokens else None

    def _name_length(self, tokens: list[str]) -> int:
        """How many of the parts behind an honorific are the name."""
        if tokens[0].startswith(self.rules.not_roles) and len(tokens) == 1:
            return 0
        return min(NAME_PARTS, len(tokens))


def _last(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    leads = choice(rules.leads)
    return _Patterns(
        said=regex.compile(rf"(?:{choice(rules.said)})"),
        inverted=regex.compile(rf"(?<=\s)(?:{choice(rules.inverted)})(?=$|\s|\.)"),
        person=regex.compile(rf"(?:(?<=^|\s)|(?<=(?:{leads})))(?:{choice(rules.honorifics)})"),
        themes=regex.compile(choice(rules.themes)),
        same=regex.compile(rf"(?:{choice(rules.same)})(?:\s*\S{{0,8}})?"),
        agencies=regex.compile(choice(rules.agencies)),
        sentence=regex.compile(r"[^។៕\n]*(?:[។៕\n]+|$)" if rules.language == "km" else r"[^\n]*?(?:\.(?=\s|$)|\n|$)" if rules.language == "lo" else r"[^\n]*(?:\n|$)"),
    )
