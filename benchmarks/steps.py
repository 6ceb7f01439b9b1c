"""Where the time of a page of results goes, step by step, in Podium alone.

Example: python -m benchmarks.steps --docs 20000 --json
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import building
from benchmarks.corpus import Corpus, queries
from benchmarks.engines import Podium
from benchmarks.engines.base import RELATIONS
from indexer.engine import Filters, Snapshot, best, count, execute, find_page
from indexer.query import parse_query

QUERIES = 300
STEPS = ("parse", "find", "count", "best", "page")


def built(corpus: Corpus, count: int, folder: Path) -> Snapshot:
    """The index of a corpus after its refreshes, built in a process of its own, opened."""
    building.apart(folder, count=count, seed=corpus.seed, peers=())
    engine = Podium(folder / "podium")
    engine.open()
    assert engine.snapshot
    return engine.snapshot


def steps(snapshot: Snapshot, text: str) -> Iterator[float]:
    """Seconds of each step for one query; `page` is the whole, what is shown of ten hits included."""
    filters = Filters(relations=RELATIONS, chosen={})
    began = time.perf_counter()
    node = parse_query(text)
    yield time.perf_counter() - began
    began = time.perf_counter()
    hits = execute(snapshot, node)
    yield time.perf_counter() - began
    began = time.perf_counter()
    counts = count(snapshot, hits, filters)
    yield time.perf_counter() - began
    began = time.perf_counter()
    best(counts.scores, counts.documents, snapshot.order, 10)
    yield time.perf_counter() - began
    began = time.perf_counter()
    find_page(snapshot, parse_query(text), filters=filters, sort="relevance", first=0, size=10)
    yield time.perf_counter() - began


def main() -> None:
    """Print the median and the 99th percentile of each step in milliseconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steps", description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    corpus = Corpus.of(given.docs, seed=1)
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        snapshot = built(corpus, given.docs, Path(folder))
        gc.collect()
        gc.freeze()
        times = [list(steps(snapshot, text)) for text in queries(corpus, "page", QUERIES)]
    for name, seconds in zip(STEPS, zip(*times, strict=True), strict=True):
        values = sorted(value * 1e3 for value in seconds)
        median, p99 = statistics.median(values), values[int(len(values) * 0.99)]
        line = {
            "work": f"page_{name}",
            "size": given.docs,
            "unit": "ms",
            "podium": round(median, 4),
            "p99": round(p99, 4),
        }
        print(json.dumps(line) if given.json else f"{name:<6} median {median:.3f} ms  p99 {p99:.3f} ms")


if __name__ == "__main__":
    main()
