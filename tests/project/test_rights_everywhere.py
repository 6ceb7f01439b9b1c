"""What a source does not let be shown, and what a page asks not to be shown as a copy, is shown nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import Home, verify
from indexer import SearchRequest, describe, index, search
from tests.project.test_withdrawn_everywhere import Names, exports, walk
from tests.withdrawing import NOON, html, id_of
from webapp import close_app, create_app

COLLECTION = """\
[collection]
key = "heron-forum"
title.en = "Heron Forum"
fictional = true
[names]
en = ["Heron Forum"]
"""
SOURCE = '[[sources]]\nkey = "{key}"\npublisher = "{key}"\nlanguage = "en"\ntrust = "newspaper"\nhosts = ["{key}.test"]\nrights = {rights}\n'
SOURCES = {
    "closed": '{ show = "metadata", statement = "Ask the gazette." }',
    "brief": '{ show = "excerpt" }',
    "open": '{ show = "full", export_text = true }',
}
# Longer than an excerpt, with nothing of the sentences' in it.
BEFORE = "The Heron Forum met in Samplemouth, where delegates of invented coasts spoke of boats and lanterns. " * 9
META = b'<html lang=en><head><meta name="ROBOTS" content="index, NOARCHIVE">'
HEADERS = {
    "header": [("X-Robots-Tag", "noindex"), ("X-Robots-Tag", "podium: noarchive")],
    "open": [("X-Robots-Tag", "googlebot: noarchive")],
}
PAGES = {"closed": "closed", "brief": "brief", "open": "open", "header": "open", "meta": "open"}  # page: its source
DARK = ("closed", "header", "meta")


def url_of(page: str) -> str:
    return f"http://{PAGES[page]}.test/{page}"


def needle(page: str) -> str:
    """What of a page's sentence no question asks for."""
    return f"{page} lighthouse"


def words(page: str) -> str:
    """The sentence of a page, behind what an excerpt shows."""
    return f"Xylographic herons queued politely behind the {needle(page)}."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("rights")
    sources = "".join(SOURCE.format(key=key, rights=rights) for key, rights in SOURCES.items())
    (folder / "c.toml").write_text(COLLECTION + sources, "utf-8")
    home = Home.init(folder / "home", collection=folder / "c.toml")
    with home.lock(what="test") as writer:
        for page, source in PAGES.items():
            body = html(
                BEFORE, f"“{words(page)}” said Ada Sample, chair of the Heron Forum.", title=f"Herons meet: {page}"
            )
            writer.add_response(
                url=url_of(page), status=200, reason="OK", fetched=NOON, source=source,
                headers=[("Content-Type", "text/html; charset=utf-8"), *HEADERS.get(page, [])],
                body=body.replace(b"<html lang=en><head>", META) if page == "meta" else body,
            )  # fmt: skip
    describe(home, workers=1)
    index(home)
    return home


@pytest.fixture(scope="module")
def client(home: Home) -> Iterator[FlaskClient]:
    app = create_app(home)
    yield app.test_client()
    close_app(app)


def test_all_is_kept_and_found_by_its_words(home: Home) -> None:
    found = {hit.report.url for hit in search(home, SearchRequest(query="xylographic", relation="any")).hits}
    assert found == {url_of(page) for page in PAGES}
    with home.catalogue() as catalogue:
        assert {r.url for r in catalogue.reports() if r.noarchive} == {url_of("header"), url_of("meta")}
        assert all(needle(page) in catalogue.versions(id_of(url_of(page)))[0].text for page in PAGES)
        assert len(list(catalogue.quotes())) == len(PAGES)
    assert verify(home).holds


def test_a_text_that_may_not_be_shown_is_on_no_route(home: Home) -> None:
    names = Names(home, *map(url_of, DARK), other=url_of("open"))
    assert walk(home, names, *map(needle, DARK), follow=False) == {}


def test_exports_give_what_may_be_given(home: Home, tmp_path: Path) -> None:
    made = exports(home, tmp_path, restricted=False)
    given = {page: {name for name, text in made.items() if needle(page) in text} for page in PAGES}
    assert {page: names for page, names in given.items() if page in DARK} == {page: set() for page in DARK}
    assert given["open"] >= {"jsonl", "warc", "wacz"}
    assert all(f"Herons meet: {page}" in made["jsonl"] for page in PAGES)


def test_an_excerpt_shows_its_beginning_and_what_is_quoted(client: FlaskClient) -> None:
    page = json.loads(client.get(f"/api/v1/reports/{id_of(url_of('brief'))}").text)
    assert page["text"] == BEFORE[: len(page["text"])]
    assert len(page["text"]) == 600
    assert [quote["speaker"] for quote in page["quotes"]] == ["Ada Sample"]
    found = json.loads(client.get("/api/v1/check", query_string={"text": words("brief")}).text)
    assert needle("brief") in found["matches"][0]["text"]


def test_an_open_source_is_shown_whatever_others_are_told(client: FlaskClient) -> None:
    assert needle("open") in client.get(f"/reports/{id_of(url_of('open'))}").text


def test_copies_are_not_for_search_engines_and_name_their_original(client: FlaskClient) -> None:
    url = url_of("open")
    for path in (f"/reports/{id_of(url)}", f"/reports/{id_of(url)}/evidence", f"/captures/20250717120000/{url}"):
        for address in (path, f"/api/v1{path}"):
            headers = client.get(address).headers
            assert headers["X-Robots-Tag"] == "noindex", address
            assert headers["Link"] == f'<{url}>; rel="canonical"'
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "sandbox" in headers["Content-Security-Policy"]
            assert "allow-scripts" not in headers["Content-Security-Policy"]
    looked = client.get(f"/replay/20250717120000/{url}").headers
    assert (looked["X-Robots-Tag"], looked["Link"]) == ("noindex", f'<{url}>; rel="canonical"')
    assert looked["Content-Security-Policy"].startswith("sandbox;")
    assert "X-Robots-Tag" not in client.get("/search").headers
