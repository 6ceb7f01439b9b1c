"""The collection file of the sample forum."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive import Collection, parse_collection
from samples import HOSTS, SampleServer, all_reports, collection_text, outlets, port_of, url_of


def parsed(port: int) -> Collection:
    return parse_collection(collection_text(port), where="samples/collection.toml")


def addresses(collection: Collection) -> set[str]:
    """Every address of the collection that should answer."""
    found = {url for edition in collection.editions for claim in edition.claims for url in claim.sources}
    for source in collection.sources:
        found |= {seed.url for seed in source.seeds} | {listing.url for listing in source.listings}
        found |= {*source.sitemaps, *source.feeds}
    return found


def test_collection_is_fictional_and_says_so_in_its_titles() -> None:
    collection = parsed(9000)
    assert collection.fictional
    assert collection.key == "sample-forum"
    assert "fictional" in collection.title["en"]
    assert set(collection.title) == set(collection.names)


def test_editions_are_nine_and_counted_from_one() -> None:
    ordinals = [edition.first("ordinal") for edition in parsed(9000).editions]
    assert ordinals == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_every_claim_of_an_edition_names_a_report_of_that_edition() -> None:
    edition_of = {url_of(report.key, 9000): report.edition for report in all_reports()}
    for edition in parsed(9000).editions:
        for claim in edition.claims:
            assert claim.sources
            assert {edition_of[url] for url in claim.sources} == {edition.key}


def test_editions_begin_and_end_around_their_reports() -> None:
    for edition in parsed(9000).editions:
        start, end = edition.window or (None, None)
        days = [report.published for report in all_reports() if report.edition == edition.key]
        assert start is not None
        assert end is not None
        assert start <= min(days)
        assert (max(days) - end).days <= 2


def test_every_address_is_at_the_servers_port_and_hosts() -> None:
    for url in addresses(parsed(4711)):
        assert urlsplit(url).port == 4711
        assert urlsplit(url).hostname in HOSTS


def test_every_outlet_is_a_source_on_its_host() -> None:
    sources = {(source.key, source.publisher, source.language, source.hosts) for source in parsed(9000).sources}
    assert sources == {(outlet.key, outlet.name, outlet.language, (outlet.host,)) for outlet in outlets()}


def test_every_address_but_the_dead_one_answers(server: SampleServer) -> None:
    dead = {url for url in addresses(parsed(server.port)) if _status(server, url) != 200}
    assert dead == {server.url("127.0.0.22", "/2006/1020/a0117.html")}


def test_of_the_mirrors_originals_one_answers_and_one_does_not(server: SampleServer) -> None:
    mirror = parsed(server.port).source("mirror")
    assert mirror is not None
    originals = [seed.original for seed in mirror.seeds]
    assert [_status(server, url) if url else None for url in originals] == [200, None, 404]


def test_port_of_is_the_port_the_text_was_made_for() -> None:
    assert port_of(parsed(12345)) == 12345


def _status(server: SampleServer, url: str) -> int:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return server.find(parts.hostname or "", target).status
