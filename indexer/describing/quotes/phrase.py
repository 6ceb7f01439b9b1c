"""One part of a noun phrase, between commas: whether it names somebody, and where the name begins behind the role."""

from __future__ import annotations

import regex

from indexer.describing.quotes.found import Named, Person
from indexer.describing.quotes.rules import Rules, choice

PARTICLES = "al|bin|binti|bint|ibn|de|del|della|da|dos|du|van|von|der|den|ter|la|le|el|y|e|bte|ap|abu"
TOKEN = r"\p{Lu}[\p{L}\p{M}\p{N}'’.\-]*"
NAME = rf"{TOKEN}(?:\s+(?:(?:{PARTICLES})\s+)*{TOKEN})*"
LONGEST_ROLE = 140
ROLE_WORDS = 7  # of somebody who is named by a role only
BARE_WORDS = 5  # of a role without any noun of office
BEHIND = 8  # words behind a name from which on it is no subject: Maren Tolova was surprised to learn that ...
GENITIVE = ("'s", "’s")
_NAME = regex.compile(NAME)


class Phrases:
    """Reads parts of noun phrases by the rules of one language."""

    def __init__(self, rules: Rules, named: Named) -> None:
        self.named = named
        self.roles = frozenset(rules.roles)
        self.offices = self.roles - frozenset(rules.articles)
        self.long_roles = tuple(f" {role} " for role in rules.roles if " " in role)
        self.organisations = frozenset(rules.organisations)
        self.territorial = frozenset(rules.territorial)
        self.families = frozenset(rules.families)
        self.starts = frozenset(rules.starts) | (frozenset(rules.same) - frozenset(rules.honorifics))
        articles, honorifics = choice(rules.articles), choice(rules.honorifics)
        self.articles = regex.compile(rf"(?:{articles})(?![\p{{L}}\p{{M}}])", regex.I)
        self.of = regex.compile(rf"(?:^|\s)(?:{choice(rules.of)})\s+(?:(?:{articles})\s+)?$", regex.I)
        self.verbs = regex.compile(rf"(?:{choice((*rules.said, *rules.saying))})(?![\p{{L}}\p{{M}}\-])", regex.I)
        self.leading = regex.compile(rf"(?:{choice(rules.leading)})\s+", regex.I)
        self.honorific = regex.compile(rf"(?:^|(?<=\s))(?:{honorifics})\.?$", regex.I)
        self.whole = regex.compile(rf"(?:(?:{honorifics})\.?\s+)*(?-i:{NAME})", regex.I)

    def one(self, part: str) -> Person | None:
        """Role and name of one part: `ketua kehormatan forum Maren Tolova`, `Prime Minister Jane Doe`; a role alone for no name."""
        part = part.strip()
        if person := self._behind_place(part):
            return person
        names = [match for match in _NAME.finditer(part) if self._is_apart(part, match)]
        if not names:
            return Person(name=part) if self.is_role(part) and len(part.split()) <= ROLE_WORDS else None
        match = names[-1]
        tokens = match[0].split()
        if len(tokens) > 1 and tokens[0].casefold() in self.starts:
            tokens = tokens[1:]
        if tokens[-1].endswith(GENITIVE) or len(part[match.end() :].split()) > BEHIND:
            return None
        role = part[: match.start()].split()
        cut = self._beginning(role, tokens)
        return self._finished([*role, *tokens[:cut]], tokens[cut:])

    def _behind_place(self, part: str) -> Person | None:
        """A name behind an office and the place it is of, where a family name parts them: chủ tịch tỉnh Cảng Xanh Lương Văn Đước."""
        match = next(iter(reversed(list(_NAME.finditer(part)))), None)
        if match is None or self._is_apart(part, match) or not self.is_role(part[: match.start()]):
            return None
        tokens = match[0].split()
        at = next(
            (i for i, token in enumerate(tokens) if i and token in self.families and 2 <= len(tokens) - i <= 4), None
        )
        return self._finished([*part[: match.start()].split(), *tokens[:at]], tokens[at:]) if at else None

    def is_name(self, part: str) -> bool:
        """Whether a part is a name of two words or more and nothing else."""
        words = part.split()
        first = words[0].casefold().strip(".") if words else ""
        return (
            2 <= len(words) <= 6 and first not in self.roles | self.starts and bool(self.whole.fullmatch(part.strip()))
        )

    def begins_with_name(self, text: str) -> str | None:
        """The name of two words or more that a sentence begins with, if it is nobody's office and no body's."""
        match = self.whole.match(text)
        words = match[0].casefold().split() if match else []
        if match is None or len(words) < 2 or words[0] in self.starts:
            return None
        return None if {words[0], words[-1]} & self.organisations else str(match[0])

    def holds_name(self, part: str) -> bool:
        """Whether a name stands anywhere in a part."""
        return any(self._is_apart(part, match) for match in _NAME.finditer(part))

    def sets_name_apart(self, part: str) -> bool:
        """Whether a part has a full name behind its role, rather than a body's."""
        person = self.one(part)
        if person is None or person.role is None or len(person.name.split()) < 2:
            return False
        words = part[: part.find(person.name)].split()
        return bool(words) and not {w.casefold() for w in (*words, *person.name.split())} & self.organisations

    def is_role(self, part: str) -> bool:
        """Whether a noun of office stands in a part."""
        words = [word.casefold().removesuffix("'s").removesuffix("’s").strip(".,") for word in part.split()]
        joined = f" {' '.join(words)} "
        return any(word in self.roles for word in words) or any(role in joined for role in self.long_roles)

    def may_be_role(self, part: str) -> bool:
        """Whether a part behind a name says who that is, rather than what happened next."""
        if not part or len(part) > LONGEST_ROLE or self.verbs.match(part) or part[0].isdecimal():
            return False
        if self.is_role(part) or self.articles.match(part):
            return True
        return not part[0].isupper() and len(part.split()) >= 2 and not regex.match(r"[\p{L}]+(?:ing|ed)\b", part)

    def nameless(self, part: str) -> Person | None:
        """Somebody without a name: a source close to the minister, one woman."""
        part = part.strip()
        fits = 0 < len(part.split()) <= BEHIND and self.articles.match(part)
        return Person(name=part) if fits and not regex.search(r"[\d\"“]", part) else None

    def _is_apart(self, part: str, match: regex.Match[str]) -> bool:
        """Whether a run of capitals is neither the beginning of a sentence nor a place or body behind a preposition."""
        return match[0].casefold() not in self.starts and not self.of.search(part[: match.start()])

    def _beginning(self, role: list[str], tokens: list[str]) -> int:
        """Where in a run of capitals the name begins: at one known, at a family name, behind offices, bodies and places."""
        whole = " ".join(tokens)
        if known := next((name for name in self.named.names() if whole.endswith(f" {name}")), None):
            return len(tokens) - len(known.split())
        family = next(
            (i for i, token in enumerate(tokens) if token in self.families and 2 <= len(tokens) - i <= 5), None
        )
        if family is not None and self.is_role(" ".join([*role, *tokens[:family]])):
            return family
        lowered = [token.casefold().strip(".") for token in tokens[:-1]]
        office = max((i + 1 for i, word in enumerate(lowered) if word in self.offices), default=0)
        left = len(tokens) - office
        of_place = office and lowered[office - 1] in self.territorial and left > 2
        if of_place or self.organisations & set(lowered) or (office and left > 3):
            office = max(office, len(tokens) - 2)
        while office < len(tokens) - 1 and tokens[office].casefold() in self.organisations:
            office += 1
        return office

    def _finished(self, role: list[str], name: list[str]) -> Person | None:
        """Honorifics put back to the name; small words that only lead in dropped."""
        said, title = " ".join(role), ""
        while match := self.honorific.search(said):
            said, title = said[: match.start()].rstrip(), f"{match[0]} {title}"
        said = self.leading.sub("", f"{said} ").strip(" ,")
        if said.casefold() in self.starts or (len(said.split()) > BARE_WORDS and not self.is_role(said)):
            said = ""
        full = f"{title}{' '.join(name)}"
        full = full.rstrip(".") if len(name[-1]) > 2 else full  # not of an initial
        if len(said) > LONGEST_ROLE or not regex.search(r"\p{L}{2}", full):
            return None
        return Person(name=full, role=said or None)
