"""kill -9 at random moments of a crawl: what is archived stays so, and is not fetched again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import Home, verify
from crawler import crawl
from crawler.run import BATCH
from tests.crawler.forum import captured, make_home, page, sitemap, source
from tests.crawler.servers import site

COUNT = 300
KILLS = int(os.environ.get("PODIUM_KILLS", "3"))
SCRIPT = "import sys; from archive import Home; from crawler import crawl; crawl(Home.open(sys.argv[1]))"


def kill_a_crawl(home: Home, after: float) -> None:
    run = subprocess.Popen([sys.executable, "-c", SCRIPT, str(home.path)], stderr=subprocess.DEVNULL)
    time.sleep(after)
    run.send_signal(signal.SIGKILL)
    run.wait()


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_crawl_goes_on_where_it_was(tmp_path: Path, seed: int) -> None:
    with site("127.0.0.2") as server:
        server.pages |= {f"/{n}": page(f"page {n}", pause=0.005) for n in range(COUNT)}
        server.pages["/map"] = sitemap(*(server.url(f"/{n}") for n in range(COUNT)))
        home = make_home(tmp_path, source("s", server.host, f'sitemaps = ["{server.url("/map")}"]'))
        kill_a_crawl(home, random.Random(seed).uniform(0.6, 2.5))
        kept, asked = captured(home), len(server.log)
        report = crawl(home)
        again = {server.url(path) for path in server.paths[asked:]}
        assert kept.isdisjoint(again - {server.url("/map"), server.url("/robots.txt")})
        assert captured(home) >= {server.url(f"/{n}") for n in range(COUNT)}
        repeated = len(server.paths) - len(set(server.paths))
        assert repeated <= BATCH + 3, "one batch, the request in flight, the sitemap, robots.txt"
        assert report.ok
        assert verify(home).holds
