"""People in a sentence of a language that writes names with capitals: name and role, as mentioned."""

from __future__ import annotations

import regex

from indexer.describing.quotes.found import Named, Person
from indexer.describing.quotes.rules import Rules, choice

PARTICLES = "al|bin|binti|bint|ibn|de|del|della|da|dos|du|van|von|der|den|ter|la|le|el|y|e|bte|ap|abu"
TOKEN = r"\p{Lu}[\p{L}\p{M}\p{N}'’.\-]*"
NAME = rf"{TOKEN}(?:\s+(?:(?:{PARTICLES})\s+)*{TOKEN})*"
LONGEST_ROLE = 140
LONGEST_SUBJECT = 220
APART = regex.compile(r",\s*")
# Where a noun phrase ends whatever follows; a full stop behind an initial or a title ends nothing.
_ENDS = regex.compile(
    r"(?<!\b(?:\p{Lu}|\p{Lu}\p{Ll}{0,3}|Prof|Atty|Gng|Hon|Capt))\.(?=\s|$)|[;:!?\n\ue000\ue001]|\s[—–-]\s|\s[(\[]"
)


class Reader:
    """Reads people out of parts of sentences by the rules of one language, and notes whom it reads."""

    def __init__(self, rules: Rules, named: Named) -> None:
        self.rules = rules
        self.named = named
        self.roles = frozenset(rules.roles)
        self.organisations = frozenset(rules.organisations)
        self.families = frozenset(rules.families)
        self.starts = frozenset(rules.starts)
        word = r"(?![\p{L}\p{M}\-])"
        self.same = regex.compile(rf"(?:{choice(rules.same)}){word}", regex.I)
        self.document = regex.compile(
            rf"(?:[\p{{L}}\p{{M}}'’\-]+\s+){{0,6}}(?:{choice(rules.documents)}){word}(?:\s+(?:{choice(rules.of)}){word}.*)?", regex.I
        )
        self.adverbs = regex.compile(rf"(?:[\s,]+(?:{choice(rules.adverbs)}))+\s*$", regex.I)
        self.stops = regex.compile(rf"\s(?:{choice(rules.stops)}){word}", regex.I)
        self.of = regex.compile(rf"(?:^|\s)(?:{choice(rules.of)})\s+(?:(?:{choice(rules.articles)})\s+)?$", regex.I)
        self.clauses = regex.compile(rf"(?:{choice(rules.clauses)}){word}", regex.I)
        self.leading = regex.compile(rf"(?:{choice(rules.leading)})\s+", regex.I)
        self.honorific = regex.compile(rf"(?:^|(?<=\s))(?:{choice(rules.honorifics)})\.?$", regex.I)

    def before(self, text: str) -> Person | None:
        """Who stands before a verb: the subject that ends `text`."""
        text = self.adverbs.sub("", text[-LONGEST_SUBJECT:].rstrip()).rstrip(" ,")
        cut = max((m.end() for m in _ENDS.finditer(text)), default=0)
        parts = [part for part in APART.split(text[cut:].strip(" ,")) if part.strip()]
        if not parts:
            return None
        last = self.leading.sub("", parts[-1].strip())
        if self.same.fullmatch(last):
            return self.again(last)
        if self.document.fullmatch(parts[0]):
            return Person(name=parts[0].strip(), document=True)
        return self._noted(self._subject(parts))

    def after(self, text: str) -> Person | None:
        """Who stands after a verb: the name that begins `text`, with the apposition behind it."""
        text = text.strip()[:LONGEST_SUBJECT]
        if match := self.same.match(text):
            return self.again(match[0])
        cut = _ENDS.search(text)
        parts = [part for part in APART.split(text[: cut.start()] if cut else text) if part.strip()]
        if not parts:
            return None
        if self.document.fullmatch(parts[0].strip()):
            return Person(name=parts[0].strip(), document=True)
        return self._noted(self._apposition(self._within(parts[0]), parts[1:2]))

    def apposed(self, text: str) -> tuple[Person | None, int]:
        """Who begins `text`, and how long name and apposition are: what is told begins behind their comma."""
        parts = regex.split(r"(,\s+)", text)
        if len(parts) < 3 or len(parts[0]) > LONGEST_ROLE:
            return None, 0
        named, length = [parts[0]], len(parts[0]) + len(parts[1])
        # A part between two commas is apposed unless it begins what is told: that has a verb, which a role has not.
        if len(parts) >= 5 and (self._is_role(parts[2]) or self.clauses.match(parts[2]) or self._full_name(parts[2])):
            named.append(parts[2])
            length += len(parts[2]) + len(parts[3])
        person = self.again(parts[0]) if self.same.fullmatch(parts[0].strip()) else self._apposition(named[0], named[1:])
        return self._noted(person), length

    def again(self, word: str) -> Person:
        """Whoever was named last, or the word itself where nobody was."""
        return self.named.last or Person(name=word.strip())

    def note_names(self, sentence: str) -> None:
        """Keep whom a sentence is about for those that follow it: a full name at its beginning, or behind a role."""
        parts = APART.split(sentence[:LONGEST_SUBJECT].strip())
        head = regex.match(rf"(?:(?:{choice(self.rules.honorifics)})\.?\s+)?(?-i:{NAME})", parts[0], regex.I)
        if len(parts) > 2 and self._full_name(parts[1]) and not (head and len(head[0].split()) == len(parts[0].split())):
            self._noted(self._apposition(parts[0], parts[1:2]))
        elif head and len(head[0].split()) >= 2 and head[0].split()[0].casefold() not in self.starts:
            whole = head.end() == len(parts[0]) and len(parts) > 2
            self._noted(self._apposition(head[0], parts[1:2] if whole else []))

    # --- the parts of a noun phrase ----------------------------------------------------------------

    def _subject(self, parts: list[str]) -> Person | None:
        """The subject in the parts of a clause between commas: the last name, with a role beside it."""
        for place in range(len(parts) - 1, max(-1, len(parts) - 4), -1):
            if place and self._full_name(parts[place]) and self._is_role(parts[place - 1]) and not self._holds_name(parts[place - 1]):
                return self._apposition(parts[place - 1], parts[place : place + 1])
            if place == len(parts) - 1 and (place and self._is_role(parts[place]) and self._holds_name(parts[place - 1])):
                continue  # the role behind a name
            if place < len(parts) and self.clauses.match(parts[place].strip()):
                continue
            if person := self._one(self._without_lead(parts[place])):
                return person if person.role else self._with_role(person, parts[place + 1 :])
        return None

    def _apposition(self, first: str, behind: list[str]) -> Person | None:
        """Name and role of a part and the one behind its comma, whichever is which."""
        second = behind[0].strip() if behind else ""
        person = self._one(first)
        if second and self._full_name(second) and (person is None or self._is_role(first)) and not self._name_stands_out(first):
            named = self._one(second)
            return Person(name=named.name, role=named.role or first.strip()) if named else person
        return self._with_role(person, [second]) if person and not person.role else person

    def _with_role(self, person: Person, behind: list[str]) -> Person:
        role = behind[0].strip() if behind else ""
        if not role or self.clauses.match(role) or len(role) > LONGEST_ROLE or not self._may_be_role(role):
            return person
        return Person(name=person.name, role=self.leading.sub("", role))

    def _within(self, part: str) -> str:
        """A part up to the place, time or occasion in it, if a name or role stands before."""
        for match in self.stops.finditer(part):
            if self._one(part[: match.start()]):
                return part[: match.start()]
        return part

    def _without_lead(self, part: str) -> str:
        return self.leading.sub("", part.strip())

    def _one(self, part: str) -> Person | None:
        """Role and name of one part: `ketua kehormatan forum Maren Tolova`, `Prime Minister Jane Doe`; a role alone for no name."""
        part = part.strip()
        names = [m for m in regex.finditer(NAME, part) if not self.of.search(part[: m.start()])]
        names = [m for m in names if m[0].casefold() not in self.starts]
        if not names:
            return Person(name=part) if self._is_role(part) and len(part.split()) <= 7 else None
        match = names[-1]
        role, tokens = part[: match.start()].split(), match[0].split()
        if tokens[0].casefold() in self.starts and len(tokens) > 1:
            tokens = tokens[1:]
        # Much behind a name means that it is no subject: Maren Tolova's village was ...
        if len(part[match.end() :].split()) > 8:
            return None
        cut = self._beginning(role, tokens, " ".join(tokens))
        return self._finished([*role, *tokens[:cut]], tokens[cut:])

    def _beginning(self, role: list[str], tokens: list[str], whole: str) -> int:
        """Where in a run of capitalised words the name begins: behind role nouns, organisations, before known names."""
        known = next((n for n in self.named.names() if whole.endswith(f" {n}")), None)
        if known:
            return len(tokens) - len(known.split())
        families = [i for i, token in enumerate(tokens) if token in self.families and 2 <= len(tokens) - i <= 5]
        if families and self._is_role(" ".join([*role, *tokens[: families[0]]])):
            return families[0]
        lowered = [token.casefold().strip(".") for token in tokens]
        number = 0
        while number < len(tokens) - 1 and lowered[number] in self.roles:
            number += 1
        if any(word in self.organisations for word in lowered[: len(tokens) - 1]) or (number and len(tokens) - number > 3):
            return max(number, len(tokens) - 2)
        return number

    def _finished(self, role: list[str], name: list[str]) -> Person | None:
        """Honorifics put back to the name; small words that only lead in dropped."""
        said, title = " ".join(role), ""
        while match := self.honorific.search(said):
            said, title = said[: match.start()].rstrip(), f"{match[0]} {title}"
        said = self.leading.sub("", f"{said} ").strip(" ,")
        words = said.split()
        if words and words[0].casefold() in self.starts and len(words) == 1:
            said = ""
        full = f"{title}{' '.join(name)}".rstrip(".") if len(name[-1]) > 2 else f"{title}{' '.join(name)}"
        if len(said) > LONGEST_ROLE or not regex.search(r"\p{L}{2}", full):
            return None
        return Person(name=full, role=said or None)

    def _noted(self, person: Person | None) -> Person | None:
        if person is None or person.document or not regex.search(TOKEN, person.name):
            return person
        return self.named.note(person)

    # --- what a part is ------------------------------------------------------------------------------

    def _full_name(self, part: str) -> bool:
        """Whether a part is a name of two words or more and nothing else."""
        part = self.honorific.sub("", part.strip())
        match = regex.fullmatch(rf"(?:(?:{choice(self.rules.honorifics)})\.?\s+)*(?-i:{NAME})", part.strip(), regex.I)
        return bool(match) and 2 <= len(part.split()) <= 6 and part.split()[0].casefold().strip(".") not in self.roles | self.starts

    def _holds_name(self, part: str) -> bool:
        return any(m[0].casefold() not in self.starts and not self.of.search(part[: m.start()]) for m in regex.finditer(NAME, part))

    def _name_stands_out(self, part: str) -> bool:
        """Whether a part has a name behind its role nouns, rather than an organisation."""
        person = self._one(part)
        if person is None or person.role is None:
            return False
        before = part[: part.find(person.name)].split()
        return bool(before) and not any(t.casefold() in self.organisations for t in [*before, *person.name.split()]) and len(person.name.split()) > 1

    def _is_role(self, part: str) -> bool:
        words = [word.casefold().strip(".,'’s") if word.endswith(("'s", "’s")) else word.casefold().strip(".,") for word in part.split()]
        joined = " ".join(words)
        return any(word in self.roles for word in words[:9]) or any(f" {role} " in f" {joined} " for role in self.roles if " " in role)

    def _may_be_role(self, part: str) -> bool:
        """Whether a part behind a name says who that is, rather than what happened next."""
        return self._is_role(part) or regex.match(rf"(?:{choice(self.rules.articles)})\s", part, regex.I) is not None or (
            not self._holds_name(part[:1]) and len(part.split()) >= 2 and not regex.match(r"[\p{L}]+(?:ing|ed)\b", part)
        )
