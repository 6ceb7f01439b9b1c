"""The engine's hits and scores are those of Whoosh's matchers and the plain formulas."""

from __future__ import annotations

import datetime as dt
import math
import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from indexer.engine.counting import FACETS, Filters, count
from indexer.engine.execute import execute
from indexer.engine.hits import best
from indexer.engine.similar import TERMS, similar
from indexer.engine.snapshot import Snapshot
from indexer.engine.warming import warm
from indexer.segments.chunk import FACETS as COLUMNS
from indexer.segments.chunk import LANGUAGE, Document, analyse_documents
from indexer.segments.store import read_contents
from indexer.segments.writer import write_commit
from indexer.tree import Node, render
from tests.indexer.engine.corpora import Corpus, build, tree
from tests.indexer.engine.oracle import K1, WEIGHTS, B, Oracle

SEEDS = range(int(os.environ.get("PODIUM_ORACLE", "5")))  # more of them find what these do not
QUERIES = 60


def scores_of(snapshot: Snapshot, node: Node) -> dict[str, float]:
    """The live hits of the engine, by report id."""
    documents, scores = execute(snapshot, node).sparse()
    assert len(np.unique(documents)) == len(documents)
    alive = snapshot.live[documents]
    ids = [name.decode() for name in snapshot.ids[documents[alive]]]
    return dict(zip(ids, scores[alive].tolist(), strict=True))


@pytest.fixture(params=["short", "long", "warm"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small corpora go the short ways of small numbers; the long ones, of large corpora, are taken with limits of next to nothing."""
    if request.param == "long":
        monkeypatch.setattr("indexer.engine.hits.TOGETHER", 4)
        monkeypatch.setattr("indexer.engine.hits.SHORT", 2)
        monkeypatch.setattr("indexer.engine.hits.BLOCK", 2)
        monkeypatch.setattr("indexer.engine.hits.FEW", 0)
        monkeypatch.setattr("indexer.engine.phrases.FEW", 0)
        monkeypatch.setattr("indexer.segments.segment.KNOWN", 0)
        monkeypatch.setattr("indexer.engine.snapshot.RENUMBERED", 0)
        monkeypatch.setattr("indexer.engine.deleted.TABLE", 8)
        monkeypatch.setattr("indexer.engine.deleted.SHORT", 1)
    if request.param == "warm":
        monkeypatch.setattr("indexer.engine.warming.SMALL", 0)


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("seed", SEEDS)
def test_hits_and_scores_equal_the_oracle_s(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    corpus = build(rng, tmp_path / "index", commits=rng.randint(1, 6), size=30)
    snapshot = Snapshot(corpus.folder, read_contents(corpus.folder))
    warm(snapshot)
    oracle = Oracle(corpus.folder, {d.facets[LANGUAGE] for d in corpus.alive.values()})
    assert set(oracle.documents.values()) == set(corpus.alive)
    found = 0
    for _ in range(QUERIES):
        node = tree(rng)
        expected = oracle.scores(node)
        assert scores_of(snapshot, node) == pytest.approx(expected, rel=1e-5, abs=1e-6), render(node)
        by_whoosh = oracle.hits_by_whoosh(node)
        assert by_whoosh is None or by_whoosh == set(expected), render(node)
        found += bool(expected)
    assert found > QUERIES / 3


def test_frequent_words_are_scored_before_anyone_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engine.warming.SMALL", 0)
    texts = ["everywhere here" if n % 2 else f"everywhere word{n}" for n in range(400)]
    facets = ("2025", "en", "A", "edition", "official")
    documents = [
        Document(id=f"{n:012d}", title="", text=text, published=0, facets=facets) for n, text in enumerate(texts)
    ]
    write_commit(tmp_path, [analyse_documents(documents)])
    snapshot = Snapshot(tmp_path, read_contents(tmp_path))
    warm(snapshot)
    assert [snapshot.vectors.get((term, False)) is not None for term in ("everywhere", "here", "word2")] == [
        True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_an_index_reached_by_refreshes_scores_as_one_built_afresh(tmp_path: Path, seed: int) -> None:
    rng = random.Random(1000 + seed)
    corpus = build(rng, tmp_path / "grown", commits=6, size=20)
    fresh = Corpus(tmp_path / "fresh", corpus.alive)
    fresh.folder.mkdir()
    write_commit(fresh.folder, [analyse_documents(list(corpus.alive.values()))])
    grown, built = (Snapshot(c.folder, read_contents(c.folder)) for c in (corpus, fresh))
    assert len(built.parts) == 1
    for _ in range(QUERIES):
        node = tree(rng)
        assert scores_of(grown, node) == pytest.approx(scores_of(built, node), rel=1e-5, abs=1e-6), render(node)


def chosen_filters(rng: random.Random) -> Filters:
    chosen = {
        "edition": rng.choice([(), ("2025",), ("2006", "")]),
        "language": rng.choice([(), (), ("en", "th"), ("zh-Hans",)]),
        "publisher": rng.choice([(), ("A",)]),
        "trust": (),
    }
    days = rng.choice([{}, {}, {"first": 735000}, {"last": 735000}, {"first": 731000, "last": 740000}])
    return Filters(relations={"edition"} if rng.random() < 0.9 else {"other"}, chosen=chosen, **days)


def passes(document: Document, filters: Filters, *, but: str = "") -> bool:
    held = dict(zip(COLUMNS, document.facets, strict=True))
    first, last = filters.first or 1, filters.last or 10**7
    dated = but == "year" or not filters.dated or first <= document.published <= last
    chosen = all(not values or name == but or held[name] in values for name, values in filters.chosen.items())
    return dated and chosen and (but == "relation" or held["relation"] in filters.relations)


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_are_those_of_counting_one_by_one(tmp_path: Path, seed: int) -> None:
    rng = random.Random(2000 + seed)
    corpus = build(rng, tmp_path / "index", commits=4, size=30)
    snapshot = Snapshot(corpus.folder, read_contents(corpus.folder))
    for _ in range(QUERIES):
        node, filters = tree(rng), chosen_filters(rng)
        found = [corpus.alive[id] for id in scores_of(snapshot, node)]
        counts = count(snapshot, execute(snapshot, node), filters)
        kept = {document.id for document in found if passes(document, filters)}
        assert {name.decode() for name in snapshot.ids[counts.documents]} == kept
        assert counts.total == len(kept)
        assert counts.others == sum(passes(d, filters, but="relation") for d in found) - len(kept)
        for n, name in enumerate(COLUMNS):
            if name in FACETS:
                expected = Counter(d.facets[n] for d in found if passes(d, filters, but=name))
                assert dict(counts.facets[name]) == expected, name
        years = (dt.date.fromordinal(d.published).year for d in found if d.published and passes(d, filters, but="year"))
        assert counts.years == sorted(Counter(years).items())


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_similar_shares_the_most_telling_words(tmp_path: Path, seed: int) -> None:
    rng = random.Random(3000 + seed)
    corpus = build(rng, tmp_path / "index", commits=4, size=30)
    snapshot = Snapshot(corpus.folder, read_contents(corpus.folder))
    oracle = Oracle(corpus.folder, {d.facets[LANGUAGE] for d in corpus.alive.values()})
    numbers = {id: n for n, id in oracle.documents.items()}
    every = {term.decode(): oracle.positions("body", term.decode()) for term in oracle.reader.lexicon("body")}
    every = {term: places for term, places in every.items() if places}
    average = sum(oracle.lengths["body"].values()) / len(numbers)
    idf = {term: math.log(1 + (len(numbers) - len(p) + 0.5) / (len(p) + 0.5)) for term, p in every.items()}
    for id in rng.sample(sorted(numbers), min(5, len(numbers))):
        here = {term: len(p[numbers[id]]) for term, p in every.items() if numbers[id] in p}
        worth = {term: tf * idf[term] if len(every[term]) > 1 else 0.0 for term, tf in here.items()}
        expected: dict[str, float] = {}
        for term in sorted(here, key=lambda term: (-worth[term], term.encode()))[:TERMS]:
            for n, places in every[term].items():
                norm = K1 * (1 - B + B * oracle.lengths["body"][n] / average)
                score = WEIGHTS["body"] * idf[term] * len(places) / (len(places) + norm)
                expected[oracle.documents[n]] = expected.get(oracle.documents[n], 0.0) + score
        number = snapshot.document(id)
        assert number is not None
        documents, scores = similar(snapshot, number).sparse()
        alive = snapshot.live[documents]
        found = dict(zip((n.decode() for n in snapshot.ids[documents[alive]]), scores[alive].tolist(), strict=True))
        assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_are_those_of_sorting_all(tmp_path: Path, seed: int) -> None:
    rng = random.Random(4000 + seed)
    corpus = build(rng, tmp_path / "index", commits=3, size=60)
    snapshot = Snapshot(corpus.folder, read_contents(corpus.folder))
    for _ in range(QUERIES):
        documents, scores = execute(snapshot, tree(rng)).sparse()
        first = rng.randint(1, 12)
        shown = best(scores, documents, snapshot.order, first)
        names = snapshot.ids[documents]
        expected = sorted(range(len(documents)), key=lambda n: (-scores[n], names[n]))[:first]
        assert shown.tolist() == expected
