"""The whole crawl of the sample forum."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from archive import Home, Via, verify
from crawler import crawl
from samples import HOSTS, SampleServer, collection_text, expected
from tests.crawler.forum import captured, captures


def make_home(path: Path, server: SampleServer) -> Home:
    file = path / "collection.toml"
    file.write_text(collection_text(server.port), "utf-8")
    return Home.init(path / "home", collection=file, settings={"test_hosts": HOSTS})


@pytest.mark.timeout(60)
def test_sample_forum_is_crawled_whole_politely_and_only_once(tmp_path: Path) -> None:
    with SampleServer() as server:
        home = make_home(tmp_path, server)
        report = crawl(home)
        assert report.failed == ()
        truth = expected(server.port)
        held = captured(home)
        # A mirror's copy is fetched only where its probable original does not answer.
        instead = {seed.url for s in home.collection.sources for seed in s.seeds if seed.original in held}
        assert {r.url for r in truth} - instead <= held
        assert instead.isdisjoint(held)
        assert {r.url for r in truth if r.gone} == captured(home, lambda c: c.via is Via.WAYBACK)
        assert not [request for request in server.requests if request.target.startswith("/private")]
        assert report.ok
        assert report.refused >= 1
        assert not any(source.short for source in report.sources)
        again = crawl(home, clock=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
        assert (again.new, again.unchanged) == (0, again.fetched)
        bodies = [(c.url, c.sha256) for c in captures(home) if c.record_type == "response" and c.status == 200]
        assert len(bodies) == len(set(bodies))
        assert verify(home).holds
