"""The tables of a collection file, one function each: table in, record out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.records import (
    CLAIM_FIELDS,
    Claim,
    Collection,
    Edition,
    Listing,
    NearMiss,
    Relation,
    Rights,
    Seed,
    Show,
    Source,
    Trust,
    WaybackServer,
)
from archive.tables import Table, shown

EDITION_KEY = re.compile(r"[0-9]{4}(-[2-9])?")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_collection(root: Table) -> Collection:
    """The collection of a whole file."""
    root.only("collection", "names", "words", "cities", "editions", "sources", "near_misses")
    head = root.table("collection")
    head.only("key", "title", "description", "wayback", "fictional", "gaps")
    collection = Collection(
        key=_key(head),
        title=head.by_language("title"),
        description=head.by_language("description", required=False),
        names=root.lists("names", codes=True),
        words=root.lists("words", codes=True, required=False),
        cities=root.lists("cities", codes=False, required=False),
        editions=tuple(read_edition(table) for table in root.tables("editions")),
        sources=tuple(read_source(table) for table in root.tables("sources")),
        near_misses=tuple(read_near_miss(table) for table in root.tables("near_misses")),
        wayback=tuple(read_wayback(item, head) for item in head.items("wayback")),
        fictional=head.flag("fictional", default=False),
        gaps=head.optional("gaps"),
    )
    _agree(collection, root)
    return collection


def read_edition(table: Table) -> Edition:
    """One edition and what is claimed of it."""
    key = table.matching("key", EDITION_KEY, "a year as 2025, or 2025-2 for the second of a year")
    table = table.named(f"editions {key}")
    table.only("key", "year", "claims")
    year = table.whole("year", default=int(key[:4]))
    if year != int(key[:4]):
        raise table.fail(f"year is {year}, but the key says {key[:4]}")
    claims = tuple(read_claim(claim.named(f"{table.name} {claim.name}")) for claim in table.tables("claims"))
    edition = Edition(key=key, year=year, claims=claims)
    if (window := edition.window) and window[1] < window[0]:
        raise table.fail(f"ends on {window[1]}, before it starts on {window[0]}")
    return edition


def read_claim(table: Table) -> Claim:
    """One claim: its field says which kind of value it takes."""
    table.only("field", "value", "language", "also", "role", "sources", "note")
    name = table.text("field")
    if name not in CLAIM_FIELDS:
        raise table.fail(f"field takes one of {', '.join(CLAIM_FIELDS)}, not {name!r}")
    return Claim(
        field=name,
        value=_value(table, name),
        language=table.language() if "language" in table.values else None,
        also=table.texts("also"),
        role=table.optional("role"),
        sources=table.addresses("sources"),
        note=table.optional("note"),
    )


def _value(table: Table, name: str) -> str | int:
    if "value" not in table.values:
        raise table.fail("lacks value")
    if name in ("start", "end"):
        return table.date("value")
    if name == "ordinal":
        return table.whole("value", default=0)
    return table.text("value")


def read_source(table: Table) -> Source:
    """One publisher and how its reports are found."""
    key = _key(table)
    table = table.named(f"sources {key}")
    table.only(
        "key", "publisher", "language", "trust", "hosts", "seeds", "sitemaps", "feeds", "listings", "archived",
        "follow", "paths", "named", "signatures", "minimum", "rights", "note",
    )  # fmt: skip
    return Source(
        key=key,
        publisher=table.text("publisher"),
        language=table.language(),
        trust=table.one_of("trust", Trust),
        hosts=table.texts("hosts"),
        seeds=tuple(read_seed(seed.named(f"{table.name} {seed.name}")) for seed in table.tables("seeds")),
        sitemaps=table.addresses("sitemaps"),
        feeds=table.addresses("feeds"),
        listings=tuple(read_listing(item.named(f"{table.name} {item.name}")) for item in table.tables("listings")),
        archived=table.addresses("archived"),
        follow=table.whole("follow", default=0),
        paths=_paths(table),
        named=table.flag("named", default=False),
        signatures=table.addresses("signatures"),
        minimum=table.whole("minimum", default=0),
        rights=read_rights(table.table("rights", required=False).named(f"{table.name} rights")),
        note=table.optional("note"),
    )


def read_seed(table: Table) -> Seed:
    """One address known to be a report."""
    table.only(
        "url", "edition", "relation", "original", "original_publisher", "verified", "title", "published", "note"
    )  # fmt: skip
    return Seed(
        url=table.address("url"),
        edition=table.optional("edition"),
        relation=table.one_of("relation", Relation) if "relation" in table.values else None,
        original=table.address("original") if "original" in table.values else None,
        original_publisher=table.optional("original_publisher"),
        verified=table.flag("verified", default=True),
        title=table.optional("title"),
        published=table.published(),
        note=table.optional("note"),
    )


def read_listing(table: Table) -> Listing:
    """One page that lists reports."""
    table.only("url", "links", "next")
    links = table.text("links") if "links" in table.values else "a[href]"
    return Listing(url=table.address("url"), links=links, next=table.optional("next"))


def read_rights(table: Table) -> Rights:
    """What a source allows."""
    table.only("statement", "show", "export_text")
    return Rights(
        statement=table.optional("statement"),
        show=table.one_of("show", Show, default=Show.FULL),
        export_text=table.flag("export_text", default=False),
    )


def read_wayback(item: object, head: Table) -> WaybackServer:
    """One Wayback-like server: its base address, or where it lists and where it replays."""
    if isinstance(item, str):
        base = head.address_of("wayback", item).rstrip("/")
        return WaybackServer(cdx=f"{base}/cdx/search/cdx", replay=f"{base}/web/")
    if not isinstance(item, dict):
        raise head.fail(f"wayback takes addresses, or tables of cdx and replay, not {shown(item)}")
    table = Table(item, head.file, f"{head.name} wayback")
    table.only("cdx", "replay")
    return WaybackServer(cdx=table.address("cdx"), replay=table.address("replay").rstrip("/") + "/")


def _paths(table: Table) -> tuple[str, ...]:
    paths = table.texts("paths")
    for path in paths:
        if not path.removeprefix("!").startswith(("/", "*")):
            raise table.fail(f"paths takes patterns that begin with / or *, behind ! to keep out, not {shown(path)}")
    return paths


def read_near_miss(table: Table) -> NearMiss:
    """One forum that is easily mistaken for this one."""
    key = _key(table)
    table = table.named(f"near_misses {key}")
    table.only("key", "names", "note")
    return NearMiss(key=key, names=table.lists("names", codes=True), note=table.optional("note"))


def _key(table: Table) -> str:
    return table.matching("key", KEY, "small Latin letters, digits and single hyphens")


def _agree(collection: Collection, root: Table) -> None:
    """Refuse keys and seeds that stand twice, and seeds of editions that are not there."""
    seeds = [(source, seed) for source in collection.sources for seed in source.seeds]
    _distinct((edition.key for edition in collection.editions), root.named("editions"))
    _distinct((source.key for source in collection.sources), root.named("sources"))
    _distinct((near_miss.key for near_miss in collection.near_misses), root.named("near_misses"))
    _distinct((seed.url for _, seed in seeds), root.named("sources"))
    for source, seed in seeds:
        if seed.edition is not None and collection.edition(seed.edition) is None:
            known = ", ".join(edition.key for edition in collection.editions)
            raise root.named(f"sources {source.key}").fail(
                f"names the unknown edition {seed.edition!r}; there are {known}"
            )


def _distinct(keys: Iterable[str], table: Table) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise table.fail(f"has {key!r} twice")
        seen.add(key)
