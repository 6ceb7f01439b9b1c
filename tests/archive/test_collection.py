"""Collection files: what they state comes back as records; what cannot be used is refused in one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.collection import collection_text, parse_collection, shipped_collections
from archive.collection_parser import (
    read_claim,
    read_collection,
    read_edition,
    read_listing,
    read_near_miss,
    read_rights,
    read_seed,
    read_source,
)
from archive.errors import CollectionError
from archive.records import CLAIM_FIELDS, Collection, Relation, Show, Trust
from archive.tables import Table

GUIDE = Path(__file__).parents[2] / "docs" / "add-a-forum.md"

SMALL = """
[collection]
key = "lake"
title.en = "Lake Forum"

[names]
en = ["Lake Forum"]

[[editions]]
key = "2019"

[[editions.claims]]
field = "start"
value = 2019-05-14

[[sources]]
key = "gazette"
publisher = "Gazette"
language = "en"
trust = "newspaper"

[[sources.seeds]]
url = "https://gazette.example/1"
edition = "2019"
"""


def parsed(text: str) -> Collection:
    return parse_collection(text, where="lake.toml")


def example() -> str:
    """The example of the guide, as a reader would copy it."""
    (block,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    return str(block)


def test_a_small_file_is_a_collection() -> None:
    collection = parsed(SMALL)
    assert (collection.key, collection.title["en"], collection.names["en"]) == (
        "lake",
        "Lake Forum",
        ("Lake Forum",),
    )
    (source,) = collection.sources
    assert (source.trust, source.follow, source.minimum, source.rights.show) == (
        Trust.NEWSPAPER,
        0,
        0,
        Show.FULL,
    )
    assert source.seeds[0].edition == "2019"
    assert source.seeds[0].verified


def test_what_a_file_leaves_out_is_empty() -> None:
    collection = parsed(SMALL)
    assert not any((collection.words, collection.cities, collection.description))
    assert not any((collection.near_misses, collection.wayback))
    assert collection.gaps is None
    assert not collection.fictional


def test_conflicting_claims_stand_side_by_side_in_the_order_of_the_file() -> None:
    text = SMALL + "".join(
        f'[[editions]]\nkey = "20{n}"\n[[editions.claims]]\nfield = "city"\nvalue = "Upper {n}"\n'
        f'[[editions.claims]]\nfield = "city"\nvalue = "Lower {n}"\n'
        for n in (21, 23)
    )
    edition = parsed(text).edition("2023")
    assert edition is not None
    assert [claim.value for claim in edition.values("city")] == ["Upper 23", "Lower 23"]
    assert edition.first("city") == "Upper 23"


def test_a_second_edition_of_a_year_has_a_key_of_its_own() -> None:
    collection = parsed(SMALL + '[[editions]]\nkey = "2019-2"\n')
    assert [(edition.key, edition.year) for edition in collection.editions] == [
        ("2019", 2019),
        ("2019-2", 2019),
    ]


@pytest.mark.parametrize("written", ["2019-05-14", '"2019-05-14"'], ids=["bare", "quoted"])
def test_a_date_may_be_written_bare_or_quoted(written: str) -> None:
    edition = parsed(SMALL.replace("value = 2019-05-14", f"value = {written}")).edition("2019")
    assert edition is not None
    assert edition.first("start") == "2019-05-14"


@pytest.mark.parametrize("written", ["2019", "2019-05", "2019-05-14"])
def test_a_published_date_may_lack_its_day_and_month(written: str) -> None:
    collection = parsed(SMALL + f'published = "{written}"\n')
    assert collection.sources[0].seeds[0].published == written


def test_an_address_is_kept_byte_for_byte() -> None:
    odd = "https://filipino.example/2@58497.htm?p=1&x=%E2%80%8B\ufffd"
    collection = parsed(SMALL.replace("https://gazette.example/1", odd))
    assert collection.sources[0].seeds[0].url == odd


BAD_TEXTS = {
    "not TOML": ("[collection", "", "not valid TOML"),
    "nested without end": ("x = " + "[" * 50_000, "", "not valid TOML"),
    "a number of 5000 digits": ("x = " + "9" * 5000, "", "not valid TOML"),
    "an empty file": ("", "the file", "lacks collection"),
    "an unknown table": (SMALL + "[venues]\n", "the file", "does not know 'venues'; it takes collection, names,"),
    "collection no table": ("collection = 1", "the file", "collection takes a table ([collection]), not 1"),
    "no names": (SMALL.replace('en = ["Lake Forum"]', ""), "the file", "names takes lists of texts by language"),
    "an unknown key": (SMALL.replace("[names]", "colour = 1\n[names]"), "collection", "does not know 'colour'"),
    "a text for a list": (SMALL.replace('["Lake Forum"]', '"Lake Forum"'), "names", "en takes a list of texts"),
    "no language code": (SMALL.replace("title.en", "title.English"), "collection title", "not 'English'"),
    "a key with spaces": (SMALL.replace('"lake"', '"My Lake"'), "collection", "key takes small Latin letters"),
    "an edition without a year": (SMALL.replace('key = "2019"', 'key = "first"'), "editions 1", "key takes a year"),
    "an edition of another year": (
        SMALL.replace('key = "2019"', 'key = "2019"\nyear = 2018'),
        "editions 2019",
        "year is 2018, but the key says 2019",
    ),
    "an edition twice": (SMALL + '[[editions]]\nkey = "2019"\n', "editions", "has '2019' twice"),
    "an edition that ends first": (
        SMALL.replace("2019-05-14", '2019-05-14\n[[editions.claims]]\nfield = "end"\nvalue = 2019-05-13'),
        "editions 2019",
        "ends on 2019-05-13, before it starts on 2019-05-14",
    ),
    "editions in one table": ("[collection]\nkey='a'\ntitle.en='a'\n[names]\nen=['a']\n[editions]\nkey='2019'",
        "the file", "editions takes tables ([[editions]])"),
    "a day that is none": (SMALL.replace("2019-05-14", '"2019-02-30"'), "editions 2019 claims 1", "value takes a date"),
    "a claim of nothing known": (SMALL.replace('"start"', '"beginning"'), "editions 2019 claims 1", "field takes one of"),
    "a claim without a value": (SMALL.replace("value = 2019-05-14", ""), "editions 2019 claims 1", "lacks value"),
    "an ordinal in words": (
        SMALL.replace('"start"\nvalue = 2019-05-14', '"ordinal"\nvalue = "ninth"'),
        "editions 2019 claims 1",
        "value takes a whole number of 0 or more, not 'ninth'",
    ),
    "a city that is a number": (
        SMALL.replace('"start"\nvalue = 2019-05-14', '"city"\nvalue = 5'),
        "editions 2019 claims 1",
        "value takes a text, not 5",
    ),
    "a source of a claim that is no address": (
        SMALL.replace("value = 2019-05-14", "value = 2019-05-14\nsources = ['the gazette']"),
        "editions 2019 claims 1",
        "sources takes http or https addresses, not 'the gazette'",
    ),
    "no trust": (SMALL.replace('trust = "newspaper"', ""), "sources gazette", "lacks trust"),
    "an unknown trust": (
        SMALL.replace('"newspaper"', '"rumour"'),
        "sources gazette",
        "trust takes one of official, agency, newspaper, unknown, mirror, not 'rumour'",
    ),
    "a negative minimum": (
        SMALL.replace('trust = "newspaper"', 'trust = "newspaper"\nminimum = -1'),
        "sources gazette",
        "minimum takes a whole number of 0 or more, not -1",
    ),
    "a source twice": (SMALL + '[[sources]]\nkey="gazette"\npublisher="G"\nlanguage="en"\ntrust="agency"\n',
        "sources", "has 'gazette' twice"),
    "a seed twice": (SMALL + '[[sources.seeds]]\nurl = "https://gazette.example/1"\n', "sources", "/1' twice"),
    "a seed without a scheme": (SMALL.replace("https://", ""), "sources gazette seeds 1", "url takes http or https"),
    "a seed from a disk": (SMALL.replace("https://", "file://"), "sources gazette seeds 1", "url takes http or https"),
    "a broken host": (SMALL.replace("gazette.example", "[::1"), "sources gazette seeds 1", "url takes http or https"),
    "an original that is no address": (
        SMALL + 'original = "The Wire"\n',
        "sources gazette seeds 1",
        "original takes http or https addresses, not 'The Wire'",
    ),
    "a seed of no edition": (SMALL.replace('edition = "2019"', 'edition = "2020"'), "sources gazette",
        "names the unknown edition '2020'; there are 2019"),
    "an unknown relation": (SMALL + 'relation = "cousin"\n', "sources gazette seeds 1", "edition, related, other"),
    "verified in words": (SMALL + 'verified = "no"\n', "sources gazette seeds 1", "verified takes true or false"),
    "published in words": (SMALL + 'published = "last May"\n', "sources gazette seeds 1", "published takes a date as"),
    "published in a month 13": (SMALL + 'published = "2019-13"\n', "sources gazette seeds 1", "published takes a date"),
    "unknown rights": (SMALL.replace('trust = "newspaper"', 'trust = "newspaper"\nrights.show = "all"'),
        "sources gazette rights", "show takes one of full, excerpt, metadata, not 'all'"),
    "a near miss without names": (SMALL + '[[near_misses]]\nkey = "river"\n', "near_misses river", "lacks names"),
    "a value that fills a screen": (SMALL.replace("2019-05-14", "[" + "1, " * 500 + "]"), "editions 2019 claims 1", "..."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "table", "complaint"), BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_bad_file_is_refused_in_one_line_that_names_file_and_table(text: str, table: str, complaint: str) -> None:
    with pytest.raises(CollectionError) as caught:
        parsed(text)
    message = str(caught.value)
    assert message.startswith(f"lake.toml: [{table}] " if table else "lake.toml: ")
    assert complaint in message
    assert message.endswith("; see docs/add-a-forum.md")
    assert "\n" not in message
    assert len(message) < 400


@given(st.text())
def test_whatever_a_file_holds_it_is_parsed_or_refused(text: str) -> None:
    try:
        parsed(text)
    except CollectionError as exc:
        assert str(exc).startswith("lake.toml: ")  # noqa: PT017 - either outcome is right


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from(["2019", "en", "https://a.example"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["key", "claims", "seeds", "en", "url", "rights", "field", "value"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(
    st.sampled_from(["collection", "names", "words", "cities", "editions", "sources", "near_misses"]),
    VALUES,
)
def test_whatever_value_a_table_has_it_is_parsed_or_refused(name: str, value: object) -> None:
    root = {
        "collection": {"key": "a", "title": {"en": "a"}},
        "names": {"en": ["a"]},
    } | {name: value}
    try:
        read_collection(Table(root, "lake.toml", "the file"))
    except CollectionError as exc:
        assert "\n" not in str(exc)  # noqa: PT017 - either outcome is right


def test_a_shipped_collection_is_found_by_its_key() -> None:
    assert "china-asean-women" in shipped_collections()
    assert 'key = "china-asean-women"' in collection_text("china-asean-women")


def test_any_collection_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "lake.toml"
    path.write_text(SMALL, "utf-8")
    assert collection_text(path) == SMALL


@pytest.mark.parametrize("body", [None, b"\xff\xfe", b"\x89PNG\r\n"], ids=["missing", "UTF-16", "a picture"])
def test_a_file_that_cannot_be_read_is_refused_with_what_is_shipped(tmp_path: Path, body: bytes | None) -> None:
    path = tmp_path / "lake.toml"
    if body is not None:
        path.write_bytes(body)
    with pytest.raises(
        CollectionError,
        match=f"^{re.escape(str(path))}: no collection file .* china-asean-women",
    ):
        collection_text(path)


def test_the_example_of_the_guide_is_a_collection() -> None:
    collection = parsed(example())
    assert collection.fictional
    edition = collection.edition("2019")
    assert edition is not None
    assert [claim.value for claim in edition.values("attendance")] == [
        "about 80",
        "more than 120",
    ]
    assert edition.values("speaker")[0].also == ("O. Marchetal",)
    gazette, copies = collection.sources
    assert (gazette.rights.show, gazette.listings[0].next, gazette.follow) == (
        Show.EXCERPT,
        "a[rel=next]",
        1,
    )
    assert (copies.seeds[0].original, copies.seeds[0].verified) == (
        "https://wire.example/lake/778",
        False,
    )


def taken(read: Callable[[Table], object], table: dict[str, str]) -> tuple[str, ...]:
    """The names a table takes, as its own complaint tells them."""
    with pytest.raises(CollectionError) as caught:
        read(Table({**table, "nonsense": 1}, "x", "x"))
    return tuple(re.findall(r"it takes (.*);", str(caught.value))[0].split(", "))


SECTIONS: dict[str, tuple[Callable[[Table], object], dict[str, str]]] = {
    "`[[editions]]`": (read_edition, {"key": "2019"}),
    "`[[editions.claims]]`": (read_claim, {}),
    "`[[sources]]`": (read_source, {"key": "a"}),
    "`[[sources.seeds]]`": (read_seed, {}),
    "`[[sources.listings]]`": (read_listing, {}),
    "`[sources.rights]`": (read_rights, {}),
    "`[[near_misses]]`": (read_near_miss, {"key": "a"}),
}


def section(heading: str) -> str:
    (body,) = re.findall(
        rf"^### {re.escape(heading)}[ *]*\n(.*?)(?=^###|\Z)",
        GUIDE.read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    return str(body)


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_guide_tells_every_key_of_every_table(heading: str) -> None:
    told = re.findall(r"^\| (`[^|]*?`)(?: \*)? \|", section(heading), re.MULTILINE)
    keys = [name for cell in told for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(set(keys) - set(CLAIM_FIELDS)) == sorted(taken(*SECTIONS[heading]))


def test_the_guide_tells_the_keys_of_the_head_and_the_tables_of_the_file() -> None:
    told = re.findall(r"^\| `(\w+)`", section("`[collection]`"), re.MULTILINE)
    assert sorted(told) == sorted(taken(read_collection_head, {}))
    headings = re.findall(r"^### `\[+([a-z_]+)", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert set(headings) == set(taken(read_collection, {}))


def read_collection_head(table: Table) -> Collection:
    return read_collection(Table({"collection": table.values}, "x", "x"))


@pytest.mark.parametrize("kind", [Trust, Relation, Show], ids=lambda kind: kind.__name__)
def test_the_guide_tells_every_member_of_the_closed_sets(kind: type[Trust]) -> None:
    for member in kind:
        assert f"`{member}`" in GUIDE.read_text("utf-8")


def test_the_guide_tells_every_field_of_a_claim() -> None:
    body = section("`[[editions.claims]]`")
    for field in CLAIM_FIELDS:
        assert f"`{field}`" in body
