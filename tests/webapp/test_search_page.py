"""The page of search results."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from archive import Home, Trust
from indexer import Facet, FacetValue, SearchPage
from tests.webapp.pages import Part, read, read_json
from tests.webapp.shelf import SCRIPT, id_of
from webapp import close_app, create_app
from webapp.views import searching
from webapp.views.searching import asked_search
from webapp.words import count_words, set_words


def hit(page: Part, name: str) -> Part:
    """The hit of one page of the shelf."""
    return next(part for part in page.all(".hit") if f"/reports/{id_of(name)}" in part.one("h3 a")["href"])


@pytest.mark.parametrize(
    ("query", "name", "marked"),
    [
        ("women", "en", "women"),
        ("妇女", "zh", "妇女"),
        ("婦女", "zh", "妇女"),
        ("ស្ត្រី", "km", "ស្ត្រី"),
        ("สตรี", "th", "สตรี"),
    ],
)
def test_the_word_looked_for_is_marked_in_the_snippet(client: FlaskClient, query: str, name: str, marked: str) -> None:
    page = read(client, f"/search?q={query}")
    marks = {mark.text.lower() for mark in hit(page, name).all(".snippet mark")}
    assert marks == {marked}


def test_a_title_with_markup_is_shown_as_text(client: FlaskClient) -> None:
    page = read(client, "/search?q=lanterns")
    assert hit(page, "en").one("h3").text == SCRIPT
    assert not page.all("script, img")


def test_every_hit_is_in_the_language_of_its_report(client: FlaskClient) -> None:
    page = read(client, "/search?q=妇女")
    assert hit(page, "zh").one("h3 a")["lang"] == "zh-Hans"
    assert {snippet["lang"] for snippet in hit(page, "zh").all(".snippet")} == {"zh-Hans"}


def test_a_hit_says_whence_and_when(client: FlaskClient) -> None:
    page = read(client, "/search?q=妇女")
    time = hit(page, "zh").one("time")
    assert (time["datetime"], time.text) == ("2025-07", "July 2025")
    assert "Lantern Daily" in hit(page, "zh").one(".meta").words
    assert "date unknown" in hit(read(client, "/search?q=ស្ត្រី"), "km").words


def test_copies_and_pages_of_web_archives_are_named_so(client: FlaskClient) -> None:
    copy = hit(read(client, "/search?q=copied"), "mirror?p=16&q=%E4%BA%BA")
    assert "copy of gone.example/news/1, original not found" in copy.words
    assert "from a web archive" in hit(read(client, "/search?q=สตรี"), "th").words


def test_a_facet_is_a_link_with_a_count_that_the_link_keeps(client: FlaskClient) -> None:
    page = read(client, "/search?q=women")
    entry = next(item for item in page.all(".facet li") if "English" in item.words)
    narrowed = read_json(client, "/api/v1" + entry.one("a")["href"])
    assert entry.one(".count").words == str(narrowed["total"])
    assert narrowed["request"]["languages"] == ["en"]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results that fifteen publishers have a part in."""
    values = tuple(FacetValue(value=f"Herald {number}", count=1) for number in range(15))

    def asked() -> SearchPage:
        return replace(asked_search(), facets=(Facet(name="publisher", values=values),))

    monkeypatch.setattr(searching, "asked_search", asked)


@pytest.mark.usefixtures("many")
def test_every_value_of_a_filter_can_be_chosen(client: FlaskClient) -> None:
    page = read(client, "/search?q=women")
    assert page.one(".facets .rest summary").words == "and 3 more"
    chosen = [parse_qs(urlsplit(link["href"]).query)["publisher"] for link in page.all(".facet a")]
    assert chosen == [[f"Herald {number}"] for number in range(15)]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("publisher", "opened"), [("Herald 1", None), ("Herald 14", "")])
def test_further_values_stand_open_where_one_of_them_is_chosen(
    client: FlaskClient, publisher: str, opened: str | None
) -> None:
    page = read(client, f"/search?q=women&publisher={publisher}")
    assert page.one(".facets .rest").get("open") == opened


def test_the_keyboard_reaches_the_reports_without_passing_box_and_filters(client: FlaskClient) -> None:
    page = read(client, "/search?q=women")
    first = page.one("main :is(a, button, input, summary)")
    assert first.words == "Skip to the reports"
    assert page.one(f"section {first['href']}").words == "Reports"


def test_a_chosen_facet_can_be_taken_away(client: FlaskClient) -> None:
    page = read(client, "/search?q=women&language=en&edition=2008&from=2008")
    removing = page.links_in(".chosen")
    assert len(removing) == 3
    assert all(address.count("&") == 2 for address in removing)
    chosen = page.one(".facet a.on")
    assert chosen["aria-current"] == "true"


def test_a_chosen_edition_says_that_it_is_one(client: FlaskClient) -> None:
    page = read(client, "/search?edition=2008&edition=none&from=2008")
    chips = [chip.words.removeprefix("Remove filter: ") for chip in page.all(".chosen a")]
    assert chips == ["Edition 2008 ×", "no edition ×", "from 1 January 2008 ×"]


@pytest.mark.parametrize("kind", list(Trust))
def test_a_kind_of_publisher_has_one_name_in_filters_and_on_reports(demo_home: Home, kind: Trust) -> None:
    app = create_app(demo_home)
    reader = app.test_client()
    page = read(reader, f"/search?relation=any&trust={kind}")
    name = page.one(".chosen a").words.removeprefix("Remove filter: ").removesuffix(" ×")
    assert [value.words for value in page.all("#facet-trust + ul a.on")] == ([name] if page.all(".hit") else [])
    for report in page.links_in(".hit h3")[:1]:
        assert read(reader, report).one("#known + .facts dd .meta").words == name
    assert name == set_words(kind)
    close_app(app)


def test_filters_stay_when_the_query_changes(client: FlaskClient) -> None:
    page = read(client, "/search?q=women&language=en&edition=2008&sort=oldest&from=2008")
    kept = {field["name"]: field["value"] for field in page.all("form[role=search] input[type=hidden]")}
    assert kept == {"language": "en", "edition": "2008", "sort": "oldest", "from": "2008-01-01"}


def test_reports_outside_the_forum_are_counted_and_shown_on_demand(client: FlaskClient) -> None:
    page = read(client, "/search?q=trade")
    assert not page.all(".hit")
    assert "1 other matched" in page.one(".total").words
    anything = read(client, page.one(".total a")["href"])
    assert hit(anything, "other").all("mark")


def test_the_years_are_links_that_find_what_they_count(client: FlaskClient) -> None:
    page = read(client, "/search?q=women")
    year = page.one(".years a")
    number = int(year.words.split(": ")[1].split()[0])
    assert read_json(client, "/api/v1" + year["href"])["total"] == number > 0


def test_the_years_as_numbers_find_what_they_count(client: FlaskClient) -> None:
    page = read(client, "/search?q=women OR 妇女")
    years = {year.one("a").words: year for year in page.all(".years-list li")}
    assert list(years) == ["2008", "2025"]
    for year in years.values():
        assert str(read_json(client, "/api/v1" + year.one("a")["href"])["total"]) == year.one(".count").words


def test_the_ends_of_the_bars_and_round_years_between_them_are_labelled(client: FlaskClient) -> None:
    page = read(client, "/search?q=women OR 妇女")
    assert [label.text for label in page.all(".years .year")] == ["2008", "2015", "2020", "2025"]
    assert [label.text for label in read(client, "/search?q=women").all(".years .year")] == ["2008"]


def test_the_order_can_be_changed(client: FlaskClient) -> None:
    newest = [hit["report"]["id"] for hit in read_json(client, "/api/v1/search?sort=newest")["hits"]]
    oldest = [hit["report"]["id"] for hit in read_json(client, "/api/v1/search?sort=oldest")["hits"]]
    assert newest[0] == id_of("zh") != oldest[0]


def test_pages_of_results_lead_through_all_hits(client: FlaskClient, shelf: Home) -> None:
    small = create_app(shelf)
    small.extensions["podium"].home = type(shelf).open(shelf.path, page_size=3)
    reader = small.test_client()
    address, seen = "/search?q=", []
    while address:
        page = read(reader, address)
        seen += [part["href"] for part in page.all(".hit h3 a")]
        following = page.all(".paging [rel=next]")
        address = following[0]["href"] if following else ""
    close_app(small)
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "search",
    [
        "/search?q=women",
        "/search?q=women&language=en&edition=2008&publisher=Lantern+Daily&relation=any&from=2008-01-01&sort=newest",
        "/search?language=km&language=th",
        "/search",
    ],
    ids=["a query alone", "filters and order", "filters alone", "everything"],
)
def test_a_report_leads_back_to_the_results_it_was_found_in(client: FlaskClient, search: str) -> None:
    found = read(client, search).one(".hit h3 a")
    back = read(client, found["href"]).one(".steps a")
    assert parse_qs(urlsplit(back["href"]).query) == parse_qs(urlsplit(search).query)


def test_a_report_leads_back_to_the_page_of_results_it_was_found_on(client: FlaskClient, shelf: Home) -> None:
    small = create_app(shelf)
    small.extensions["podium"].home = type(shelf).open(shelf.path, page_size=3)
    found = read(small.test_client(), "/search?q=women&page=2").one(".hit h3 a")
    close_app(small)
    assert read(client, found["href"]).one(".steps a")["href"] == "/search?q=women&page=2"


def test_a_broken_way_back_leads_to_the_query(client: FlaskClient) -> None:
    page = read(client, f"/reports/{id_of('en')}?q=women&results=page%3Dx")
    assert page.one(".steps a")["href"] == "/search?q=women"


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        ("", "Search"),
        ("?q=women", "Search: women"),
        ("?q=women&page=2", "Search: women, page 2"),
        ("?language=km&language=en&edition=2008&edition=none", "Search: edition 2008, no edition, Khmer, English"),
        (
            "?q=women&from=2008&to=2012&sort=newest",
            "Search: women, from 1 January 2008 to 31 December 2012, newest first",
        ),
        ("?publisher=Lantern+Daily&trust=agency&relation=any", "Search: Lantern Daily, agency, of any kind"),
        ("?relation=other", "Search: not about the forum"),
    ],
)
def test_the_title_tells_one_page_of_results_from_another(client: FlaskClient, arguments: str, title: str) -> None:
    assert read(client, f"/search{arguments}").one("title").text == f"{title} · Lantern Forum"


def test_the_answer_says_what_was_searched(client: FlaskClient) -> None:
    page = read(client, "/search?q=women").one(".searched").words
    for part in ("women", "Khmer", "2008", "No report of 2009 was found.", "generation"):
        assert part in page


def test_the_answer_says_that_a_query_is_not_translated_and_how_languages_are_joined(client: FlaskClient) -> None:
    searched = read(client, "/search?q=women").one(".searched")
    assert "translates nothing" in searched.words
    joined = next(link for link in searched.all(".meta a") if " OR " in link.words)
    found = {hit["report"]["language"] for hit in read_json(client, "/api/v1" + joined["href"])["hits"]}
    assert found == {"en", "zh-Hans"}


def test_the_language_filter_names_a_language_in_its_own_words_too(client: FlaskClient) -> None:
    page = read(client, "/search?language=km")
    expected = [("km", "ខ្មែរ")]
    for where in (".facet a.on", ".chosen a"):
        assert "Khmer" in page.one(where).words
        assert [(name["lang"], name.text) for name in page.one(where).all("[lang]")] == expected


def test_a_language_with_one_name_is_named_once(client: FlaskClient) -> None:
    names = [item.one("a").words for item in read(client, "/search").all(".facet li")]
    assert "English" in names


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    page = read(client, "/search?q=zzzz&language=en")
    assert "No report matches." in page.one(".nothing").words
    assert "/search?q=zzzz" in page.links_in(".nothing")


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("wimen", "wimen~1"),
        ('"women carry the met"', "women AND carry AND the AND met"),
        ("women zzzz", "women OR zzzz"),
    ],
    ids=["a misspelled word", "a phrase", "several words"],
)
def test_nothing_found_offers_what_finds_something(client: FlaskClient, query: str, instead: str) -> None:
    offered = read(client, f"/search?q={query}&language=en").one(".nothing li")
    assert offered.one("a bdi").words == instead
    found = read_json(client, "/api/v1" + offered.one("a")["href"])
    assert found["request"]["languages"] == ["en"]
    assert offered.words.endswith(f"finds {count_words(found['total'], 'report')}.")
    assert found["total"] > 0


def test_nothing_is_offered_that_finds_nothing(client: FlaskClient) -> None:
    assert not read(client, "/search?q=qqqqqq").all(".nothing li bdi")


def test_what_is_offered_is_in_the_twin(client: FlaskClient) -> None:
    offered = [item.one("bdi").words for item in read(client, "/search?q=wimen").all(".nothing li:has(bdi)")]
    assert offered == [one["query"] for one in read_json(client, "/api/v1/search?q=wimen")["suggestions"]] != []


def test_a_query_with_markup_stays_text(client: FlaskClient) -> None:
    page = read(client, "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert not page.all("script")
    assert page.one("input[name=q]")["value"] == '"><script>alert(1)</script>'


def test_a_closed_source_shows_no_snippet(client: FlaskClient) -> None:
    page = read(client, "/search?q=closed")
    assert not hit(page, "closed").all(".snippet")
    assert "Nobody may read" not in client.get("/api/v1/search?q=closed").get_data(as_text=True)
