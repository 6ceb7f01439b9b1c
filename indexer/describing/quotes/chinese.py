"""Statements in Chinese: the verb stands before the words, or behind those in marks."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from indexer.describing.quotes.chinese_people import SUBJECT, Reader, simplified
from indexer.describing.quotes.found import Attribution, Found, Person, in_marks, told
from indexer.describing.quotes.frame import HELD, Frame, Sentence, last_match
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 5  # that words must have to be speech rather than a name, where they do not end as a sentence
THEME = 14  # characters before marks in which a word may make them a theme
_SENTENCE = regex.compile(r"[。！？!?\n]+")
_ENDS = "。！？!?.，,…、；"


@dataclass(frozen=True, slots=True)
class _Patterns:
    verb: regex.Pattern[str]
    document: regex.Pattern[str]
    behind: regex.Pattern[str]
    themes: regex.Pattern[str]
    themes_after: regex.Pattern[str]


class Chinese:
    """Reads one text, paragraph by paragraph. Rules are written in simplified characters and read in texts of both kinds."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = _patterns(rules)
        self.reader = Reader(rules)
        self.telling: Person | None = None  # who tells something in the sentence before

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        spoken: dict[int, Found] = {}
        indirect: list[Found] = []
        for sentence in frame.sentences(_SENTENCE):
            for number, place in sentence.held():
                by = self._spoken(sentence, number, place) or self._carried(sentence, number, place, spoken)
                if by:
                    spoken[number] = in_marks(frame, number, by)
            indirect += self._told(sentence, spoken)
            self.reader.note_subject(sentence)
        yield from sorted([*spoken.values(), *indirect], key=lambda found: found.start)

    # --- words in marks ------------------------------------------------------------------------

    def _spoken(self, sentence: Sentence, number: int, place: int) -> Attribution | None:
        """Words in marks whose speaker their own sentence names."""
        plain = simplified(sentence.text)
        start, _ = sentence.ahead(place)
        ahead, behind = plain[start:place], plain[place + 1 :]
        if self._is_theme(ahead, behind):
            return None
        ends = self._is_sentence(sentence.frame, number)
        speech = ends or self._letters(sentence.frame, number) >= LETTERS
        by = self._document(sentence, start, ahead)
        if by is None and speech:
            by = self._ahead(sentence, start, ahead)
        if by is None and speech:
            by = self._behind(sentence, place + 1, behind)
        if by is None and self._letters(sentence.frame, number) >= LETTERS:
            by = self._around(sentence, plain[:place])
        return by

    def _document(self, sentence: Sentence, start: int, ahead: str) -> Attribution | None:
        match = self.patterns.document.search(ahead)
        if match is None:
            return None
        name = sentence.text[start + match.start("who") : start + match.end("who")]
        return _by(match["verb"], Person(name=name, document=True), "a document", 0.9)

    def _ahead(self, sentence: Sentence, start: int, ahead: str) -> Attribution | None:
        """X说：right before the marks."""
        match = last_match(self.patterns.verb, ahead)
        if match is None or len(ahead.rstrip("：:，, ")) > match.end() + 2:
            return None
        person = self.reader.subject(sentence, start, ahead[: match.start()])
        return _by(match["verb"], person, "before", 0.95) if person else None

    def _behind(self, sentence: Sentence, start: int, behind: str) -> Attribution | None:
        """X说 right behind them."""
        match = self.patterns.behind.match(behind)
        person = self.reader.subject(sentence, start + match.start("who"), match["who"]) if match else None
        return _by(match["verb"], person, "after", 0.9) if match and person else None

    def _around(self, sentence: Sentence, ahead: str) -> Attribution | None:
        """X指出 anywhere before them in the sentence."""
        match = self.patterns.verb.search(ahead)
        person = self.reader.subject(sentence, 0, ahead[: match.start()]) if match else None
        return _by(match["verb"], person, "in the sentence", 0.75) if match and person else None

    def _carried(self, sentence: Sentence, number: int, place: int, spoken: dict[int, Found]) -> Attribution | None:
        """Words in marks without a cue: of whoever spoke before in the paragraph."""
        plain = simplified(sentence.text)
        start, _ = sentence.ahead(place)
        if self._letters(sentence.frame, number) < LETTERS or self._is_theme(plain[start:place], plain[place + 1 :]):
            return None
        earlier = max(spoken, default=None)
        person = spoken[earlier].by.person if earlier is not None else self.telling
        stands = not plain[:place].strip() or (earlier is not None and earlier == number - 1)
        alone = not plain[place + 1 :].strip()  # what follows may name a speaker of its own
        ends = alone or (earlier is not None and self._is_sentence(sentence.frame, number))
        if person is None or not stands or not ends:
            return None
        return _by(None, person, "same speaker", 0.75 if earlier is not None else 0.65)

    def _is_theme(self, ahead: str, behind: str) -> bool:
        """Whether the words beside marks make what they hold a theme, slogan or name."""
        near = ahead[-THEME:]
        match = last_match(self.patterns.themes, near)
        rest = near[match.end() :] if match else ""
        if match and not regex.search(r"[，。；]", rest) and not self.patterns.verb.search(rest):
            return True
        return self.patterns.themes_after.match(behind) is not None

    def _letters(self, frame: Frame, number: int) -> int:
        return len(regex.findall(r"\p{L}", frame.words(number)))

    def _is_sentence(self, frame: Frame, number: int) -> bool:
        """Whether words in marks end as a sentence or clause does: what does not may be a name."""
        return frame.words(number)[-1] in _ENDS

    # --- words told ------------------------------------------------------------------------------

    def _told(self, sentence: Sentence, spoken: dict[int, Found]) -> Iterator[Found]:
        """What follows a verb of saying and no marks, to the end of the sentence or to words of theirs in marks."""
        self.telling = None
        plain = simplified(sentence.text)
        held = [place for number, place in sentence.held() if number in spoken]
        for match in self.patterns.verb.finditer(plain):
            start = max((place + 1 for place in held if place < match.start()), default=0)
            person = self.reader.subject(sentence, start, plain[start : match.start()])
            if match["verb"] not in self.rules.plain or person is None or self.reader.is_nameless(person):
                continue
            self.telling = person
            first = match.end() + len(plain[match.end() :]) - len(plain[match.end() :].lstrip("，,：: "))
            last = min((place for place in held if place > first), default=len(plain))
            words = plain[first:last].rstrip("。！？!?，,；：: \n")
            if regex.match(rf"{HELD}|《", plain[first:]):
                return
            if len(words) >= LETTERS:
                begin = sentence.start + first
                yield told(sentence.frame, begin, begin + len(words), _by(match["verb"], person, "told", 0.7))
                return


def _by(cue: str | None, person: Person, rule: str, confidence: float) -> Attribution:
    return Attribution(cue=cue, person=person, rule=f"zh: {rule}", confidence=confidence)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    said = choice(rules.said)
    documents = choice([noun for noun in rules.documents if noun != "《"])
    who = rf"(?P<who>[^，。！？；：\ue000\ue001]{{1,{SUBJECT}}}?)"
    return _Patterns(
        # Not where the verb is part of another word: 说过, 称之为, 表示会.
        verb=regex.compile(rf"(?P<verb>{said})(?:说|道)?(?![之呼为过号谓作会到题候])"),
        document=regex.compile(
            rf"(?P<who>《[^》]{{1,40}}》|(?:{documents}))(?P<verb>{choice(rules.documents_said)})[：:，,]?\s*$"
        ),
        behind=regex.compile(
            rf"[，,]?\s*(?:在[^，。\ue000\ue001]{{1,40}}[上中时里]，)?{who}(?P<verb>{said}|的话)(?:说|道)?"
            r"(?=[，,。；;：:！？]|$|的话|引|赢)"
        ),
        themes=regex.compile(choice(rules.themes)),
        themes_after=regex.compile(choice(rules.themes_after)),
    )
