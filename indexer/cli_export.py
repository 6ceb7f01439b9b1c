"""The command that hands the archive over: everything, or what a search finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from archive import Context, ExportFormat, Home, Relation, Report, Selection, export_archive, json_option
from indexer.cli_search import DATE, RELATIONS, filtering
from indexer.search import DEFAULT_RELATIONS, Searcher, SearchRequest, check_request

FORMATS = [each.value for each in ExportFormat]
# These hand over what a search shows; the others hold everything unless something is asked for.
OF_SEARCH = (ExportFormat.CSV, ExportFormat.JSONL)


@click.command()
@click.argument("query", default="")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
    help="Where to write, for dump and bag a folder; csv, jsonl and cdxj go to stdout without it.",
)  # fmt: skip
@filtering
@click.option(
    "--relation", type=click.Choice([*RELATIONS, "any"]), help="Default: as a search; any where nothing is asked for."
)
@click.option("--from", "date_from", type=DATE, metavar="DATE", help="Published on this day or later, as 2025-07-16.")
@click.option("--to", "date_to", type=DATE, metavar="DATE", help="Published on this day or earlier.")
@click.option(
    "--restricted", is_flag=True, help="Also what sources do not let be shown or exported; for a successor only."
)
@json_option
@click.pass_obj
def export(context: Context, /, query: str, form: str, output: Path | None, restricted: bool, **given: Any) -> None:
    """Write reports, records or the whole archive for others; QUERY and filters choose.

    Example: podium export --format csv "women leaders" --edition 2025 -o leaders.csv
    Example: podium export --format wacz -o forum.wacz
    """
    home = context.home()
    selection = select(home, query, form=ExportFormat(form), restricted=restricted, **given)
    result = export_archive(home, ExportFormat(form), output, selection=selection, progress=context.progress)
    context.clear()
    if output is None:
        context.say(result.as_text())
    else:
        context.emit(result, result.as_text())


def select(
    home: Home,
    query: str,
    *,
    form: ExportFormat,
    restricted: bool,
    relation: str | None,
    date_from: dt.datetime | None,
    date_to: dt.datetime | None,
    **filters: Any,
) -> Selection:
    """What a query and filters mean; nothing asked for is everything, or for tables what a search shows."""
    request = SearchRequest(
        query=query,
        relation="any" if relation == "any" else Relation(relation) if relation else None,
        date_from=date_from and date_from.date(),
        date_to=date_to and date_to.date(),
        **filters,
    )
    if form not in OF_SEARCH and request in (SearchRequest(), SearchRequest(relation="any")):
        return Selection(restricted=restricted)
    if query:
        with Searcher(home) as searcher:
            ids = tuple(searcher.ids(request))
    else:
        ids = tuple(_filtered(home, request))
    return Selection(reports=ids, words=_words(request), restricted=restricted)


def _filtered(home: Home, request: SearchRequest) -> Iterator[str]:
    """The ids of the reports that pass the filters, by published date; no index is needed for it."""
    check_request(request, home)
    with home.catalogue() as catalogue:
        yield from (report.id for report in catalogue.reports() if _passes(report, request))


def _passes(report: Report, request: SearchRequest) -> bool:
    day = report.published.date if report.published else None
    relations = DEFAULT_RELATIONS if request.relation is None else {request.relation}
    return (
        (request.relation == "any" or report.relation in relations)
        and (not request.editions or report.edition in request.editions)
        and (not request.languages or report.language in request.languages)
        and (not request.publishers or report.publisher in request.publishers)
        and (not request.trusts or report.trust in request.trusts)
        and (request.date_from is None or (day is not None and day >= request.date_from))
        and (request.date_to is None or (day is not None and day <= request.date_to))
    )


def _words(request: SearchRequest) -> str:
    """The request in words, as a command would be given it."""
    said = [f'"{request.query}"'] if request.query else []
    for name, values in (
        ("edition", request.editions), ("language", request.languages), ("publisher", request.publishers),
        ("kind of publisher", request.trusts),
        ("relation", [request.relation] if request.relation else []),
        ("from", [request.date_from] if request.date_from else []), ("to", [request.date_to] if request.date_to else []),
    ):  # fmt: skip
        said += [f"{name} {value}" for value in values]
    return ", ".join(said) or "reports of editions and related ones"
