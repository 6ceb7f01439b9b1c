"""People in a Chinese sentence: no space parts a name from the role before it, so nouns of office and family names do."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import regex

from archive import fold_plain
from indexer.describing.quotes.found import Named, Person
from indexer.describing.quotes.frame import HELD, Sentence, last_match
from indexer.describing.quotes.rules import Rules, choice

SUBJECT = 60  # characters a subject with its role may have
ALONE = 16  # characters of a role without a name
_FOREIGN = r"[\p{Han}]{1,8}(?:[·•‧・．][\p{Han}A-Z.]{1,10})+"
_LATIN = r"[A-Z][\w.'’\-]+(?:\s+[A-Z][\w.'’\-]+)*"
_TIME = regex.compile(
    r"(?:\d{1,2}[日月时]|[\p{Han}]{0,4}[上下]午|当天|当日|近日|日前|会上|会后|开幕式上|闭幕式上|对此|对于|随后|同时|其中|此外|"
    r"另外|此次|目前|今年|昨天|今天|昨日|今日|前天)[，,]?"
)
# Where, when, to whom, for whom somebody speaks: between the subject and the verb.
_PLACE = regex.compile(
    r"(?:在[^，。]{1,24}(?:上|中|时|里|间|后|下|会|会议|论坛|仪式)|通过[^，。]{1,16}|以[^，。]{1,12}身份|"
    r"出席[^，。]{1,20}(?:时|并)|受[^，。]{2,20}|接受[^，。]{0,14}(?:采访|专访)时?|向[^，。]{1,12}|"
    r"对[^，。]{1,10}|(?:在)?(?:致辞|讲话|发言|致词|演讲)(?:中|时)?)$"
)
_FOR = regex.compile(r"代表(?!团|们|大会|、)[^，。]{2,20}$")  # unless it is a delegate's name that follows
# Particles and times that no name holds or ends with.
_NO_NAME = regex.compile(
    r"[的了是在和与及对等将并这那]|[地中上下时月日年里会]$|^(?:周|星期|本周|上周)[一二三四五六日末]"
)
_BUT = regex.compile(r"^\s*(?:但是|不过|然而|而且|但|而)(?=\p{Han})")
_CLAUSE = regex.compile(rf"[，,；;。：:！？]|{HELD}")


class Reader:
    """Reads people out of parts of sentences, and notes whom it reads."""

    def __init__(self, rules: Rules) -> None:
        self.named = Named()
        self.families = frozenset("".join(rules.families))
        self.same = regex.compile(choice(rules.same))
        self.roles = regex.compile(choice(rules.roles))
        self.adverbs = regex.compile(
            rf"(?:{choice(rules.adverbs)}|\p{{Han}}{{2}}地)+$"
        )  # 激动地, 自豪地: as an adverb ends
        own = rf"[{''.join(rules.families)}]\p{{Han}}{{1,2}}"
        first = rf"{own}|{_FOREIGN}"
        self.attributed = regex.compile(rf"(?<=\p{{Han}}的){own}$")  # 来自老河口的王潮
        self.first = regex.compile(rf"(?:\p{{Han}}{{2,20}}的)?(?P<name>{first})(?=在|向|为|与|从|也)")

    def subject(self, sentence: Sentence, start: int, text: str) -> Person | None:
        """Who ends `text`, which begins at `start` of the sentence, simplified; None where that is nobody."""
        clause = max((match.end() for match in _CLAUSE.finditer(text)), default=0)
        words = self._without_place(text[clause:])
        if not words.strip() and clause:  # X，在会上表示: the comma parts the place from the subject
            return self.subject(sentence, start, text[: clause - 1])
        lead = _TIME.match(words) or _BUT.match(words)
        first = lead.end() if lead else 0
        words = words[first:].rstrip()
        if self.same.fullmatch(words.strip()):
            return self.named.last or Person(name=words.strip())
        if not words.strip() or len(words) > SUBJECT:
            return None
        return self._person(sentence.text[start + clause + first :][: len(words)], words)

    def note_subject(self, sentence: Sentence) -> None:
        """Keep whom a sentence begins with, for the next one."""
        if match := self.first.match(simplified(sentence.text)):
            self.named.note(Person(name=sentence.text[match.start("name") : match.end("name")]))

    def is_nameless(self, person: Person) -> bool:
        """Whether somebody is told by an office only: 市场经理."""
        match = last_match(self.roles, simplified(person.name))
        return person.role is None and match is not None and match.end() == len(person.name)

    def _without_place(self, clause: str) -> str:
        clause = self.adverbs.sub("", clause)
        while (cut := _PLACE.search(clause) or self.adverbs.search(clause)) and clause[: cut.start()].strip():
            clause = clause[: cut.start()]
        cut = _FOR.search(clause)
        if cut and clause[: cut.start()].strip() and not self._is_name(cut[0][2:], with_role=False):
            return clause[: cut.start()]
        return clause

    def _person(self, printed: str, plain: str) -> Person | None:
        """Role and name in a clause, as printed; `plain` is the same in simplified characters."""
        roles = list(self.roles.finditer(plain))
        cut: int | None = next((match.end() for match in reversed(roles) if match.end() < len(plain)), 0)
        if not self._is_name(plain[cut:].strip(), with_role=bool(cut)):
            if roles and roles[-1].end() == len(plain) <= ALONE:
                return self.named.note(Person(name=printed.strip()))
            cut = self._beginning(plain)
        if cut is None:
            return None
        return self.named.note(Person(name=printed[cut:].strip(), role=printed[:cut].strip(" ，,、") or None))

    def _beginning(self, clause: str) -> int | None:
        """Where a name begins that no noun of office parts off: one known, one in Latin letters, a foreign one."""
        known = next((name for name in self._known() if clause.endswith(name)), None)
        if known:
            return len(clause) - len(known)
        match = regex.search(rf"(?:{_LATIN})$", clause) or regex.search(rf"(?:^|(?<=的)){_FOREIGN}$", clause)
        if match is None and (match := self.attributed.search(clause)) and _NO_NAME.search(match[0]):
            return None
        return match.start() if match else None

    def _known(self) -> Iterator[str]:
        """The names so far, simplified, and the last part of each foreign one: 托洛娃 after 马伦·托洛娃."""
        for name in map(simplified, self.named.names()):
            yield name
            last = regex.split(r"[·•‧・．]", name)[-1]
            if last != name and len(last) > 1:
                yield last

    def _is_name(self, name: str, *, with_role: bool) -> bool:
        if regex.fullmatch(rf"{_FOREIGN}|{_LATIN}", name):
            return True
        if not regex.fullmatch(r"\p{Han}{2,6}(?:女士|先生|博士|教授)?", name) or _NO_NAME.search(name):
            return False
        if name in self._known():
            return True
        return len(name) <= 5 if with_role else len(name) <= 3 and name[0] in self.families


def simplified(text: str) -> str:
    """The text with each traditional character as its simplified one, character for character."""
    return "".join(map(_one, text))


@functools.lru_cache(4096)
def _one(character: str) -> str:
    folded = fold_plain(character)
    return folded if len(folded) == 1 and "\u3400" <= character <= "\u9fff" else character
