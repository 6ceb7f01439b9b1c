"""What the home page and the pages of editions show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive import Catalogue, Claim, Collection, Edition, Record, Relation, Report, report_id, urlkey
from webapp.reading import Counts

SINGLE = ("ordinal", "start", "end", "city")  # fields of which an edition has one: two values are a conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine(Record):
    """An edition in a list: what is claimed first, and how many reports there are in which languages."""

    edition: Edition
    reports: int
    languages: tuple[tuple[str, int], ...]
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Record):
    """The archive at a glance."""

    collection: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    fictional: bool
    missing: str | None
    editions: tuple[EditionLine, ...]
    reports: int
    relations: tuple[tuple[Relation, int], ...]
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness(Record):
    """An address that attests a claim, and the report it is here, if the archive holds it."""

    url: str
    report: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested(Record):
    """One claim with the addresses that attest it."""

    claim: Claim
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Record):
    """The claims of one field, side by side; `conflict` when they cannot all be true."""

    name: str
    claims: tuple[Attested, ...]
    conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPage(Record):
    """An edition: its claims by field and its reports by language."""

    edition: Edition
    fields: tuple[Field, ...]
    reports: tuple[tuple[str, tuple[Report, ...]], ...]
    before: str | None
    after: str | None


def overview(collection: Collection, counts: Counts) -> Overview:
    """The archive at a glance: its editions, oldest first, and what is known to be missing."""
    relations = Counter[Relation]()
    for (_, _, relation), number in counts.items():
        relations[relation] += number
    return Overview(
        collection=collection.key,
        title=collection.title,
        description=collection.description,
        fictional=collection.fictional,
        missing=collection.gaps,
        editions=tuple(edition_line(edition, counts) for edition in _in_order(collection)),
        reports=relations.total(),
        relations=tuple((relation, relations[relation]) for relation in Relation),
        languages=_by_number(counts, lambda edition: True),
    )


def edition_line(edition: Edition, counts: Counts) -> EditionLine:
    """An edition with the numbers of its reports."""
    languages = _by_number(counts, lambda key: key == edition.key)
    conflicts = sum(_conflict(name, edition) for name in (*SINGLE, "conflict"))
    return EditionLine(
        edition=edition, reports=sum(number for _, number in languages), languages=languages, conflicts=conflicts
    )


def edition_page(collection: Collection, catalogue: Catalogue, key: str) -> EditionPage | None:
    """An edition with its claims and reports, or None."""
    edition = collection.edition(key)
    if edition is None:
        return None
    keys = [one.key for one in _in_order(collection)]
    at = keys.index(key)
    return EditionPage(
        edition=edition,
        fields=tuple(_fields(edition, catalogue)),
        reports=_by_language(catalogue, key),
        before=keys[at - 1] if at else None,
        after=keys[at + 1] if at + 1 < len(keys) else None,
    )


def _fields(edition: Edition, catalogue: Catalogue) -> list[Field]:
    names = dict.fromkeys(claim.field for claim in edition.claims)
    return [
        Field(
            name=name,
            claims=tuple(Attested(claim=c, witnesses=_witnesses(c, catalogue)) for c in edition.values(name)),
            conflict=_conflict(name, edition),
        )
        for name in names
    ]


def _witnesses(claim: Claim, catalogue: Catalogue) -> tuple[Witness, ...]:
    reports = ((url, catalogue.report(report_id(urlkey(url)))) for url in claim.sources)
    return tuple(Witness(url=url, report=report.id if report else None) for url, report in reports)


def _by_language(catalogue: Catalogue, key: str) -> tuple[tuple[str, tuple[Report, ...]], ...]:
    groups: dict[str, list[Report]] = {}
    for report in catalogue.reports(edition=key):
        groups.setdefault(report.language, []).append(report)
    largest_first = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return tuple((language, tuple(reports)) for language, reports in largest_first)


def _by_number(counts: Counts, wanted: Callable[[str | None], bool]) -> tuple[tuple[str, int], ...]:
    languages = Counter[str]()
    for (edition, language, relation), number in counts.items():
        if relation is not Relation.OTHER and wanted(edition):
            languages[language] += number
    return tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0])))


def _conflict(name: str, edition: Edition) -> bool:
    """Whether sources disagree about a field; what is said of one source alone, such as that it is a copy, is none."""
    claims = edition.values(name)
    if name == "conflict":
        return any(len(claim.sources) > 1 for claim in claims)
    return name in SINGLE and _differ(claims)


def _differ(claims: tuple[Claim, ...]) -> bool:
    return len({claim.value for claim in claims}) > 1


def _in_order(collection: Collection) -> list[Edition]:
    return sorted(collection.editions, key=lambda edition: (edition.year, edition.key))
