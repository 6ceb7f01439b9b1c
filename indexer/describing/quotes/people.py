"""People in a sentence of a language that writes names with capitals: before a verb, behind one, in apposition."""

from __future__ import annotations

import regex

from indexer.describing.quotes.found import Named, Person
from indexer.describing.quotes.phrase import LONGEST_ROLE, TOKEN, Phrases
from indexer.describing.quotes.rules import Rules, choice

LONGEST_SUBJECT = 220
PARTS = 3  # of a clause between commas that may be its subject
APART = regex.compile(r",\s*")
# Where a noun phrase ends whatever follows; a full stop behind an initial or a title ends nothing.
ENDS = regex.compile(
    r"(?<!\b(?:\p{Lu}{1,3}|\p{Lu}\p{Ll}{0,3}|ThS|Prof|Atty|Gng|Hon|Capt|dr|drg|prof|ir|hj?|dra?s|dra|mr|mrs|ms|gng))\.(?=\s|$)|[;:!?\n“”\"\ue000\ue001]|\s[—–-]\s|\s[(\[]"
)
_ASIDE = regex.compile(r"\s[—–-]\s+([^—–]{3,140}?)\s+[—–-]$")  # An Lâm - giám đốc cảng - cho biết
_DEGREE = regex.compile(r"(?:\p{Lu}\p{L}{0,3}\.)+(?:\p{Lu}\p{L}{0,3})?\.?")  # S.E., M.Sc, Ph.D.
_WORD = r"(?![\p{L}\p{M}\-])"


class Reader:
    """Reads people out of parts of sentences by the rules of one language, and notes whom it reads."""

    def __init__(self, rules: Rules, named: Named) -> None:
        self.named = named
        self.phrases = Phrases(rules, named)
        self.leading = self.phrases.leading
        of = choice(rules.of)
        self.same = regex.compile(rf"(?:{choice(rules.same)}){_WORD}", regex.I)
        self.document = regex.compile(
            rf"(?!(?:{of}){_WORD})(?:[\p{{L}}\p{{M}}'’\-]+\s+){{0,6}}(?:{choice(rules.documents)}){_WORD}(?:\s+(?:{of}){_WORD}.*)?",
            regex.I,
        )
        self.adverbs = regex.compile(rf"(?:[\s,]+(?:{choice(rules.adverbs)}))+\s*$", regex.I)
        self.stops = regex.compile(rf"\s(?:{choice(rules.stops)}){_WORD}", regex.I)
        self.anew = regex.compile(rf"\s(?:{choice(rules.again)})$", regex.I)
        self.clauses = regex.compile(rf"(?:{choice(rules.clauses)}){_WORD}", regex.I)

    def before(self, text: str) -> Person | None:
        """Who stands before a verb: the subject that ends `text`."""
        text = self.adverbs.sub("", text[-LONGEST_SUBJECT:].rstrip()).rstrip(" ,")
        text = _ASIDE.sub(r", \1", text)
        cut = max((match.end() for match in ENDS.finditer(text)), default=0)
        parts = [part for part in map(str.strip, APART.split(text[cut:])) if part and not _DEGREE.fullmatch(part)]
        while len(parts) > 1 and self.clauses.match(parts[-1]):  # in a statement, on Thursday
            parts.pop()
        if not parts:
            return None
        last = parts[-1] = self.leading.sub("", parts[-1])
        if self.same.fullmatch(last):
            return self.again(last)
        if self.document.fullmatch(parts[0]):
            return Person(name=parts[0], document=True)
        return self._noted(self._subject(parts)) or self._nameless(last)

    def first(self, text: str) -> Person | None:
        """Who a sentence begins with, or whoever was named last where that is a pronoun."""
        text = self.leading.sub("", text.strip())
        if match := self.same.match(text):
            return self.again(match[0])
        name = self.phrases.whole.match(text)
        return self._noted(self.phrases.one(name[0])) if name else None

    def whole(self, text: str) -> Person | None:
        """Whoever `text` is the name of and nothing else: a full name, or one that was named before."""
        name = text.strip()
        known = any(name in (one, *one.split()) for one in self.named.names())
        return self._noted(self.phrases.one(name)) if known or self.phrases.is_name(name) else None

    def after(self, text: str) -> Person | None:
        """Who stands behind a verb: the name that begins `text`, with the apposition behind it."""
        text = text.strip().lstrip("-")[:LONGEST_SUBJECT]  # ajoute-t-il
        match = self.same.match(text)
        if match and not regex.match(r"\s+\p{Lu}", text[match.end() :]):  # bà, but not bà Mai
            return self.again(match[0])
        cut = ENDS.search(text)
        parts = [part.strip() for part in APART.split(text[: cut.start()] if cut else text) if part.strip()]
        if not parts:
            return None
        if self.document.fullmatch(parts[0]):
            return Person(name=parts[0], document=True)
        if self.anew.search(parts[0]) and self.named.last:  # ujar politikus itu
            return self.named.last
        person = self._noted(self._apposition(self._within(parts[0]), parts[1:2]))
        stop = self.stops.search(parts[0])
        return person or self._nameless(parts[0][: stop.start()] if stop else parts[0])

    def apposed(self, text: str) -> tuple[Person | None, int]:
        """Who begins `text`, and how long name and apposition are: what is told begins behind their comma."""
        parts = regex.split(r"(,\s+)", text)
        if len(parts) < 3 or len(parts[0]) > LONGEST_ROLE:
            return None, 0
        behind, length = [], len(parts[0]) + len(parts[1])
        if len(parts) >= 5 and self._is_apposed(parts[2]):
            behind, length = [parts[2]], length + len(parts[2]) + len(parts[3])
        again = self.same.fullmatch(parts[0].strip())
        return self._noted(self.again(again[0]) if again else self._apposition(parts[0], behind)), length

    def again(self, word: str) -> Person:
        """Whoever was named last, or the word itself where nobody was."""
        return self.named.last or Person(name=word.strip())

    def note_names(self, sentence: str) -> None:
        """Keep whom a sentence is about for those that follow it: a full name at its beginning, or behind a role."""
        parts = APART.split(sentence[:LONGEST_SUBJECT].strip())
        name = self.phrases.begins_with_name(parts[0])
        if len(parts) > 2 and self.phrases.is_name(parts[1]) and name != parts[0]:
            self._noted(self._apposition(parts[0], parts[1:2]))
        elif name:
            self._noted(self._apposition(name, parts[1:2] if name == parts[0] and len(parts) > 2 else []))

    def _subject(self, parts: list[str]) -> Person | None:
        """The subject in the parts of a clause between commas: the last name, with a role beside it."""
        phrases = self.phrases
        for place in range(len(parts) - 1, max(-1, len(parts) - 1 - PARTS), -1):
            part, before = parts[place], parts[place - 1] if place else ""
            if before and phrases.is_name(part) and phrases.is_role(before) and not phrases.sets_name_apart(before):
                return self._apposition(before, [part])
            last = place == len(parts) - 1
            apposed = phrases.is_role(part) or phrases.articles.match(part)
            if self.clauses.match(part) or (before and last and apposed and phrases.holds_name(before)):
                continue
            if person := phrases.one(self.leading.sub("", part)):
                return person if person.role else self._with_role(person, parts[place + 1 :])
        return None

    def _apposition(self, first: str, behind: list[str]) -> Person | None:
        """Name and role of a part and the one behind its comma, whichever is which."""
        phrases = self.phrases
        person = phrases.one(first)
        named = phrases.one(behind[0]) if behind and phrases.is_name(behind[0]) else None
        if named and (person is None or phrases.is_role(first)) and not phrases.sets_name_apart(first):
            return Person(name=named.name, role=named.role or first.strip())
        return self._with_role(person, behind) if person and not person.role else person

    def _with_role(self, person: Person, behind: list[str]) -> Person:
        role = behind[0].strip() if behind else ""
        if self.clauses.match(role) or not self.phrases.may_be_role(role):
            return person
        return Person(name=person.name, role=self.leading.sub("", role))

    def _is_apposed(self, part: str) -> bool:
        """Whether a part behind a name belongs to it, rather than begins what is told."""
        return bool(self.phrases.is_role(part) or self.clauses.match(part) or self.phrases.is_name(part))

    def _within(self, part: str) -> str:
        """A part up to the place, time or occasion in it, if a name or role stands before."""
        cuts = (part[: match.start()] for match in self.stops.finditer(part))
        return next((cut for cut in cuts if self.phrases.one(cut)), part)

    def _nameless(self, part: str) -> Person | None:
        person = self.phrases.nameless(part)
        return self.named.note(person) if person else None

    def _noted(self, person: Person | None) -> Person | None:
        if person and not person.document and regex.search(TOKEN, person.name):
            self.named.note(person)
        return person
