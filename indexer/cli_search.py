"""Commands on the index: index, search, check."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import Any

import click

from archive import Context, Relation, Report, Trust, json_option, wait_option
from indexer.check import CheckMatch, CheckResult
from indexer.check import check as check_text
from indexer.engine.snippets import Fragment
from indexer.index import index as update_index
from indexer.search import SORTS, Hit, SearchPage, SearchRequest
from indexer.search import search as search_home

DATE = click.DateTime(["%Y-%m-%d"])
RELATIONS = [relation.value for relation in Relation]
VERDICTS = {
    "verbatim": "word for word in",
    "near": "nearly, in",
    "not_found": "Not found",
    "too_short": "Too short to be told from chance; give more of the quote.",
}


@click.command()
@click.option("--rebuild", is_flag=True, help="Build the whole index anew beside the old one.")
@wait_option
@json_option
@click.pass_obj
def index(context: Context, rebuild: bool, wait: float) -> None:
    """Bring the search index up to what has been described.

    Example: podium index
    Example: podium index --rebuild
    """
    result = update_index(context.home(), rebuild=rebuild, wait=wait, progress=context.progress)
    context.clear()
    context.emit(result, result.as_text())


def filtering(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that takes the filters by edition, language, publisher and kind of publisher."""
    more: dict[str, Any] = {"multiple": True}
    for option in (
        click.option(
            "--trust",
            "trusts",
            type=click.Choice([kind.value for kind in Trust]),
            help="Only of this kind of publisher; may be repeated.",
            **more,
        ),
        click.option(
            "--publisher", "publishers", metavar="NAME", help="Only of this publisher; may be repeated.", **more
        ),
        click.option("--language", "languages", metavar="CODE", help="Only in this language; may be repeated.", **more),
        click.option("--edition", "editions", metavar="KEY", help="Only of this edition; may be repeated.", **more),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("query", default="")
@filtering
@click.option(
    "--relation", type=click.Choice([*RELATIONS, "any"]), help="Default: reports of editions and related ones."
)
@click.option("--from", "date_from", type=DATE, metavar="DATE", help="Published on this day or later, as 2025-07-16.")
@click.option("--to", "date_to", type=DATE, metavar="DATE", help="Published on this day or earlier.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="The order of hits.")
@click.option("--page", default=1, show_default=True, help="Which page of hits.")
@click.option("--size", type=int, help="Hits on a page; default: the setting page_size.")
@json_option
@click.pass_obj
def search(context: Context, /, relation: str | None, size: int | None, **given: Any) -> None:
    """Find reports. An empty QUERY finds all, newest first.

    Example: podium search "women leaders" --edition 2025
    Example: podium search 女 --language zh --sort newest
    """
    home = context.home()
    given |= {name: _date(given[name]) for name in ("date_from", "date_to")}
    request = SearchRequest(
        relation="any" if relation == "any" else Relation(relation) if relation else None,
        size=home.settings.page_size if size is None else size,
        **given,
    )
    page = search_home(home, request)
    if context.json:
        context.emit(page)
        return
    first = (request.page - 1) * request.size
    context.emit(page, _summary(page, first))
    for number, hit in enumerate(page.hits, first + 1):
        context.emit(hit, f"\n{number}. {_hit(hit)}")


@click.command()
@click.argument("text")
@click.option("--language", metavar="CODE", help="Only in reports in this language.")
@json_option
@click.pass_obj
def check(context: Context, text: str, language: str | None) -> None:
    """Look a quote up in every version of every report.

    Example: podium check "Women hold up half the sky"
    """
    result = check_text(context.home(), text, language=language)
    context.emit(result, _verdict(result))


def _date(value: dt.datetime | None) -> dt.date | None:
    return value and value.date()


def _summary(page: SearchPage, first: int) -> str:
    shown = f"{first + 1}-{first + len(page.hits)} of " if page.hits else ""
    lines = [f"{shown}{page.total} reports for {page.analysed}"]
    if page.others:
        lines.append(f"{page.others} more of another relation to the forum (--relation any shows them)")
    lines += [f"{one.query} finds {one.total}" for one in page.suggestions]
    searched = page.searched
    languages = ", ".join(f"{code or '?'} {count}" for code, count in searched.languages)
    lines.append(f"searched: {searched.reports} reports ({languages}); index {page.generation}")
    return "\n".join(lines)


def _hit(hit: Hit) -> str:
    lines = [_marked(hit.title), f"   {_source(hit.report)}"]
    lines += [f"   {'…' * bool(f.start)}{_marked(f)}{'…' * f.more}" for f in hit.fragments]
    return "\n".join(lines)


def _source(report: Report) -> str:
    published = report.published.date.isoformat() if report.published else "date unknown"
    edition = f"edition {report.edition}" if report.edition else report.relation.value
    return f"{report.publisher} · {published} · {report.language} · {edition} · {report.id}\n   {report.url}"


def _marked(fragment: Fragment) -> str:
    """The fragment on one line, its marks bold on a terminal and in «» elsewhere."""
    before, after = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("«", "»")
    pieces, done = [], 0
    for start, end in fragment.marks:
        pieces += [fragment.text[done:start], before, fragment.text[start:end], after]
        done = end
    return " ".join("".join([*pieces, fragment.text[done:]]).split())


def _verdict(result: CheckResult) -> str:
    if not result.matches:
        where = f" in {result.versions} texts of {result.reports} reports." if result.verdict == "not_found" else ""
        return VERDICTS[result.verdict] + where
    count = len(result.matches)
    lines = [f"{result.verdict}: {VERDICTS[result.verdict]} {count} text{'s' if count > 1 else ''}"]
    return "\n".join([*lines, *(f"\n{_match(match, result.text)}" for match in result.matches)])


def _where(match: CheckMatch) -> str:
    seen = f"in the version of {match.seen_last}" if match.seen_last else "in another version"
    return f"{seen}, gone since {match.gone_since}" if match.gone_since else f"{seen}, not in the one search ranks"


def _match(match: CheckMatch, asked: str) -> str:
    lines = [match.report.title, f"   {_source(match.report)}", f"   “{' '.join(match.text.split())}”"]
    if match.similarity < 100:
        lines.append(f"   {match.similarity:.0f} of 100 letters alike")
    if match.lacks:
        lines.append("   not in print there: " + ", ".join(f"“{asked[start:end]}”" for start, end in match.lacks))
    if match.speaker:
        lines.append(f"   speaker as mentioned: {match.speaker}" + (f", {match.role}" if match.role else ""))
    if not match.latest:
        lines.append(f"   {_where(match)}")
    if match.capture:
        capture = match.capture
        lines.append(f"   captured {capture.timestamp} via {capture.via} in {capture.file} at {capture.offset}")
        lines.append(f"   sha256:{capture.sha256} sha1:{capture.payload_sha1}")
    return "\n".join(lines)
