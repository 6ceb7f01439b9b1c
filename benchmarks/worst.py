"""Queries made to cost as much as they can, within what the query language takes: none may take a server long."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Iterable

from benchmarks.corpus import Corpus, lexicon
from indexer.query import MAX_DEPTH, MAX_DISTANCE, MAX_LENGTH


def worst_queries(corpus: Corpus) -> list[str]:
    """A few hundred of them, each at most as long as a query may be."""
    rng = random.Random(corpus.seed)
    common = [word for language in ("en", "id", "vi") for word in lexicon(language)[0][:150] if word.isalpha()]
    long = sorted((word for word in lexicon("en")[0] if word.isascii()), key=len)[-200:]
    return [text[:MAX_LENGTH] for text in _texts(rng, common, long)]


def _texts(rng: random.Random, common: list[str], long: list[str]) -> Iterable[str]:
    letters = string.ascii_lowercase
    yield from ("", "*", "a", "the", "的", "女*", "?" * 500, "-" * 500)
    for letter in letters:
        yield from (f"{letter}*", f"{letter}?*?", f"{letter}*a*e*", f"{letter}*?*?*?*", f"{letter}~", f"{letter}e~1")
    for word in rng.sample(long, 20):
        yield from (f"{word}~", f"{word[:6]}~2", f"{word[:2]}*{word[-1]}", f"{word[0]}*{word[3]}*{word[-1]}*")
    for joiner in (" ", " OR ", " -", " title:", " AND NOT "):
        yield joiner.join(common)
        yield joiner.join(f"{a}*" for a in letters * 3)
        yield joiner.join(f"{a}{b}*" for a, b in itertools.product("sctpmabk", "aeiourlh"))
        yield joiner.join(f"{word}~" for word in rng.sample(common, 100))
        yield joiner.join(f"{word[:7]}~2" for word in rng.sample(long, 60))
        yield joiner.join(f"{word[0]}*{word[2]}*{word[-1]}" for word in rng.sample(long, 60))
        yield joiner.join(f'"{a} {b}"' for a, b in itertools.pairwise(common))
        yield joiner.join(f'"{a} {b}"~{MAX_DISTANCE}' for a, b in itertools.pairwise(common))
    for size in (2, 3, 5, 8):
        for _ in range(5):
            words = " ".join(rng.sample(common, size))
            yield from (f'"{words}"', f'"{words}"~{MAX_DISTANCE}', f'"{words}*"', f'title:"{words}"~{MAX_DISTANCE}')
    for size in range(10, len(common), 40):
        yield f'"{" ".join(common[size - 10 : size])}"~{MAX_DISTANCE}'
    for word in ("g", "a", "the"):
        yield f'"{" ".join([word] * 250)}"'[:MAX_LENGTH]
        yield f'"{" ".join([word] * 120)}"~{MAX_DISTANCE}'
        yield f"{word}~ " * 60
    yield '"of the"~50 OR "the of"~50 OR "in the"~50 OR "to the"~50 OR "and the"~50'
    yield "(" * MAX_DEPTH + "the OR of OR a*" + ")" * MAX_DEPTH
    yield "(" * 500
    yield "NOT " * 100 + "the"
    yield " ".join(f"NOT (NOT {word})" for word in common)
    for run in ("的是不了人我在有", "ការនិងបាន", "การที่และใน", "ກະຂະ", "အများ"):
        yield from (run * 60, " OR ".join(run), f'"{run}"', " ".join(f'"{one}"' for one in run * 20))
