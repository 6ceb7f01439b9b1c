"""The JSON twins say what the pages say."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webapp.pages import read, read_json
from tests.webapp.shelf import address, id_of

PAGES = (
    "/",
    "/search?q=women&language=en&sort=newest",
    "/editions/",
    "/editions/2008",
    f"/reports/{id_of('en')}?q=women",
    f"/reports/{id_of('en')}/evidence?start=0&end=9&recompute=1",
    f"/captures/20250720080000/{address('zh')}",
    "/check?text=Women+carry+the+light",
    "/about",
    "/coverage",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_its_twin_and_the_twin_answers(client: FlaskClient, page: str) -> None:
    shown = read(client, page)
    twin = shown.one("link[type='application/json']")["href"]
    assert twin.startswith("/api/v1/")
    assert read_json(client, twin)
    assert shown.one("footer a")["href"] == twin


def test_the_twin_of_a_search_has_the_same_hits(client: FlaskClient) -> None:
    page = read(client, "/search?q=women&sort=oldest")
    twin = read_json(client, "/api/v1/search?q=women&sort=oldest")
    assert [part["href"].split("/")[2].split("?")[0] for part in page.all(".hit h3 a")] == [
        hit["report"]["id"] for hit in twin["hits"]
    ]
    assert page.one(".total strong").words == f"{twin['total']} reports"
    assert [snippet.text for snippet in page.all(".snippet")] == [
        fragment["text"] for hit in twin["hits"] for fragment in hit["fragments"]
    ]
    assert [mark.text for mark in page.all(".snippet mark")] == [
        fragment["text"][start:end]
        for hit in twin["hits"]
        for fragment in hit["fragments"]
        for start, end in fragment["marks"]
    ]


def test_the_twin_of_a_report_has_its_text_quotes_and_versions(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('zh')}")
    twin = read_json(client, f"/api/v1/reports/{id_of('zh')}")
    assert page.one(".text").text.split() == twin["text"].split()
    quote = twin["quotes"][0]
    assert twin["text"][quote["start"] : quote["end"]] == quote["text"] == page.one(".said").text
    assert len(page.all(".versions > li")) == len(twin["versions"])


def test_the_twin_of_an_edition_has_its_claims(client: FlaskClient) -> None:
    twin = read_json(client, "/api/v1/editions/2008")
    city = next(field for field in twin["fields"] if field["name"] == "city")
    assert city["conflict"] is True
    assert [attested["claim"]["value"] for attested in city["claims"]] == ["Nanning", "Beijing"]


def test_the_twin_of_a_check_has_verdict_speaker_capture_and_digest(client: FlaskClient) -> None:
    twin = read_json(client, "/api/v1/check?text=Women carry the light")
    best = twin["matches"][0]
    assert (twin["verdict"], best["speaker"], best["report"]["id"]) == ("verbatim", "Ada Sample", id_of("en"))
    assert len(best["capture"]["sha256"]) == 64


@pytest.mark.parametrize(
    ("wrong", "status"),
    [("/api/v1/search?page=x", 400), ("/api/v1/check", 400), ("/api/v1/reports/none", 404), ("/api/v1/none", 404)],
)
def test_errors_are_json_with_one_sentence(client: FlaskClient, wrong: str, status: int) -> None:
    answer = read_json(client, wrong, status=status)
    assert answer["status"] == status
    assert len(answer["error"]) > 10
