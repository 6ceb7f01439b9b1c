"""What speaks for an edition: an ordinal or year in the forum's name, days, theme, city, the date of publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive import Collection, Edition, Precision, Published, Record
from indexer.describing.dates import printed_dates
from indexer.describing.names import Named, comparable
from indexer.describing.ordinals import ordinal_of, year_of

BEFORE, AFTER = dt.timedelta(days=30), dt.timedelta(days=60)  # of an edition, in which reports of it are published
LEAD = 600  # characters of a text that say what it is about
AHEAD, BEHIND = 120, 160  # characters around a name in which the event's day stands
THEME = 6  # characters a theme must have to be told from chance
IN_TITLE, IN_LEAD, IN_BODY = 1.5, 1.0, 0.6  # how much evidence counts by where it stands
NUMBERED, HELD, AROUND, IN_YEAR, THEMED, IN_CITY = 5.0, 3.0, 3.0, 2.5, 2.5, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """Something that speaks for an edition; of one `kind` the weightiest counts."""

    edition: str
    kind: str
    weight: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Best(Record):
    """The edition that most speaks for, how much that is, how much more than for the next, and what it is."""

    edition: str
    score: float
    lead: float
    words: tuple[str, ...]


class Witness:
    """Looks for evidence of one collection's editions."""

    def __init__(self, collection: Collection) -> None:
        self.editions = collection.editions
        self.cities = {edition.key: _cities(collection, edition) for edition in collection.editions}
        self.themes = {edition.key: _themes(edition) for edition in collection.editions}

    def evidence(
        self, text: str, own: Iterable[Named], *, title: int, published: Published | None
    ) -> Iterator[Evidence]:
        """Evidence in a comparable text whose first `title` characters are its title; `own` are the forum's names."""
        for named in own:
            place = IN_TITLE if named.start < title else IN_LEAD if named.start < title + LEAD else IN_BODY
            yield from self._numbered(text, named, place)
            yield from self._held(text, named, place, published)
        for edition in self.editions:
            if any(theme in text for theme in self.themes[edition.key]):
                yield Evidence(edition=edition.key, kind="theme", weight=THEMED, words="its theme is named")
            if any(city in text for city in self.cities[edition.key]):
                yield Evidence(edition=edition.key, kind="city", weight=IN_CITY, words="its city is named")
            if published:
                yield from _dated(edition, published)

    def _numbered(self, text: str, named: Named, place: float) -> Iterator[Evidence]:
        """The year or ordinal in the name's own noun phrase."""
        if (year := year_of(text, named)) is not None:
            of, words = [e for e in self.editions if e.year == year], f"its name bears the year {year}"
        elif (ordinal := ordinal_of(text, named)) is not None:
            of = [e for e in self.editions if any(claim.value == ordinal for claim in e.values("ordinal"))]
            words = f"it is called number {ordinal}"
        else:
            return
        yield from (Evidence(edition=e.key, kind="number", weight=NUMBERED * place, words=words) for e in of)

    def _held(self, text: str, named: Named, place: float, published: Published | None) -> Iterator[Evidence]:
        """Days named near the forum's name; one without a year is of the year of publication."""
        near = text[max(0, named.start - AHEAD) : named.end + BEHIND]
        for date in printed_dates(near, language=named.language):
            year = date.year or (published.date.year if published else None)
            day = date.in_year(year) if year and date.day else None
            for edition in self.editions:
                if day and edition.window and edition.window[0] <= day <= edition.window[1]:
                    words = f"it took place on {day.isoformat()}"
                    yield Evidence(edition=edition.key, kind="day", weight=HELD * place, words=words)


def strongest(evidence: Iterable[Evidence]) -> Best | None:
    """The edition with the most evidence, ties by key; None without any."""
    kinds: dict[tuple[str, str], Evidence] = {}
    for one in evidence:
        known = kinds.get((one.edition, one.kind))
        if known is None or (known.weight, known.words) < (one.weight, one.words):
            kinds[one.edition, one.kind] = one
    scores: dict[str, float] = {}
    for one in kinds.values():
        scores[one.edition] = scores.get(one.edition, 0.0) + one.weight
    ranked = sorted(scores, key=lambda key: (-scores[key], key))
    if not ranked:
        return None
    mine = sorted((one for one in kinds.values() if one.edition == ranked[0]), key=lambda one: (-one.weight, one.kind))
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    score = scores[ranked[0]]
    return Best(edition=ranked[0], score=score, lead=score - second, words=tuple(one.words for one in mine))


def _dated(edition: Edition, published: Published) -> Iterator[Evidence]:
    if _in_window(edition, published):
        yield Evidence(edition=edition.key, kind="published", weight=AROUND, words="published around its days")
    elif edition.window is None and edition.year == published.date.year:
        yield Evidence(edition=edition.key, kind="published", weight=IN_YEAR, words="published in its year")


def _in_window(edition: Edition, published: Published) -> bool:
    if edition.window is None:
        return False
    first, last = edition.window[0] - BEFORE, edition.window[1] + AFTER
    if published.precision is Precision.DAY:
        return first <= published.date <= last
    if published.precision is Precision.YEAR:
        return published.date.year == edition.year
    return (first.year, first.month) <= (published.date.year, published.date.month) <= (last.year, last.month)


def _cities(collection: Collection, edition: Edition) -> tuple[str, ...]:
    cities = [str(claim.value) for claim in edition.values("city")]
    return tuple(comparable(text) for city in cities for text in (city, *collection.cities.get(city, ())))


def _themes(edition: Edition) -> tuple[str, ...]:
    claims = [claim for name in ("theme", "slogan") for claim in edition.values(name)]
    texts = (comparable(text) for claim in claims for text in (str(claim.value), *claim.also))
    return tuple(text for text in texts if len(text) >= THEME)
