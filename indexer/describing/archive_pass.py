"""The pass over the archive: captures with their descriptions to reports, versions and quotes.

What comes out depends on what is in the archive alone, not on the order it came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive import (
    Capture,
    Collection,
    Published,
    Quote,
    Report,
    Seed,
    Source,
    Trust,
    Version,
    Via,
    fold_plain,
    header_forbids_copy,
    probable_original,
    report_id,
    urlkey,
)
from indexer.describing.address_date import date_in_address
from indexer.describing.description import SUPPLIED, Description, Statement
from indexer.describing.relation import Relations

VERSION_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The derived state of the whole archive."""

    reports: tuple[Report, ...]
    versions: tuple[Version, ...]
    quotes: tuple[Quote, ...]


class Sources:
    """Which source, and which seed of it, an address belongs to."""

    def __init__(self, collection: Collection, added: Mapping[str, Seed] | None = None) -> None:
        """`added` is what was said of pages that were added by hand, by urlkey; what the collection says comes first."""
        self.collection = collection
        self._by_key = {source.key: source for source in collection.sources}
        self._by_host = {host: source for source in reversed(collection.sources) for host in source.hosts}
        self._seeds: dict[str, tuple[Source | None, Seed]] = {}
        for source in collection.sources:
            for seed in source.seeds:
                self._seeds.setdefault(urlkey(seed.url), (source, seed))
        for source in collection.sources:
            for seed in source.seeds:
                if seed.original:  # the same report, in its first place
                    self._seeds.setdefault(urlkey(seed.original), (self.of_host(seed.original) or source, seed))

        for key, seed in (added or {}).items():
            self._seeds.setdefault(key, (None, seed))

    def of_host(self, url: str) -> Source | None:
        """The source a host belongs to."""
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        return self._by_host.get(host) or self._by_host.get(f"www.{host}") or self._by_host.get(parts.netloc)

    def of(self, capture: Capture) -> tuple[Source | None, Seed | None]:
        """The source and seed of a capture: of its address, its host, or what led to it."""
        source, seed = self._seeds.get(capture.urlkey, (None, None))
        return source or self.of_host(capture.url) or self._by_key.get(capture.source or ""), seed


@dataclass(slots=True)
class _Text:
    """One distinct text of a report, with the captures that carry it."""

    description: Description
    captures: list[Capture] = field(default_factory=list)

    @property
    def id(self) -> str:
        return hashlib.sha256(self.description.text.encode("utf-8", "surrogatepass")).hexdigest()[:VERSION_DIGITS]


def describe_archive(
    captures: Iterable[Capture],
    descriptions: Mapping[int, Description],
    *,
    collection: Collection,
    extractor: str,
    added: Mapping[str, Seed] | None = None,
) -> Described:
    """Reports, versions and quotes of captures, by id; `descriptions` by capture id, none for what has no text."""
    by_page: dict[str, list[Capture]] = {}
    for capture in sorted(captures, key=lambda c: (c.timestamp, c.file, c.offset)):
        if capture.id in descriptions:
            by_page.setdefault(capture.urlkey, []).append(capture)
    sources, relations = Sources(collection, added), Relations(collection)
    pages = [_Page(key, found, descriptions, sources, relations) for key, found in sorted(by_page.items())]
    return Described(
        reports=tuple(page.report() for page in pages),
        versions=tuple(version for page in pages for version in page.versions(extractor)),
        quotes=tuple(quote for page in pages for quote in page.quotes()),
    )


class _Page:
    """The captures of one urlkey that have a text."""

    def __init__(
        self,
        key: str,
        captures: Sequence[Capture],
        descriptions: Mapping[int, Description],
        sources: Sources,
        relations: Relations,
    ) -> None:
        self.key = key
        self.id = report_id(key)
        self.captures = captures
        self.relations = relations
        self.texts = self._texts(descriptions)
        self.ranked = self._ranked()
        self.latest = self.ranked.captures[-1]
        self.noarchive = descriptions[self.latest.id].noarchive or header_forbids_copy(self._robots())
        self.source, self.seed = sources.of(self.latest)
        self.original = probable_original(sources.collection, self.source, self.seed, self.latest.url)

    def _texts(self, descriptions: Mapping[int, Description]) -> list[_Text]:
        texts: dict[str, _Text] = {}
        for capture in self.captures:
            description = descriptions[capture.id]
            texts.setdefault(description.text, _Text(description)).captures.append(capture)
        return list(texts.values())

    def _robots(self) -> list[str]:
        """What the server told robots with the latest answer; a 304 says again what came with what it refers to."""
        said = self.latest.robots
        if said is None and self.latest.record_type == "revisit":
            said = next((c.robots for c in self.captures if c.id == self.latest.refers_to), None)
        return (said or "").splitlines()

    def _ranked(self) -> _Text:
        """The text of the latest fetched capture; a supplied one only where none was fetched."""
        fetched = [text for text in self.texts if any(c.via is not Via.SUPPLIED for c in text.captures)]
        return max(fetched or self.texts, key=lambda text: _newest(text.captures))

    def report(self) -> Report:
        described, latest = self.ranked.description, self.latest
        published = self._published()
        judged = self.relations.relate(title=described.title, text=described.text, published=published, seed=self.seed)
        return Report(
            id=self.id,
            urlkey=self.key,
            url=latest.url,
            title=described.title or latest.url,
            publisher=self._publisher(),
            language=(latest.language if latest.via is Via.SUPPLIED else None) or described.language,
            trust=self.source.trust if self.source else Trust.UNKNOWN,
            via=latest.via,
            source=self.source.key if self.source else None,
            published=published,
            first_seen=self.captures[0].timestamp,
            captured=self._captured(),
            relation=judged.relation,
            edition=judged.edition,
            reason=judged.reason,
            confidence=judged.confidence,
            version=self.ranked.id,
            copy_of=self._copy_of(),
            note=self.seed.note if self.seed else None,
            noarchive=self.noarchive,
        )

    def _captured(self) -> str:
        """When the latest text was captured: a page that was only found unchanged since is as it was, and so is its report."""
        carrying = next((c for c in reversed(self.captures) if c.record_type != "revisit"), self.latest)
        return carrying.timestamp if self.latest.refers_to == carrying.id else self.latest.timestamp

    def _publisher(self) -> str:
        supplied = self.latest.publisher if self.latest.via is Via.SUPPLIED else None
        known = self.source.publisher if self.source else None
        host = urlsplit(self.latest.url).hostname or self.latest.url
        return supplied or known or self.ranked.description.site or host

    def _published(self) -> Published | None:
        """The date of the ranked text; where it has none, of the latest other text that has, else the collection's."""
        if self.latest.via is Via.SUPPLIED and self.latest.published:
            return Published.read(self.latest.published, how=SUPPLIED)
        others = sorted(self.texts, key=lambda text: _newest(text.captures), reverse=True)
        found = [text.description.published for text in (self.ranked, *others)]
        stated = self._stated()
        if self.source and self.source.trust is Trust.MIRROR:
            found.insert(0, stated)  # a copy's own date is that of the copying
        return next((published for published in (*found, stated) if published), None)

    def _stated(self) -> Published | None:
        """The date the collection states of this page, else the one in its original's address."""
        if self.seed and self.seed.published:
            return Published.read(self.seed.published, how="as the collection states")
        return date_in_address(self.seed.original) if self.seed and self.seed.original else None

    def _copy_of(self) -> str | None:
        """What a mirror's page is probably a copy of: an address, else a publisher, else that nobody knows."""
        if self.source is None or self.source.trust is not Trust.MIRROR:
            return None
        stated = self.seed and (self.seed.original or self.seed.original_publisher)
        return stated or self.original or "an original that is not known"

    def versions(self, extractor: str) -> Iterator[Version]:
        for text in self.texts:
            yield Version(
                id=text.id,
                report=self.id,
                text=text.description.text,
                title=text.description.title,
                extractor=extractor,
                captures=tuple(capture.id for capture in text.captures),
            )

    def quotes(self) -> Iterator[Quote]:
        """The statements of every text; the same words have the same id in each, told apart by their ordinal in one."""
        for text in self.texts:
            seen: dict[str, int] = {}
            for statement in text.description.statements:
                words = text.description.text[statement.start : statement.end]
                same = fold_plain(words)
                seen[same] = seen.get(same, 0) + 1
                yield self._quote(text, statement, words, f"{self.id}\0{same}\0{seen[same]}")

    def _quote(self, text: _Text, statement: Statement, words: str, identity: str) -> Quote:
        return Quote(
            id=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            report=self.id,
            version=text.id,
            text=words,
            start=statement.start,
            end=statement.end,
            kind=statement.kind,
            cue=statement.cue,
            speaker=statement.speaker,
            role=statement.role,
            language=text.description.language,
            rule=statement.rule,
            confidence=statement.confidence,
        )


def _newest(captures: Sequence[Capture]) -> tuple[str, str, int]:
    last = captures[-1]
    return last.timestamp, last.file, last.offset
