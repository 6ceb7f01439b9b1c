"""The provenance chain, and its digests computed anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import Home, urlkey
from tests.webapp.pages import read, read_json
from tests.webapp.shelf import PAGES, Page, address, id_of
from webapp import create_app


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_hit_leads_in_two_clicks_to_text_and_digest(client: FlaskClient, page: Page) -> None:
    hits = read(client, f"/search?relation=any&q={page.title.split()[0].strip('<>')}")
    hit = next(part for part in hits.all(".hit") if id_of(page.name) in part.one("h3 a")["href"])
    one_click = hit.links
    two_clicks = {link for opened in one_click for link in read(client, opened).links_in("main")}
    reached = {address for address in (*one_click, *two_clicks) if address.startswith(("/captures/", "/reports/"))}
    records = [read(client, address).one("main").words for address in reached if "/evidence" in address]
    assert any(address.startswith("/captures/") for address in reached)
    assert any(".warc.gz" in text and "Offset" in text and "SHA-256" in text for text in records)


def test_the_evidence_for_a_snippet_is_that_snippet(client: FlaskClient) -> None:
    hits = read(client, "/search?q=妇女")
    snippet = hits.one(".hit .snippet").text
    evidence = next(link for link in hits.links_in(".hit") if "/evidence" in link)
    assert read_json(client, "/api/v1" + evidence)["passage"]["text"] == snippet


def test_the_evidence_for_a_quote_names_its_speaker(client: FlaskClient) -> None:
    evidence = next(link for link in read(client, f"/reports/{id_of('zh')}").links_in(".quotes") if "/evidence" in link)
    assert "林某" in read(client, evidence).one(".chain").words


def test_a_speaker_who_is_not_named_is_said_in_english(shelf: Home, tmp_path: Path) -> None:
    shutil.copytree(shelf.path, tmp_path / "home")
    home = Home.open(tmp_path / "home")
    with home.catalogue() as catalogue:
        catalogue.connection.execute("UPDATE quotes SET speaker = NULL")
    client = create_app(home).test_client()
    evidence = next(link for link in read(client, f"/reports/{id_of('zh')}").links_in(".quotes") if "/evidence" in link)
    passage = read(client, evidence).one(".chain .meta")
    assert "said by someone not named" in passage.words
    assert not passage.all("[lang]")


def test_nothing_is_read_until_asked_for(client: FlaskClient) -> None:
    answer = read_json(client, f"/api/v1/reports/{id_of('zh')}/evidence")
    assert answer["holds"] is None
    assert all(link["recomputed"] is None for link in answer["links"])


def test_recomputed_digests_hold_for_a_sound_archive(client: FlaskClient) -> None:
    form = read(client, f"/reports/{id_of('zh')}/evidence").one("main form")
    asked = f"{form['action']}?{form.one('button')['name']}={form.one('button')['value']}"
    assert "Every digest holds." in read(client, asked).one(".verdict").words
    answer = read_json(client, "/api/v1" + asked)
    assert answer["holds"] is True
    assert [link["capture"]["record_type"] for link in answer["links"]] == ["response", "revisit"]
    compared = {one["what"] for link in answer["links"] for one in link["recomputed"]}
    assert compared == {"address", "SHA-1", "SHA-256", "WARC-Block-Digest", "WARC-Payload-Digest"}


def test_a_damaged_record_does_not_hold(shelf: Home, tmp_path: Path) -> None:
    shutil.copytree(shelf.path, tmp_path / "home")
    home = Home.open(tmp_path / "home")
    with home.catalogue() as catalogue:
        capture = next(iter(catalogue.captures(urlkey=urlkey(address("zh")))))
    with (home.warc / capture.file).open("r+b") as file:
        file.seek(capture.offset + capture.length // 2)
        file.write(b"\0\0\0\0")
    client = create_app(home).test_client()
    answer = read_json(client, f"/api/v1/reports/{id_of('zh')}/evidence?recompute=1")
    assert answer["holds"] is False
    page = read(client, f"/reports/{id_of('zh')}/evidence?recompute=1")
    assert "Not every digest holds." in page.one(".verdict").words
    assert "restore the file from a backup" in page.words


@pytest.mark.parametrize(
    "span", ["start=5&end=5", "start=9&end=2", "start=0&end=99999", "start=x&end=2", "recompute=yes"]
)
def test_a_span_outside_the_text_is_refused(client: FlaskClient, span: str) -> None:
    page = read(client, f"/reports/{id_of('zh')}/evidence?{span}", status=400)
    assert len(page.one(".lead").words) > 20
