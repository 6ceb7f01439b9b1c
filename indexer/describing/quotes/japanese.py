"""Statements in Japanese: the verb stands behind the words, the subject before は or が."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from indexer.describing.quotes.found import Attribution, Found, Named, Person, in_marks, told
from indexer.describing.quotes.frame import HELD, Frame, Sentence
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 8  # that words in brackets must have to be speech
THEME = 12  # characters before brackets in which a word may make them a theme
POLITE = ("さん", "氏", "様", "先生")  # behind a name, and no office
_SENTENCE = regex.compile(r"[。\n]+")
_NAME = (
    r"(?:[\p{Katakana}ー]+(?:[・＝=][\p{Katakana}ー]+)*|[\p{Han}々]{1,4}[\p{Hiragana}\p{Katakana}]{0,4}|"
    r"[A-Z][\w.]+(?:\s[A-Z][\w.]+)*)"
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    behind: regex.Pattern[str]
    told: regex.Pattern[str]
    according: regex.Pattern[str]
    themes: regex.Pattern[str]
    themes_after: regex.Pattern[str]
    person: regex.Pattern[str]
    subject: regex.Pattern[str]


class Japanese:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.patterns = _patterns(rules)
        self.named = Named()

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        for sentence in frame.sentences(_SENTENCE):
            spoken = [found for number, place in sentence.held() if (found := self._spoken(sentence, number, place))]
            yield from spoken or self._told(sentence)

    def _spoken(self, sentence: Sentence, number: int, place: int) -> Found | None:
        """Words in brackets with と and a verb of saying behind them."""
        text = sentence.text
        ahead, behind = text[:place], text[place + 1 :]
        if len(sentence.frame.words(number)) < LETTERS or self._is_theme(ahead, behind):
            return None
        cue = self.patterns.behind.match(behind)
        person = self._speaker(ahead, behind[: cue.end()]) if cue else None
        if cue is None or person is None:
            return None
        by = Attribution(cue=cue["verb"], person=person, rule="ja: behind", confidence=0.9)
        return in_marks(sentence.frame, number, by)

    def _is_theme(self, ahead: str, behind: str) -> bool:
        return bool(self.patterns.themes.search(ahead[-THEME:]) or self.patterns.themes_after.match(behind))

    def _speaker(self, ahead: str, behind: str) -> Person | None:
        """The subject before the words or between them and the verb; else whoever was named last."""
        if person := self._subject(ahead) or self._subject(behind):
            return person
        return None if self.patterns.subject.search(ahead) else self.named.last

    def _subject(self, text: str) -> Person | None:
        found = (self._person(match["who"]) for match in reversed(list(self.patterns.subject.finditer(text))))
        return next((person for person in found if person), None)

    def _person(self, text: str) -> Person | None:
        """Role, name and title: 海岸女性評議会のマレン・トロヴァ議長."""
        text = regex.split(rf"[、，,。]|{HELD}|」|】", text)[-1].strip()
        match = self.patterns.person.search(text)
        if match is None or not (match["title"] or "・" in match["name"]):
            return None
        office = match["title"] if match["title"] not in POLITE else None
        role = office or text[: match.start()].strip(" 　の")
        return self.named.note(Person(name=match["name"], role=role or None))

    def _told(self, sentence: Sentence) -> Iterator[Found]:
        """X によると…, or X は…との考えを示した."""
        text = sentence.text
        if match := self.patterns.according.search(text):
            person, first, last = self._person(text[: match.start()]), match.end(), len(text.rstrip("。\n"))
        elif (match := self.patterns.told.search(text)) and (subject := self.patterns.subject.match(text)):
            person, first, last = self._person(subject["who"]), subject.end(), match.start()
        else:
            return
        first += len(text[first:]) - len(text[first:].lstrip("、， 　"))
        if person and last - first >= LETTERS:
            by = Attribution(cue=match["cue"], person=person, rule="ja: told", confidence=0.7)
            yield told(sentence.frame, sentence.start + first, sentence.start + last, by)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    suffixes = choice(rules.suffixes)
    return _Patterns(
        behind=regex.compile(rf"\s*(?:など)?と(?:[^。]{{0,40}}?)(?P<verb>{choice(rules.said)})"),
        told=regex.compile(rf"(?P<cue>{choice(rules.told)})"),
        according=regex.compile(rf"(?P<cue>{choice(rules.according)})と?[、，]?"),
        themes=regex.compile(choice(rules.themes)),
        themes_after=regex.compile(r"(?:を|に|が|の|は)(?:テーマ|題)"),
        person=regex.compile(rf"(?P<name>{_NAME})(?P<title>{suffixes})?$"),
        subject=regex.compile(rf"(?P<who>[^。\n]{{2,60}}?(?:{suffixes}|[\p{{Katakana}}ー]))(?:は|が)"),
    )
