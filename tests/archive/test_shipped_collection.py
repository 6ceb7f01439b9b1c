"""The shipped collection: what is known of the forum, all of it, and nothing else."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.collection import collection_text, parse_collection
from archive.folding import fold_plain
from archive.records import Claim, Collection, Edition, Relation, Seed, Trust

SHARED = Path(os.environ.get("PODIUM_SHARED", Path(__file__).parents[3] / "shared")) / "forum"
YEARS = ["2006", "2008", "2021", "2023", "2025"]
DIRECT, MIRRORED = 15, 5

needs_facts = pytest.mark.skipif(not SHARED.is_dir(), reason="the gathered facts (PODIUM_SHARED) are not here")

# Where the facts were gathered under another heading than the one they are claimed under.
FIELDS = {
    "organisers": ("organiser", "part_of"),
    "names": ("name",),
    "theme": ("theme", "slogan"),
    "subtopics": ("subtopic",),
}
FIELDS |= {name: (name.rstrip("s"),) for name in ("ordinal", "city", "attendance", "outcomes", "speakers", "part_of")}


@pytest.fixture(scope="module")
def collection() -> Collection:
    return parse_collection(collection_text("china-asean-women"), where="china-asean-women.toml")


def gathered_editions() -> list[dict[str, Any]]:
    editions = json.loads((SHARED / "editions.json").read_text("utf-8"))["editions"]
    return [edition for edition in editions if edition["year"]]


def gathered_reports() -> list[dict[str, Any]]:
    return list(json.loads((SHARED / "reports.json").read_text("utf-8")))


def seeds(collection: Collection) -> dict[str, Seed]:
    return {seed.url: seed for source in collection.sources for seed in source.seeds}


def words_of(text: str) -> set[str]:
    """The words of a text in one form, kinds of mark aside."""
    return set(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))


def untold(text: str, claims: list[Claim]) -> list[str]:
    """The words of `text` that no value, spelling, role or note of the claims has; a run of Han counts as part of one."""
    said = words_of(" ".join(" ".join((str(c.value), *c.also, c.role or "", c.note or "")) for c in claims))
    return [
        word for word in words_of(text) if word not in said and (word.isascii() or not any(word in w for w in said))
    ]


# Remarks of those who gathered the facts, which the claims put in other words.
REMARKS = re.compile(
    r"\((?:mirror: |hyphen|em dash|implied|cnipa also: |truncated|garbled[^)]*|body cut[^)]*|cns23: |2007 training[^)]*"
    r"|chair of|'mtaas'[^)]*|initiative|vi: |chaired|head of)|no number|formerly|one of the forums of the"
    r"|; (?:other page|fr|vi caption gives no title)[:;]?|\b(?:fil|id|fr|vi): |主办: |承办: |adopted"
    r"|chaired the opening|in one page"
)


def statements(edition: dict[str, Any], heading: str) -> Iterator[tuple[str, list[str]]]:
    """What was gathered of an edition under a heading: texts with their addresses."""
    facts = edition.get(heading) or []
    if isinstance(facts, dict) and "value" not in facts:
        facts = list(facts.values())
    for fact in facts if isinstance(facts, list) else [facts]:
        values = fact["value"] if isinstance(fact.get("value"), list) else [fact.get("value")]
        values += [fact.get(key) for key in ("name", "zh", "vi", "role", "slogan")]
        values += [fact["names"][key] for key in fact.get("names", {})]
        for value in values:
            if value is not None:
                yield str(value), fact["sources"] + fact.get("also", [])


def test_the_editions_are_those_that_are_attested(collection: Collection) -> None:
    assert [edition.key for edition in collection.editions] == YEARS
    assert [edition.year for edition in collection.editions] == [int(year) for year in YEARS]


def test_nothing_is_invented_between_2008_and_2021(collection: Collection) -> None:
    assert collection.gaps is not None
    assert "between 2008 and 2021" in collection.gaps
    years = {str(claim.value)[:4] for e in collection.editions for claim in e.claims if claim.field in ("start", "end")}
    assert years == set(YEARS)


@pytest.mark.parametrize("key", YEARS)
def test_every_claim_of_an_edition_has_a_source(collection: Collection, key: str) -> None:
    edition = collection.edition(key)
    assert edition is not None
    assert [claim for claim in edition.claims if not claim.sources] == []


@pytest.mark.parametrize("key", YEARS)
def test_every_source_of_a_claim_is_a_seed(collection: Collection, key: str) -> None:
    edition = collection.edition(key)
    assert edition is not None
    assert {url for claim in edition.claims for url in claim.sources} <= set(seeds(collection))


@pytest.mark.parametrize("key", ["2021", "2023"])
def test_an_ordinal_that_no_source_prints_is_not_claimed(collection: Collection, key: str) -> None:
    edition = collection.edition(key)
    assert edition is not None
    assert edition.first("ordinal") is None


def test_both_places_of_2006_stand_with_their_sources(collection: Collection) -> None:
    edition = collection.edition("2006")
    assert edition is not None
    cities = {claim.value: claim.sources for claim in edition.values("city")}
    assert list(cities) == ["Nanning", "Beijing"]
    assert "japanese.china.org.cn" in cities["Nanning"][0]
    assert "cnipa.gov.cn" in cities["Beijing"][0]
    assert any("Beijing" in str(claim.value) for claim in edition.values("conflict"))


def test_every_city_claimed_has_its_spellings(collection: Collection) -> None:
    claimed = {claim.value for edition in collection.editions for claim in edition.values("city")}
    assert claimed == set(collection.cities)


def test_every_name_claimed_contains_a_name_of_the_forum(collection: Collection) -> None:
    for edition in collection.editions:
        for claim in edition.values("name"):
            assert claim.language is not None
            names = [fold_plain(name) for name in collection.names[claim.language]]
            assert any(name in fold_plain(str(claim.value)) for name in names), claim.value


def test_no_name_is_given_in_a_language_in_which_none_is_attested(collection: Collection) -> None:
    assert set(collection.names) == {"zh", "en", "fil", "id", "ja", "vi", "fr"}
    assert {"th", "km", "lo", "my", "ms"} <= set(collection.words)


def test_every_name_has_words_to_tie_it_to_the_forum(collection: Collection) -> None:
    assert set(collection.names) <= set(collection.words)


def test_no_near_miss_goes_by_a_name_of_the_forum(collection: Collection) -> None:
    own = [fold_plain(name) for names in collection.names.values() for name in names]
    others = [fold_plain(n) for miss in collection.near_misses for names in miss.names.values() for n in names]
    assert len(collection.near_misses) == 7
    assert not [(a, b) for a in own for b in others if a in b or b in a]


def test_sources_stand_in_the_order_of_their_trust(collection: Collection) -> None:
    ranks = [source.trust.rank for source in collection.sources]
    assert ranks == sorted(ranks)


def test_a_source_promises_as_many_reports_as_it_has_seeds(collection: Collection) -> None:
    for source in collection.sources:
        assert source.minimum == len(source.seeds), source.key


def test_every_seed_lies_on_a_host_of_its_source(collection: Collection) -> None:
    for source in collection.sources:
        for seed in source.seeds:
            assert seed.url.split("/")[2] in source.hosts


def test_only_mirrors_are_unverified_and_every_seed_of_a_mirror_is(collection: Collection) -> None:
    for source in collection.sources:
        for seed in source.seeds:
            assert seed.verified == (source.trust is not Trust.MIRROR), seed.url


def test_a_probable_original_keeps_the_path_of_its_copy_and_lies_on_a_known_host(collection: Collection) -> None:
    originals = {seed.url: seed.original for seed in seeds(collection).values() if seed.original}
    hosts = {host for source in collection.sources if source.trust is Trust.AGENCY for host in source.hosts}
    assert len(originals) == 1
    for url, original in originals.items():
        assert url.split("/")[3:] == original.split("/")[3:]
        assert original.split("/")[2] in hosts


@needs_facts
def test_every_edition_gathered_is_in_the_collection() -> None:
    assert [fact["edition_key"] for fact in gathered_editions()] == YEARS


@needs_facts
@pytest.mark.parametrize("key", YEARS)
@pytest.mark.parametrize("heading", FIELDS)
def test_every_fact_gathered_is_claimed_with_its_addresses(collection: Collection, key: str, heading: str) -> None:
    edition, facts = _pair(collection, key)
    for text, sources in statements(facts, heading):
        claims = [claim for name in FIELDS[heading] for claim in edition.values(name)]
        assert set(sources) <= {url for claim in claims for url in claim.sources}, text
        assert not untold(REMARKS.sub(" ", text), claims), text


@needs_facts
@pytest.mark.parametrize("key", YEARS)
def test_the_dates_gathered_are_claimed_with_their_addresses(collection: Collection, key: str) -> None:
    edition, facts = _pair(collection, key)
    gathered_dates = facts["dates"]
    assert (edition.first("start"), edition.first("end")) == (
        gathered_dates["value"]["start"],
        gathered_dates["value"]["end"],
    )
    assert set(edition.values("start")[0].sources) == set(gathered_dates["sources"])


@needs_facts
@pytest.mark.parametrize("key", YEARS)
def test_no_address_is_claimed_to_say_what_it_was_not_seen_to_say(collection: Collection, key: str) -> None:
    edition, facts = _pair(collection, key)
    for heading, names in FIELDS.items():
        known = {url for _, sources in statements(facts, heading) for url in sources}
        known |= {
            url for other in ("organisers", "part_of") for _, sources in statements(facts, other) for url in sources
        }
        claimed = {url for name in names for claim in edition.values(name) for url in claim.sources}
        if heading != "city":  # the other place of 2006 was gathered as a conflict, in words
            assert claimed <= known, heading


@needs_facts
@pytest.mark.parametrize("key", YEARS)
def test_every_conflict_gathered_is_claimed(collection: Collection, key: str) -> None:
    edition, facts = _pair(collection, key)
    conflicts = [text for text in facts["conflicts"] if not text.startswith("None between sources")]
    assert len(edition.values("conflict")) == len(conflicts)


@needs_facts
def test_every_direct_report_is_a_seed_of_its_edition(collection: Collection) -> None:
    direct = [report for report in gathered_reports() if report["relevance"] == "direct"]
    assert len(direct) == DIRECT
    for report in direct:
        assert seeds(collection)[report["url"]].edition == str(report["edition_year"])


@needs_facts
def test_the_five_direct_reports_known_from_mirrors_only_are_unverified(collection: Collection) -> None:
    found = seeds(collection)
    mirrored = [
        report["url"]
        for report in gathered_reports()
        if report["relevance"] == "direct" and re.search(r"mirror|copy of", report["publisher"])
    ]
    unverified = [seed.url for seed in found.values() if seed.edition and not seed.verified]
    assert len(mirrored) == MIRRORED
    assert sorted(unverified) == sorted(mirrored)
    assert [url for url in unverified if found[url].edition == "2021"] == [
        s.url for s in found.values() if s.edition == "2021"
    ]


@needs_facts
def test_seeds_are_addresses_that_were_gathered_and_say_what_they_are(collection: Collection) -> None:
    reports = {report["url"]: report for report in gathered_reports()}
    for seed in seeds(collection).values():
        report = reports[seed.url]
        if seed.edition is None:
            assert report["relevance"] != "direct"
            near_miss = report["relevance"] == "distractor" or "near miss" in report["relates"]
            assert seed.relation is (Relation.OTHER if near_miss else Relation.RELATED)
        if seed.published:
            assert re.match(seed.published, report["published"])


@needs_facts
def test_every_related_report_is_a_seed(collection: Collection) -> None:
    related = [r for r in gathered_reports() if r["relevance"] == "related" and "near miss" not in r["relates"]]
    assert {report["url"] for report in related} <= set(seeds(collection))


def _pair(collection: Collection, key: str) -> tuple[Edition, dict[str, Any]]:
    edition = collection.edition(key)
    assert edition is not None
    return edition, next(fact for fact in gathered_editions() if fact["edition_key"] == key)
