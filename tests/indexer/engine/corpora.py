"""Random corpora and query trees over few words, so that most queries find something."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from indexer.analysis import Kind, analyse
from indexer.segments.chunk import Document, analyse_documents
from indexer.segments.writer import write_commit
from indexer.tree import And, Everything, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Wildcard, Word, phrase

WORDS = {
    "en": "women leaders forum forums leading lead leader shared sharing technology technologies".split(),
    "id": "perempuan pemimpin forum kepemimpinan membangun pembangunan bangun teknologi".split(),
    "vi": "phụ nữ phu nữ diễn đàn dien trí tuệ nhân tạo đổi mới".split(),
    "zh-Hans": ["妇女", "女性", "论坛", "中国", "东盟", "女", "人工智能", "妇女论坛"],
    "ja": ["女性", "フォーラム", "協力", "ー", "する", "の"],
    "ko": ["여성", "포럼", "협력", "의"],
    "th": ["สตรี", "น้ำ", "ผู้นำ", "กำลัง", "การ"],
    "lo": ["ແມ່ຍິງ", "ນ້ຳ", "ການ", "ຜູ້ນຳ"],
    "km": ["ស្ត្រី", "វេទិកា", "នារី", "ការ"],
    "my": ["အမျိုးသမီး", "ဖိုရမ်", "များ", "ကို"],
}
SPACED = ("en", "id", "vi")


@dataclass
class Corpus:
    """An index in a folder, and the documents that are alive in it by id."""

    folder: Path
    alive: dict[str, Document]


def document(rng: random.Random, id: str) -> Document:
    """A random document in one or two languages."""
    language = rng.choice(list(WORDS))
    other = rng.choice(list(WORDS))
    title = text_in(rng, language, rng.randint(0, 4))
    text = ". ".join(
        text_in(rng, rng.choice([language, language, other]), rng.randint(0, 9)) for _ in range(rng.randint(0, 4))
    )
    facets = (rng.choice(["2006", "2025", ""]), language, rng.choice("ABC"), "edition", "official")
    return Document(id=id, title=title, text=text, published=rng.choice([0, 732000, 739000]), facets=facets)


def text_in(rng: random.Random, language: str, count: int) -> str:
    """Some words of a language, parted as it parts them."""
    return (" " if language in SPACED else "").join(rng.choices(WORDS[language], k=count))


def build(rng: random.Random, folder: Path, *, commits: int, size: int, merge: bool = True) -> Corpus:
    """An index of several commits with updates and deletions."""
    folder.mkdir(parents=True)
    alive: dict[str, Document] = {}
    for _ in range(commits):
        gone = rng.sample(sorted(alive), min(len(alive), rng.randint(0, 4)))
        changed = rng.sample(sorted(alive), min(len(alive), rng.randint(0, 4)))
        new = [f"{rng.getrandbits(48):012x}" for _ in range(rng.randint(1, size))]
        batch = {id: document(rng, id) for id in {*changed, *new}}
        documents = list(batch.values())
        chunks = (
            [analyse_documents(documents[:3]), analyse_documents(documents[3:])]
            if documents[3:]
            else [analyse_documents(documents)]
        )
        write_commit(folder, chunks, delete=gone, merge=merge and rng.random() < 0.7)
        for id in gone:
            alive.pop(id)
        alive |= batch
    return Corpus(folder, alive)


def tree(rng: random.Random, depth: int = 0) -> Node:
    """A random query tree."""
    if depth < 3 and rng.random() < 0.45:
        children = tuple(tree(rng, depth + 1) for _ in range(rng.randint(2, 3)))
        choices: list[Node] = [And(children), Or(children), Not(children[0])]
        return rng.choice(choices)
    return Everything() if rng.random() < 0.03 else leaf(rng)


def leaf(rng: random.Random) -> Node:
    """A random leaf."""
    title = rng.random() < 0.2
    word = rng.choice(WORDS[rng.choice(SPACED)])
    kind = rng.choice(["word", "word", "phrase", "phrase", "run", "run", "unit", "prefix", "wildcard", "fuzzy", "near"])
    match kind:
        case "word":
            return Word(analyse(word).terms[0], title)
        case "prefix":
            return Prefix(analyse(word).terms[0][: rng.randint(1, 4)], title)
        case "wildcard":
            term = analyse(word).terms[0]
            at = rng.randint(1, len(term))
            return Wildcard(term[:at] + rng.choice("*?") + term[at + rng.randint(0, 2) :], title)
        case "fuzzy":
            letters = list(analyse(word).terms[0])
            letters[rng.randrange(len(letters))] = rng.choice("aeio")
            return Fuzzy("".join(letters), 2 if len(letters) >= 6 else 1, title)
        case "near":
            language = rng.choice(SPACED)
            return Near(
                tuple(analyse(w).terms[0] for w in rng.choices(WORDS[language], k=rng.randint(2, 3))),
                rng.randint(0, 5),
                title,
            )
        case "phrase":
            return phrase(analyse(text_in(rng, rng.choice(list(WORDS)), rng.randint(1, 3))), title=title)
        case "run":
            language = rng.choice([name for name in WORDS if name not in SPACED])
            return phrase(analyse(text_in(rng, language, rng.randint(1, 3)) or "女"), title=title)
    unit = analyse(rng.choice(["女", "ส", "น้ำ", "ក", "ຍ", "အ", "の"]))
    return phrase(unit, title=title) if unit.kinds[-1] is Kind.LAST else Phrase((), 0, title)
