"""What a report has to do with the forum: of an edition, related, or other; with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from archive import Collection, Edition, Precision, Published, Record, Relation, Seed
from indexer.describing.evidence import AFTER, Evidence, Witness, strongest
from indexer.describing.names import Named, NameFinder, comparable, overlapping

ENOUGH = 3.0  # of evidence that makes a report one of an edition
LEAD = 1.0  # of evidence over the next edition
LISTED, LISTED_AND_NAMED = 0.95, 0.98  # confidence in what the collection itself says
UNNAMED, ANOTHER, PASSING, OPEN, UNSURE = 0.8, 0.9, 0.7, 0.6, 0.5
SUREST = 0.97  # of what evidence alone can say


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Record):
    """A relation, the edition where it is that, and why."""

    relation: Relation
    edition: str | None = None
    reason: str
    confidence: float


class Relations:
    """Judges reports against one collection."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        ties = [text for table in (collection.words, collection.cities) for group in table.values() for text in group]
        self.names = NameFinder(collection.names, ties)
        self.near = {near.key: NameFinder(near.names) for near in collection.near_misses}
        self.witness = Witness(collection)

    def relate(self, *, title: str, text: str, published: Published | None, seed: Seed | None) -> Judged:
        """The relation of a report; what the collection itself says of its address comes first."""
        headline = comparable(title)
        whole = f"{headline}\n{comparable(text)}"
        other, own = self._named(whole)
        if seed and (seed.edition or seed.relation):
            return _listed(seed, named=bool(own))
        if not own:
            reason = f"names another forum ({other})" if other else "does not name the forum"
            return Judged(relation=Relation.OTHER, reason=reason, confidence=ANOTHER if other else UNNAMED)
        evidence = list(self.witness.evidence(whole, own, title=len(headline), published=published))
        return self._decided(own, evidence, published, title=len(headline))

    def _named(self, text: str) -> tuple[str | None, list[Named]]:
        """A near miss that is named, and the forum's own names that are not part of one."""
        near = [(key, named) for key, finder in self.near.items() for named in finder.find(text)]
        misses = [named for _, named in near]
        own = [named for named in self.names.find(text) if not any(overlapping(named, misses))]
        return (near[0][0] if near else None), own

    def _decided(
        self, own: list[Named], evidence: list[Evidence], published: Published | None, *, title: int
    ) -> Judged:
        best = strongest(evidence)
        edition = self.collection.edition(best.edition) if best else None
        if best is None or edition is None:
            return _related("names the forum, but nothing says which edition", OPEN)
        if published and _long_after(edition, published) and not any(named.start < title for named in own):
            return _related(f"names the forum in passing, published long after the edition {edition.key}", PASSING)
        if best.score < ENOUGH or best.lead < LEAD:
            return _related("names the forum, but nothing says surely which edition", UNSURE)
        reason = f"names the forum ({own[0].name}); edition {edition.key}: {', '.join(best.words)}"
        confidence = round(min(SUREST, 0.6 + 0.04 * best.score), 2)
        return Judged(relation=Relation.EDITION, edition=edition.key, reason=reason, confidence=confidence)


def _listed(seed: Seed, *, named: bool) -> Judged:
    """What the collection says of an address."""
    confidence = LISTED_AND_NAMED if named else LISTED
    if seed.edition and seed.relation in (None, Relation.EDITION):
        reason = f"listed by the collection as a report of the edition {seed.edition}"
        reason += ", and names the forum" if named else ""
        return Judged(relation=Relation.EDITION, edition=seed.edition, reason=reason, confidence=confidence)
    relation = seed.relation or Relation.RELATED
    return Judged(relation=relation, reason=f"listed by the collection as {relation}", confidence=LISTED)


def _related(reason: str, confidence: float) -> Judged:
    return Judged(relation=Relation.RELATED, reason=reason, confidence=confidence)


def _long_after(edition: Edition, published: Published) -> bool:
    if edition.window is None:
        return published.date.year > edition.year
    if published.precision is Precision.DAY:
        return published.date > edition.window[1] + AFTER
    return published.date.year > edition.year
