"""The benchmark's pages: a front page, listings and reports on every host, linked to each other, the same for the same seed."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass
from functools import cache

import wordfreq

FORUM = "Harbour Forum"  # in the text of every link, so that crawlers which choose follow all of them
LISTED = 25  # reports on a listing
WORDS = 600  # of a report's text
# Markup, scripts and styles: with them a page has some 100 kB, and 26 kB compressed, which is what news pages have.
SCRIPT = 19_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is sent, plain and compressed."""

    plain: bytes
    packed: bytes
    etag: str


class Pages:
    """Pages of all hosts by their path; every host has the same paths and its own texts."""

    def __init__(self, count: int, *, hosts: int, seed: int = 1) -> None:
        self.per_host = count // hosts
        self.lists = max(1, (self.per_host - 1) // (LISTED + 1))
        self.reports = self.per_host - 1 - self.lists
        self.hosts = {f"127.0.1.{number}": self._of_host(number, seed) for number in range(1, hosts + 1)}

    @property
    def count(self) -> int:
        """How many pages there are in all."""
        return sum(map(len, self.hosts.values()))

    def _of_host(self, number: int, seed: int) -> dict[str, Page]:
        rng = random.Random(f"{seed} {number}")
        listings = [f"/list/{n}.html" for n in range(1, self.lists + 1)]
        reports = [f"/news/2025/{n:04}.html" for n in range(self.reports)]
        found = {"/": _page(rng, "Front page", listings, text=False)}
        for place, path in enumerate(listings):
            found[path] = _page(rng, f"Reports, page {place + 1}", reports[place :: self.lists], text=False)
        for place, path in enumerate(reports):
            related = [reports[(place + step) % len(reports)] for step in (1, 2, 3, 5, 8)]
            found[path] = _page(rng, f"Report {place} of host {number}", [*listings, *related], text=True)
        return found


def _page(rng: random.Random, title: str, links: list[str], *, text: bool) -> Page:
    anchors = "".join(f'<li class="item"><a href="{link}">{FORUM}: {_named(link)}</a></li>\n' for link in links)
    script = "".join(
        f'window.q.push(["{rng.getrandbits(48):x}",{rng.randrange(10**6)}]);\n' for _ in range(SCRIPT // 40)
    )
    cards = "".join(
        f'<div class="card c-{rng.randrange(99)}"><span class="label">{_words(rng, 3)}</span><i></i></div>\n'
        for _ in range(700)
    )
    paragraphs = "".join(f"<p>{_words(rng, 60).capitalize()}.</p>\n" for _ in range(WORDS // 60 if text else 1))
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<script>{script}</script></head><body><nav>{cards}</nav>\n"
        f"<main><h1>{FORUM}: {title}</h1><time datetime=2025-07-16>16 July 2025</time>\n{paragraphs}</main>\n"
        f"<ul>{anchors}</ul></body></html>\n"
    )
    plain = html.encode()
    return Page(plain=plain, packed=gzip.compress(plain, 6, mtime=0), etag=f'"{rng.getrandbits(64):x}"')


@cache
def _lexicon() -> list[str]:
    return list(wordfreq.top_n_list("en", 5000))


@cache
def _named(link: str) -> str:
    """What every link to a page says."""
    return _words(random.Random(link), 6)


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(_lexicon(), k=count))
