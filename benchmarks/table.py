"""The lines that benchmarks print as JSON, as the tables of docs/performance.md.

Example: python -m benchmarks.search --docs 2000 --json | python -m benchmarks.table
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

HEAD = "| work | size | unit | podium | {} | absolute |"


def table(lines: Iterable[dict[str, Any]]) -> str:
    """A Markdown table: a row a line, of each peer its cost and Podium's ratio to it."""
    rows = list(lines)
    peers = list(dict.fromkeys(name for row in rows for name in row["ratio"]))
    head = HEAD.format(" | ".join(peers))
    return "\n".join([head, "|---" * head.count("|", 1) + "|", *(_row(row, peers) for row in rows)])


def _row(row: dict[str, Any], peers: list[str]) -> str:
    costs = (_beside(row["peers"].get(name), row["ratio"].get(name)) for name in peers)
    absolute = ", ".join(f"{name} {value}" for name, value in row.get("absolute", {}).items())
    cells = [f"`{row['work']}`", f"{row['size']:,}", row["unit"], _cost(row["podium"]), *costs, absolute]
    return f"| {' | '.join(cells)} |"


def _beside(cost: float | None, ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{_cost(cost)} (**{ratio:.2f}**)" if cost is not None else f"**{ratio:.2f}**"


def _cost(cost: float | None) -> str:
    return "" if cost is None else f"{cost:,.3g}" if cost < 1000 else f"{cost:,.0f}"


def main() -> None:
    """Read lines from standard input and print their table."""
    print(table(json.loads(line) for line in sys.stdin if line.strip()))


if __name__ == "__main__":
    main()
