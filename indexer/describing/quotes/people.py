"""People in a sentence of a language that writes names with capitals: name and role, as mentioned."""

from __future__ import annotations

import functools

import regex

from indexer.describing.quotes.found import Named, Person
from indexer.describing.quotes.rules import Rules, choice

PARTICLES = "al|bin|binti|bint|ibn|de|del|della|da|dos|du|van|von|der|den|ter|la|le|el|y|e|bte|ap|abu|di"
TOKEN = r"(?:\p{Lu}[\p{L}\p{M}\p{N}'’.\-]*)"
NAME = rf"{TOKEN}(?:\s+(?:(?:{PARTICLES})\s+)*{TOKEN})*"
LONGEST_ROLE = 140
LONGEST_SUBJECT = 220
# Capitalised words that begin a sentence and no name.
STARTS = frozenset(
    "the a an in on at but and as when while after before this that these those for from with however meanwhile "
    "later earlier one some many its their his her it there if since under during yet still also both another both "
    "di dan pada dalam namun sementara sedangkan saat ketika selain untuk dengan dari setelah sebelumnya itu ini para "
    "trong và tại ngày theo với các những một sau khi trước nhưng về cũng "
    "ang sa mga noong kung nang ito nitong dahil para "
    "le la les un une des dans en pour mais et selon ce cette il elle on au aux après avant".split()
)
_WHO = regex.compile(r"^(?:who|which|whose|yang|người mà|na siyang|qui|dont|where|when|whom)\b", regex.I)
# Vietnamese family names: before them stands the role.
VIETNAMESE = frozenset("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Hà Tô Đinh Mai Trịnh Đào Đoàn Lương Cao Tạ Lâm Trương Thái Châu Quách Kiều Chu Tăng Đồng Phùng Vương La Nông Triệu Tống".split())


class Reader:
    """Reads people out of parts of sentences, by the rules of one language; what it reads it notes."""

    def __init__(self, rules: Rules, named: Named) -> None:
        self.rules = rules
        self.named = named
        self.roles = frozenset(word for role in rules.roles for word in role.split())
        self.honorifics = rules.honorifics
        self.same = regex.compile(rf"(?:{choice(rules.same)})(?![\p{{L}}\p{{M}}])", regex.I)
        self.documents = _document_pattern(rules.documents)
        self.adverbs = regex.compile(rf"(?:[\s,]+(?:{choice(rules.adverbs)}))+\s*$", regex.I)

    def before(self, text: str, *, only_people: bool = False) -> Person | None:
        """Who stands before a verb: the subject that ends `text`."""
        text = self.adverbs.sub("", text[-LONGEST_SUBJECT:].rstrip()).rstrip(" ,")
        clause = regex.split(r"[.;:!?\ue000\ue001]\s*|\s[—–]\s", text)[-1].strip(" ,")
        if not clause:
            return None
        tail = regex.split(r",\s*", clause)
        last = tail[-1].strip()
        if self.same.fullmatch(last) or (len(tail) == 1 and self.same.fullmatch(regex.sub(r"^\p{L}+\s", "", last))):
            return self._last()
        if document := self._document(clause):
            return document
        person = self._person(clause, ends=True)
        return self.named.note(person) if person else None

    def after(self, text: str) -> Person | None:
        """Who stands after a verb: the name that begins `text`, with the apposition behind it."""
        clause = regex.split(r"(?<!\b\p{Lu}|\bDr|\bMr|\bMs|\bMrs|\bProf|\bSt|\bSen|\bRep|\bGov|\bGen|\bH|\bHj|\bIr|\bDrs|\bM|\bMme|\bAtty|\bGng)[.;:!?](?:\s|$)|[\ue000\ue001]|\s[—–(]|\n", text.strip(), maxsplit=1)[0][:LONGEST_SUBJECT].strip()
        if match := self.same.match(clause):
            return self._last() if len(clause[match.end() :].split(",")[0].split()) <= 4 else self._last()
        if document := self._document(clause):
            return document
        person = self._person(clause, ends=False)
        return self.named.note(person) if person else None

    def apposed(self, text: str) -> tuple[Person | None, int]:
        """Who begins `text`, and how long name and apposition are: what is told begins behind their comma."""
        parts = regex.split(r"(,\s*)", text)
        if len(parts) < 3:
            return None, 0
        person = self._person(parts[0], ends=False)
        if person is None:
            return None, 0
        length = len(parts[0]) + len(parts[1])
        if len(parts) >= 5 and len(parts[2]) <= LONGEST_ROLE and not regex.search(rf"^{TOKEN}", parts[2]) or (len(parts) >= 5 and self._begins_role(parts[2])):
            role = None if _WHO.match(parts[2]) else parts[2].strip()
            person = Person(name=person.name, role=person.role or role)
            length += len(parts[2]) + len(parts[3])
        return self.named.note(person), length

    def note_names(self, sentence: str) -> None:
        """Keep who a sentence is about, for those that follow it: a full name at its beginning."""
        match = regex.match(rf"\s*(?:(?:{choice(self.honorifics)})\.?\s+)?({NAME})(?:,\s*([^,]{{3,{LONGEST_ROLE}}}),)?", sentence)
        if match and len(match[1].split()) >= 2 and match[1].split()[0].casefold() not in STARTS:
            role = match[2] if match[2] and not _WHO.match(match[2]) else None
            if person := self._person(match[0].strip(" ,"), ends=True):
                self.named.note(Person(name=person.name, role=person.role or role))

    def _last(self) -> Person | None:
        return self.named.last

    def _begins_role(self, text: str) -> bool:
        return text.split()[0].casefold().strip(".") in self.roles if text.split() else False

    def _document(self, clause: str) -> Person | None:
        """A document that is the subject: The Selani Declaration, adopted on the second day."""
        head = clause.split(",")[0].strip()
        if len(head.split()) <= 8 and self.documents.search(head) and not regex.search(rf"{TOKEN}\s+{TOKEN}\s*$", head):
            return Person(name=head, document=True)
        return None

    def _person(self, clause: str, *, ends: bool) -> Person | None:
        """Name and role in a noun phrase; `ends` where the verb follows it, so that what stands before may be left over."""
        parts = [part.strip() for part in regex.split(r",\s*", clause) if part.strip()]
        if not parts:
            return None
        if ends:
            parts = self._subject(parts)
        else:
            parts = parts[:2]
        first = self._split(parts[0])
        if first and (first.name or "") and len(parts) > 1:
            role = first.role or self._role(parts[1:])
            return Person(name=first.name, role=role)
        if first:
            return first
        if len(parts) > 1 and (second := self._split(parts[1])) and regex.fullmatch(rf"(?:{choice(self.honorifics)}\.?\s+)?{NAME}", parts[1], regex.I):
            return Person(name=second.name, role=second.role or parts[0])
        return None

    def _subject(self, parts: list[str]) -> list[str]:
        """The parts of a clause before a verb that are its subject: the last name with the apposition behind it."""
        for start in range(max(0, len(parts) - 4), len(parts)):
            found = self._split(parts[start])
            if found and (start == len(parts) - 1 or not self._split(parts[start + 1]) or self._begins_role(parts[start + 1]) or start == 0):
                if start and not self._split(parts[start - 1]) and start == len(parts) - 1 and len(parts[start - 1].split()) <= 8 and start == 1:
                    return parts[start - 1 :]
                return parts[start:]
        return parts[-2:]

    def _role(self, parts: list[str]) -> str | None:
        role = ", ".join(parts[:1]).strip()
        if not role or _WHO.match(role) or len(role) > LONGEST_ROLE or regex.match(r"(?:in|on|at|saat|dalam|pada|di|usai|when|as|while|after|adding|seperti|Rabu|Senin|Selasa|Kamis|Jumat|Sabtu|Minggu|running|told|speaking|hôm|ngày|trong|tại|disambut|lors|à)\b|[\p{L}]+ing\b", role, regex.I):
            return None
        return role

    def _split(self, part: str) -> Person | None:
        """Role and name of one part: `ketua kehormatan forum Maren Tolova`, `Prime Minister Jane Doe`."""
        part = regex.sub(r"\s*\([^)]*\)", "", part).strip()
        names = [m for m in regex.finditer(NAME, part)]
        names = [m for m in names if not (m.start() == 0 and len(m[0].split()) == 1 and m[0].casefold() in STARTS)]
        if not names:
            return self._plain_role(part)
        match = names[-1]
        role, name = part[: match.start()].strip(), match[0]
        after = part[match.end() :].strip()
        if after and len(names) == 1 and len(after.split()) > 6:
            return None
        first = name.split()[0].casefold()
        if first in STARTS and len(name.split()) > 1:
            role, name = f"{role} {name.split()[0]}".strip(), " ".join(name.split()[1:])
        role, name = self._moved(role, name)
        return self._finished(role, name)

    def _moved(self, role: str, name: str) -> tuple[str, str]:
        """Role nouns with capitals taken from the name to the role."""
        tokens = name.split()
        known = [len(n.split()) for n in self.named.names() if name.endswith(n) and n != name]
        if known:
            keep = known[0]
        elif self.rules.language == "vi" and (families := [i for i, t in enumerate(tokens) if t in VIETNAMESE and 2 <= len(tokens) - i <= 5]):
            keep = len(tokens) - families[0]
        elif tokens[0].casefold().strip(".") in self.roles and len(tokens) > 2:
            keep = min(2, len(tokens) - 1) if self.rules.language in ("id", "ms") or len(tokens) > 3 else self._after_roles(tokens)
            keep = self._after_roles(tokens) if self.rules.language in ("en", "fil", "fr") else keep
        elif tokens[0].casefold().strip(".") in self.roles and len(tokens) == 2:
            keep = 1
        else:
            return role, name
        cut = len(tokens) - keep
        return f"{role} {' '.join(tokens[:cut])}".strip(), " ".join(tokens[cut:])

    def _after_roles(self, tokens: list[str]) -> int:
        """How many tokens follow the role nouns at the beginning."""
        number = 0
        while number < len(tokens) - 1 and tokens[number].casefold().strip(".") in self.roles:
            number += 1
        return len(tokens) - number

    def _finished(self, role: str, name: str) -> Person | None:
        """Honorifics back to the name; roles of nothing but small words dropped."""
        for honorific in sorted(self.honorifics, key=len, reverse=True):
            match = regex.search(rf"(?:^|\s)({regex.escape(honorific)}\.?)$", role, regex.I)
            if match:
                role, name = role[: match.start()].strip(), f"{match[1]} {name}"
                break
        name = name.rstrip(".")
        role = regex.sub(r"^(?:dan|and|và|et|at|sementara|sedangkan|while|but|ni|ng|kay|si|namun|oleh|para|bà|ông)\s+", "", role, flags=regex.I).strip(" ,")
        if len(role) > LONGEST_ROLE:
            role = ""
        if not regex.search(r"\p{L}{2}", name):
            return None
        return Person(name=name, role=role or None)

    def _plain_role(self, part: str) -> Person | None:
        """Somebody without a name: the teacher, guru desa itu."""
        words = part.split()
        if not words or len(words) > 6:
            return None
        if any(word.casefold() in self.roles for word in words):
            return Person(name=part)
        return None


@functools.cache
def _document_pattern(documents: tuple[str, ...]) -> regex.Pattern[str]:
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{choice(documents)})(?![\p{{L}}\p{{M}}])", regex.I)
