"""Describing a home: what becomes a report, versions over time, and that order does not matter. All pages are made up."""

import datetime as dt
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Capture, Home, Precision, QuoteKind, Relation, Seed, Via, fold_plain
from indexer import describe
from indexer.describing.archive_pass import describe_archive
from indexer.describing.description import Description, Statement

URL = "http://gazette.example/forum"
FIRST = dt.datetime(2023, 9, 16, 8, tzinfo=dt.UTC)
SAID = "“The bridge is ours and stays open,” said Tilda Brask, mayor of Ostwick."
OPENED = "The China-ASEAN Women's Forum opened in Liuzhou today before many guests from all the towns."


def page(*paragraphs: str, title: str = "Women meet") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>".encode()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.init(tmp_path / "home", settings={"workers": 1})


def fetch(home: Home, body: bytes, *, day: int = 0, url: str = URL, status: int = 200, **given: Any) -> Capture:
    kind = given.pop("content_type", "text/html")
    with home.lock(what="test") as writer:
        capture = writer.add_response(
            url=url, status=status, reason="x", headers=[("Content-Type", kind)], body=body,
            fetched=FIRST + dt.timedelta(days=day), **given,
        )  # fmt: skip
        writer.flush()
    return capture


def supply(home: Home, body: bytes, *, day: int = 0, **given: Any) -> None:
    with home.lock(what="test") as writer:
        writer.add_resource(
            url=URL, body=body, content_type="text/plain", supplied=FIRST + dt.timedelta(days=day), **given
        )
        writer.flush()


def state(home: Home) -> list[Any]:
    """Everything that was derived."""
    with home.catalogue() as catalogue:
        reports = list(catalogue.reports())
        return [
            (r, catalogue.versions(r.id), list(catalogue.quotes(r.id))) for r in sorted(reports, key=lambda r: r.id)
        ]


def without_captures(home: Home) -> list[Any]:
    """The same without the ids of captures, which come from the names of files."""
    return [(r, [(v.id, v.text, len(v.captures)) for v in versions], quotes) for r, versions, quotes in state(home)]


def test_a_page_becomes_a_report_with_its_quotes(home: Home) -> None:
    capture = fetch(home, page(OPENED, SAID))
    result = describe(home)
    assert (result.described, result.reports, result.quotes, result.quarantined) == (1, 1, 1, ())
    ((report, (version,), (quote,)),) = state(home)
    assert (report.title, report.language, report.publisher) == ("Women meet", "en", "gazette.example")
    assert version.text == f"{OPENED}\n{SAID}"
    assert version.captures == (capture.id,)
    assert version.text[quote.start : quote.end] == quote.text == "The bridge is ours and stays open,"
    assert (quote.speaker, quote.role) == ("Tilda Brask", "mayor of Ostwick")


def test_describing_again_finds_nothing_to_do(home: Home) -> None:
    fetch(home, page(OPENED, SAID))
    describe(home)
    result = describe(home)
    assert (result.described, result.changed, result.gone, result.reports) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("body", "given"),
    [
        pytest.param(page(OPENED), {"status": 404}, id="gone"),
        pytest.param(page(OPENED), {"status": 301}, id="elsewhere"),
        pytest.param(b"GIF89a" + bytes(60), {"content_type": "image/gif"}, id="a picture"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0" + bytes(60), {}, id="a picture that says it is a page"),
        pytest.param(page("Short."), {}, id="no text to speak of"),
        pytest.param(page(OPENED), {"how": "listing of the collection"}, id="a listing"),
    ],
)
def test_what_holds_no_text_of_its_own_is_no_report(home: Home, body: bytes, given: dict[str, Any]) -> None:
    fetch(home, body, **given)
    assert describe(home).reports == 0


def test_every_distinct_text_is_a_version_and_the_latest_fetched_is_ranked(home: Home) -> None:
    first = fetch(home, page(OPENED))
    second = fetch(home, page(OPENED, SAID), day=1)
    third = fetch(home, page(OPENED, SAID), day=2)  # a revisit
    describe(home)
    ((report, versions, _),) = state(home)
    assert [version.captures for version in versions] == [(first.id,), (second.id, third.id)]
    assert report.version == versions[1].id
    assert (report.first_seen, report.captured) == (
        first.timestamp,
        second.timestamp,
    )  # the index need not know that nothing changed


def test_a_supplied_text_never_displaces_a_fetched_one(home: Home) -> None:
    fetch(home, page(OPENED))
    supply(home, f"{OPENED} It closed early.".encode(), day=5, publisher="A reader")
    describe(home)
    ((report, versions, _),) = state(home)
    assert report.version == versions[0].id
    assert report.via is Via.LIVE
    assert len(versions) == 2


def test_a_supplied_text_alone_says_who_supplied_what(home: Home) -> None:
    supply(home, OPENED.encode(), publisher="The Ostwick Post", published="2023-09-16", language="en")
    describe(home)
    ((report, _, _),) = state(home)
    assert (report.via, report.publisher) == (Via.SUPPLIED, "The Ostwick Post")
    assert report.published is not None
    assert report.published.date == dt.date(2023, 9, 16)
    assert (report.relation, report.edition) == (Relation.EDITION, "2023")


@pytest.mark.parametrize(
    ("said", "precision"), [("2023-09-16", Precision.DAY), ("2023-09", Precision.MONTH), ("2023", Precision.YEAR)]
)
def test_a_supplied_date_is_as_precise_as_it_was_given(home: Home, said: str, precision: Precision) -> None:
    supply(home, OPENED.encode(), published=said)
    describe(home)
    with home.catalogue() as catalogue:
        published = next(iter(catalogue.reports())).published
    assert published is not None
    assert (published.precision, published.date.isoformat()[: len(said)]) == (precision, said)


MIRRORED = """
[[sources]]
key = "copies"
publisher = "Copies"
language = "en"
trust = "{trust}"
hosts = ["copies.example"]
[[sources.seeds]]
url = "http://copies.example/a/20241130/1.html"
verified = false
{said}
"""


@pytest.mark.parametrize(
    ("trust", "said", "date"),
    [
        ("mirror", 'published = "2023-09"', "2023-09-01"),
        ("mirror", 'original = "http://gazette.example/2023/09-16/1.html"', "2023-09-16"),
        ("mirror", "", None),  # the address tells when it was copied
        ("unknown", "", "2024-11-30"),
    ],
    ids=["stated", "of the original's address", "of a mirror's address", "of an unknown host's address"],
)
def test_a_page_without_a_date_has_the_collection_s(tmp_path: Path, trust: str, said: str, date: str | None) -> None:
    shipped = resources.files("archive") / "collections" / "china-asean-women.toml"
    collection = tmp_path / "collection.toml"
    collection.write_text(shipped.read_text("utf-8") + MIRRORED.format(trust=trust, said=said), "utf-8")
    home = Home.init(tmp_path / "home", collection=str(collection), settings={"workers": 1})
    fetch(home, page(OPENED), day=500, url="http://copies.example/a/20241130/1.html")
    describe(home)
    with home.catalogue() as catalogue:
        published = next(iter(catalogue.reports())).published
    assert (published and published.date.isoformat()) == date


def test_a_page_that_cannot_be_described_is_named_and_the_others_are_not_lost(home: Home) -> None:
    fetch(home, b"%PDF-1.4 and nothing of one", content_type="application/pdf")
    fetch(home, page(OPENED), url=f"{URL}/2")
    result = describe(home)
    assert result.reports == 1
    assert result.failed == 1
    assert URL in result.quarantined[0].problem
    assert describe(home).failed == 1  # tried again


def test_described_step_by_step_or_at_once_comes_out_the_same(tmp_path: Path) -> None:
    pages = [(page(OPENED), 0), (page(OPENED, SAID), 1), (page(OPENED), 2)]
    stepwise, at_once = (Home.init(tmp_path / name, settings={"workers": 1}) for name in ("stepwise", "at_once"))
    for body, day in pages:
        fetch(stepwise, body, day=day)
        describe(stepwise)
    for body, day in pages:
        fetch(at_once, body, day=day)
    describe(at_once)
    assert without_captures(stepwise) == without_captures(at_once)


def captures() -> Iterator[tuple[Capture, Description]]:
    """Captures of three pages at several times, with what describing makes of them."""
    for number, (path, said, day) in enumerate(
        [("a", SAID, 1), ("a", OPENED, 2), ("b", SAID, 1), ("b", SAID, 3), ("c", OPENED, 2), ("c", SAID, 2)]
    ):
        capture = Capture(
            id=number, url=f"{URL}/{path}", urlkey=f"example,gazette)/forum/{path}", timestamp=f"2023091{day}080000",
            status=200, mime="text/html", record_type="response", payload_sha1=f"S{number}", sha256=f"{number:064}",
            file="own.warc.gz", offset=number * 100, length=90, via=Via.SUPPLIED if number == 5 else Via.LIVE,
        )  # fmt: skip
        statement = Statement(
            start=0, end=10, kind=QuoteKind.DIRECT, cue=None, speaker=None, role=None, rule="x", confidence=0.5,
        )  # fmt: skip
        yield (
            capture,
            Description(
                title="Women meet",
                text=said,
                language="en",
                site=None,
                published=None,
                statements=(statement, statement),
            ),
        )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(order=st.permutations(list(captures())))
def test_the_order_of_captures_does_not_matter(order: list[tuple[Capture, Description]], tmp_path: Path) -> None:
    collection = Home.init(tmp_path / "home").collection

    def described(pairs: list[tuple[Capture, Description]]) -> object:
        found = {capture.id: description for capture, description in pairs}
        return describe_archive([c for c, _ in pairs], found, collection=collection, extractor="x")

    assert described(order) == described(list(captures()))


def test_what_the_owner_said_of_an_added_page_goes_before_its_text(home: Home) -> None:
    pairs = list(captures())
    key = next(capture.urlkey for capture, _ in pairs)
    added = {key: Seed(url=key, edition="2008", note="a programme")}
    described = describe_archive(
        [c for c, _ in pairs], {c.id: d for c, d in pairs}, collection=home.collection, extractor="x", added=added
    )
    report = next(report for report in described.reports if report.urlkey == key)
    assert (report.edition, report.note) == ("2008", "a programme")


def test_equal_words_of_one_report_are_told_apart_by_their_ordinal(home: Home) -> None:
    pairs = list(captures())
    found = {capture.id: description for capture, description in pairs}
    quotes = describe_archive([c for c, _ in pairs], found, collection=home.collection, extractor="x").quotes
    assert len({quote.id for quote in quotes}) == len(quotes) == 10
    assert all(fold_plain(quote.text) for quote in quotes)
