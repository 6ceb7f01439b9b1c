"""Adding: pages the owner names, fetched now, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from archive import Capture, Catalogue, Home, Record, Seed, normalise, report_id, resolve, urlkey
from crawler.charset import text_of
from crawler.errors import CrawlError
from crawler.fetch import FetchResult
from crawler.holdings import is_held
from crawler.links import page_tree
from crawler.network import Outcome, Refusal
from crawler.plan import hosts_of, is_on, seed_of
from crawler.run import Run
from crawler.tasks import Role, Task


class Became(StrEnum):
    """What became of an address."""

    NEW = "new"
    CHANGED = "changed"  # held already, and another text now
    UNCHANGED = "unchanged"  # held already
    WAYBACK = "gone, from a Wayback server"
    HELD = "gone, held already"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    LATER = "left for the next run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Added(Record):
    """One address and what became of it. `report` is the id its report has once it is described, None without a capture."""

    given: str
    url: str  # as it was fetched in the end
    became: Became
    reason: str | None = None
    report: str | None = None
    canonical: str | None = None  # the address the page says it has, where that is another page's

    @property
    def ok(self) -> bool:
        """Whether the archive holds the page."""
        return self.became not in (Became.GONE, Became.REFUSED, Became.FAILED, Became.LATER)

    def as_text(self) -> str:
        """The address in one line."""
        moved = f" ({self.given})" if self.given != self.url else ""
        reason = f": {self.reason}" if self.reason else ""
        report = f"; report {self.report}" if self.report else ""
        own = f"; it calls itself {self.canonical}" if self.canonical else ""
        return f"{self.url}{moved}: {self.became}{reason}{report}{own}"


def added_tasks(home: Home, urls: Sequence[str], *, edition: str | None = None) -> dict[str, Task]:
    """A task for each of the addresses, each page once; CrawlError names one that is no address."""
    tasks: dict[str, Task] = {}
    for url in urls:
        try:
            found = normalise(url)
        except ValueError as exc:
            raise CrawlError(f"{exc}; give the whole address, as https://example.org/page") from exc
        tasks.setdefault(url, _task(home, found, edition))
    return tasks


def _task(home: Home, url: str, edition: str | None) -> Task:
    source = next((s for s in home.collection.sources if is_on(url, hosts_of(s))), None)
    seed = (seed_of(source, url) if source else None) or (Seed(url=url, edition=edition) if edition else None)
    return Task(
        url=url, origin=url, role=Role.SEED, source=source.key if source else None, how="added by the owner", seed=seed
    )  # fmt: skip


def held_before(catalogue: Catalogue, tasks: Mapping[str, Task]) -> frozenset[str]:
    """The keys of the pages that the archive holds already."""
    return frozenset(urlkey(task.url) for task in tasks.values() if is_held(catalogue, task.url))


def what_became(run: Run, tasks: Mapping[str, Task], held: frozenset[str]) -> tuple[Added, ...]:
    """What became of each address, once the run has ended."""
    return tuple(_added(run, given, task, held) for given, task in tasks.items())


def _added(run: Run, given: str, task: Task, held: frozenset[str]) -> Added:
    end, outcome = run.ends.get(urlkey(task.url), (task, None))
    catalogue, key = run.writer.catalogue, urlkey(end.url)
    became, reason = _became(run, task, outcome, known=urlkey(task.url) in held)
    captured = is_held(catalogue, end.url)
    return Added(
        given=given,
        url=end.url,
        became=became,
        reason=reason,
        report=report_id(key) if captured else None,
        canonical=_canonical(run, end, outcome) if isinstance(outcome, FetchResult) else None,
    )


def _became(run: Run, task: Task, outcome: Outcome | None, *, known: bool) -> tuple[Became, str | None]:
    key = urlkey(task.url)
    if (withdrawal := run.writer.catalogue.withdrawn.of(key)) is not None:
        return Became.REFUSED, f"it is withdrawn ({withdrawal.why}); podium reinstate takes that back"
    if isinstance(outcome, Refusal):
        return Became.REFUSED, "the host's robots.txt does not allow it"
    if (dead := run.recovery.dead.get(key)) is not None and not run.tally.offline:
        if run.recovery.has(key):
            return Became.WAYBACK, dead.reason
        return (Became.HELD if known else Became.GONE), dead.reason
    if (problem := next((p for p in run.tally.problems if urlkey(p.url) == key), None)) is not None:
        return Became.FAILED, problem.reason
    if not isinstance(outcome, FetchResult):
        return Became.LATER, None
    if not known:
        return Became.NEW, None
    latest: Capture | None = run.writer.catalogue.latest(urlkey(outcome.url))
    return (Became.UNCHANGED if latest and latest.record_type == "revisit" else Became.CHANGED), None


def _canonical(run: Run, task: Task, answer: FetchResult) -> str | None:
    """The address a page says it has, where that is another page's."""
    if answer.status != 200 or "html" not in answer.content_type.lower():
        return None
    source = run.home.collection.source(task.source)
    content = answer.content(limit=run.home.settings.max_body)
    root = page_tree(text_of(content, content_type=answer.content_type, language=source.language if source else None))
    stated = next((href for tag in root.iter("link") if (href := _own(tag))), "") if root is not None else ""
    try:
        url = resolve(stated, base=answer.url) if stated else answer.url
    except ValueError:
        return None
    return url if urlkey(url) != urlkey(answer.url) else None


def _own(tag: etree._Element) -> str:
    return str(tag.get("href") or "") if (tag.get("rel") or "").strip().lower() == "canonical" else ""
