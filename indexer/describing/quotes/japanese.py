"""Statements in Japanese: the verb stands behind the words, the subject before は or が."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from archive import QuoteKind
from indexer.describing.quotes.found import Found, Named, Person
from indexer.describing.quotes.frame import HELD, Frame
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 8  # that words in brackets must have to be speech
_NAME = r"(?:[\p{Katakana}ー]+(?:[・＝=][\p{Katakana}ー]+)*|[\p{Han}々]{1,4}[\p{Hiragana}\p{Katakana}]{0,4}|[A-Z][\w.]+(?:\s[A-Z][\w.]+)*)"


@dataclass(frozen=True, slots=True)
class _Patterns:
    behind: regex.Pattern[str]
    told: regex.Pattern[str]
    according: regex.Pattern[str]
    themes: regex.Pattern[str]
    person: regex.Pattern[str]
    subject: regex.Pattern[str]


class Japanese:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = _patterns(rules)
        self.named = Named()

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        start = 0
        for match in regex.finditer(r"[^。\n]*[。\n]?", frame.text):
            if match[0]:
                start, end = match.span()
                direct = [found for number, place in frame.within(start, end) if (found := self._direct(frame, number, place, start, end))]
                yield from direct
                if not direct:
                    yield from self._told(frame, start, end)

    def _direct(self, frame: Frame, number: int, place: int, start: int, end: int) -> Found | None:
        marked = frame.held[number]
        words = frame.paragraph[marked.first : marked.last]
        ahead, behind = frame.text[start:place], frame.text[place + 1 : end]
        if len(words) < LETTERS or self.patterns.themes.search(ahead[-12:]) or regex.match(r"(?:を|に|が|の|は)(?:テーマ|題)", behind):
            return None
        cue = self.patterns.behind.match(behind)
        if cue is None:
            return None
        person = self._subject(ahead) or self._subject(behind[: cue.end()]) or self._elliptic(ahead)
        if person is None:
            return None
        return Found(
            start=marked.first, end=marked.last, kind=QuoteKind.DIRECT, cue=cue["verb"], person=person,
            rule="ja: behind", confidence=0.9,
        )  # fmt: skip

    def _elliptic(self, ahead: str) -> Person | None:
        """Whoever was named last, where the sentence names nobody."""
        return self.named.last if not self.patterns.subject.search(ahead) else None

    def _subject(self, text: str) -> Person | None:
        for match in reversed(list(self.patterns.subject.finditer(text))):
            if person := self._person(match["who"]):
                return person
        return None

    def _person(self, text: str) -> Person | None:
        """Role, name and title: 海岸女性評議会のマレン・トロヴァ議長."""
        text = regex.split(rf"[、，,。]|{HELD}|」|】", text)[-1].strip()
        match = self.patterns.person.search(text)
        if match is None:
            return None
        name, title = match["name"], match["title"] or ""
        role = text[: match.start()].strip(" 　の")
        if regex.fullmatch(r"さん|氏|様|先生", title):
            title = ""
        if not title and not match["title"] and "・" not in name:
            return None
        return self.named.note(Person(name=name, role=title or role or None))

    def _told(self, frame: Frame, start: int, end: int) -> Iterator[Found]:
        sentence = frame.text[start:end]
        if match := self.patterns.according.search(sentence):
            person, first, last, cue = self._person(sentence[: match.start()]), match.end(), len(sentence.rstrip("。\n")), match["cue"]
        elif (match := self.patterns.told.search(sentence)) and (subject := self.patterns.subject.match(sentence)):
            person, first, last, cue = self._person(subject["who"]), subject.end(), match.start(), match["cue"]
        else:
            return
        while first < last and sentence[first] in "、， 　":
            first += 1
        if person is None or last - first < LETTERS:
            return
        begin, finish = frame.back(start + first, start + last)
        yield Found(start=begin, end=finish, kind=QuoteKind.INDIRECT, cue=cue, person=person, rule="ja: told", confidence=0.7)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    suffixes = choice(rules.suffixes)
    return _Patterns(
        behind=regex.compile(rf"\s*(?:など)?と(?:[^。]{{0,40}}?)(?P<verb>{choice(rules.said)})"),
        told=regex.compile(rf"(?P<cue>{choice(rules.told)})"),
        according=regex.compile(rf"(?P<cue>{choice(rules.according)})と?[、，]?"),
        themes=regex.compile(choice(rules.themes)),
        person=regex.compile(rf"(?P<name>{_NAME})(?P<title>{suffixes})?$"),
        subject=regex.compile(rf"(?P<who>[^。\n]{{2,60}}?(?:{suffixes}|[\p{{Katakana}}ー]))(?:は|が)(?=[、，]|{HELD}|[^。]{{0,80}})"),
    )
