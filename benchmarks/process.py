"""Open an index and ask it queries in a process of one's own: what opening costs, and the memory afterwards."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from indexer.engine import Filters, Snapshot, find_page, warm
from indexer.errors import QueryError
from indexer.query import parse_query
from indexer.segments import read_contents


def memory() -> dict[str, float]:
    """Memory of this process in MiB: `private` is its own, written and kept by nobody else; `file` are unchanged pages
    of mapped files, which the system shares between processes and drops when it needs room; `rss` is all of it.
    """
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return {
        "private_mib": round(sizes["Private_Dirty"], 1),
        "file_mib": round(sizes["Private_Clean"] + sizes["Shared_Clean"], 1),
        "rss_mib": round(sizes["Rss"], 1),
    }


def main(folder: Path, asked: Path) -> None:
    """Print one JSON object."""
    began = time.perf_counter()
    snapshot = Snapshot(folder, read_contents(folder))
    warm(snapshot)
    opened = (time.perf_counter() - began) * 1e3
    filters = Filters(relations={"edition", "related"}, chosen={})
    for text in json.loads(asked.read_text("utf-8")):
        try:
            find_page(snapshot, parse_query(text), filters=filters, sort="relevance", first=0, size=10)
        except QueryError:
            continue
    print(json.dumps({"open_ms": round(opened, 1), **memory()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
