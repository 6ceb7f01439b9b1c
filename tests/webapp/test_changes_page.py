"""The page of a report's edits, and corrections on the page of a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import webapp
from archive import Correction, Field, Home
from indexer import index
from tests.webapp.pages import read, read_json
from tests.webapp.shelf import EARLIER, PAGES, id_of, make_shelf

ID = id_of("en")


def test_what_vanished_and_what_appeared_is_marked(client: FlaskClient) -> None:
    page = read(client, f"/reports/{ID}/changes")
    said = next(one.text for one in PAGES if one.name == "en")
    text = page.one(".changes")
    assert "torch" in "".join(one.text for one in page.all(".changes del"))
    assert "light" in "".join(one.text for one in page.all(".changes ins"))
    assert not page.all("script, img")
    assert len(text.text) >= len(said)
    assert "Women carry the light," in page.one(".about").words


def test_the_twin_says_the_same(client: FlaskClient) -> None:
    page = read_json(client, f"/api/v1/reports/{ID}/changes")
    passages = page["difference"]["passages"]
    assert "".join(p["text"] for p in passages if p["kind"] != "appeared") == EARLIER
    assert [edit["size"] for edit in page["edits"]] == ["large"]
    assert [quote["text"] for quote in page["quotes_appeared"]] == ["Women carry the light,"]


def test_the_report_leads_there_only_where_there_are_two_texts(client: FlaskClient) -> None:
    assert any(link.endswith("/changes") for link in read(client, f"/reports/{ID}").links_in(".versions, section"))
    assert client.get(f"/reports/{id_of('zh')}/changes").status_code == 404
    assert client.get(f"/reports/{ID}/changes?before=none").status_code == 404


@pytest.fixture
def corrected(tmp_path: Path) -> FlaskClient:
    home = make_shelf(tmp_path / "home")
    given = {"report": ID, "time": "2025-07-20T08:00:00+00:00", "who": "archivist7", "why": "the scan says so"}
    made = Correction(
        id="1", subject=ID, field=Field.DATE, value="2008-10-22", rules="2008-10-21", agrees=False, **given
    )
    agreed = replace(made, id="2", field=Field.EDITION, value="2008", rules="2008", agrees=True)
    with home.catalogue() as catalogue:
        reports = list(catalogue.reports())
        versions = [version for report in reports for version in catalogue.versions(report.id)]
        catalogue.replace_reports(reports, versions, list(catalogue.quotes()), corrections=[made, agreed])
    index(home)
    return webapp.create_app(Home.open(home.path)).test_client()


def test_corrections_stand_beside_what_the_rules_say_without_who_made_them(corrected: FlaskClient) -> None:
    told = read(corrected, f"/reports/{ID}").one(".corrections").words
    for part in ("2008-10-22", "The rules say: 2008-10-21", "the scan says so", "2025-07-20", "the rules agree by now"):
        assert part in told
    assert "archivist7" not in corrected.get(f"/reports/{ID}").get_data(as_text=True)
    twin = read_json(corrected, f"/api/v1/reports/{ID}")
    assert [(one["value"], one["rules"], one["agrees"]) for one in twin["corrections"]] == [
        ("2008-10-22", "2008-10-21", False),
        ("2008", "2008", True),
    ]
    assert "archivist7" not in str(twin)
