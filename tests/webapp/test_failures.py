"""Bad arguments, missing indexes, and the headers every answer carries."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import ArchiveError, Home
from tests.webapp.pages import read, read_json
from tests.webapp.shelf import COLLECTION, PAGES, id_of
from webapp import create_app


@pytest.mark.parametrize(
    "wrong",
    [
        "page=0", "page=x", "page=99999", "page=-1", "page=١", "size=0", "size=5000", "sort=best", "relation=both",
        "from=yesterday", "from=2008-13", "to=2008-02-30", "from=0000", "from=2025&to=2008", "edition=1999", "q=%00",
        "&".join(f"publisher={n}" for n in range(60)),
    ],
)  # fmt: skip
def test_a_bad_argument_is_refused_with_a_sentence(client: FlaskClient, wrong: str) -> None:
    sentence = read(client, f"/search?{wrong}", status=400).one(".lead").words
    assert len(sentence) > 20
    assert read_json(client, f"/api/v1/search?{wrong}", status=400)["error"].split() == sentence.split()


def test_a_query_that_cannot_be_run_stands_in_its_box_to_be_mended(client: FlaskClient) -> None:
    page = read(client, "/search?q=(women", status=400)
    assert page.one("input[name=q]")["value"] == "(women"
    assert page.one("h1").words == "This search cannot be run"
    assert not read(client, "/nowhere?q=women", status=404).all("input[name=q]")


def test_a_query_that_cannot_be_run_keeps_filters_and_order(client: FlaskClient) -> None:
    page = read(client, "/search?q=(women&language=en&language=zh&from=2008&sort=newest&page=2", status=400)
    kept = [(field["name"], field["value"]) for field in page.all("form[role=search] input[type=hidden]")]
    assert kept == [("language", "en"), ("language", "zh"), ("sort", "newest"), ("from", "2008")]


@pytest.mark.parametrize("wrong", ["sort=best", "edition=1999", "trust=nobody", "from=soon", "page=x"])
def test_what_was_refused_is_not_asked_for_again(client: FlaskClient, wrong: str) -> None:
    page = read(client, f"/search?q=women&language=en&{wrong}", status=400)
    fields = page.one("form[role=search]").all("input[name]")
    again = urlencode([(field["name"], field["value"]) for field in fields])
    assert again == "q=women&language=en"
    assert read(client, f"/search?{again}").all(".hit")


@pytest.mark.parametrize("wrong", ["from=2025&to=2008", "from=soon", "from=2008&to=soon"])
def test_dates_that_do_not_fit_can_be_mended_where_they_stand(client: FlaskClient, wrong: str) -> None:
    page = read(client, f"/search?q=women&language=en&{wrong}", status=400)
    span = {field["name"]: field["value"] for field in page.all("form.span input")}
    assert span == {"q": "women", "language": "en", "from": "", "to": ""} | dict(parse_qsl(wrong))


def test_dates_that_do_not_fit_can_be_left_aside(client: FlaskClient) -> None:
    page = read(client, "/search?q=women&language=en&from=2025&to=2008", status=400)
    without = next(link["href"] for link in page.all("main a") if link.words == "Search without dates")
    assert without == "/search?q=women&language=en"


@pytest.mark.parametrize("page", ["/search?q={}", "/check?text={}", f"/reports/{id_of('en')}?version={{}}"])
def test_a_query_of_100_kb_is_refused_with_a_sentence(client: FlaskClient, page: str) -> None:
    response = client.get(page.format("a" * 100_000))
    assert response.status_code in (400, 404)
    assert len(response.get_data(as_text=True)) < 10_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/search", f"/reports/{id_of('en')}", f"/reports/{id_of('en')}/evidence", "/check"]),
    st.dictionaries(
        st.sampled_from(
            ["q", "text", "page", "size", "edition", "relation", "from", "to", "sort", "start", "end", "version"]
        ),
        st.text(max_size=30),
        max_size=4,
    ),
)
def test_no_argument_makes_a_page_fail(app: Flask, page: str, arguments: dict[str, str]) -> None:
    response = app.test_client().get(page, query_string=arguments)
    assert response.status_code in (200, 400, 404)


@pytest.fixture
def unindexed(tmp_path: Path) -> FlaskClient:
    """A reader of an archive that has no index yet."""
    return create_app(Home.init(tmp_path / "home", collection=COLLECTION)).test_client()


def test_without_an_index_the_log_names_the_command_and_the_folder(
    unindexed: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(unindexed, "/search?q=women", status=503)
    assert "podium index" in caplog.text
    assert str(tmp_path) in caplog.text


def test_without_an_index_readers_are_not_shown_the_folders_of_the_server(
    unindexed: FlaskClient, tmp_path: Path
) -> None:
    page = read(unindexed, "/search?q=women", status=503)
    assert "Nothing can be searched here yet" in page.one(".lead").words
    assert str(tmp_path) not in page.text
    assert str(tmp_path) not in read_json(unindexed, "/api/v1/search?q=women", status=503)["error"]


def test_without_an_index_the_query_stays_in_its_box(unindexed: FlaskClient) -> None:
    page = read(unindexed, "/search?q=women&language=en", status=503)
    assert page.one("input[name=q]")["value"] == "women"
    assert page.one("input[name=language]")["value"] == "en"


def test_without_an_index_there_is_a_home_page(unindexed: FlaskClient) -> None:
    assert read(unindexed, "/").one("h1").words == "Lantern Forum"


def test_an_archive_that_cannot_be_read_shows_no_folders_of_the_server(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise ArchiveError("/srv/forum/catalogue.sqlite: cannot be opened; run: podium rebuild")

    monkeypatch.setattr("webapp.views.searching.asked_overview", refuse)
    assert "/srv/forum" not in read(client, "/", status=503).text
    assert "podium rebuild" in caplog.text


@pytest.mark.parametrize(
    "page", ["/", "/search?q=women", f"/reports/{id_of('en')}", "/nowhere", "/api/v1/", "/static/podium.css"]
)
def test_every_answer_forbids_scripts_and_sniffing(client: FlaskClient, page: str) -> None:
    with client.get(page) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/search?q=women",
        "/editions/2008",
        "/check",
        "/help",
        "/about",
        "/coverage",
        f"/reports/{id_of('en')}/evidence",
    ],
)
def test_every_page_can_be_used_by_keyboard_and_ear(client: FlaskClient, page: str) -> None:
    shown = read(client, page)
    assert shown.one("html")["lang"] == "en"
    assert shown.one("a.skip")["href"] == "#main"
    assert len(shown.all("h1")) == 1
    assert len(shown.all("main, header.site, footer.site")) == 3
    ids = [part["id"] for part in shown.all("[id]")]
    assert len(ids) == len(set(ids))
    labelled = {f"#{label['for']}" for label in shown.all("label[for]")} | {"label *"}
    fields = "input:not([type=hidden]), textarea"
    assert len(shown.all(fields)) == len(shown.all(f":is({fields}):is({', '.join(labelled)})"))
    for part in shown.all("[aria-labelledby]"):
        assert part["aria-labelledby"] in ids


@pytest.mark.parametrize("page", ["/", "/search?q=women", "/editions/2008", "/help", f"/reports/{id_of('en')}"])
def test_no_page_needs_anything_from_elsewhere(client: FlaskClient, page: str) -> None:
    shown = read(client, page)
    needed = [part.get("src") or part.get("href") for part in shown.all("link[rel=stylesheet], link[rel=icon], [src]")]
    assert needed
    assert all(address and address.startswith("/static/") for address in needed)
    assert not shown.all("[style], style, script")


@pytest.mark.parametrize(
    "page",
    ["/search?q=a+%E5%A5%B3&page=2", "/check", "/help", "/about", "/coverage", "/editions/2008", f"/reports/{id_of('en')}",
     f"/reports/{id_of('en')}/evidence?start=0&end=9", "/api/v1/search?q=women"],
)  # fmt: skip
def test_a_slash_too_many_leads_to_the_page(client: FlaskClient, page: str) -> None:
    path, mark, query = page.partition("?")
    response = client.get(f"{path}/{mark}{query}")
    assert (response.status_code, response.headers["Location"]) == (308, page)


@pytest.mark.parametrize("page", ["/nowhere/", "/check//", f"/reports/{id_of('en')}/nothing/"])
def test_a_slash_is_no_way_to_what_is_not_there(client: FlaskClient, page: str) -> None:
    assert read(client, page, status=404).one("h1").words == "Not Found"


def test_a_page_takes_no_other_method(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_failure_of_ours_is_a_page_without_its_reason(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setattr("webapp.views.searching.asked_overview", lambda: 1 / 0)
    page = read(app.test_client(), "/", status=500)
    assert "ZeroDivisionError" not in page.text
    assert "ZeroDivisionError" in caplog.text


def test_the_shelf_holds_every_kind_of_page() -> None:
    assert {page.source for page in PAGES} == {"daily", "brief", "closed"}
