"""The pages of reports and captures."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.webapp.pages import read, read_json
from tests.webapp.shelf import EARLIER, PAGES, SCRIPT, Page, address, id_of


def cited(client: FlaskClient, page: str) -> str:
    """The citation that a page gives, as it is copied."""
    return " ".join(read(client, page).one("#citation + p").text.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_report_shows_its_title_in_its_language(client: FlaskClient, page: Page) -> None:
    title = read(client, f"/reports/{id_of(page.name)}").one("h1")
    assert (title.text, title["lang"]) == (page.title, page.language)


def test_markup_in_a_text_is_shown_as_text(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('en')}")
    assert '<script>alert("text")</script> <img src=x> ended it.' in page.one(".text").text
    assert not page.all("script, img")
    assert page.one("title").text.startswith(SCRIPT)


def test_the_words_of_the_query_are_marked_and_the_first_is_the_anchor(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('en')}?q=women")
    assert [mark.text for mark in page.all(".text mark")] == ["women", "Women"]
    assert [mark.get("id") for mark in page.all(".text mark")] == ["hit", "hit-2"]


def test_each_hit_can_be_reached(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('en')}?q=women OR carry")
    assert page.one(".places").words == f"{len(page.all('.text mark'))} hits in this text: 1 2 3"
    assert [link["href"] for link in page.all(".places a")] == [f"#{mark['id']}" for mark in page.all(".text mark")]


def test_every_one_of_many_hits_can_be_reached(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('brief')}?q=words")
    reached = [link["href"] for link in page.all(".places a")]
    assert reached == [f"#{mark['id']}" for mark in page.all(".text mark")]
    assert page.one(".places summary").words == f"and {len(reached) - 12} more"


def test_no_link_leads_to_a_hit_inside_another(client: FlaskClient) -> None:
    page = read(client, f'/reports/{id_of("en")}?q=women OR "the women met"')
    anchors = {f"#{mark['id']}" for mark in page.all(".text mark[id]")}
    assert {link["href"] for link in page.all(".places a")} == anchors


def test_a_query_that_cannot_be_parsed_marks_nothing(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('en')}?q=%22%22*")
    assert not page.all("mark")


def test_quotes_are_marked_and_listed_with_their_speakers(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('zh')}")
    said = page.one(".text .said")
    assert said.text == "妇女带来光明。"
    listed = page.one(".quotes li")
    assert "林某" in listed.words
    assert listed.one("blockquote a")["href"] == f"#{said['id']}"


def test_a_report_says_how_it_knows_its_date_and_relation(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('zh')}").one(".about").words
    for part in ("July 2025", "in the address", "names the forum in its title", "confidence 0.90"):
        assert part in page


def test_another_version_is_shown_and_said_to_be_one(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('en')}")
    earlier = next(link for link in page.links_in(".versions") if "version=" in link)
    shown = read(client, earlier)
    assert shown.one(".text").text.strip() == EARLIER
    assert "another text of the report, fetched from the publisher" in shown.one(".notice").words


def test_a_citation_can_be_copied_whole(client: FlaskClient) -> None:
    url, id = address("zh"), id_of("zh")
    assert cited(client, f"/reports/{id}") == (
        f"Lantern Daily, “妇女论坛开幕”, July 2025, <{url}>; archived 2025-07-21 08:00:00 UTC,"
        f" <http://localhost/captures/20250721080000/{url}>; Lantern Forum, report {id}, <http://localhost/reports/{id}>."
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_address_in_a_citation_of_this_archive_leads_there(client: FlaskClient, page: Page) -> None:
    addresses = re.findall(r"<(http://localhost/.*?)>[;.]", cited(client, f"/reports/{id_of(page.name)}"))
    assert [read(client, one).one("h1").text for one in addresses] == [page.title, page.title]


def test_the_citation_of_an_earlier_version_names_it(client: FlaskClient) -> None:
    latest = read(client, f"/reports/{id_of('en')}")
    earlier = next(link for link in latest.links_in(".versions") if "version=" in link)
    citation = cited(client, earlier)
    assert f"version {earlier.partition('version=')[2]}, <http://localhost{earlier}>." in citation
    assert "archived 2025-07-19 08:00:00 UTC" in citation


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mirror?p=16&q=%E4%BA%BA", "(copy of http://gone.example/news/1, original not found)"),
        ("km", "“ស្ត្រី និង ពន្លឺ”, date unknown, <"),
    ],
    ids=["copy", "undated"],
)
def test_a_citation_hides_no_doubt(client: FlaskClient, name: str, said: str) -> None:
    assert said in cited(client, f"/reports/{id_of(name)}")


def test_only_an_excerpt_is_shown_where_the_source_asks_for_it(client: FlaskClient) -> None:
    report = id_of("brief")
    for shown in ("", "/evidence?start=0&end=1000"):
        assert "hidden tail" not in client.get(f"/reports/{report}{shown}").get_data(as_text=True)
        assert "hidden tail" not in client.get(f"/api/v1/reports/{report}{shown}").get_data(as_text=True)
    notice = read(client, f"/reports/{report}").one(".notice").words
    assert "Only an excerpt is shown" in notice
    assert "Excerpts only, says the wire." in notice


def test_no_text_is_shown_where_the_source_asks_for_it(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('closed')}")
    assert "The text is not shown" in page.words
    capture = next(link for link in page.links if link.startswith("/captures/"))
    assert "Nobody may read" not in client.get(capture).get_data(as_text=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_archived_text_of_a_capture_is_text_only(client: FlaskClient, page: Page) -> None:
    report = read(client, f"/reports/{id_of(page.name)}")
    archived = read(client, next(link for link in report.links_in(".actions") if link.startswith("/captures/")))
    assert not archived.all("script, img")
    if page.source == "daily":
        assert archived.one(".text").text.split() == page.text.split()
    canonical = [link["href"] for link in archived.all("link[rel=canonical]")]
    assert canonical == [url for url in [address(page.name)] if url.startswith("http:")]
    assert archived.one("meta[name=robots]")["content"] == "noindex"


def test_an_address_that_is_no_web_address_is_no_link(client: FlaskClient) -> None:
    odd = "javascript:alert(1)"
    report = f"/reports/{id_of(odd)}"
    for shown in (report, f"{report}/evidence", f"/captures/20250720080000/{odd}", "/search?relation=any&q=oddity"):
        page = read(client, shown)
        assert "Imported oddity" in page.words
        assert not [link["href"] for link in page.all("[href]") if link["href"].startswith("javascript:")]


def test_a_near_timestamp_leads_to_the_nearest_capture(client: FlaskClient) -> None:
    response = client.get(f"/captures/2025/{address('zh')}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/captures/20250720080000/{address('zh')}"


def test_an_address_may_carry_its_own_query(client: FlaskClient) -> None:
    name = "mirror?p=16&q=%E4%BA%BA"
    escaped = read_json(client, f"/api/v1/captures/20250720080000/{quote(address(name), safe='')}")
    typed = read_json(client, f"/api/v1/captures/20250720080000/{address(name)}")
    assert escaped["capture"]["url"] == typed["capture"]["url"] == address(name)


def test_a_revisit_shows_the_record_that_holds_the_payload(client: FlaskClient) -> None:
    first = read_json(client, f"/api/v1/captures/20250720080000/{address('zh')}")
    second = read_json(client, f"/api/v1/captures/20250721080000/{address('zh')}")
    assert second["capture"]["record_type"] == "revisit"
    assert second["carrier"] == first["capture"]
    assert second["text"] == first["text"]


@pytest.mark.parametrize(
    "missing",
    ["/reports/none", f"/reports/{id_of('en')}?version=none", "/captures/2025/http://x.example/", "/captures/x/y"],
)
def test_what_is_not_there_is_a_page_that_says_so(client: FlaskClient, missing: str) -> None:
    page = read(client, missing, status=404)
    assert len(page.one(".lead").words) > 20
