"""Podium crawls the site once: python -m benchmarks.crawlers.podium HOME."""

from __future__ import annotations

import json
import sys
import time

from archive import Home
from crawler import crawl


def main(folder: str) -> None:
    """Print the seconds of wall clock and of processor it took."""
    home = Home.open(folder)
    began, busy = time.perf_counter(), time.process_time()
    report = crawl(home)
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - busy}
    assert report.ok, report.as_text()
    print(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1])
