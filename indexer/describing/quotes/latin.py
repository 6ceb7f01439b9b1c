"""Statements in languages that part words by spaces and names by capitals: English, Indonesian, Vietnamese and others."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from indexer.describing.quotes.found import Attribution, Found, Named, Person, in_marks, told
from indexer.describing.quotes.frame import ENDED, HELD, OPEN_ENDED, Frame, Sentence, last_match
from indexer.describing.quotes.latin_patterns import SENTENCE, patterns_of
from indexer.describing.quotes.latin_told import Teller
from indexer.describing.quotes.people import ENDS, Reader
from indexer.describing.quotes.rules import Rules

WORDS = 3  # that words in marks must have to be speech where no verb stands right beside them
GAP = 25  # characters between marks and an inverted verb: "...," lately, said X
NEAR = 60  # characters between a verb and the marks it announces
SUBJECT = 160  # characters of a subject between marks and its verb
THEME = 45  # characters before marks in which a word may make them a theme
ENDINGS = (*".!?…", OPEN_ENDED, ENDED)
SURE, LIKELY, CARRIED, ACROSS = 0.95, 0.8, 0.85, 0.6  # beside a verb, in its sentence, in its paragraph, in the next

_BRACKETED = regex.compile(r"\([^()\ue000\ue001]{1,80}\)")  # an age, a party: no part of who speaks
Cue = tuple[str, Person | None, bool]  # the verb, the speaker, whether it stands right beside the marks


class Latin:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = patterns_of(rules)
        self.named = Named()
        self.reader = Reader(rules, self.named)
        self.teller = Teller(rules, self.reader)
        self.before: Found | None = None  # the last words in marks of the paragraph before
        self.announced: Cue | None = None  # who the paragraph before says is about to speak

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        spoken: dict[int, Found] = {}
        indirect: list[Found] = []
        for sentence in frame.sentences(SENTENCE):
            ours = {n: found for n, place in sentence.held() if (found := self._spoken(sentence, n, place))}
            spoken |= ours
            indirect += self._told(sentence, ours)
            self._note_naming(sentence.text)
            if sentence.text.rstrip().endswith(ENDINGS):  # a headline is no sentence
                self.reader.note_names(sentence.text)
        self._follow(frame, spoken)
        self._inherit(frame, spoken)
        self.announced = self._ahead(frame.text) if frame.text.rstrip().endswith(":") else None
        self.before = spoken.get(len(frame.held) - 1)
        yield from sorted([*spoken.values(), *indirect], key=lambda found: found.start)

    def _spoken(self, sentence: Sentence, number: int, place: int) -> Found | None:
        """Words in marks whose speaker their own sentence names."""
        text = _BRACKETED.sub(lambda match: " " * len(match[0]), sentence.text)
        ahead = text[slice(*sentence.ahead(place))]
        behind = text[slice(*sentence.behind(place))]
        if self._is_theme(ahead, words=self._count(sentence.frame, number)):
            return None
        cues = (
            ("after", self._behind(behind, ended=text[place] == ENDED)),
            ("before", self._ahead(ahead)),
            ("around", self._around(text[:place])),
        )
        rule, cue = next(((rule, cue) for rule, cue in cues if cue), ("", None))
        if cue is None or not (cue[2] or self._count(sentence.frame, number) >= WORDS):
            return None
        return self._found(sentence.frame, number, cue, rule)

    def _found(self, frame: Frame, number: int, cue: Cue, rule: str) -> Found:
        words, person, near = cue
        rule = f"{self.rules.language}: {rule}"
        by = Attribution(cue=words, person=person, rule=rule, confidence=SURE if near else LIKELY)
        return in_marks(frame, number, by)

    # --- cues ----------------------------------------------------------------------------------

    def _behind(self, text: str, *, ended: bool) -> Cue | None:
        """What follows marks: said X, X said, ujar X, according to X."""
        text = text.strip(" ,\t—–-")
        if not text or (ended and text[0].isupper() and not self._is_attribution(text)):
            return None
        return self._verb_behind(text) or self._subject_behind(text)

    def _verb_behind(self, text: str) -> Cue | None:
        patterns = self.patterns
        if match := patterns.itself.match(text):
            return match["verb"], self.named.last, True
        if (match := patterns.inverted.search(text)) and match.start() <= GAP and "." not in text[: match.start()]:
            if match["same"]:
                return match["verb"] + match["same"], self.named.last, True
            return match["verb"], self.reader.after(text[match.end() :]), True
        if match := patterns.verb_first.match(text) or patterns.according.match(text):
            return match[0].strip(), self.reader.after(text[match.end() :]), True
        if (match := patterns.first.match(text)) and (person := self.reader.after(text[match.end() :])):
            return match["verb"], person, True
        return None

    def _subject_behind(self, text: str) -> Cue | None:
        for match in self.patterns.said.finditer(text):
            subject = text[: match.start()]
            if len(subject) > SUBJECT or ENDS.search(subject):
                break
            if person := self.reader.before(subject):
                return match["verb"], person, True
        return None

    def _is_attribution(self, text: str) -> bool:
        """Whether what begins with a capital behind a full stop is no new sentence but a name and a verb."""
        head = regex.split(r"[.,;]", text, maxsplit=1)[0].rstrip()
        match = self.patterns.said.search(head) or self.patterns.inverted.search(head)
        # Behind the verb nothing may follow but where, when or to whom: what does is a sentence of its own.
        return match is not None and (
            match.end() >= len(head) - 1 or self.reader.stops.match(head, match.end()) is not None
        )

    def _ahead(self, text: str) -> Cue | None:
        """What stands before marks: X said:, X mengatakan bahwa, ipinahayag ni X na, according to X, X did so, saying."""
        if (match := last_match(self.patterns.itself, text)) and not text[match.end() :].strip(" ,:"):
            return match["verb"], self.named.last, True
        if match := last_match(self.patterns.verb_first, text):
            person = self.reader.after(text[match.end() :])
            return (match["verb"], person, True) if person else None
        if (match := self.patterns.inverted.match(text.lstrip())) and text.rstrip().endswith((",", ":")):
            person = self.named.last if match["same"] else self.reader.after(text.lstrip()[match.end() :])
            return match["verb"], person, True
        if text.rstrip().endswith(":") and (person := self.reader.whole(text.rstrip()[:-1])):
            return ":", person, True
        match = self.patterns.according.match(text.lstrip())
        if match and (person := self.reader.after(text.lstrip()[match.end() :])):
            return match[0].strip(), person, False
        match = last_match(self.patterns.saying, text)
        if match and len(text) - match.end() <= NEAR and (person := self.reader.first(text)):
            return match[0], person, True
        match = last_match(self.patterns.said, text)
        if match and (person := self.reader.before(text[: match.start()])):
            return match["verb"], person, len(text) - match.end() <= NEAR
        return None

    def _around(self, text: str) -> Cue | None:
        """A cue before other marks of the same sentence."""
        if not regex.search(HELD, text):
            return None
        cue = self._ahead(regex.sub(HELD, " ", text))
        return (cue[0], cue[1], False) if cue else None

    def _is_theme(self, ahead: str, *, words: int) -> bool:
        """Whether the words before marks make what they hold a theme, slogan or name."""
        begins = self.patterns.inverted.match(ahead.lstrip())  # kata X, "..." is no word called so
        near = ahead.lstrip()[begins.end() if begins else 0 :][-THEME:]
        match = last_match(self.patterns.themes, near)
        if match is None or regex.search(r"[.;]\s", near[match.end() :]):
            return False
        if (
            words >= WORDS
            and match["verb"].casefold() in self.rules.said
            and regex.search(r"\p{L}", near[match.end() :])
        ):
            return False  # called the plan "...": that is a view
        verb = last_match(self.patterns.said, near)
        return verb is None or verb.start() <= match.start()

    def _note_naming(self, text: str) -> None:
        """Keep whom a sentence names as the one who said so: hal senada disampaikan X; ..., kata X."""
        match = self.patterns.naming.search(text) or self.patterns.trailing.search(text)
        if match:
            self.reader.after(text[match.end() :])

    # --- words without a cue ---------------------------------------------------------------------

    def _follow(self, frame: Frame, spoken: dict[int, Found]) -> None:
        """Give a paragraph that is words in marks to whom the paragraph before announces: X said:"""
        if self.announced and frame.places[:1] == [0] and not spoken:
            verb, person, _ = self.announced
            spoken[0] = self._found(frame, 0, (verb, person, False), "announced")

    def _inherit(self, frame: Frame, spoken: dict[int, Found]) -> None:
        """Give words without a cue to whoever spoke before in the paragraph, or in the one before where all is in marks."""
        alone = len(regex.sub(rf"{HELD}|\s", "", frame.text)) <= 2
        for number, place in enumerate(frame.places):
            earlier = max((n for n in spoken if n < number), default=None)
            source = spoken[earlier] if earlier is not None else self.before if alone else None
            start = frame.places[number - 1] + 1 if number else 0
            if number in spoken or source is None or source.by.person is None or not self._is_speech(frame, number):
                continue
            if not self._is_theme(frame.text[start:place], words=self._count(frame, number)):
                confidence = CARRIED if earlier is not None else ACROSS
                rule = f"{self.rules.language}: same speaker"
                by = Attribution(cue=None, person=source.by.person, rule=rule, confidence=confidence)
                spoken[number] = in_marks(frame, number, by)

    def _is_speech(self, frame: Frame, number: int) -> bool:
        """Whether words in marks are a sentence, or part of one, by how they end or where they stand."""
        if self._count(frame, number) < WORDS and not self._is_sentence(frame, number):
            return False
        if frame.words(number)[-1] in ".,!?…" or not frame.held[number].closed:
            return True
        place = frame.places[number]
        begins = frame.text[:place].rstrip()[-1:] in ("", *".!?", ENDED)
        return begins and frame.text[place + 1 :].lstrip()[:1] in ("", *".!?")

    def _is_sentence(self, frame: Frame, number: int) -> bool:
        """Whether few words in marks are a sentence of their own: "Mine." """
        ahead, behind = frame.text[: frame.places[number]].rstrip(), frame.text[frame.places[number] + 1 :].lstrip()
        return frame.text[frame.places[number]] == ENDED and ahead.endswith(".") and (not behind or behind[0].isupper())

    def _count(self, frame: Frame, number: int) -> int:
        return len(frame.words(number).split())

    # --- words told ------------------------------------------------------------------------------

    def _told(self, sentence: Sentence, spoken: dict[int, Found]) -> Iterator[Found]:
        """What a sentence tells that somebody said, up to the first words of theirs in marks."""
        text = sentence.text
        if spoken and regex.match(rf"\s*{HELD}", text):
            return
        cue = self.teller.cue(text)
        if cue is None:
            return
        verb, person, first = cue
        last = len(text.rstrip(" .!?…\n"))
        if held := [place for number, place in sentence.held() if number in spoken and place >= first]:
            last = len(regex.sub(r"[^\p{L}\p{M}\p{N}]+$", "", text[: min(held)]))
        words = regex.sub(HELD, " ", text[first:last])
        if len(words.split()) >= WORDS:
            by = Attribution(cue=verb, person=person, rule=f"{self.rules.language}: told", confidence=0.75)
            yield told(sentence.frame, sentence.start + first, sentence.start + last, by)
