"""A corpus in the forum's languages, the same for the same seed: documents, refreshes, and queries for each work.

Words and their frequencies are wordfreq's where it has the language. Thai, Khmer, Lao and Burmese words are composed of
common syllables, their frequencies Zipf's (1 / rank). No text means anything.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import wordfreq

from indexer.segments import Document

SHARES = {"zh": 22, "en": 20, "id": 16, "vi": 11, "th": 8, "ms": 5, "fil": 5, "ja": 4, "km": 3, "lo": 3, "my": 3}
UNSPACED = {"zh": "。", "ja": "。", "th": " ", "km": "។ ", "lo": " ", "my": "။ "}
SYLLABLES = {
    "th": ("กขคงจชดตทนบปผพมยรลวสหอ", ["", "า", "ิ", "ี", "ุ", "ู", "ั", "่", "้", "ำ"], "เแโใไ"),
    "km": ("កខគងចជដតថទនបផពមយរលវសហអ", ["", "ា", "ិ", "ី", "ុ", "ូ", "្រ", "ំ", "ះ"], ""),
    "lo": ("ກຂຄງຈສຊຍດຕຖທນບປຜພມຢຣລວຫອ", ["", "າ", "ິ", "ີ", "ຸ", "ູ", "ັ", "່", "້", "ຳ"], "ເແໂໃໄ"),
    "my": ("ကခဂငစဆဇညတထဒနပဖဗမယရလဝသဟအ", ["", "ာ", "ိ", "ီ", "ု", "ူ", "ေ", "်", "ံ", "း", "ျ"], ""),
}
WORDS = 20_000
BODY = (5.5, 0.6)  # mean and deviation of the logarithm of a body's words: half under 245
EDITIONS = ("2006", "2008", "2021", "2023", "2025", "")
FIRST, LAST = dt.date(2006, 1, 1).toordinal(), dt.date(2025, 12, 31).toordinal()


@cache
def lexicon(language: str) -> tuple[list[str], list[float]]:
    """Words of a language, the frequent first, with their frequencies summed up."""
    if language in SYLLABLES:
        rng = random.Random(language)
        words = list(dict.fromkeys(_composed(rng, language) for _ in range(WORDS)))
        return words, list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    # The table itself: asking for one word would need tokenisers of Chinese and Japanese.
    table = wordfreq.get_frequency_dict(language, "best")
    words = sorted((word for word in table if word[0].isalpha()), key=lambda word: (-table[word], word))[:WORDS]
    return words, list(itertools.accumulate(table[word] for word in words))


def _composed(rng: random.Random, language: str) -> str:
    consonants, vowels, before = SYLLABLES[language]
    count = rng.choice((1, 1, 2, 2, 2, 3))
    lead = (rng.choice(before) if before and rng.random() < 0.2 else "" for _ in range(count))
    return "".join(first + rng.choice(consonants) + rng.choice(vowels) for first in lead)


@dataclass
class Corpus:
    """Documents, and what refreshes bring: batches of changed documents with ids to delete."""

    seed: int
    documents: list[Document] = field(default_factory=list)
    refreshes: list[tuple[list[Document], list[str]]] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)  # by id

    @classmethod
    def of(cls, count: int, *, seed: int) -> Corpus:
        """A corpus of about `count` live documents after its refreshes: a twentieth changed, a hundredth deleted."""
        rng = random.Random(seed)
        corpus = cls(seed)
        corpus.documents = [corpus.document(rng) for _ in range(count)]
        ids = [document.id for document in corpus.documents]
        changed, gone = rng.sample(ids, count // 20), rng.sample(ids, count // 100)
        batches = max(2, min(12, count // 500))
        for n in range(batches):
            update = [corpus.document(rng, id=id) for id in changed[n::batches]]
            new = [corpus.document(rng) for _ in range(len(gone[n::batches]))]
            corpus.refreshes.append(([*update, *new], [id for id in gone[n::batches] if id not in changed]))
        return corpus

    def document(self, rng: random.Random, *, id: str | None = None) -> Document:
        """A new document, or a new text of a known one."""
        id = id or f"{rng.getrandbits(48):012x}"
        language = self.languages.setdefault(id, rng.choices(list(SHARES), list(SHARES.values()))[0])
        size = max(20, min(2000, int(rng.lognormvariate(*BODY))))
        publisher = f"Publisher {min(39, int(rng.paretovariate(0.8)))}"
        relation = rng.choices(["edition", "related", "other"], [7, 2, 1])[0]
        return Document(
            id=id,
            title=" ".join(_sentences(rng, language, rng.randint(5, 12))),
            text="\n".join(_sentences(rng, language, size)),
            published=rng.randint(FIRST, LAST) if rng.random() < 0.97 else 0,
            facets=(rng.choice(EDITIONS), language, publisher, relation, rng.choice(["official", "newspaper"])),
            stored='{"id": "%s", "title": "", "publisher": "%s"}' % (id, publisher),  # noqa: UP031 - braces
        )


def _sentences(rng: random.Random, language: str, size: int) -> Iterator[str]:
    words, weights = lexicon(language)
    chosen = rng.choices(words, cum_weights=weights, k=size)
    while chosen:
        length = rng.randint(8, 25)
        part, chosen = chosen[:length], chosen[length:]
        yield "".join(part) + UNSPACED[language] if language in UNSPACED else " ".join(part).capitalize() + "."


# --- queries ---------------------------------------------------------------------------------


def queries(corpus: Corpus, work: str, count: int) -> list[str]:
    """Distinct queries of one work, drawn from the texts so that most find something."""
    rng = random.Random(f"{corpus.seed} {work}")
    found: dict[str, None] = {}
    for _ in range(count * 60):
        if len(found) == count:
            break
        if query := QUERIES[work](corpus, rng):
            found.setdefault(query)
    return list(found)


def _words(corpus: Corpus, rng: random.Random, count: int, language: str | None = None) -> list[str]:
    """Neighbouring words of a random text in a language that parts its words."""
    while True:
        document = rng.choice(corpus.documents)
        spoken = corpus.languages[document.id]
        if spoken not in UNSPACED and language in (None, spoken):
            words = document.text.replace(".", "").split()
            at = rng.randrange(max(1, len(words) - count))
            return [word for word in words[at : at + count] if word.isalpha()]


def _run(corpus: Corpus, rng: random.Random, language: str) -> str:
    """Some neighbouring characters of a random text in a language that does not part its words."""
    while True:
        document = rng.choice(corpus.documents)
        if corpus.languages[document.id] == language:
            line = rng.choice(document.text.splitlines())
            at = rng.randrange(max(1, len(line) - 8))
            return line[at : at + rng.randint(3, 6)].strip(" 。។။")


def _term(corpus: Corpus, rng: random.Random) -> str:
    return next(iter(_words(corpus, rng, 1)), "")


def _two(corpus: Corpus, rng: random.Random) -> str:
    words = _words(corpus, rng, 8)
    return " ".join(rng.sample(words, 2)) if len(words) > 2 else ""


def _three(corpus: Corpus, rng: random.Random) -> str:
    return " OR ".join(filter(None, (_term(corpus, rng) for _ in range(3))))


def _common(corpus: Corpus, rng: random.Random) -> str:
    """Three of the most frequent words of one language: each in nearly all of its texts."""
    language = rng.choice(["en", "id", "vi"])
    words = [word for word in lexicon(language)[0][:40] if word.isalpha()]
    return " OR ".join(rng.sample(words, 3))


def _phrase(corpus: Corpus, rng: random.Random) -> str:
    words = _words(corpus, rng, rng.randint(2, 3))
    return f'"{" ".join(words)}"' if len(words) > 1 else ""


def _page(corpus: Corpus, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        return _run(corpus, rng, rng.choice(["zh", "zh", "th", "km"]))
    if kind < 0.45:
        return _phrase(corpus, rng)
    return _two(corpus, rng) if kind < 0.75 else _term(corpus, rng)


def _prefix(corpus: Corpus, rng: random.Random) -> str:
    word = _term(corpus, rng)
    return f"{word[: rng.randint(3, 4)].lower()}*" if len(word) > 4 else ""


def _fuzzy(corpus: Corpus, rng: random.Random) -> str:
    word = _term(corpus, rng).lower()
    if len(word) < 5 or not word.isascii():
        return ""
    at = rng.randrange(1, len(word))
    return f"{word[:at]}{rng.choice('aeiou')}{word[at + 1 :]}~"


QUERIES: dict[str, Callable[[Corpus, random.Random], str]] = {
    "page": _page,
    "term": _term,
    "and": _two,
    "or": _three,
    "or_common": _common,
    "prefix": _prefix,
    "fuzzy": _fuzzy,
    "filter_date": _two,
    "phrase_words": _phrase,
    "phrase_zh": lambda corpus, rng: _run(corpus, rng, "zh"),
    "phrase_th": lambda corpus, rng: _run(corpus, rng, "th"),
    "phrase_km": lambda corpus, rng: _run(corpus, rng, "km"),
}
