"""Statements in Burmese: the words, then ဟု, then the speaker with က, then the verb; or the speaker first."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from indexer.describing.quotes.found import Attribution, Found, Named, Person, in_marks, told
from indexer.describing.quotes.frame import HELD, Frame, Sentence
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 10  # characters that words must have to be speech
THEME = 24  # characters before marks in which a word may make them a theme
LONGEST_ROLE = 100
SUBJECT = "က"  # marks the subject
FROM = "မှ"  # from a place: no role
_SENTENCE = regex.compile(r"[။\n]+")
_SO = r"(?:ဟု|ဟူ၍|လို့|ဟုလည်း)"


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
        self.patterns = _patterns(rules)
        self.named = Named()

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        for sentence in frame.sentences(_SENTENCE):
            spoken = [found for number, place in sentence.held() if (found := self._spoken(sentence, number, place))]
            yield from spoken or self._told(sentence)

    def _spoken(self, sentence: Sentence, number: int, place: int) -> Found | None:
        """Words in marks with ဟု and a verb of saying behind them."""
        ahead = sentence.text[:place]
        if len(sentence.frame.words(number)) < LETTERS or self.patterns.themes.search(ahead[-THEME:]):
            return None
        cue = self.patterns.behind.match(sentence.text[place + 1 :])
        before = regex.sub(rf"{SUBJECT}\s*$", "", ahead.rstrip(" ၊"))
        person = (self._person(cue["who"]) or self._person(before)) if cue else None
        if cue is None or person is None:
            return None
        by = Attribution(cue=cue["verb"], person=person, rule="my: behind", confidence=0.9)
        return in_marks(sentence.frame, number, by)

    def _told(self, sentence: Sentence) -> Iterator[Found]:
        """X က … ဟု ပြော: what stands between."""
        cue = self.patterns.told.search(sentence.text)
        person = self._person(cue["who"]) if cue else None
        if cue is None or person is None or len(cue["words"]) < LETTERS or regex.search(HELD, cue["words"]):
            return
        by = Attribution(cue=cue["verb"], person=person, rule="my: told", confidence=0.65)
        yield told(sentence.frame, sentence.start + cue.start("words"), sentence.start + cue.end("words"), by)

    def _person(self, text: str) -> Person | None:
        """The name begins at the last honorific that begins a word; what stands before is the role."""
        text = text.strip(" ၊")
        if self.patterns.same.fullmatch(text):
            return self.named.last
        match = next(iter(reversed(list(self.patterns.person.finditer(text)))), None)
        if match is None or match.end() == len(text):
            return None
        role = text[: match.start()].strip()
        kept = role and not role.endswith(FROM) and len(role) <= LONGEST_ROLE
        return self.named.note(Person(name=text[match.start() :], role=role if kept else None))


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    said = choice(rules.said)
    who = r"(?P<who>[^\ue000\ue001။]{%s}?)"
    return _Patterns(
        behind=regex.compile(rf"\s*{_SO}\s*{who % '0,120'}{SUBJECT}?\s*(?P<verb>{said})"),
        told=regex.compile(rf"^\s*{who % '2,90'}{SUBJECT}\s+(?P<words>.+?)\s*(?:ဟု|လို့)\s*(?:လည်း\s*)?(?P<verb>{said})"),
        themes=regex.compile(choice(rules.themes)),
        person=regex.compile(rf"(?:(?<=^|\s))(?:{choice(rules.honorifics)})"),
        same=regex.compile(choice(rules.same)),
    )
