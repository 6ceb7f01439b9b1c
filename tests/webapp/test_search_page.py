"""The page of search results."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from archive import Home, Trust
from tests.webapp.pages import Part, read, read_json
from tests.webapp.shelf import SCRIPT, id_of
from webapp import close_app, create_app
from webapp.words import set_words


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


def test_a_query_with_markup_stays_text(client: FlaskClient) -> None:
    page = read(client, "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert not page.all("script")
    assert page.one("input[name=q]")["value"] == '"><script>alert(1)</script>'


def test_a_closed_source_shows_no_snippet(client: FlaskClient) -> None:
    page = read(client, "/search?q=closed")
    assert not hit(page, "closed").all(".snippet")
    assert "Nobody may read" not in client.get("/api/v1/search?q=closed").get_data(as_text=True)
