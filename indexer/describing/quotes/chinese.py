"""Statements in Chinese: the verb stands before the words, or behind those in marks; names are told by what stands before them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from archive import QuoteKind, fold_plain
from indexer.describing.quotes.found import Found, Named, Person
from indexer.describing.quotes.frame import HELD, Frame
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 6  # that words in marks must have to be speech where no verb stands right beside them
SUBJECT = 60  # characters a subject with its role may have
# Family names of one character; a name of two or three begins with one.
FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段"
    "雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛"
    "曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛"
    "仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
_FOREIGN = r"[\p{Han}]{1,8}(?:[·•‧・．][\p{Han}A-Z.]{1,10})+"
_LATIN = r"[A-Z][\w.'’\-]+(?:\s+[A-Z][\w.'’\-]+)*"
_TIME = regex.compile(r"^(?:\d{1,2}[日月时]|[\p{Han}]{0,4}[上下]午|当天|当日|近日|日前|会上|会后|开幕式上|闭幕式上|对此|对于|随后|同时|其中|此外|另外|此次|目前|今年|昨天|今天|昨日|今日|前天)[，,]?")
_PLACE = regex.compile(r"(?:在[^，。]{1,24}(?:上|中|时|里|间|后|下|会|会议|论坛|仪式)|通过[^，。]{1,16}|以[^，。]{1,12}身份|出席[^，。]{1,20}(?:时|并)|(?:代表|受)[^，。]{2,20}|接受[^，。]{0,14}(?:采访|专访)时?|向[^，。]{1,12}|对[^，。]{1,10}|(?:在)?(?:致辞|讲话|发言|致词|演讲)(?:中|时)?)$")
_SUBJECT_FIRST = regex.compile(rf"(?:\p{{Han}}{{2,20}}的)?(?P<name>[{FAMILIES}]\p{{Han}}{{1,2}}|{_FOREIGN})(?=在|向|为|与|从|也)")
_SENTENCE = regex.compile(r"[。！？!?\n]+")


@dataclass(frozen=True, slots=True)
class _Patterns:
    verb: regex.Pattern[str]
    document: regex.Pattern[str]
    behind: regex.Pattern[str]
    themes: regex.Pattern[str]
    themes_after: regex.Pattern[str]
    same: regex.Pattern[str]
    roles: regex.Pattern[str]
    adverbs: regex.Pattern[str]


class Chinese:
    """Reads one text, paragraph by paragraph. Rules are written in simplified characters and read in texts of both kinds."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.patterns = _patterns(rules)
        self.named = Named()
        self.before: Found | None = None

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        plain = simplified(frame.text)
        found: dict[int, Found] = {}
        told: list[Found] = []
        start = 0
        for end in self._ends(plain):
            for number, place in frame.within(start, end):
                one = self._attributed(frame, plain, number, place, start, end) or self._carried(frame, plain, number, found, start)
                if one:
                    found[number] = one
            told += self._told(frame, plain, start, end, [frame.places[n] for n in found])
            self._note_subject(frame, plain, start, end)
            start = end
        self.before = found.get(len(frame.held) - 1) if frame.held else None
        yield from sorted([*found.values(), *told], key=lambda f: f.start)

    def _ends(self, plain: str) -> list[int]:
        """Where sentences end."""
        ends = [match.end() for match in _SENTENCE.finditer(plain)]
        return ends if ends and ends[-1] == len(plain) else [*ends, len(plain)]

    # --- words in marks ----------------------------------------------------------------------

    def _attributed(self, frame: Frame, plain: str, number: int, place: int, start: int, end: int) -> Found | None:
        previous = max((p for _, p in frame.within(start, place)), default=start - 1)
        ahead, behind = plain[previous + 1 : place], plain[place + 1 : end]
        if self._is_theme(ahead, behind):
            return None
        if match := self.patterns.document.search(ahead):
            person = Person(name=self._original(frame, previous + 1 + match.start("who"), match["who"]), document=True)
            return self._direct(frame, number, match["verb"], person, "a document", 0.9)
        near = regex.search(r"[：:，,]?\s*$", ahead)
        if (match := _last(self.patterns.verb, ahead)) and near is not None and near.start() - match.end() <= 2:
            if person := self._subject(frame, previous + 1, ahead[: match.start()]):
                return self._direct(frame, number, match["verb"], person, "before", 0.95)
        if (match := self.patterns.behind.match(behind)) and (person := self._subject(frame, place + 1 + match.start("who"), match["who"])):
            return self._direct(frame, number, match["verb"], person, "after", 0.9)
        if self._letters(frame, number) >= LETTERS and (match := self.patterns.verb.search(plain[start:place])):
            if person := self._subject(frame, start, plain[start : start + match.start()]):
                return self._direct(frame, number, match["verb"], person, "in the sentence", 0.75)
        return None

    def _carried(self, frame: Frame, plain: str, number: int, found: dict[int, Found], start: int) -> Found | None:
        """Words in marks without a cue: of whoever spoke before in the paragraph."""
        place = frame.places[number]
        previous = frame.places[number - 1] if number else -1
        if self._letters(frame, number) < LETTERS or self._is_theme(plain[max(start, previous + 1) : place], plain[place + 1 :]):
            return None
        marked = frame.held[number]
        ends = frame.paragraph[marked.last - 1] in "。！？!?.，…" or frame.text[place + 1 :].strip() == ""
        earlier = max(found, default=None)
        person = found[earlier].person if earlier is not None else self._speaking
        alone = plain[start:place].strip() == ""
        if not ends or not (alone or earlier == number - 1) or person is None:
            return None
        return self._direct(frame, number, None, person, "same speaker", 0.75 if earlier is not None else 0.65)

    @property
    def _speaking(self) -> Person | None:
        return self.named.last if self._told_here else None

    _told_here = False

    def _is_theme(self, ahead: str, behind: str) -> bool:
        near = ahead[-14:]
        match = _last(self.patterns.themes, near)
        if match and not regex.search(r"[，。；]", near[match.end() :]) and not self.patterns.verb.search(near[match.end() :]):
            return True
        return bool(self.patterns.themes_after.match(behind))

    def _letters(self, frame: Frame, number: int) -> int:
        marked = frame.held[number]
        return len(regex.findall(r"\p{L}", frame.paragraph[marked.first : marked.last]))

    def _direct(self, frame: Frame, number: int, cue: str | None, person: Person, rule: str, confidence: float) -> Found:
        marked = frame.held[number]
        kind = QuoteKind.DOCUMENT if person.document else QuoteKind.DIRECT
        return Found(start=marked.first, end=marked.last, kind=kind, cue=cue, person=person, rule=f"zh: {rule}", confidence=confidence)

    # --- words told ----------------------------------------------------------------------------

    def _told(self, frame: Frame, plain: str, start: int, end: int, held: list[int]) -> Iterator[Found]:
        """What follows a verb of saying and no marks, to the end of the sentence or to the next marks."""
        self._told_here = False
        sentence = plain[start:end]
        for match in self.patterns.verb.finditer(sentence):
            if match["verb"] not in self.rules.plain:
                self._subject(frame, start, sentence[: match.start()])  # noted for the sentences that follow
                continue
            comma = regex.match(r"[，,：:]\s*", sentence[match.end() :])
            first = match.end() + (comma.end() if comma else 0)
            subject_start = max((p - start + 1 for p in held if p - start < match.start()), default=0)
            person = self._subject(frame, start + subject_start, sentence[subject_start : match.start()])
            if person is None or sentence[first : first + 1] in ("", "《") or regex.match(HELD, sentence[first:]):
                if person:
                    self._told_here = True
                    return
                continue
            if not comma and match["verb"] in ("说", "称", "介绍", "透露", "提到", "谈到") and len(person.name) < 2:
                continue
            last = min([p - start for p in held if p - start > first] + [len(sentence)])
            words = sentence[first:last].rstrip("。！？!?，,；：: \n")
            if len(words) < LETTERS:
                continue
            self._told_here = True
            begin, finish = frame.back(start + first, start + first + len(words))
            yield Found(start=begin, end=finish, kind=QuoteKind.INDIRECT, cue=match["verb"], person=person, rule="zh: told", confidence=0.7)
            return

    def _note_subject(self, frame: Frame, plain: str, start: int, end: int) -> None:
        """Keep whom a sentence without a verb of saying begins with, for the next one."""
        if match := _SUBJECT_FIRST.match(plain[start:end]):
            self._noted(frame, start + match.start("name"), 0, len(match["name"]), None)

    # --- people ----------------------------------------------------------------------------------

    def _subject(self, frame: Frame, start: int, text: str) -> Person | None:
        """Who the subject is that ends a stretch of the frame beginning at `start`; None where it is nobody."""
        clause_start = max((m.end() for m in regex.finditer(rf"[，,；;。：:！？]|{HELD}", text)), default=0)
        clause = self.patterns.adverbs.sub("", text[clause_start:])
        if len(clause.strip()) < 1 and clause_start:  # X，在会上表示: the comma parts the place from the subject
            return self._subject(frame, start, text[: clause_start - 1])
        while cut := (_PLACE.search(clause) or self.patterns.adverbs.search(clause)):
            if not clause[: cut.start()].strip():
                break
            clause = clause[: cut.start()]
        if lead := _TIME.match(clause):
            clause_start += lead.end()
            clause = clause[lead.end() :]
        clause = clause.rstrip()
        if self.patterns.same.fullmatch(clause.strip()):
            return self.named.last
        if not clause.strip() or len(clause) > SUBJECT:
            return None
        return self._person(frame, start + clause_start, clause)

    def _person(self, frame: Frame, start: int, clause: str) -> Person | None:
        """Role and name, in the characters of the text."""
        roles = [m for m in self.patterns.roles.finditer(clause)]
        cut = next((m.end() for m in reversed(roles) if m.end() < len(clause)), 0)
        name = clause[cut:]
        if not self._is_name(name, with_role=cut > 0):
            if roles and roles[-1].end() == len(clause) and len(clause) <= 16 and not regex.search(r"[们的等]$", clause):
                return self._noted(frame, start, 0, len(clause), None)
            cut = self._cut(clause)
            if cut is None:
                return None
        role = (start, cut) if cut else None
        return self._noted(frame, start, cut, len(clause), role)

    def _cut(self, clause: str) -> int | None:
        """Where a name begins that no role noun parts off: a foreign name with dots, one known, one of a family."""
        for name in self.named.names():
            if clause.endswith(simplified(name)):
                return len(clause) - len(name)
        if (match := regex.search(rf"(?:{_LATIN})$", clause)) or (match := regex.search(rf"(?:^|(?<=的)){_FOREIGN}$", clause)):
            return match.start()
        for size in (3, 2):
            if len(clause) > size + 3 and clause[-size] in FAMILIES:
                return len(clause) - size
        return None

    def _is_name(self, name: str, *, with_role: bool) -> bool:
        name = name.strip()
        if regex.fullmatch(rf"{_FOREIGN}|{_LATIN}", name):
            return True
        if not regex.fullmatch(r"\p{Han}{2,6}(?:女士|先生|博士|教授)?", name) or regex.search(r"[的了是在和与及对等将并]", name):
            return False
        if any(name == simplified(known) for known in self.named.names()):
            return True
        return (with_role and len(name) <= 5) or (name[0] in FAMILIES and len(name) <= 3)

    def _noted(self, frame: Frame, start: int, cut: int, end: int, role: tuple[int, int] | None) -> Person:
        name = frame.text[start + cut : start + end].strip()
        title = frame.text[role[0] : role[0] + role[1]].strip(" ，,、") if role else None
        return self.named.note(Person(name=name, role=title or None))

    def _original(self, frame: Frame, start: int, text: str) -> str:
        return frame.text[start : start + len(text)]


@functools.lru_cache(4096)
def _one(character: str) -> str:
    folded = fold_plain(character)
    return folded if len(folded) == 1 and "\u3400" <= character <= "\u9fff" else character


def simplified(text: str) -> str:
    """The text with each traditional character as its simplified one, character for character."""
    return "".join(map(_one, text))


def _last(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    said = choice(rules.said)
    return _Patterns(
        verb=regex.compile(rf"(?P<verb>{said})(?:说|道)?"),
        document=regex.compile(rf"(?P<who>《[^》]{{1,40}}》|(?:{choice([d for d in rules.documents if d != '《'])}))(?P<verb>{choice(rules.documents_said)})[：:，,]?\s*$"),
        behind=regex.compile(rf"[，,]?\s*(?:在[^，。\ue000\ue001]{{1,40}}[上中时里]，)?(?P<who>[^，。！？；：\ue000\ue001]{{1,{SUBJECT}}}?)(?P<verb>{said}|的话)(?:说|道)?(?=[，,。；;：:！？]|$|的话|引|赢)"),
        themes=regex.compile(choice(rules.themes)),
        themes_after=regex.compile(rf"(?:{choice(rules.themes_after)})"),
        same=regex.compile(choice(rules.same)),
        roles=regex.compile(choice(rules.roles)),
        adverbs=regex.compile(rf"(?:{choice(rules.adverbs)})+$"),
    )
