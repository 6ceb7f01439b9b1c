"""Statements in Japanese: the verb stands behind the words, the subject before は or が."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from indexer.describing.quotes.found import Attribution, Found, Named, Person, in_marks, told
from indexer.describing.quotes.frame import HELD, Frame, Sentence
from indexer.describing.quotes.rules import Rules, choice

LETTERS = 8  # that words must have to be told
SPOKEN = 4  # and words in brackets, with a verb right behind them
THEME = 12  # characters before brackets in which a word may make them a theme
POLITE = ("さん", "氏", "様", "先生", "くん", "君", "ちゃん")  # behind a name, and no office
_AGE = regex.compile(r"\s*[（(][^）)]{1,12}[）)]$")  # 港ゆうかさん（２１）
_NO_NOUN = "(?!者|家|人|会|書|案|文|力|学|集)"  # behind the stem of a verb: 提案者 does not say anything
_SENTENCE = regex.compile(r"[。\n]+")
_NAME = (
    r"(?:[\p{Katakana}ー]+(?:[・＝=][\p{Katakana}ー]+)*|[\p{Han}々]{1,4}?[\p{Hiragana}\p{Katakana}]{0,4}?|"
    r"[A-Z][\w.]+(?:\s[A-Z][\w.]+)*)"
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    behind: regex.Pattern[str]
    told: regex.Pattern[str]
    according: regex.Pattern[str]
    themes: regex.Pattern[str]
    themes_after: regex.Pattern[str]
    person: regex.Pattern[str]
    subject: regex.Pattern[str]
    so: regex.Pattern[str]


class Japanese:
    """Reads one text, paragraph by paragraph."""

    def __init__(self, rules: Rules) -> None:
        self.patterns = _patterns(rules)
        self.named = Named()

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""
        statements: list[Found] = []
        before: tuple[list[int], Attribution | None] = (
            [],
            None,
        )  # the sentence before: words that stand alone; who said so
        for sentence in frame.sentences(_SENTENCE):
            spoken = [found for number, place in sentence.held() if (found := self._spoken(sentence, number, place))]
            so = self._so(sentence.text)
            alone = (
                [] if regex.search(r"\p{L}", regex.sub(HELD, "", sentence.text)) else [n for n, _ in sentence.held()]
            )
            said, by = (alone, before[1]) if before[1] else (before[0], so)
            statements += spoken or ([] if so else self._told(sentence))
            statements += [
                in_marks(frame, number, by) for number in said if by and self._letters(frame, number) >= SPOKEN
            ]
            before = alone, so or (before[1] if alone else None)
        yield from sorted(statements, key=lambda one: one.start)

    def _so(self, text: str) -> Attribution | None:
        """Who is said to have said so, where the words stand in the sentence beside: 議長はこう述べた."""
        match = self.patterns.so.search(text)
        person = self._subject(text[: match.start()]) or self.named.last if match else None
        return (
            Attribution(cue=match["verb"], person=person, rule="ja: so", confidence=0.8) if match and person else None
        )

    def _letters(self, frame: Frame, number: int) -> int:
        return len(regex.findall(r"\p{L}", frame.words(number)))

    def _spoken(self, sentence: Sentence, number: int, place: int) -> Found | None:
        """Words in brackets with と and a verb of saying behind them."""
        text = sentence.text
        ahead, behind = text[:place], text[place + 1 :]
        if self._letters(sentence.frame, number) < SPOKEN or self._is_theme(ahead, behind):
            return None
        cue = self.patterns.behind.match(behind)
        person = self._speaker(ahead, behind[: cue.end()]) if cue else None
        if cue is None or person is None:
            return None
        by = Attribution(cue=cue["verb"], person=person, rule="ja: behind", confidence=0.9)
        return in_marks(sentence.frame, number, by)

    def _is_theme(self, ahead: str, behind: str) -> bool:
        return bool(self.patterns.themes.search(ahead[-THEME:]) or self.patterns.themes_after.match(behind))

    def _speaker(self, ahead: str, behind: str) -> Person | None:
        """The subject before the words or between them and the verb; else whoever was named last."""
        if person := self._subject(ahead) or self._subject(behind):
            return person
        return None if self.patterns.subject.search(ahead) else self.named.last

    def _subject(self, text: str) -> Person | None:
        found = (self._person(match["who"]) for match in reversed(list(self.patterns.subject.finditer(text))))
        return next((person for person in found if person), None)

    def _person(self, text: str) -> Person | None:
        """Role, name and title: 海岸女性評議会のマレン・トロヴァ議長."""
        text = regex.split(rf"[、，,。]|{HELD}|」|】", _AGE.sub("", text))[-1].strip()
        match = self.patterns.person.search(text)
        if match is None or not (match["title"] or "・" in match["name"]):
            return None
        office = match["title"] if match["title"] not in POLITE else None
        role = office or text[: match.start()].strip(" 　の")
        return self.named.note(Person(name=match["name"], role=role or None))

    def _told(self, sentence: Sentence) -> Iterator[Found]:
        """X によると…, or X は…との考えを示した."""
        text = sentence.text
        if match := self.patterns.according.search(text):
            person, first, last = self._person(text[: match.start()]), match.end(), len(text.rstrip("。\n"))
        elif (match := self.patterns.told.search(text)) and (subject := self.patterns.subject.match(text)):
            person, first, last = self._person(subject["who"]), subject.end(), match.start()
        else:
            return
        first += len(text[first:]) - len(text[first:].lstrip("、， 　"))
        if person and last - first >= LETTERS:
            by = Attribution(cue=match["cue"], person=person, rule="ja: told", confidence=0.7)
            yield told(sentence.frame, sentence.start + first, sentence.start + last, by)


@functools.cache
def _patterns(rules: Rules) -> _Patterns:
    suffixes = choice(rules.suffixes)
    return _Patterns(
        behind=regex.compile(rf"\s*(?:など)?と(?:[^。\ue000\ue001]{{0,40}}?)(?P<verb>{choice(rules.said)}){_NO_NOUN}"),
        told=regex.compile(rf"(?P<cue>{choice(rules.told)})"),
        according=regex.compile(rf"(?P<cue>{choice(rules.according)})と?[、，]?"),
        themes=regex.compile(choice(rules.themes)),
        themes_after=regex.compile(r"(?:を|に|が|の|は)(?:テーマ|題)"),
        person=regex.compile(rf"(?P<name>{_NAME})(?P<title>{suffixes})?$"),
        subject=regex.compile(
            rf"(?P<who>[^。\n]{{2,60}}?(?:{suffixes}|[\p{{Katakana}}ー])(?:[（(][^）)]{{1,12}}[）)])?)(?:は|が|も)"
        ),
        so=regex.compile(
            rf"(?:こう|そう|次のように|以下のように|このように)[^。]{{0,12}}?(?P<verb>{choice(rules.said)}){_NO_NOUN}"
        ),
    )
