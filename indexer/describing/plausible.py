"""How much bytes, read in a charset, look like the language it was made for."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

# Of each pair of bytes that a charset's makers put first because texts use them most.
GB_COMMON, GB_RARE, SIGNS = range(0xB0, 0xD8), range(0xD8, 0xF8), range(0xA1, 0xA4)
BIG5_COMMON, BIG5_SIGNS = range(0xA4, 0xC7), range(0xA1, 0xA4)
SURE = 0.3  # added where a text shows what no other charset's text does
TRADITIONAL = 0.7  # of the weight of a simplified character, where GBK is read
JIS_COMMON = range(0xB0, 0xD0)
KS_HANGUL = range(0xB0, 0xC9)
ORDERED = 10  # Thai letters in their right order that are no accident
THAI_MARKS = "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e"
# A vowel that comes first may end a title, which is cut anywhere.
_THAI_WRONG = re.compile(
    rf"(?:^|[^\u0e01-\u0e2e{THAI_MARKS}])[{THAI_MARKS}]|[\u0e40-\u0e44](?![\u0e01-\u0e2e\\x00-\\x7f]|$)"
)
_THAI_VOWEL = re.compile("[\u0e30-\u0e39\u0e40-\u0e44]")
_THAI_WEIGHTS = {
    **dict.fromkeys("กขคงจชดตถทนบปผพมยรลวสหอะ\u0e31าำ\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39เแโใไ\u0e47\u0e48\u0e49\u0e4cๆ", 1.0),
    **dict.fromkeys("ฉซญณธฟภศษฐฝๆฯ๐๑๒๓๔๕๖๗๘๙", 0.6),
}  # fmt: skip
_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3041-\u30ff]")
# windows-1258 writes a letter, then its tone.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VIET_RIGHT = re.compile(rf"(?<=[aeiouyăâêôơưAEIOUYĂÂÊÔƠƯ])[{_TONES}]|[ăâđêôơưĂÂĐÊÔƠƯàáèéìíòóùúýÀÁÈÉÌÍÒÓÙÚÝ]")
_VIET_OWN = re.compile(rf"[{_TONES}ăđơưĂĐƠƯ]")
# ð and þ are Icelandic alone, and what đ and a tone of windows-1258 look like. A capital behind a small letter is none of Latin-1's languages, but how a tone of windows-1258 looks there.
_LATIN_WITHIN = re.compile(
    r"(?<=[A-Za-z])[ß-ïñ-öø-ýÿœ’](?=[A-Za-z\s,.;:])|(?<=[A-Z])[À-ÏÑ-ÖØ-ÝŒ](?=[A-Z\s,.;:])"
    r"|(?<![a-z])[À-ÏÑ-ÖØ-Ýß-ïñ-öø-ýÿ](?=[a-z])"
)
_LATIN_SIGNS = frozenset("‘’“”–—…•·«»°©®€£")


def plausibility(sample: bytes, name: str) -> float:
    """0 to 1, or above where nothing else can be: how much of what lies outside ASCII is what such texts are made of."""
    text = sample.decode(name, "replace")
    outside = [character for character in text if not character.isascii()]
    if not outside:
        return 0.0
    broken = outside.count("\ufffd") / len(outside)
    return max(0.0, CANDIDATES[name](text, outside) - 5 * broken)


def _pairs(encoding: str, weigh: Callable[[bytes], float]) -> Callable[[str, list[str]], float]:
    """A weigher of characters by where the charset has them."""

    @functools.cache
    def weight(character: str) -> float:
        try:
            return weigh(character.encode(encoding))
        except UnicodeEncodeError:
            return 0.0

    return lambda text, outside: sum(map(weight, outside)) / len(outside)


def _gb(pair: bytes) -> float:
    if len(pair) != 2:
        return 0.1
    if pair[0] < 0xA1 or pair[1] < 0xA1:  # GBK's own pairs: traditional characters, and those of names and old texts
        return TRADITIONAL if _is_common_in_big5(pair) else 0.1
    return 1.0 if pair[0] in GB_COMMON else 0.85 if pair[0] in SIGNS else 0.25 if pair[0] in GB_RARE else 0.2


def _is_common_in_big5(pair: bytes) -> bool:
    try:
        return pair.decode("gbk").encode("big5")[0] in BIG5_COMMON
    except UnicodeError:
        return False


def _big5(pair: bytes) -> float:
    if len(pair) != 2:
        return 0.0
    return 1.0 if pair[0] in BIG5_COMMON else 0.85 if pair[0] in BIG5_SIGNS else 0.1


def _jis(pair: bytes) -> float:
    if len(pair) != 2 or pair[0] == 0x8E:  # half-width kana: what other charsets' bytes look like
        return 0.0
    return 1.0 if pair[0] in (0xA4, 0xA5) else 0.8 if pair[0] in (*JIS_COMMON, 0xA1) else 0.1


def _ks(pair: bytes) -> float:
    return 1.0 if len(pair) == 2 and pair[0] in KS_HANGUL else 0.1


def _korean(text: str, outside: list[str]) -> float:
    """Of Chinese read as Korean half is hanja; of Korean read as Chinese nothing looks wrong, so what is surer counts more."""
    hangul = len(_HANGUL.findall(text)) / len(outside)
    return _of_korean(text, outside) + (SURE if hangul > 0.85 else 0.0)


def _japanese(text: str, outside: list[str]) -> float:
    """Japanese is never without kana, and other charsets' texts hardly ever give much of it."""
    kana = len(_KANA.findall(text)) / len(outside)
    return _of_japanese(text, outside) + (SURE if kana > 0.25 else 0.0) if kana > 0.1 else 0.0


def _thai(text: str, outside: list[str]) -> float:
    """By letters: those that are rare in Thai are what pairs of other charsets give most; by their order, too."""
    letters = sum(_THAI_WEIGHTS.get(character, 0.0) for character in outside) / len(outside)
    vowels = len(_THAI_VOWEL.findall(text)) / len(outside)
    if vowels < 0.15:  # signs of GB2312 in an English page are all consonants
        return 0.0
    wrong = len(_THAI_WRONG.findall(text)) / len(outside)
    sure = 2 * SURE if len(outside) >= ORDERED and letters > 0.85 and wrong == 0 else 0.0
    return letters - 5 * wrong + sure


def _vietnamese(text: str, outside: list[str]) -> float:
    own = len(_VIET_OWN.findall(text)) / len(outside)
    return len(_VIET_RIGHT.findall(text)) / len(outside) if own > 0.15 else 0.0


def _latin(text: str, outside: list[str]) -> float:
    """Marked letters within words, and the signs of typesetters."""
    within = len(_LATIN_WITHIN.findall(text))
    signs = sum(character in _LATIN_SIGNS and character != "’" for character in outside)
    return min(0.95, (within + 0.7 * signs) / len(outside))


_of_japanese, _of_korean = _pairs("euc_jp", _jis), _pairs("euc_kr", _ks)

CANDIDATES: dict[str, Callable[[str, list[str]], float]] = {
    "gb18030": _pairs("gbk", _gb),
    "big5hkscs": _pairs("big5", _big5),
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
    "cp874": _thai,
    "cp1258": _vietnamese,
    "cp1252": _latin,
}
