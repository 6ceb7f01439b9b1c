"""Statements in languages that part words by spaces and names by capitals: English, Indonesian, Vietnamese and others."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from archive import QuoteKind
from indexer.describing.quotes.found import Found, Named, Person
from indexer.describing.quotes.frame import ENDED, HELD, Frame
from indexer.describing.quotes.people import Reader
from indexer.describing.quotes.rules import Rules, choice

WORDS = 3  # that words in marks must have to be speech where no verb stands right beside them
NEAR = 60  # characters between a verb and the marks it announces
THEME = 45  # characters before marks in which a word may make them a theme
_ABBREVIATED = r"(?<!\b(?:Dr|Mr|Mrs|Ms|St|Sen|Rep|Gov|Gen|Col|Lt|Prof|Jr|Sr|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|[A-Z]|Ir|Drs|Hj|TP|PGS|TS|GS|ThS|M|Mme|Gng|Atty))"
_SENTENCE = regex.compile(rf"{_ABBREVIATED}[.!?…]+[)”]?\s+(?=[\p{{Lu}}\p{{N}}\ue000\ue001(])|\n")


@dataclass(frozen=True, slots=True)
class _Patterns:
    said: regex.Pattern[str]
    that: regex.Pattern[str]
    told: regex.Pattern[str]
    inverted: regex.Pattern[str]
    verb_first: regex.Pattern[str]
    according: regex.Pattern[str]
    themes: regex.Pattern[str]
    again: regex.Pattern[str]


class Latin:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = _patterns(rules)
        self.named = Named()
        self.reader = Reader(rules, self.named)
        self.before: Found | None = None  # the last words in marks of the paragraph before

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        found: dict[int, Found] = {}
        told: list[Found] = []
        for start, end in self._sentences(frame):
            attributed = {n: f for n, place in frame.within(start, end) if (f := self._attributed(frame, n, place, start, end))}
            found |= attributed
            told += self._told(frame, start, end, {frame.places[n] for n in attributed})
            self.reader.note_names(frame.text[start:end])
        found |= self._inherited(frame, found)
        last = found.get(len(frame.held) - 1) if frame.held else None
        self.before = last
        yield from sorted([*found.values(), *told], key=lambda f: f.start)

    def _sentences(self, frame: Frame) -> Iterator[tuple[int, int]]:
        """Where each sentence of the frame begins and ends."""
        start = 0
        for match in _SENTENCE.finditer(frame.text):
            yield start, match.end()
            start = match.end()
        if start < len(frame.text):
            yield start, len(frame.text)

    # --- words in marks ----------------------------------------------------------------------

    def _attributed(self, frame: Frame, number: int, place: int, start: int, end: int) -> Found | None:
        """Words in marks whose speaker their own sentence names."""
        text = frame.text
        nexts = [p for _, p in frame.within(place + 1, end)]
        previous = [p for _, p in frame.within(start, place)]
        behind = text[place + 1 : nexts[0] if nexts else end]
        ahead = text[previous[-1] + 1 if previous else start : place]
        if self._is_theme(ahead, text[previous[-1] if previous else start : place]):
            return None
        for rule, who in (
            ("after", self._behind(behind, ended=text[place] == ENDED)),
            ("before", self._ahead(ahead)),
            ("around", self._ahead_of_all(text[start:place]) if previous else None),
        ):
            if who is None:
                continue
            cue, person, near = who
            if not near and self._words(frame, number) < WORDS:
                return None
            return self._direct(frame, number, cue, person, rule, 0.95 if near else 0.8)
        return None

    def _behind(self, text: str, *, ended: bool) -> tuple[str, Person | None, bool] | None:
        """Cue and speaker in what follows marks: said X, X said, ujar X, according to X."""
        text = text.strip(" ,\t—–-")
        if not text or (ended and text[0].isupper() and not self._begins_with_name_and_verb(text)):
            return None
        if match := self.patterns.inverted.match(text):
            rest = text[match.end() :]
            if match["same"]:
                return match["verb"] + match["same"], self.named.last, True
            return match["verb"], self.reader.after(rest), True
        if (match := self.patterns.said.match(text)) and not self.rules.verb_first:
            person = self.reader.after(text[match.end() :])
            return (match["verb"], person, True) if person else None
        if (match := self.patterns.verb_first.match(text)) is not None:
            return match["verb"], self.reader.after(text[match.end() :]), True
        if match := self.patterns.according.match(text):
            return match[0].strip(), self.reader.after(text[match.end() :]), True
        for match in self.patterns.said.finditer(text):
            subject = text[: match.start()]
            if len(subject) > 160 or regex.search(r"[.!?]\s", subject):
                break
            if person := self.reader.before(subject):
                return match["verb"], person, True
        return None

    def _begins_with_name_and_verb(self, text: str) -> bool:
        head = regex.split(r"[.,;]", text, maxsplit=1)[0]
        match = self.patterns.said.search(head) or self.patterns.inverted.search(head)
        return bool(match) and match is not None and match.end() >= len(head.rstrip()) - 1

    def _ahead(self, text: str) -> tuple[str, Person | None, bool] | None:
        """Cue and speaker in what stands before marks: X said: , X mengatakan bahwa."""
        if match := _last(self.patterns.verb_first, text):
            person = self.reader.after(text[match.end() :])
            return (match["verb"], person, True) if person else None
        if (match := _last(self.patterns.according, text)) and match.start() == len(text) - len(text.lstrip()):
            if person := self.reader.after(text[match.end() :]):
                return match[0].strip(), person, False
        if match := _last(self.patterns.said, text):
            if person := self.reader.before(text[: match.start()]):
                return match["verb"], person, len(text) - match.end() <= NEAR
        return None

    def _ahead_of_all(self, text: str) -> tuple[str, Person | None, bool] | None:
        """Cue and speaker before other marks in the same sentence."""
        plain = regex.sub(HELD, " ", text)
        found = self._ahead(plain)
        return (found[0], found[1], False) if found else None

    def _is_theme(self, text: str, whole: str) -> bool:
        """Whether the words before marks make what they hold a theme, slogan or name."""
        near = text[-THEME:]
        match = _last(self.patterns.themes, near)
        if match is None:
            return False
        said = _last(self.patterns.said, near)
        return (said is None or said.start() < match.start()) and not regex.search(r"[.;]\s", near[match.end() :])

    def _inherited(self, frame: Frame, found: dict[int, Found]) -> dict[int, Found]:
        """Words in marks without a cue: of whoever spoke before in the paragraph, or in the one before where it is all marks."""
        more: dict[int, Found] = {}
        alone = len(regex.sub(rf"{HELD}|\s", "", frame.text)) <= 2
        for number in range(len(frame.held)):
            if number in found or not self._is_sentence(frame, number):
                continue
            source = max((n for n in (*found, *more) if n < number), default=None)
            earlier = (found | more)[source] if source is not None else None
            if earlier is None and alone and self.before:
                earlier = self.before
            if earlier is None and self.named.last and source is None and number == 0 and alone:
                continue
            if earlier and earlier.person and not self._between_is_theme(frame, number):
                more[number] = self._direct(frame, number, None, earlier.person, "same speaker", 0.85 if source is not None else 0.6)
        return more

    def _between_is_theme(self, frame: Frame, number: int) -> bool:
        place = frame.places[number]
        start = frame.places[number - 1] + 1 if number else 0
        return self._is_theme(frame.text[start:place], frame.text[start:place])

    def _is_sentence(self, frame: Frame, number: int) -> bool:
        marked = frame.held[number]
        words = frame.paragraph[marked.first : marked.last]
        return self._words(frame, number) >= WORDS and (words[-1] in ".,!?…" or not marked.closed or self._stands_alone(frame, number))

    def _stands_alone(self, frame: Frame, number: int) -> bool:
        """Whether marks make up a sentence by themselves."""
        place = frame.places[number]
        return (place == 0 or frame.text[:place].rstrip()[-1:] in ".!?" + ENDED) and frame.text[place + 1 :].lstrip()[:1] in ("", ".", *"!?")

    def _words(self, frame: Frame, number: int) -> int:
        marked = frame.held[number]
        return len(frame.paragraph[marked.first : marked.last].split())

    def _direct(self, frame: Frame, number: int, cue: str | None, person: Person | None, rule: str, confidence: float) -> Found:
        marked = frame.held[number]
        kind = QuoteKind.DOCUMENT if person and person.document else QuoteKind.DIRECT
        confidence = confidence if person else confidence - 0.3
        confidence = confidence if marked.closed else confidence - 0.2
        rule = f"{self.rules.language}: {rule}" + ("" if marked.closed else ", never closed")
        return Found(start=marked.first, end=marked.last, kind=kind, cue=cue, person=person, rule=rule, confidence=round(confidence, 2))

    # --- words told ----------------------------------------------------------------------------

    def _told(self, frame: Frame, start: int, end: int, attributed: set[int]) -> Iterator[Found]:
        """What a sentence tells that somebody said."""
        sentence = frame.text[start:end]
        if regex.match(rf"\s*{HELD}", sentence) and any(start <= place < end for place in attributed):
            return
        clause = self._told_by_verb(sentence) or self._told_according(sentence)
        if clause is None:
            return
        cue, person, first = clause
        last = len(sentence.rstrip(" .!?…\n"))
        held = [place for place in attributed if start + first <= place < end]
        if held:
            last = min(held) - start
            while last > first and not sentence[last - 1].isalnum():
                last -= 1
        words = sentence[first:last]
        if len(words.split()) < WORDS or regex.fullmatch(rf"[\s{HELD[1:-1]}.,]*", words):
            return
        begin, finish = frame.back(start + first, start + last)
        kind = QuoteKind.DOCUMENT if person.document else QuoteKind.INDIRECT
        yield Found(start=begin, end=finish, kind=kind, cue=cue, person=person, rule=f"{self.rules.language}: told", confidence=0.75)

    def _told_by_verb(self, sentence: str) -> tuple[str, Person, int] | None:
        for match in self.patterns.told.finditer(sentence):
            if self.rules.verb_first:
                return self._told_verb_first(sentence, match)
            person = self.reader.before(sentence[: match.start()])
            if person is None or not _is_somebody(person):
                continue
            rest = sentence[match.end() :]
            that = self.patterns.that.match(rest)
            plain = match["verb"].casefold() in self.rules.plain
            if that is None and not (plain and _is_clause(rest)):
                continue
            return match["verb"], person, match.end() + (that.end() if that else len(rest) - len(rest.lstrip(" ,:")))
        return None

    def _told_verb_first(self, sentence: str, match: regex.Match[str]) -> tuple[str, Person, int] | None:
        """Ipinahayag ni X, role, na ..."""
        rest = sentence[match.end() :]
        that = regex.search(rf"(?:,|(?<=\p{{L}}))\s+(?:{choice(self.rules.that)})\s+", rest)
        if that is None:
            return None
        person = self.reader.after(rest[: that.start()])
        return (match["verb"], person, match.end() + that.end()) if person else None

    def _told_according(self, sentence: str) -> tuple[str, Person, int] | None:
        """Menurut X, role, ...: the clause begins behind the last comma of the apposition."""
        match = self.patterns.according.match(sentence)
        if (again := self.patterns.again.match(sentence)) and self.named.last:
            return again["verb"], self.named.last, again.end()
        if match is None:
            return None
        person, length = self.reader.apposed(sentence[match.end() :])
        return (match[0].strip(), person, match.end() + length) if person else None


def _is_somebody(person: Person) -> bool:
    """Whether a speaker has a name, or is a document: bodies and groups tell much, but nobody said it."""
    return person.document or any(word[0].isupper() for word in person.name.split())


def _is_clause(rest: str) -> bool:
    """Whether told words follow at once, rather than an object in marks or nothing."""
    return bool(regex.match(r"\s+[\p{L}\p{N}]", rest)) and len(rest.split()) > 3


def _last(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    word, ends = r"(?<![\p{L}\p{M}\-])", r"(?![\p{L}\p{M}])"
    adverbs = choice(rules.adverbs)
    cues = f"(?P<verb>{choice(rules.said)})"
    suffix = f"(?P<same>{rules.suffix})?" if rules.suffix else "(?P<same>(?!))?"
    inverted = rules.inverted or ("(?!)",)
    prepositions = choice(rules.verb_first)
    verb_first = f"{word}(?P<verb>{choice((*rules.said, *rules.inverted))})(?: (?:{adverbs}))* (?:(?:{prepositions}) |(?-i:(?=\\p{{Lu}})))" if rules.verb_first else "(?!)"

    def compiled(text: str) -> regex.Pattern[str]:
        return regex.compile(text, regex.I)

    return _Patterns(
        said=compiled(f"{word}{cues}{ends}"),
        told=compiled(verb_first if rules.verb_first else f"{word}{cues}(?:\\s+(?:delegates|reporters|journalists|kepada wartawan|kepada pers|wartawan|the (?:audience|meeting|forum|opening|assembly|crowd|conference|session)|in a statement))?{ends}"),
        that=compiled(rf"\s*(?:[^.,;:]{{0,40}}?\s)??(?:{choice(rules.that)}){ends}\s*"),
        inverted=compiled(f"{word}(?:(?:{adverbs})\\s+)*(?P<verb>{choice(inverted)}){suffix}{ends}") if rules.inverted and not rules.verb_first else compiled("(?P<verb>(?!))(?P<same>)"),
        verb_first=compiled(verb_first) if rules.verb_first else compiled("(?P<verb>(?!))"),
        according=compiled(f"{word}(?:{choice(rules.according)}){ends}\\s*"),
        themes=compiled(f"{word}(?:{choice(rules.themes)}){ends}"),
        again=compiled(rf"(?P<verb>(?:{choice(rules.inverted)}){rules.suffix}),\s*") if rules.suffix else compiled("(?!)"),
    )
