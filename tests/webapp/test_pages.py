"""Home, editions, check, help: each page as a reader finds it."""

from __future__ import annotations

from collections import Counter

import pytest
from flask.testing import FlaskClient

from archive import Claim, Edition
from tests.webapp.pages import read, read_json
from tests.webapp.shelf import id_of
from webapp.overview import edition_line
from webapp.words import examples


def test_the_home_page_shows_every_edition_and_what_is_missing(client: FlaskClient) -> None:
    page = read(client, "/")
    assert [year.words for year in page.all(".card .year")] == ["2008", "2025"]
    assert "2009–2024" in page.one(".gap").words
    assert "No report of 2009 was found." in page.words
    assert page.one("form[role=search]")["action"] == "/search"


def test_each_word_to_try_says_its_language(client: FlaskClient) -> None:
    word = next(link for link in read(client, "/").all(".examples a") if "ແມ່ຍິງ" in link.words)
    assert (word["title"], word.words) == ("Lao", "ແມ່ຍິງ (Lao)")
    assert word.one("[lang=lo]").text == "ແມ່ຍິງ"


@pytest.mark.parametrize("address", ["/", "/editions/"])
def test_a_card_shows_the_theme_in_english_or_says_in_which_language(client: FlaskClient, address: str) -> None:
    english, chinese = read(client, address).all(".card")
    assert (english.one(".theme").text, english.one(".theme")["lang"]) == ("Women and Light", "en")
    assert not english.all(".meta")
    assert (chinese.one(".theme").text, chinese.one(".theme")["lang"]) == ("妇女与光明", "zh")
    assert chinese.one(".theme + .meta").words == "in Chinese"


def test_a_fictional_collection_says_so_on_every_page(client: FlaskClient) -> None:
    for address in (
        "/",
        "/search",
        "/editions/",
        "/check",
        "/help",
        "/about",
        "/coverage",
        f"/reports/{id_of('en')}",
        "/nowhere",
    ):
        page = client.get(address).get_data(as_text=True)
        assert "Fictional sample." in page, address


def test_conflicting_claims_stand_side_by_side_with_their_witnesses(client: FlaskClient) -> None:
    page = read(client, "/editions/2008")
    terms = page.all(".claims > dt")
    at = next(number for number, term in enumerate(terms) if term.words.startswith("city"))
    claims = page.all(".claims > dd")[at]
    assert "sources disagree" in terms[at].words
    assert [value.words for value in claims.all(".value")] == ["Nanning", "Beijing"]
    assert [link["href"] for link in claims.all(".witnesses a[rel]")] == [
        "http://daily.example/tests/en",
        "http://other.example/undated",
    ]


def test_an_attesting_address_leads_to_the_report_in_the_archive(client: FlaskClient) -> None:
    page = read(client, "/editions/2008")
    assert f"/reports/{id_of('en')}" in page.links_in(".witnesses")


def test_a_claim_is_in_its_own_language(client: FlaskClient) -> None:
    assert read(client, "/editions/2008").one(".value[lang]")["lang"] == "km"


def test_a_claimed_day_is_in_words(client: FlaskClient) -> None:
    day = read(client, "/editions/2008").one(".claims .value time")
    assert (day.text, day["datetime"]) == ("21 October 2008", "2008-10-21")


def test_an_edition_lists_its_reports_by_language(client: FlaskClient) -> None:
    page = read(client, "/editions/2008")
    headings = [heading.words for heading in page.all("h3")]
    assert headings == ["English 4", "Khmer 1", "Thai 1"]


def test_an_unknown_edition_is_not_found(client: FlaskClient) -> None:
    assert "1999" in read(client, "/editions/1999", status=404).one(".lead").words


def test_a_quote_is_found_word_for_word_with_its_speaker(client: FlaskClient) -> None:
    page = read(client, "/check?text=Women carry the light")
    assert page.one(".verdict").words == "Found word for word"
    assert "Ada Sample" in page.one(".matches li").words
    reached = page.links_in(".matches li")
    assert any(link.startswith(f"/reports/{id_of('en')}/evidence") for link in reached)
    assert any(link.startswith("/captures/") for link in reached)


def test_words_edited_away_are_found_in_the_earlier_version(client: FlaskClient) -> None:
    page = read(client, "/check?text=They carry the torch, some said")
    assert "gone since" in page.one(".matches li").words
    report = next(link for link in page.links_in(".matches h3"))
    assert "They carry the torch" in read(client, report).one(".text").words


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("The moon is made of cheese tonight", "Not found in this archive"), ("ok", "Too short to check")],
)
def test_the_verdict_says_what_was_not_found(client: FlaskClient, text: str, verdict: str) -> None:
    page = read(client, f"/check?text={text}")
    assert page.one(".verdict").words == verdict
    assert not page.all(".matches")


def test_what_is_not_found_is_no_proof_and_says_where_to_look(client: FlaskClient) -> None:
    page = read(client, "/check?text=The moon is made of cheese tonight")
    assert "/coverage" in page.links_in(".answer")
    assert "bad" not in (page.one(".verdict").get("class") or "")
    assert "Looked through" in page.one(".answer").words


def test_words_of_the_asker_that_are_not_in_print_are_named(client: FlaskClient) -> None:
    page = read(client, "/check?text=Women never carry the light, said Ada Sample")
    assert page.one(".verdict").words == "Found with differences"
    assert [gone.words for gone in page.all(".matches .lacks")] == ["never"]
    assert page.one("blockquote.printed-only").words == "Women never carry the light, said Ada Sample"


def test_an_empty_check_is_the_form_alone(client: FlaskClient) -> None:
    page = read(client, "/check?text=")
    assert page.one("textarea[name=text]").text.strip() == ""
    assert not page.all(".verdict")


def test_pasted_markup_stays_text(client: FlaskClient) -> None:
    page = read(client, "/check?text=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.one("textarea").text.strip() == "</textarea><script>alert(1)</script>"
    assert not page.all("script")


@pytest.mark.parametrize("example", [one["text"] for kind in examples().values() for one in kind])
def test_every_example_of_the_help_is_a_query_that_is_understood(client: FlaskClient, example: str) -> None:
    page = read(client, "/help")
    address = next(link["href"] for link in page.all("a[lang], a") if link.text == example)
    assert read_json(client, "/api/v1" + address)["request"]["query"] == example


def test_a_browser_can_add_the_search(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.content_type.startswith("application/opensearchdescription+xml")
    assert 'template="http://localhost/search?q={searchTerms}"' in response.get_data(as_text=True)


def test_health_counts_the_reports(client: FlaskClient) -> None:
    assert read_json(client, "/healthz") == {"status": "ok", "reports": 9}


@pytest.mark.parametrize(("sources", "disagree"), [(2, True), (1, False)])
def test_what_is_said_of_one_source_alone_is_no_disagreement(sources: int, disagree: bool) -> None:
    urls = tuple(f"http://daily.example/{number}" for number in range(sources))
    claim = Claim(field="conflict", value="The only source is a copy.", sources=urls)
    edition = Edition(key="2021", year=2021, claims=(claim,))
    assert bool(edition_line(edition, Counter()).conflicts) is disagree
