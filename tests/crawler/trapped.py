"""A fictional forum of twenty years on many loopback hosts, laid with traps; made from a seed.

Each host is of one kind: its reports are found by sitemaps, by a feed with a listing, by listings alone, by links on
the pages of a topic, through a host that is slow and fails at times, or nowhere but at a Wayback-like server.
"""

from __future__ import annotations

import gzip
import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.crawler.forum import source, wayback
from tests.crawler.servers import Answer, Site

FIRST, LAST = 2006, 2025
KINDS = ("sitemap", "feed", "listing", "links", "failing", "silent")
PER_PAGE = 20  # reports on a page of a listing
DELAY = 0.05  # seconds the failing host asks for between two requests
SILENT_PORT = 9  # nothing listens there
GONE = Answer("<title>Page not found</title><p>It may have moved.")
PARKED = Answer("<title>lagoon</title><p>This domain may be for sale. <a href='/buy'>Buy this domain</a>")


@dataclass
class Trapped:
    """The sites, the addresses every one of which is to be held in the end, and the collection's text."""

    sites: list[Site]
    archived: Site
    reports: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)  # those that a first run cannot get
    sources: str = ""

    @property
    def requests(self) -> int:
        """How many requests were made of all hosts together."""
        return sum(len(site.log) for site in (*self.sites, self.archived))


def trapped(stack: ExitStack, open_site: Callable[[str], Site], *, hosts: int, reports: int, seed: int) -> Trapped:
    """The forum with so many hosts and reports on each, served while the stack is open."""
    rng = random.Random(seed)
    archived = open_site("127.0.1.250")
    found = Trapped(sites=[], archived=archived)
    held: dict[tuple[str, str], str] = {}
    for number, kind in zip(range(hosts), itertools.cycle(KINDS), strict=False):
        host = f"127.0.1.{number + 1}"
        if kind == "silent":
            _silent(found, host, reports, held, rng)
            continue
        site = open_site(host)
        found.sites.append(site)
        _Host(site, kind, reports, rng, held).lay(found)
    wayback(archived, held)
    return found


def paths_of(count: int, rng: random.Random, form: str) -> list[str]:
    """Addresses of reports, the newest first; an odd one among them now and then."""
    years = sorted((rng.randint(FIRST, LAST) for _ in range(count)), reverse=True)
    days = [(year, rng.randint(1, 12), rng.randint(1, 28)) for year in years]
    return [form.format(year=y, month=m, day=d, number=count - n) for n, (y, m, d) in enumerate(days)]


class _Host:
    """One host: its reports, the ways to them, and the traps between."""

    def __init__(self, site: Site, kind: str, count: int, rng: random.Random, held: dict[tuple[str, str], str]) -> None:
        self.site = site
        self.kind = kind
        self.rng = rng
        self.held = held
        form = {
            "sitemap": "/{year}/{month:02}/{day:02}/{number}.html",
            "feed": "/?p={number}",
            "listing": "/news/{year}-{month:02}/2@{number}.htm",
            "links": "/womens-forum/{year}/story-{number}",
            "failing": "/a%E2%80%8B{number}.shtml",
        }[kind]
        self.paths = paths_of(count, rng, form)
        self.asked: dict[str, int] = {}

    def lay(self, found: Trapped) -> None:
        """Put all pages up and note what is to be found."""
        dead = set(self.rng.sample(self.paths, max(len(self.paths) // 50, 1)))
        for path in self.paths:
            self.site.pages[path] = self._gone(path) if path in dead else self._report(path)
        found.reports |= {self.site.url(path) for path in self.paths}
        self.site.pages["/robots.txt"] = self._robots()
        self.site.pages["*"] = self._trap
        body = self._failing(found) if self.kind == "failing" else getattr(self, f"_{self.kind}")()
        found.sources += source(f"{self.kind}-{self.site.host.rpartition('.')[2]}", self.site.host, body)

    # --- pages -------------------------------------------------------------------------------

    def _report(self, path: str) -> Answer:
        """A report, with traps in its margin."""
        text = f"The Women's Forum of the fictional Lagoon met; this is report {path} of {self.site.host}. " * 4
        return Answer(f"<title>Report {path}</title><p>{text}</p>{self._margin(path)}", etag=f'"{path}"')

    def _gone(self, path: str) -> Answer:
        """A dead page in one of four ways, which the Wayback-like server has; some of its captures are of no use."""
        url, year = self.site.url(path), self.rng.randint(FIRST, LAST)
        self.held[f"{year}0716000000", url] = f"<p>{'As it was, of the Womens Forum. ' * 20}"
        self.held["20251231000000", url] = str(PARKED.body)
        return self.rng.choice([Answer(status=404), Answer(status=410), GONE, PARKED])

    def _margin(self, path: str) -> str:
        """Links that lead nowhere new, all of which name the forum."""
        year, month, drawn = self.rng.randint(2026, 2099), self.rng.randint(1, 12), self.rng.randrange(16**12)
        mark = "&" if "?" in path else "?"
        links = [
            f"/calendar/{year}/{month:02}", f"/womens-forum/calendar?month={month}&year={year}",
            f"{path}{mark}sid={drawn:012x}", f"{path}{mark}PHPSESSID={drawn:x}", f"{path}{mark}utm_source=womens-forum",
            f"{path}{mark}print=1", f"{path}{mark}amp=1", f"{path}#womens-forum",
            f"/womens-forum/womens-forum/womens-forum/{drawn:x}", f"/womens-forum?sort=asc&order={drawn:x}",
            f"{path}{mark}replytocom={drawn}", f"/closed/womens-forum/{drawn:x}", "/womens-forum.jpg",
            "http://127.0.1.251:9/womens-forum",
        ]  # fmt: skip
        trap = f'<a rel="nofollow" href="/womens-forum/for-machines/{drawn:x}">Women\'s Forum</a>'
        return "".join(f'<a href="{link}">Women\'s Forum</a>' for link in links) + trap

    def _robots(self) -> Answer:
        delay = f"Crawl-delay: {DELAY}\n" if self.kind == "failing" else ""
        return Answer(f"\ufeffUser-agent: *\n{delay}Disallow: /closed/\nAllow: /\n", type="text/plain")

    def _trap(self, path: str) -> Answer:
        """What was not laid: a page without end below calendars and folders of the name, nothing elsewhere."""
        if path.startswith(("/calendar", "/womens-forum", "/closed")):
            more = f"{path.partition('?')[0]}/womens-forum-{self.rng.randrange(16**6):x}"
            return Answer(f"<title>More</title><a href='{more}'>Women's Forum, more</a>{self._margin('/x')}")
        return Answer(status=404)

    # --- ways --------------------------------------------------------------------------------

    def _sitemap(self) -> str:
        """An index of gzipped sitemaps, a part of the years in each."""
        parts = [self.paths[at : at + 60] for at in range(0, len(self.paths), 60)]
        for number, part in enumerate(parts):
            rows = "".join(
                f"<url><loc>{self.site.url(path)}</loc><lastmod>{path[1:11].replace('/', '-')}</lastmod></url>"
                for path in (*part, *(f"{path}/print" for path in part[:5]))
            )
            self.site.pages[f"/map-{number}.xml.gz"] = Answer(
                gzip.compress(f"<urlset>{rows}</urlset>".encode(), mtime=0), type="application/gzip"
            )
        rows = "".join(f"<sitemap><loc>{self.site.url(f'/map-{n}.xml.gz')}</loc></sitemap>" for n in range(len(parts)))
        self.site.pages["/map.xml"] = Answer(f"<sitemapindex>{rows}</sitemapindex>", type="application/xml")
        return f'follow = 2\nsitemaps = ["{self.site.url("/map.xml")}"]'

    def _feed(self) -> str:
        """A feed with the newest reports, and a listing that has no end."""
        items = "".join(
            f"<item><link>{self.site.url(path)}&amp;utm_source=rss</link></item>" for path in self.paths[:PER_PAGE]
        )
        self.site.pages["/feed"] = Answer(f"<rss><channel>{items}</channel></rss>", type="application/rss+xml")
        return f'feeds = ["{self.site.url("/feed")}"]\n' + self._listing(endless=True)

    def _listing(self, *, endless: bool = False) -> str:
        """Pages of links chosen by a selector, among navigation that is not; each with a session of its own."""
        last = -(-len(self.paths) // PER_PAGE)

        def give(path: str) -> Answer:
            number = int(path.partition("page=")[2].partition("&")[0] or 1)
            part = self.paths[(min(number, last) - 1) * PER_PAGE :][:PER_PAGE]
            rows = "".join(
                f'<li><h3><a href="{path}{"&" if "?" in path else "?"}sid={self.rng.randrange(16**12):012x}">x</a></h3>'
                f'<a href="{path}{"&" if "?" in path else "?"}print=1">print</a>'
                for path in part
            )
            more = f'<a rel="next" href="?page={number + 1}&amp;sid={self.rng.randrange(16**12):012x}">older</a>'
            return Answer(f"<ul>{rows}</ul>{more if endless or number < last else ''}{self._margin('/list')}")

        self.site.pages["/list"] = give
        return (
            f'[[sources.listings]]\nurl = "{self.site.url("/list")}"\nlinks = "li h3 a, li > a"\nnext = "a[rel=next]"'
        )

    def _links(self) -> str:
        """Topic pages that lead to each other and to their reports."""
        parts = [self.paths[at : at + 40] for at in range(0, len(self.paths), 40)]
        for number, part in enumerate(parts):
            links = "".join(f'<p><a href="{path};jsessionid={self.rng.randrange(16**8):x}">x</a>' for path in part)
            self.site.pages[f"/topics/womens-forum-{number}"] = Answer(
                f"<title>Topic</title>{links}{self._margin('/')}"
            )
        topics = "".join(f'<a href="/topics/womens-forum-{n}">topic</a>' for n in range(len(parts)))
        self.site.pages["/topics/"] = Answer(
            f"<title>Topics</title>{topics}<a href='/sport'>sport</a>{self._margin('/')}"
        )
        return f'follow = 2\n[[sources.seeds]]\nurl = "{self.site.url("/topics/")}"'

    def _failing(self, found: Trapped) -> str:
        """A sitemap on a host that is slow, and at first busy or broken for some of its pages."""
        busy, *failing = self.rng.sample(self.paths, 3)
        self.site.pages[busy] = self._at_first(Answer(status=503, headers={"Retry-After": "1"}), busy)
        for path in failing:
            self.site.pages[path] = self._at_first(Answer(status=500), path)
            found.failing.add(self.site.url(path))
        rows = "".join(f"<url><loc>{self.site.url(path)}</loc></url>" for path in self.paths)
        self.site.pages["/map.xml"] = Answer(f"<urlset>{rows}</urlset>", type="application/xml", pause=0.1)
        return f'sitemaps = ["{self.site.url("/map.xml")}"]'

    def _at_first(self, answer: Answer, path: str) -> Callable[[str], Answer]:
        """What is laid at a path, behind another answer to who asks first."""
        then = self.site.pages[path]

        def give(asked: str) -> Answer:
            self.asked[path] = self.asked.get(path, 0) + 1
            if self.asked[path] == 1:
                return answer
            return then(asked) if callable(then) else then

        return give


def _silent(found: Trapped, host: str, count: int, held: dict[tuple[str, str], str], rng: random.Random) -> None:
    """A host that is gone: what it had is below a prefix at the Wayback-like server."""
    base = f"http://{host}:{SILENT_PORT}/archive"
    for path in paths_of(count, rng, "/{year}/{month:02}{day:02}/a{number}.html"):
        year = path[1:5]
        held[f"{year}1201000000", base + path] = f"<p>{'Of the Womens Forum, as it was. ' * 20}"
        found.reports.add(base + path)
    held["20100101000000", f"{base}/calendar/2010/01"] = "trap"
    held["20100101000000", f"{base}/logo.gif"] = "picture"
    found.sources += source(f"silent-{host.rpartition('.')[2]}", host, f'archived = ["{base}/"]')


def breaches(site: Site, *, delay: float) -> Iterator[str]:
    """What a host's own log holds against whoever crawled it."""
    if site.most > 1:
        yield f"{site.host}: {site.most} requests at once"
    if site.paths and site.paths[0] != "/robots.txt":
        yield f"{site.host}: asked for {site.paths[0]} before robots.txt"
    yield from (f"{site.host}: asked for {path}, which is closed" for path in site.paths if path.startswith("/closed"))
    yield from (
        f"{site.host}: {path} names no agent" for path, headers in site.log if "Podium/" not in headers["User-Agent"]
    )
    gaps = (later - earlier for earlier, later in itertools.pairwise(site.times))
    yield from (f"{site.host}: {gap:.3f} s between two requests" for gap in gaps if gap < delay)
