"""The engine's hits and scores are those of Whoosh's matchers and the plain formulas."""

from __future__ import annotations

import os
import random
from pathlib import Path

import numpy as np
import pytest

from indexer.engine.execute import execute
from indexer.engine.snapshot import Snapshot
from indexer.segments.chunk import LANGUAGE, analyse_documents
from indexer.segments.store import read_contents
from indexer.segments.writer import write_commit
from indexer.tree import Node, render
from tests.indexer.engine.corpora import Corpus, build, tree
from tests.indexer.engine.oracle import Oracle

SEEDS = range(int(os.environ.get("PODIUM_ORACLE", "6")))  # `make torture` asks for 200
QUERIES = 60


def scores_of(snapshot: Snapshot, node: Node) -> dict[str, float]:
    """The live hits of the engine, by report id."""
    documents, scores = execute(snapshot, node).sparse()
    assert len(np.unique(documents)) == len(documents)
    alive = snapshot.live[documents]
    ids = [name.decode() for name in snapshot.ids[documents[alive]]]
    return dict(zip(ids, scores[alive].tolist(), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_hits_and_scores_equal_the_oracle_s(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    corpus = build(rng, tmp_path / "index", commits=rng.randint(1, 6), size=30)
    snapshot = Snapshot(corpus.folder, read_contents(corpus.folder))
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
