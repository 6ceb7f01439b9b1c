"""Build the indexes of a benchmark and bring them to the state that refreshes leave, in a process of its own.

Who builds an index leaves a large and torn heap behind, in which every later step is slower; a server has none.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.engines import Engine, Fts5, Podium, StockWhoosh, Tantivy, field_tokens

STOCK_LIMIT = 20_000
PEERS: tuple[type[Engine], ...] = (Tantivy, Fts5, StockWhoosh)


def engines(folder: Path, count: int, peers: Collection[str]) -> list[Engine]:
    """Podium and the peers asked for, each with its index in a folder there; stock Whoosh up to what it can build."""
    kinds = [kind for kind in PEERS if kind.name in peers and (kind is not StockWhoosh or count <= STOCK_LIMIT)]
    return [Podium(folder / "podium"), *(kind(folder / kind.name) for kind in kinds)]


def build(corpus: Corpus, built: Sequence[Engine]) -> dict[str, dict[str, float]]:
    """Build every index, then refresh it; seconds by engine of `build`, with the analysis charged to it, of `analysis` alone.

    Analysis is run once for Podium and once for its peers.
    """
    podium = built[0]
    assert isinstance(podium, Podium)
    say("analysing")
    began = time.perf_counter()
    tokens = [field_tokens(document) for document in corpus.documents]
    for_peers = time.perf_counter() - began
    began = time.perf_counter()
    podium.chunks = podium.analyse(tokens)
    own = time.perf_counter() - began
    costs = {}
    for engine in built:
        say(f"building {engine.name}")
        began = time.perf_counter()
        engine.build(tokens)
        costs[engine.name] = (own if engine is podium else for_peers) + time.perf_counter() - began
    podium.chunks = []
    batches = [([field_tokens(d) for d in changed], gone) for changed, gone in corpus.refreshes]
    for engine in built:
        say(f"refreshing {engine.name}")
        for changed, gone in batches:
            engine.refresh(changed, gone)
    return {"build": costs, "analysis": {"podium": own, "peers": for_peers}}


def apart(folder: Path, *, count: int, seed: int, peers: Collection[str]) -> dict[str, dict[str, float]]:
    """Build in a process of its own: what `build` gives."""
    asked = ["--docs", str(count), "--seed", str(seed), "--peers", ",".join(peers)]
    command = [sys.executable, "-m", "benchmarks.building", str(folder), *asked]
    costs: dict[str, dict[str, float]] = json.loads(
        subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    )
    return costs


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Build in a folder and print what it cost as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.building", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--peers", required=True)
    given = parser.parse_args()
    corpus = Corpus.of(given.docs, seed=given.seed)
    print(json.dumps(build(corpus, engines(given.folder, given.docs, given.peers.split(",")))))


if __name__ == "__main__":
    main()
