"""Archived pages as they looked: pictures and styles from the archive, and nothing in them that runs."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive import REQUISITE, Home
from tests.webapp.chromium import chromium, find_chromium
from tests.webapp.shelf import FETCHED, PAGES, address, make_shelf
from webapp import close_app, create_app
from webapp.server import address_of, open_server

STAMP = "20250722080000"
URL = address("en")
PICTURE = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xaa\xaa\xaa\x00\x00\x00!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
LOOKED = b"""<html lang="en" onload="alert(1)"><head><base href="http://daily.example/tests/"><title>Lanterns</title>
<meta http-equiv="refresh" content="0;url=http://elsewhere.example/"><link rel="stylesheet" href="../a.css?v=2">
<link rel="preload" href="/x"><script>document.title = "ran"</script><style>h1 { background: url('b.gif') }</style></head>
<body background="b.gif"><h1 onclick="alert(1)" class="big">Women &amp; lanterns</h1><script src="/x.js"></script>tail
<a href="javascript:alert(1)">one</a> <a href="http://elsewhere.example/">two</a>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="b.gif" srcset="c.gif 2x" onerror="alert(1)">
<picture><source srcset="d.webp"><img src="missing.gif"></picture><iframe src="/f"></iframe><object data="/o"></object>
<form action="http://elsewhere.example/"><input name="q"></form><svg><script>alert(1)</script></svg>
<p style="background: url(b.gif); color: rgb(1, 2, 3)">A paragraph.</p></body></html>"""


HUGE = b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">text"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The shelf, whose English page was fetched once more, with its picture and style."""
    home = make_shelf(tmp_path_factory.mktemp("looks") / "home")
    with home.lock(what="test") as writer:
        for url, kind, body in (
            (URL, "text/html; charset=utf-8", LOOKED),
            ("http://daily.example/a.css?v=2", "text/css", b"@import 'more.css'; h1 { color: rgb(4, 5, 6) }"),
            ("http://daily.example/tests/b.gif", "image/gif", PICTURE),
        ):
            writer.add_response(
                url=url, status=200, reason="OK", headers=[("Content-Type", kind)], body=body,
                fetched=FETCHED + dt.timedelta(days=2), how=None if url == URL else f"{REQUISITE}{URL}",
            )  # fmt: skip
        writer.add_response(
            url="http://daily.example/tests/closed.gif", status=200, reason="OK", headers=[("Content-Type", "image/gif")],
            body=PICTURE, fetched=FETCHED + dt.timedelta(days=2), how=f"{REQUISITE}{address('closed')}",
        )  # fmt: skip
        writer.add_response(
            url=URL, status=200, reason="OK", headers=[("Content-Type", "text/html")], body=HUGE,
            fetched=FETCHED + dt.timedelta(days=3),
        )  # fmt: skip
    return home


@pytest.fixture
def client(home: Home) -> Iterator[FlaskClient]:
    app = create_app(home)
    app.testing = True
    yield app.test_client()
    close_app(app)


def test_page_is_shown_without_what_runs_or_leads_away(client: FlaskClient) -> None:
    answer = client.get(f"/replay/{STAMP}/{URL}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for sign in (
        "<script",
        "alert",
        "javascript:",
        "elsewhere",
        "http-equiv",
        "<iframe",
        "<object",
        "<base",
        "srcset",
        "onload",
        "/x",
    ):
        assert sign not in page.partition("</div>")[2], sign
    for kept in ("Women &amp; lanterns", "tail", "A paragraph.", 'class="big"', "color: rgb(1, 2, 3)"):
        assert kept in page
    assert "Archived page" in page
    assert f"/replay/{STAMP}/http://daily.example/tests/b.gif" in page
    assert page.count("b.gif") == 4


def test_headers_let_nothing_run(client: FlaskClient) -> None:
    for url in (URL, "http://daily.example/a.css?v=2", "http://daily.example/tests/b.gif"):
        answer = client.get(f"/replay/{STAMP}/{url}")
        assert answer.status_code == 200, url
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "script" not in policy
        assert "allow-" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_styles_are_led_to_the_archive_and_pictures_are_given_as_they_came(client: FlaskClient) -> None:
    css = client.get(f"/replay/{STAMP}/http://daily.example/a.css?v=2")
    assert css.get_data(as_text=True).startswith(f'@import url("/replay/{STAMP}/http://daily.example/more.css")')
    assert css.content_type == "text/css; charset=utf-8"
    picture = client.get(f"/replay/{STAMP}/http://daily.example/tests/b.gif")
    assert (picture.data, picture.content_type) == (PICTURE, "image/gif")
    assert client.get(f"/replay/{STAMP}/http://daily.example/tests/missing.gif").status_code == 404


def test_only_pages_that_may_be_shown_whole_are(client: FlaskClient) -> None:
    shown = {page.name: client.get(f"/replay/20250721080000/{address(page.name)}").status_code for page in PAGES}
    assert {name for name, status in shown.items() if status == 404} == {"brief", "closed"}
    assert shown["km"] == 200
    assert client.get(f"/replay/2025/{URL}").status_code == 404


def test_pictures_of_a_page_that_may_not_be_shown_are_not(client: FlaskClient) -> None:
    assert client.get(f"/replay/{STAMP}/http://daily.example/tests/closed.gif").status_code == 404


@pytest.mark.timeout(20)
def test_page_with_a_tag_that_hangs_parsers_is_shown_as_nothing(client: FlaskClient) -> None:
    answer = client.get(f"/replay/20250723080000/{URL}")
    assert answer.status_code == 200
    assert "Archived page" in answer.get_data(as_text=True)
    assert "a199999" not in answer.get_data(as_text=True)


def test_another_time_is_led_to_the_nearest_capture(client: FlaskClient) -> None:
    answer = client.get(f"/replay/20250722180000/{URL}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/replay/{STAMP}/{URL}")


def test_the_page_of_a_capture_leads_to_how_it_looked(client: FlaskClient) -> None:
    assert f"/replay/{STAMP}/{URL}" in client.get(f"/captures/{STAMP}/{URL}").get_data(as_text=True)
    closed = client.get(f"/captures/20250721080000/{address('closed')}").get_data(as_text=True)
    assert "/replay/" not in closed


@pytest.mark.tools
@pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed: make tools")
def test_browser_shows_pictures_and_styles_and_runs_nothing(home: Home) -> None:
    app = create_app(home)
    server = open_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        with chromium(str(find_chromium())) as browser:
            browser.open(
                f"{address_of(server, host='127.0.0.1')}replay/{STAMP}/{URL}", width=800, height=600, phone=False
            )
            assert browser.evaluate("document.title") != "ran"
            assert browser.evaluate("document.querySelector('body > img, img').naturalWidth") == 1
            assert browser.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(4, 5, 6)"
            assert browser.evaluate("window.origin") == "null"
    finally:
        server.close()
        close_app(app)
