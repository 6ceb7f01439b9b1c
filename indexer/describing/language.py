"""The language a text is in: by its script, then by its words."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from importlib import resources
from typing import Any

import regex
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from archive import fold_plain

COMMON_HAN = (0x4E00, 0xA000)
FEW = 6  # words that tell less than where they stand
SAMPLE = 6000  # characters that are looked at
KANA = 0.12  # of the East Asian characters that are kana in any Japanese text
SCRIPTS = {
    "Han": r"\p{Han}", "Kana": r"[\p{Hiragana}\p{Katakana}]", "Hangul": r"\p{Hangul}", "Thai": r"\p{Thai}",
    "Lao": r"\p{Lao}", "Khmer": r"\p{Khmer}", "Myanmar": r"\p{Myanmar}", "Latin": r"\p{Latin}",
}  # fmt: skip
# A script that only one language of these writes.
OF_SCRIPT = {"Hangul": "ko", "Thai": "th", "Lao": "lo", "Khmer": "km", "Myanmar": "my"}
# A character says about as much as two or three letters do.
WEIGHT = {"Han": 3, "Kana": 3, "Hangul": 3}
RENAMED = {"tl": "fil", "zh": "zh-Hans", "nb": "no", "nn": "no"}
UNDECIDED = "und"

_SCRIPTS = {name: regex.compile(pattern) for name, pattern in SCRIPTS.items()}
_LETTER = regex.compile(r"\p{L}")
_WORD = regex.compile(r"[\p{L}\p{M}]+")


def detect(text: str, *, hint: str | None = None) -> str:
    """The language code of a text; `hint`, its source's language, decides between close ones; `und` for no letters."""
    sample = text[:SAMPLE]
    script = _script(sample)
    if script in OF_SCRIPT:
        return OF_SCRIPT[script]
    if script in ("Han", "Kana"):
        return _east_asian(sample, hint)
    if not _LETTER.search(sample):
        return UNDECIDED
    return _by_words(sample, hint, latin=script == "Latin")


def _script(sample: str) -> str | None:
    """The script that carries most of a text, or None for one that is not listed."""
    counts = {name: WEIGHT.get(name, 1) * len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 2 > len(_LETTER.findall(sample)) else None


def _east_asian(sample: str, hint: str | None) -> str:
    kana, han = (len(_SCRIPTS[name].findall(sample)) for name in ("Kana", "Han"))
    if kana > KANA * (kana + han):
        return "ja"
    simplified, traditional = exclusive()
    few = sum(character in simplified for character in sample)
    many = sum(character in traditional for character in sample)
    if few == many:
        return hint if hint in ("zh-Hant", "zh-Hans") else "zh-Hans"
    return "zh-Hans" if few > many else "zh-Hant"


@functools.cache
def exclusive() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that stand in simplified texts only, and in traditional ones only."""
    table = {character: fold_plain(character) for character in map(chr, range(*COMMON_HAN))}
    traditional = frozenset(old for old, new in table.items() if old != new)
    both = _data()["both"]["characters"]
    simple = frozenset(new for old, new in table.items() if old != new)
    return simple - traditional - frozenset(both), traditional - frozenset(both)


def _by_words(sample: str, hint: str | None, *, latin: bool) -> str:
    words = Counter(word.group().casefold() for word in _WORD.finditer(sample))
    if latin and (found := _marked(words)):
        return found
    if hint in _data()["plausible"]["languages"] and words.total() < FEW:
        return str(hint)
    ranked = _identifier().rank(sample)
    best = RENAMED.get(ranked[0][0], ranked[0][0])
    for pair in _data()["close"]:
        if best in pair["languages"]:
            return _between(pair, words, best, hint)
    return str(best)


def _marked(words: Counter[str]) -> str | None:
    """A language that shows by letters which no other has, if enough words carry them."""
    total = sum(words.values())
    for entry in _data()["letters"]:
        letters = frozenset(entry["letters"])
        own = sum(count for word, count in words.items() if letters & set(word))
        if own > entry["share"] * total:
            return str(entry["language"])
    return None


def _between(pair: dict[str, Any], words: Counter[str], best: str, hint: str | None) -> str:
    """One of two close languages, by the words that only one of them has; then the source's; then the likelier."""
    counts: dict[str, int] = {language: sum(words[word] for word in own) for language, own in pair["words"].items()}
    return min(counts, key=lambda language: (-counts[language], language != hint, language != best))


@functools.cache
def _identifier() -> LanguageIdentifier:
    identifier: LanguageIdentifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_data()["plausible"]["languages"])
    return identifier


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files("indexer") / "data" / "languages.toml").read_text("utf-8"))
