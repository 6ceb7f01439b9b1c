"""What searching and indexing cost, beside tantivy, SQLite FTS5 and stock Whoosh on the same texts, tokens and fields.

Example: python -m benchmarks.search --docs 20000 --json
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.building import PEERS, apart, engines
from benchmarks.corpus import Corpus, queries
from benchmarks.engines import Engine, Fts5, Podium, StockWhoosh, field_tokens
from benchmarks.engines.base import Range
from benchmarks.worst import worst_queries
from indexer.query import parse_query
from indexer.tree import Node

QUERIES = 300
WARM = 40
FINDING = (
    "term",
    "and",
    "or",
    "or_common",
    "prefix",
    "fuzzy",
    "filter_date",
    "phrase_words",
    "phrase_zh",
    "phrase_th",
    "phrase_km",
)
PHRASES = ("phrase_words", "phrase_zh", "phrase_th", "phrase_km")
DAYS = Range(732_000, 736_000)
COMMITS = 100
BLOCK = 60  # queries an engine answers before the next has its turn
TAKING_TURNS = WARM  # queries it answers first at each turn that are not counted
PATIENCE = 6.0  # seconds of one work after which an engine is asked no more; its median is of what it answered


class Bench:
    """One run: a corpus, its engines, and the results as they come."""

    def __init__(
        self, count: int, *, seed: int, peers: Collection[str], folder: Path, tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self.count = count
        self.folder = folder
        self.tell = tell
        self.more: dict[str, Any] = {}
        self.corpus = Corpus.of(count, seed=seed)
        self.peers = peers
        self.engines: list[Engine] = []

    def result(self, work: str, unit: str, costs: dict[str, float], **more: Any) -> None:
        """Give one work's cost of each engine, Podium's ratio to the others beside them."""
        own = costs.pop("podium")
        ratios = {name: round(own / cost, 3) for name, cost in costs.items() if cost}
        peers = {name: _short(cost) for name, cost in costs.items()}
        self.tell(
            {
                "work": work,
                "size": self.count,
                "unit": unit,
                "podium": _short(own),
                "peers": peers,
                "ratio": ratios,
                **more,
            }
        )

    def index(self) -> None:
        """Have every index built and refreshed, and open it."""
        costs = apart(self.folder, count=self.count, seed=self.corpus.seed, peers=self.peers)
        analysis = {name: _short(seconds) for name, seconds in costs["analysis"].items()}
        self.result("index", "s", costs["build"], analysis=analysis)
        self.engines = engines(self.folder, self.count, self.peers)
        for engine in self.engines:
            engine.open()

    def find(self, work: str) -> dict[str, float]:
        """The median cost of finding: query string to total and ten ids."""
        days = DAYS if work == "filter_date" else None
        asked = self.engines
        if work == "fuzzy":
            asked = [engine for engine in asked if not isinstance(engine, Fts5)]  # has none
        return self.timed(work, asked, lambda engine, node: engine.find(node, days=days))

    def timed(
        self, work: str, asked: Sequence[Engine], ask: Callable[[Engine, Node], tuple[int, list[str]]]
    ) -> dict[str, float]:
        """Ask every engine every query, in blocks, the order rotated; medians in ms, differences of totals told.

        A block lets each engine answer as it would on a server of its own: what the others read does not lie between,
        and the texts and tokens that this process holds are not gone through by Python's garbage collector.
        """
        texts = queries(self.corpus, work, QUERIES + WARM)
        gc.collect()
        gc.freeze()
        times: dict[str, list[float]] = {engine.name: [] for engine in asked}
        spent = dict.fromkeys(times, 0.0)
        totals: dict[str, dict[str, int]] = {name: {} for name in times}
        for turn, first in enumerate(range(0, len(texts), BLOCK)):
            turned = turn % len(asked)
            for engine in (*asked[turned:], *asked[:turned]):
                for text in texts[:TAKING_TURNS]:
                    if spent[engine.name] < PATIENCE:
                        ask(engine, parse_query(text))
                for n in range(first, min(first + BLOCK, len(texts))):
                    if spent[engine.name] > PATIENCE and times[engine.name]:
                        break
                    began = time.perf_counter()
                    totals[engine.name][texts[n]], _ = ask(engine, parse_query(texts[n]))
                    took = time.perf_counter() - began
                    spent[engine.name] += took
                    if n >= WARM or took > PATIENCE / 10:
                        times[engine.name].append(took * 1e3)
        own = totals["podium"]
        differ = {name: sum(own[text] != total for text, total in found.items()) for name, found in totals.items()}
        costs = {name: statistics.median(values) for name, values in times.items()}
        p99 = {name: _short(sorted(values)[int(len(values) * 0.99)]) for name, values in times.items()}
        self.more = {
            "p99": p99,
            "queries": len(texts) - WARM,
            "totals_differ": {n: d for n, d in differ.items() if d},
            "broken_off": {name: len(values) for name, values in times.items() if len(values) < len(texts) - WARM},
        }
        return costs

    def run(self, works: Iterable[str]) -> None:
        """All works asked for."""
        works = set(works)
        self.index()
        if "page" in works:
            costs = self.timed("page", self.engines, lambda engine, node: engine.page(node))
            self.result(
                "page", "ms", costs, **self.more, absolute={"p99_ms": self.more["p99"]["podium"], "limit_ms": 1.0}
            )
        phrases: list[dict[str, float]] = []
        for work in FINDING:
            if work in works or (work in PHRASES and "phrase" in works):
                costs = self.find(work)
                if work in PHRASES:
                    phrases.append(dict(costs))
                self.result(work, "ms", costs, **self.more)
        if phrases:
            self.phrase(phrases)
        if "worst" in works:
            self.worst()
        if "open" in works or "memory" in works:
            self.process()
        if "commit" in works:
            self.commit()

    def worst(self) -> None:
        """The processor time of the worst queries anyone thought of, all that a page shows; refused ones until then."""
        podium = self.engines[0]
        assert isinstance(podium, Podium)
        took = sorted(((podium.processor_ms(text), text) for text in worst_queries(self.corpus)), reverse=True)
        limit = {"limit_ms": 200, "query": took[0][1][:60], "queries": len(took)}
        self.tell(
            {
                "work": "worst",
                "size": self.count,
                "unit": "ms of processor time",
                "podium": _short(took[0][0]),
                "peers": {},
                "ratio": {},
                "absolute": limit,
            }
        )

    def phrase(self, found: Sequence[dict[str, float]]) -> None:
        """The median over scripts of the ratios."""
        names = [name for name in found[0] if name != "podium"]
        ratios = {name: round(statistics.median(costs["podium"] / costs[name] for costs in found), 3) for name in names}
        self.tell({"work": "phrase", "size": self.count, "unit": "ratio", "podium": None, "peers": {}, "ratio": ratios})

    def commit(self) -> None:
        """Ten changed reports into the index, merges and fsync included, a hundred times."""
        import random

        rng = random.Random(5)
        times: dict[str, list[float]] = {}
        ids = [document.id for document in self.corpus.documents]
        batches = [
            [field_tokens(self.corpus.document(rng, id=id)) for id in rng.sample(ids, 10)] for _ in range(COMMITS)
        ]
        for engine in (engine for engine in self.engines if not isinstance(engine, StockWhoosh)):
            for changed in batches:
                began = time.perf_counter()
                engine.refresh(changed, ())
                engine.open()
                times.setdefault(engine.name, []).append(time.perf_counter() - began)
        costs = {name: statistics.median(values) * 1e3 for name, values in times.items()}
        worst = _short(max(times["podium"]) * 1e3)
        self.result(
            "commit",
            "ms",
            costs,
            absolute={
                "median_ms": _short(costs["podium"] if "podium" in costs else statistics.median(times["podium"]) * 1e3),
                "worst_ms": worst,
                "limits_ms": [500, 3000],
            },
        )

    def process(self) -> None:
        """Opening, and memory after a thousand mixed queries, in a process of its own."""
        asked = [
            q
            for work in ("page", "term", "and", "or", "or_common", "prefix", "phrase_zh")
            for q in queries(self.corpus, work, 143)
        ]
        (self.folder / "asked.json").write_text(json.dumps(asked[:1000]), "utf-8")
        command = [
            sys.executable,
            "-m",
            "benchmarks.process",
            str(self.folder / "podium"),
            str(self.folder / "asked.json"),
        ]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        self.tell(
            {
                "work": "open",
                "size": self.count,
                "unit": "ms",
                "podium": found["open_ms"],
                "peers": {},
                "ratio": {},
                "absolute": {"limit_ms": 500},
            }
        )
        self.tell(
            {
                "work": "memory",
                "size": self.count,
                "unit": "MiB",
                "podium": found["private_mib"],
                "peers": {},
                "ratio": {},
                "absolute": {"limit_mib": 334, "rss_mib": found["rss_mib"], "file_mib": found["file_mib"]},
            }
        )


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def main() -> None:
    """Run the works asked for and print a line each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--works", default=",".join(("page", *FINDING, "phrase", "worst", "open", "memory", "commit")))
    parser.add_argument("--peers", default=",".join(kind.name for kind in PEERS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))

    def tell(line: dict[str, Any]) -> None:
        print(json.dumps(line, ensure_ascii=False) if given.json else _line(line), flush=True)

    try:
        Bench(given.docs, seed=given.seed, peers=given.peers.split(","), folder=folder, tell=tell).run(
            given.works.split(",")
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _line(line: dict[str, Any]) -> str:
    ratios = "  ".join(f"{name} {ratio:.2f}" for name, ratio in line["ratio"].items())
    own = "" if line["podium"] is None else f"{line['podium']:>9} {line['unit']}"
    more = f"  {line['absolute']}" if "absolute" in line else ""
    return f"{line['work']:<13} {line['size']:>7} {own:<14} ratio to: {ratios}{more}"


if __name__ == "__main__":
    main()
