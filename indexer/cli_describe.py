"""Commands on what was described: describe, editions."""

from __future__ import annotations

from collections import Counter

import click

from archive import Context, Edition, Relation, json_option, wait_option
from indexer.describe import describe as describe_home


@click.command()
@click.option("--workers", type=click.IntRange(1), help="Processes; default: the setting workers.")
@wait_option
@json_option
@click.pass_obj
def describe(context: Context, workers: int | None, wait: float) -> None:
    """Find text, date, language, edition and quotes in what was archived.

    Example: podium describe --workers 2
    """
    result = describe_home(context.home(), workers=workers, wait=wait, progress=context.progress)
    context.clear()
    context.emit(result, result.as_text())
    if result.failed:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("key", required=False)
@json_option
@click.pass_obj
def editions(context: Context, key: str | None) -> None:
    """List the editions, with what is claimed of each and the reports there are by language.

    Example: podium editions
    Example: podium editions 2025 --json
    """
    home = context.home()
    chosen = [edition for edition in home.collection.editions if key in (None, edition.key)]
    if not chosen:
        known = ", ".join(edition.key for edition in home.collection.editions)
        raise click.UsageError(f"there is no edition {key!r}; the editions are {known}")
    with home.catalogue() as catalogue:
        for edition in chosen:
            reports = [r for r in catalogue.reports(edition=edition.key) if r.relation is Relation.EDITION]
            languages = Counter(report.language for report in reports)
            context.emit(
                {**edition.to_json(), "reports": len(reports), "languages": dict(sorted(languages.items()))},
                _edition(edition, languages),
            )
    if key is None and home.collection.gaps:
        context.say(home.collection.gaps)


def _edition(edition: Edition, languages: Counter[str]) -> str:
    counted = ", ".join(f"{code} {count}" for code, count in sorted(languages.items())) or "none"
    lines = [f"{edition.key}: {sum(languages.values())} reports ({counted})"]
    for claim in edition.claims:
        note = f" ({claim.note})" if claim.note else ""
        lines.append(f"  {claim.field}: {claim.value}{note}")
        lines += [f"    {source}" for source in claim.sources]
    return "\n".join(lines)
