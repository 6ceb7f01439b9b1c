"""Run every benchmark in full numbers, one after the other."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("search", "crawl")


def main(arguments: list[str]) -> int:
    """Run each in a process of its own; 1 when one failed."""
    codes = [subprocess.call([sys.executable, "-m", f"benchmarks.{name}", *arguments]) for name in BENCHMARKS]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
