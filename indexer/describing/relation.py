"""What a report has to do with the forum: of an edition, related, or other; with the reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from archive import Collection, Edition, Precision, Published, Record, Relation, Seed
from indexer.describing.dates import printed_dates
from indexer.describing.names import Named, NameFinder, comparable, overlapping
from indexer.describing.ordinals import ordinal_of, year_of

BEFORE, AFTER = dt.timedelta(days=30), dt.timedelta(days=60)  # of an edition, in which reports of it are published
LEAD = 600  # characters of a text that say what it is about
THEME = 6  # characters a theme must have to be told from chance
ENOUGH = 3.0  # of evidence that makes a report one of an edition
TITLE, BODY = 1.5, 0.6  # how much more, or less, evidence weighs there than in the lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Record):
    """A relation, the edition where it is that, and why."""

    relation: Relation
    edition: str | None
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """Something that speaks for an edition; `bound` where it is said of the forum itself, not of the day."""

    edition: str
    weight: float
    words: str
    bound: bool = True


class Relations:
    """Judges reports against one collection."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        ties = [text for table in (collection.words, collection.cities) for group in table.values() for text in group]
        self.names = NameFinder(collection.names, ties)
        self.near = {near.key: NameFinder(near.names) for near in collection.near_misses}
        self.cities = {
            edition.key: _spellings(collection, edition) for edition in collection.editions
        }
        self.themes = {edition.key: _themes(edition) for edition in collection.editions}

    def relate(self, *, url: str, title: str, text: str, published: Published | None, seed: Seed | None) -> Judged:
        """The relation of a report; what the collection itself says of its address comes first."""
        headline, body = comparable(title), comparable(text)
        if seed and (seed.edition or seed.relation):
            return self._stated(seed, headline, body)
        whole = f"{headline}\n{body}"
        other, own = self._named(whole)
        if not own:
            reason = f"names another forum ({other})" if other else "does not name the forum"
            return Judged(relation=Relation.OTHER, edition=None, reason=reason, confidence=0.9 if other else 0.8)
        evidence = list(self._evidence(whole, len(headline), own, published))
        return self._decided(own, evidence, published, len(headline))

    def _named(self, text: str) -> tuple[str | None, list[Named]]:
        """A near miss that is named, and the forum's own names that are not part of one."""
        near = [(key, named) for key, finder in self.near.items() for named in finder.find(text)]
        misses = [named for _, named in near]
        own = [named for named in self.names.find(text) if not any(overlapping(named, misses))]
        return (near[0][0] if near else None), own

    def _stated(self, seed: Seed, headline: str, body: str) -> Judged:
        _, own = self._named(f"{headline}\n{body}")
        borne_out = " and names the forum" if own else ""
        if seed.edition and seed.relation in (None, Relation.EDITION):
            reason = f"the collection lists this address under the edition of {seed.edition}; it says so{borne_out}"
            reason = f"listed by the collection as a report of the edition {seed.edition}" + (", and names the forum" if own else "")
            return Judged(relation=Relation.EDITION, edition=seed.edition, reason=reason, confidence=0.98 if own else 0.95)
        relation = seed.relation or Relation.RELATED
        return Judged(relation=relation, edition=None, reason=f"listed by the collection as {relation}", confidence=0.95)

    def _evidence(self, text: str, title: int, own: list[Named], published: Published | None) -> Iterator[Evidence]:
        for named in own:
            place = TITLE if named.start < title else 1.0 if named.start < title + LEAD else BODY
            if (year := year_of(text, named)) is not None:
                yield from (Evidence(edition=e.key, weight=5 * place, words=f"its name is given the year {year}") for e in self._of_year(year))
            elif (ordinal := ordinal_of(text, named)) is not None:
                yield from (Evidence(edition=e.key, weight=5 * place, words=f"it is called number {ordinal}") for e in self._of_ordinal(ordinal))
            yield from self._around(text, named, place, published)
        yield from self._elsewhere(text)
        if published:
            yield from self._by_day(published)

    def _around(self, text: str, named: Named, place: float, published: Published | None) -> Iterator[Evidence]:
        """Days of the event named near the forum's name."""
        near = text[max(0, named.start - 120) : named.end + 160]
        for date in printed_dates(near, language=named.language):
            year = date.year or (published.date.year if published else None)
            day = date.in_year(year) if year and date.day else None
            for edition in self.collection.editions:
                if day and edition.window and edition.window[0] <= day <= edition.window[1]:
                    yield Evidence(edition=edition.key, weight=3 * place, words=f"it took place on {day.isoformat()}", bound=date.year is not None)

    def _elsewhere(self, text: str) -> Iterator[Evidence]:
        for edition in self.collection.editions:
            if any(theme in text for theme in self.themes[edition.key]):
                yield Evidence(edition=edition.key, weight=2.5, words="its theme is named")
            if any(city in text for city in self.cities[edition.key]):
                yield Evidence(edition=edition.key, weight=0.5, words="its city is named", bound=False)

    def _by_day(self, published: Published) -> Iterator[Evidence]:
        for edition in self.collection.editions:
            if _in_window(edition, published):
                yield Evidence(edition=edition.key, weight=3.0, words="published around its days", bound=False)
            elif edition.window is None and edition.year == published.date.year:
                yield Evidence(edition=edition.key, weight=2.5, words="published in its year", bound=False)

    def _of_year(self, year: int) -> list[Edition]:
        return [edition for edition in self.collection.editions if edition.year == year]

    def _of_ordinal(self, ordinal: int) -> list[Edition]:
        return [e for e in self.collection.editions if any(claim.value == ordinal for claim in e.values("ordinal"))]

    def _decided(self, own: list[Named], evidence: list[Evidence], published: Published | None, title: int) -> Judged:
        best = self._strongest(evidence)
        if not best:
            return _related("names the forum, but nothing says which edition", 0.6)
        key, score, margin, said = best[0]
        edition = self.collection.edition(key)
        in_title = any(named.start < title for named in own)
        if edition and published and _long_after(edition, published) and not in_title:
            return _related(f"names the forum in passing, published long after the edition {key}", 0.7)
        if score < ENOUGH or margin < 1.0:
            return _related("names the forum, but nothing says surely which edition", 0.5)
        reason = f"names the forum ({own[0].name}); edition {key}: {', '.join(said)}"
        return Judged(relation=Relation.EDITION, edition=key, reason=reason, confidence=round(min(0.97, 0.6 + 0.04 * score), 2))

    def _strongest(self, evidence: list[Evidence]) -> list[tuple[str, float, float, list[str]]]:
        """Editions by evidence: the best of each kind counts once. Key, score, lead over the next, and what says so."""
        kinds: dict[tuple[str, str], Evidence] = {}
        for one in evidence:
            kind = one.words.split(" ", 2)[1]
            if (known := kinds.get((one.edition, kind))) is None or known.weight < one.weight:
                kinds[one.edition, kind] = one
        scores: dict[str, list[Evidence]] = {}
        for (key, _), one in kinds.items():
            scores.setdefault(key, []).append(one)
        ranked = sorted(((sum(e.weight for e in found), key, found) for key, found in scores.items()), key=lambda r: (-r[0], r[1]))
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        return [
            (key, score, score - second, [e.words for e in sorted(found, key=lambda e: -e.weight)])
            for score, key, found in ranked[:1]
        ]


def _related(reason: str, confidence: float) -> Judged:
    return Judged(relation=Relation.RELATED, edition=None, reason=reason, confidence=confidence)


def _in_window(edition: Edition, published: Published) -> bool:
    window = edition.window
    if window is None:
        return False
    if published.precision is Precision.DAY:
        return window[0] - BEFORE <= published.date <= window[1] + AFTER
    months = {(day.year, day.month) for day in (window[0], window[1], window[1] + AFTER / 2)}
    return published.date.year == edition.year and (
        published.precision is Precision.YEAR or (published.date.year, published.date.month) in months
    )


def _long_after(edition: Edition, published: Published) -> bool:
    if edition.window is None:
        return published.date.year > edition.year
    return published.precision is Precision.DAY and published.date > edition.window[1] + AFTER


def _spellings(collection: Collection, edition: Edition) -> tuple[str, ...]:
    cities = [str(claim.value) for claim in edition.values("city")]
    return tuple(comparable(text) for city in cities for text in (city, *collection.cities.get(city, ())))


def _themes(edition: Edition) -> tuple[str, ...]:
    claims = [claim for name in ("theme", "slogan") for claim in edition.values(name)]
    texts = (comparable(text) for claim in claims for text in (str(claim.value), *claim.also))
    return tuple(text for text in texts if len(text) >= THEME)
