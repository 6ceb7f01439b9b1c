"""Statements in Thai, Lao and Khmer: spaces part phrases, an honorific begins a name, the verb follows the role."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from indexer.describing.quotes.found import Attribution, Found, Named, Person, in_marks, told
from indexer.describing.quotes.frame import HELD, Frame, Sentence, last_match
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 8  # that words must have to be speech
THEME = 30  # characters before marks in which a word may make them a theme
NAME_PARTS = 2  # a given and a family name
LONGEST_ROLE = 120
INVERTED = 120  # characters between marks and a verb behind their speaker
AGAIN = 12  # characters between words in marks and a verb without a subject of its own
COLON = 8  # characters between a verb and the marks it announces
# What ends a sentence: Thai has no such sign.
SENTENCE = {"km": r"[។៕\n]+", "lo": r"\.(?=\s|$)|\n", "th": r"\n"}


@dataclass(frozen=True, slots=True)
class _Patterns:
    said: regex.Pattern[str]
    inverted: regex.Pattern[str]
    colon: regex.Pattern[str]
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
        for sentence in frame.sentences(self.patterns.sentence):
            spoken = [found for number, place in sentence.held() if (found := self._spoken(sentence, number, place))]
            yield from spoken or self._told(sentence)

    def _spoken(self, sentence: Sentence, number: int, place: int) -> Found | None:
        """Words in marks whose speaker their own sentence names."""
        ahead, behind = sentence.text[:place], sentence.text[place + 1 :]
        letters = len(regex.findall(r"\p{L}", sentence.frame.words(number)))
        cue = None if letters < LETTERS or self._is_theme(ahead) else self._cue(ahead, behind)
        if cue is None:
            return None
        words, person, near = cue
        rule = f"{self.rules.language}: {'beside' if near else 'in the sentence'}"
        by = Attribution(cue=words or None, person=person, rule=rule, confidence=0.9 if near else 0.7)
        return in_marks(sentence.frame, number, by)

    def _cue(self, ahead: str, behind: str) -> tuple[str, Person, bool] | None:
        """Verb, speaker, and whether they stand right beside the marks."""
        before = last_match(self.patterns.said, ahead) or self.patterns.colon.search(ahead)
        if before and len(ahead) - before.end() <= COLON and (person := self._person(ahead[: before.start()])):
            return before[0].strip(), person, True
        after = self.patterns.inverted.search(behind)
        if after and after.start() < INVERTED and (person := self._person(behind[: after.start()])):
            return after[0].strip(), person, True
        if before and (person := self._person(ahead[: before.start()])):
            return before[0].strip(), person, False
        return None

    def _is_theme(self, ahead: str) -> bool:
        near = ahead[-THEME:]
        match = last_match(self.patterns.themes, near)
        return match is not None and not self.patterns.said.search(near[match.end() :])

    def _told(self, sentence: Sentence) -> Iterator[Found]:
        """What follows a verb of saying and no marks, to the end of the sentence."""
        text = sentence.text
        last = len(text.rstrip(" .។៕\n"))
        for cue in self.patterns.said.finditer(text):
            person = self._person(text[: cue.start()])
            first = cue.end() + len(text[cue.end() :]) - len(text[cue.end() :].lstrip(" :៖"))
            if person and (last - first < LETTERS or regex.match(HELD, text[first:])):
                return
            if person:
                by = Attribution(cue=cue[0], person=person, rule=f"{self.rules.language}: told", confidence=0.7)
                yield told(sentence.frame, sentence.start + first, sentence.start + last, by)
                return

    def _person(self, text: str) -> Person | None:
        """Who ends a stretch of text: honorific, name, role; or a word for whoever was named before."""
        *before, text = regex.split(HELD, text)
        text = text.strip(" :៖,")
        matches = [] if self.patterns.agencies.search(text) else list(self.patterns.person.finditer(text))
        if len(matches) > 1 and matches[-1][0] in self.rules.also_roles:
            matches.pop()
        if not matches:
            # A pronoun, or a verb that goes on behind words of theirs: พร้อมย้ำว่า.
            again = self.patterns.same.fullmatch(text.rpartition(" ")[2]) or (before and len(text) <= AGAIN)
            return self.named.last if again else None
        start, end = matches[-1].span()
        parts = text[end:].split()
        if not parts or parts[0].startswith(self.rules.not_roles) or self.patterns.same.fullmatch(text[start:]):
            return self.named.last
        for part in parts[:NAME_PARTS]:
            end = text.index(part, end) + len(part)
        role = text[end:].strip(" ,")
        named = len(role) <= LONGEST_ROLE and not role.startswith(self.rules.not_roles)
        return self.named.note(Person(name=text[start:end], role=role if named and role else None))


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    honorifics, leads = choice(rules.honorifics), choice(rules.leads)
    return _Patterns(
        said=regex.compile(choice(rules.said)),
        inverted=regex.compile(rf"(?<=\s)(?:{choice(rules.inverted)})(?=$|\s|[.។]|{choice(rules.stops)})"),
        colon=regex.compile(r"[:៖]\s*$" if rules.colon else r"(?!)"),
        person=regex.compile(rf"(?:(?<=^|\s)|(?<={leads}))(?:{honorifics})"),
        themes=regex.compile(choice(rules.themes)),
        same=regex.compile(choice(rules.same)),
        agencies=regex.compile(choice(rules.agencies)),
        sentence=regex.compile(SENTENCE[rules.language]),
    )
