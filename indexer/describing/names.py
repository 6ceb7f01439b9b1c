"""Names of a forum in a text: found however they are spaced, dashed, cased, or written in simplified or traditional characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import regex

from archive import Record, fold_plain
from indexer.describing.variants import DENSE, variants

CLOSE = 400  # characters around a loose name in which a word or city of the collection ties it to the forum
# In scripts whose words are not parted by spaces, what stands between two characters is typography.
_GLOSS = regex.compile(r"(?<=\p{Han})\s?[(（][a-zA-ZàáǎèéěìíǐòóǒùúǔǜǘǚüāēīōūńňǹḿĀÁǍÀ' ]{1,8}[)）]")
_BETWEEN = regex.compile(rf"(?<={DENSE}[\p{{M}}]*)[\s\-·・‧/~]+(?={DENSE})")
_MIXED = regex.compile(rf"(?<={DENSE}[\p{{M}}]*)[\s\-·・‧]+(?=\p{{Latin}})|(?<=\p{{Latin}})[\s\-·・‧]+(?={DENSE})")
_DASHES = regex.compile(r"(?<=[\p{L}\p{N}])\s*-\s*(?=[\p{L}\p{N}])")
_SPACES = regex.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Record):
    """A name and where it stands in the comparable text; `sure` when it needs no word near it."""

    name: str
    start: int
    end: int
    language: str
    sure: bool = True


def comparable(text: str) -> str:
    """A text in the one form that names are looked for in: folded, glosses of pinyin and typography between words gone."""
    text = fold_plain(_GLOSS.sub("", text))
    text = _MIXED.sub("", _BETWEEN.sub("", text))
    return str(_SPACES.sub(" ", _DASHES.sub("-", text)))


class NameFinder:
    """The names of one forum, made comparable."""

    def __init__(self, names: Mapping[str, tuple[str, ...]], ties: Iterable[str] = ()) -> None:
        self.ties = tuple({tie for text in ties if (tie := comparable(text).strip())})
        found = {(comparable(name).strip(), language) for language, group in names.items() for name in group}
        # A name that holds a tie is the forum's alone; any other needs one near it.
        self.names = [
            (name, language, not self.ties or any(tie in name for tie in self.ties), _pattern(name))
            for name, language in sorted(found, key=lambda pair: (-len(pair[0]), pair))
            if name
        ]
        # Near misses have no ties, and are looked for as they are written.
        varied = (variants(name, language, self.ties) for name, language, _, _ in self.names if self.ties)
        self.variants = [one for one in varied if one]

    def find(self, text: str) -> list[Named]:
        """Every name in a comparable text, the longest where several begin, in order; loose ones only where tied."""
        found: list[Named] = []
        for name, language, sure, pattern in self.names:
            if name not in text:
                continue
            for match in pattern.finditer(text):
                one = Named(name=name, start=match.start(), end=match.end(), language=language, sure=sure)
                if not any(one.start < other.end and other.start < one.end for other in found) and self._stands(
                    one, text
                ):
                    found.append(one)
        found += [one for one in self._varied(text) if not any(one.start < o.end and o.start < one.end for o in found)]
        return sorted(found, key=lambda named: named.start)

    def _varied(self, text: str) -> Iterator[Named]:
        """Names that are not written as the collection has them; sure where one of its ties is part of them."""
        end = 0
        found = ((match, name) for name in self.variants for match in name.pattern.finditer(text))
        for match, name in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
            sure = name.tied or any(tie in match[0] for tie in self.ties)
            one = Named(name=match[0], start=match.start(), end=match.end(), language=name.language, sure=sure)
            if one.start >= end and (sure or not name.is_plain(match[0])) and self._stands(one, text):
                yield one
                end = one.end

    def _stands(self, named: Named, text: str) -> bool:
        if named.sure:
            return True
        around = text[max(0, named.start - CLOSE) : named.start], text[named.end : named.end + CLOSE]
        return any(tie in part for tie in self.ties for part in around)


def _pattern(name: str) -> regex.Pattern[str]:
    """The name as a whole: letters of a spaced script must not go on where it ends."""
    before = r"(?<![\p{Latin}\p{N}])" if regex.match(r"\p{Latin}", name[0]) else ""
    after = r"(?![\p{Latin}])" if regex.match(r"\p{Latin}", name[-1]) else ""
    return regex.compile(before + regex.escape(name, literal_spaces=True) + after)


def overlapping(named: Named, others: Iterable[Named]) -> Iterator[Named]:
    """Those of `others` that share a place with a name and are longer."""
    for other in others:
        if named.start < other.end and other.start < named.end and other.end - other.start > named.end - named.start:
            yield other
