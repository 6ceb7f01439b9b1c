"""Try: what a source's sitemaps, feeds, listings, links and archived prefixes would give, archiving nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive import Catalogue, Home, Record, Source, urlkey
from crawler.discover import Discovery, discover, kept_pages
from crawler.fetch import Failure, FetchResult
from crawler.links import Link
from crawler.matching import Matcher
from crawler.network import Network, Outcome, PutOff, Refusal
from crawler.notices import notice_in
from crawler.plan import chosen_sources, entries
from crawler.prefixes import pages_of, prefix_task
from crawler.run import Progress
from crawler.tasks import Role, Task
from crawler.wayback import parse_cdx, prefix_url

MAX_HOPS = 10
NOTHING = Discovery()
SEEDS = 3  # that are asked for
NAMED_SITEMAP = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
NAMED_FEED = re.compile(
    rb"<link\b(?=[^>]*type=[\"']application/(?:rss|atom|feed)\+(?:xml|json))[^>]*href=[\"']([^\"'>]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Record):
    """A page that would be asked for: whether it names the forum, and whether the archive knows it already."""

    url: str
    text: str
    named: bool
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Record):
    """What one address of a source gave: a sitemap, feed, listing, seed or archived prefix."""

    kind: str
    url: str
    status: int | None  # None where there was no answer
    problem: str | None
    given: int  # addresses in it
    pages: tuple[Found, ...]  # those that would be asked for
    further: tuple[str, ...]  # the next page, or further sitemaps
    hints: tuple[str, ...]  # sitemaps and feeds that the host itself names

    def lines(self, limit: int) -> Iterator[str]:
        """The answer in words, with at most so many pages."""
        if self.problem:
            yield f"{self.kind} {self.url}: FAILED: {self.problem}"
            return
        if self.kind == "seed" and not self.given:
            yield f"{self.kind} {self.url}: answers; its links are not followed"
            return
        named, known = (sum(getattr(page, what) for page in self.pages) for what in ("named", "known"))
        yield (
            f"{self.kind} {self.url}: {self.given} addresses, {len(self.pages)} would be taken"
            f" ({named} name the forum, {known} are known already)"
        )
        for page in self.pages[:limit]:
            yield f"  {'*' if page.named else ' '} {page.url}" + (f"  {page.text[:80]}" if page.text else "")
        if len(self.pages) > limit:
            yield f"    and {len(self.pages) - limit} more"
        yield from (f"  then {url}" for url in self.further[:limit])
        yield from (f"  its host also names {hint}" for hint in self.hints)


def try_source(home: Home, key: str, *, parts: int = 1, progress: Progress = lambda text: None) -> Iterator[Tried]:
    """What each address of a source gives, as the answers come; asked as politely as a crawl asks, nothing is kept.

    `parts` is how many further pages of a listing, or further sitemaps of an index, are read too. Raises
    UnknownSourceError.
    """
    (source,) = chosen_sources(home.collection, sources=[key], editions=None)
    with home.catalogue() as catalogue:
        yield from _Trial(home, source, catalogue, parts, progress).run()


class _Trial:
    def __init__(self, home: Home, source: Source, catalogue: Catalogue, parts: int, progress: Progress) -> None:
        self.home = home
        self.source = source
        self.catalogue = catalogue
        self.parts = parts
        self.progress = progress
        self.matcher = Matcher(home.collection)
        self.network = Network(home.settings, validators=lambda task: (None, None), known_rules=lambda url: None)
        self._hints: dict[str, tuple[str, ...]] = {}

    def run(self) -> Iterator[Tried]:
        for task in self._tasks():
            self.network.push(task)
        try:
            for task, outcome in self.network.outcomes():
                self.progress(task.url)
                if task.role is Role.ROBOTS:
                    self._note_robots(task, outcome)
                elif (tried := self._settle(task, outcome)) is not None:
                    yield tried
        finally:
            self.network.close()

    def _tasks(self) -> Iterator[Task]:
        found = list(entries(self.home.collection, self.source))
        yield from (task for task in found if task.role.discovers)
        yield from [task for task in found if task.role.is_page][:SEEDS]
        for prefix, server in ((p, s) for p in self.source.archived for s in self.home.collection.wayback[:1]):
            yield replace(prefix_task(self.source, prefix), url=prefix_url(server, prefix), server=server)

    def _settle(self, task: Task, outcome: Outcome) -> Tried | None:
        """What came of a task; None where it goes on elsewhere."""
        if not isinstance(outcome, FetchResult):
            return self._tried(task, problem=_reason(outcome))
        if outcome.location is not None and task.hops < MAX_HOPS:
            self.network.push(replace(task, url=outcome.location, hops=task.hops + 1))
            return None
        if outcome.status != 200:
            return self._tried(task, outcome, problem=f"answered {outcome.status}")
        try:
            if task.role.is_page and (said := self._notice(outcome)):
                return self._tried(task, outcome, problem=said)
            discovery = self._discover(task, outcome)
        except Exception as exc:  # noqa: BLE001 (parsers of foreign pages fail in ways of their own)
            return self._tried(task, outcome, problem=f"cannot be read: {exc}"[:300])
        self._go_on(task, discovery)
        return self._tried(task, outcome, discovery=discovery)

    def _notice(self, answer: FetchResult) -> str | None:
        content = answer.content(limit=self.home.settings.max_body)
        return notice_in(content, content_type=answer.content_type, language=self.source.language)

    def _discover(self, task: Task, answer: FetchResult) -> Discovery:
        content = answer.content(limit=self.home.settings.max_body)
        if task.role is Role.PREFIX:
            links = [Link(url=url) for url in pages_of(parse_cdx(content))]
            kept = kept_pages(links, source=self.source, matcher=self.matcher, role=task.role)
            return Discovery(pages=kept, given=len(links))
        if task.role in (Role.LISTING, Role.SEED):
            self._note(answer.url, (match[1] for match in NAMED_FEED.finditer(content[:100_000])), self.source.feeds)
        return discover(
            task, content, content_type=answer.content_type, source=self.source, matcher=self.matcher,
            settings=self.home.settings,
        )  # fmt: skip

    def _go_on(self, task: Task, discovery: Discovery) -> None:
        further = [link.url for link in discovery.sitemaps] or [url for url in (discovery.next_page,) if url]
        for url in further[: self.parts if task.level < self.parts else 0]:
            self.network.push(replace(task, url=url, origin=url, level=task.level + 1, hops=0, spent=0.0))

    def _note_robots(self, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, FetchResult) and outcome.status == 200:
            content = outcome.content(limit=self.home.settings.max_body)
            self._note(task.host, (match[1] for match in NAMED_SITEMAP.finditer(content)), self.source.sitemaps)

    def _note(self, place: str, named: Iterator[bytes], stated: tuple[str, ...]) -> None:
        """Keep what a host names and the collection does not state."""
        urls = dict.fromkeys(url.decode("utf-8", "replace") for url in named)
        self._hints[place] = tuple(url for url in urls if url not in stated)

    def _tried(
        self, task: Task, answer: FetchResult | None = None, *, problem: str | None = None,
        discovery: Discovery = NOTHING,
    ) -> Tried:  # fmt: skip
        """The record of one answer; what a host names is told with the first of its answers."""
        hints = (*self._hints.pop(task.host, ()), *(self._hints.pop(answer.url, ()) if answer else ()))
        return Tried(
            kind="archived prefix" if task.role is Role.PREFIX else task.role.name.lower(),
            url=task.origin,
            status=answer.status if answer else None,
            problem=problem,
            given=discovery.given,
            pages=tuple(self._found(link) for link in discovery.pages),
            further=tuple(link.url for link in discovery.sitemaps) or tuple(filter(None, (discovery.next_page,))),
            hints=hints,
        )

    def _found(self, link: Link) -> Found:
        known = self.catalogue.latest(urlkey(link.url)) is not None
        return Found(url=link.url, text=link.text, named=self.matcher.matches(link), known=known)


def _reason(outcome: Failure | Refusal | PutOff) -> str:
    match outcome:
        case Failure():
            return outcome.reason
        case Refusal():
            return "its robots.txt does not allow it"
        case PutOff(seconds=seconds):
            return f"its host wants to be left alone for {seconds:.0f} s"
