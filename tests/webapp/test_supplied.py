"""A text that the archive's owner supplied is nowhere shown as the publisher's own."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from flask.testing import FlaskClient

from archive import Version
from indexer import index
from tests.webapp.pages import read
from tests.webapp.shelf import address, id_of, make_shelf
from webapp import create_app

ID = id_of("en")
TEXT = "The women met.\n“Women carry the lamp of the harbour,” said Ada Sample."
SUPPLIED = "supplied by the owner of this archive"


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, str]:
    """A reader of the shelf with one more text of a report, and that version's id."""
    home = make_shelf(tmp_path_factory.mktemp("handed") / "home")
    with home.lock(what="test") as writer:
        capture = writer.add_resource(
            url=address("en"),
            body=TEXT.encode(),
            content_type="text/plain; charset=utf-8",
            supplied=dt.datetime(2025, 7, 28, tzinfo=dt.UTC),
            publisher="Lantern Daily",
        )
        writer.flush()
    version = Version(
        id=hashlib.sha256(TEXT.encode()).hexdigest()[:32],
        report=ID,
        text=TEXT,
        title="Lanterns",
        extractor="test/1",
        captures=(capture.id,),
    )
    with home.catalogue() as catalogue:
        reports = list(catalogue.reports())
        versions = [one for report in reports for one in catalogue.versions(report.id)]
        catalogue.replace_reports(reports, [*versions, version], list(catalogue.quotes()))
    index(home)
    return create_app(home).test_client(), version.id


def test_a_quote_found_there_says_so(handed: tuple[FlaskClient, str]) -> None:
    client, _ = handed
    page = read(client, "/check?text=Women carry the lamp of the harbour")
    assert page.one(".verdict").words == "Found word for word"
    assert SUPPLIED in page.one(".matches li .ways").words


def test_its_page_tells_when_and_how_that_text_came(handed: tuple[FlaskClient, str]) -> None:
    client, version = handed
    page = read(client, f"/reports/{ID}?version={version}")
    facts = page.one(".facts").words
    assert f"Came in {SUPPLIED}" in facts
    assert "Archived 2025-07-28" in facts
    assert SUPPLIED in page.one(".notice").words
    assert "earlier" not in page.one(".notice").words


def test_the_publishers_own_text_is_not_said_to_be_supplied(handed: tuple[FlaskClient, str]) -> None:
    client, _ = handed
    assert "Came in fetched from the publisher" in read(client, f"/reports/{ID}").one(".facts").words


def test_a_comparison_says_which_text_it_is(handed: tuple[FlaskClient, str]) -> None:
    client, version = handed
    with client.application.app_context():
        page = read(client, f"/reports/{ID}/changes?after={version}")
    assert SUPPLIED in page.one(".byline").words
