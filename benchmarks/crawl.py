"""What crawling costs, beside Scrapy, wget and the bare requests, on one slow site over loopback.

Example: python -m benchmarks.crawl --json
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.crawlers import Site, bodies, make_home

LIMITS = {
    "crawl": {"scrapy": 0.5},
    "refresh_unchanged_time": {"first": 0.33},
    "refresh_unchanged_bytes": {"first": 0.04},
}
Costs = dict[str, float]


class Bench:
    """One run: the site, each crawler on it in rotated order, and the results as they come."""

    def __init__(self, site: Site, *, folder: Path, runs: int, tell: Callable[[dict[str, Any]], None]) -> None:
        self.site = site
        self.folder = folder
        self.runs = runs
        self.tell = tell
        self.crawlers: dict[str, Callable[[Path], Costs]] = {
            "podium": self.podium, "scrapy": self.scrapy, "wget": self.wget, "bare": self.bare,
        }  # fmt: skip
        if not shutil.which("wget"):
            say("wget is not installed (apt install wget): left out")
            del self.crawlers["wget"]

    # --- the first crawl -----------------------------------------------------------------------

    def crawl(self) -> None:
        """The cost a page of a whole first crawl, by everyone."""
        took: dict[str, list[Costs]] = {name: [] for name in self.crawlers}
        names = list(self.crawlers)
        for turn in range(self.runs):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                folder = self.folder / f"{name}-{turn}"
                folder.mkdir()
                self.site.asked()
                took[name].append(self.crawlers[name](folder))
                self.check(name, folder)
                say(f"{name} {took[name][-1]}")
                shutil.rmtree(folder)
        self.result("crawl", "ms a page", _medians(took, "seconds", 1e3 / self.site.pages.count), limit="bare")
        busy = _medians(
            {name: costs for name, costs in took.items() if name != "wget"}, "cpu", 1e3 / self.site.pages.count
        )
        self.result("crawl_processor", "ms a page", busy)

    def podium(self, folder: Path) -> Costs:
        home = make_home(folder / "home", self.site.fronts)
        return _asked("benchmarks.crawlers.podium", str(home.path))

    def scrapy(self, folder: Path) -> Costs:
        return _asked("benchmarks.crawlers.scrapy_peer", str(folder), *self.site.fronts)

    def bare(self, folder: Path) -> Costs:
        return _asked("benchmarks.crawlers.bare", given="\n".join(self.site.urls))

    def wget(self, folder: Path) -> Costs:
        """One wget a host, since it asks one thing at a time; it knows of no content coding and gets plain bodies."""
        began = time.perf_counter()
        options = ["--quiet", "--recursive", "--level=inf", "--delete-after", "--no-warc-keep-log"]
        running = [
            subprocess.Popen(["wget", *options, f"--warc-file={folder}/{n}", f"--directory-prefix={folder}/{n}", front])
            for n, front in enumerate(self.site.fronts)
        ]
        for process in running:
            process.wait()
        return {"seconds": time.perf_counter() - began}

    def check(self, name: str, folder: Path) -> None:
        """Every page asked for once, and archived as it was received."""
        asked = self.site.asked()
        assert (asked.pages, asked.repeated) == (self.site.pages.count, 0), f"{name}: {asked}"
        if name == "podium":
            assert asked.most == 1, asked
        if name != "bare":
            held = {url.rpartition("#")[0] or url: digest for url, digest in bodies(folder)}
            sent = dict(self.sent(packed=name != "wget"))
            assert {url: held.get(url) for url in sent} == sent, (
                f"{name}: not all bodies are archived as they were sent"
            )

    def sent(self, *, packed: bool) -> Iterator[tuple[str, str]]:
        """Address and SHA-256 of every body the site sends."""
        for host, pages in self.site.pages.hosts.items():
            for path, page in pages.items():
                body = page.packed if packed else page.plain
                yield f"http://{host}:{self.site.port}{path}", hashlib.sha256(body).hexdigest()

    # --- nothing changed -----------------------------------------------------------------------

    def refresh(self) -> None:
        """What `podium refresh` costs when every page is due and none has changed, beside the first refresh."""
        times, sizes = [], []
        for turn in range(self.runs):
            home = make_home(self.folder / f"refresh-{turn}", self.site.fronts).path
            first_time, first_size = self._refreshed(home)
            index = _files(home / "index")
            time.sleep(2)  # what was archived lies before the instant at which it falls due
            _make_due(home / "catalogue.sqlite")
            self.site.asked()
            again_time, again_size = self._refreshed(home)
            asked = self.site.asked()
            assert asked.statuses.get("304") == self.site.pages.count, asked
            assert _files(home / "index") == index, "the index was touched though nothing changed"
            say(
                f"refresh: first {first_time:.1f} s, {first_size:,} bytes; again {again_time:.1f} s, {again_size:,} bytes"
            )
            times.append((again_time, first_time))
            sizes.append((again_size, first_size))
            shutil.rmtree(home)
        for work, unit, pairs in (("time", "s", times), ("bytes", "bytes", sizes)):
            again, first = (statistics.median(column) for column in zip(*pairs, strict=True))
            self.result(f"refresh_unchanged_{work}", unit, {"podium": again, "first": first})

    def _refreshed(self, home: Path) -> tuple[float, float]:
        """Seconds of one `podium refresh`, and the bytes it added to the WARC files."""
        before, began = _size(home / "warc"), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "podium", "--home", str(home), "refresh"], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return time.perf_counter() - began, _size(home / "warc") - before

    def result(self, work: str, unit: str, costs: Costs, **more: Any) -> None:
        """Give a work's cost and its ratio to the peers'."""
        own = costs.pop("podium")
        line = {
            "work": work, "size": self.site.pages.count, "unit": unit, "podium": _short(own),
            "peers": {name: _short(cost) for name, cost in costs.items()},
            "ratio": {name: round(own / cost, 3) for name, cost in costs.items() if cost}, **more,
        }  # fmt: skip
        self.tell(line | ({"at_most": LIMITS[work]} if work in LIMITS else {}))


def say(text: str) -> None:
    """Talk on stderr."""
    print(text, file=sys.stderr, flush=True)


def _asked(module: str, *arguments: str, given: str | None = None) -> Costs:
    """What a runner in a process of its own says it took."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], input=given, text=True, stdout=subprocess.PIPE, check=True
    )
    return {name: float(value) for name, value in json.loads(done.stdout.splitlines()[-1]).items()}


def _medians(took: dict[str, list[Costs]], what: str, factor: float) -> Costs:
    return {name: statistics.median(cost[what] for cost in costs) * factor for name, costs in took.items()}


def _make_due(catalogue: Path) -> None:
    """Make every page due, as it is after some days."""
    with sqlite3.connect(catalogue) as connection:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        connection.execute("UPDATE frontier SET due = ? WHERE due < '9999'", (now,))
    connection.close()


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.warc.gz"))


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _line(line: dict[str, Any]) -> str:
    ratios = "  ".join(f"{name} {ratio:.3f}" for name, ratio in line["ratio"].items())
    return f"{line['work']:<24} {line['size']:>6} {line['podium']:>10} {line['unit']:<10} ratio to: {ratios}"


def main() -> None:
    """Run the works asked for and print a line each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=8)
    parser.add_argument("--latency", type=float, default=20.0, help="milliseconds before each answer")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--works", default="crawl,refresh")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="podium-bench-"))

    def tell(line: dict[str, Any]) -> None:
        print(json.dumps(line) if given.json else _line(line), flush=True)

    try:
        with Site(given.pages, hosts=given.hosts, latency=given.latency) as site:
            bench = Bench(site, folder=folder, runs=given.runs, tell=tell)
            for work in given.works.split(","):
                {"crawl": bench.crawl, "refresh": bench.refresh}[work]()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
