"""Names are marked with the language they are in, and with no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive import Home
from tests.webapp.pages import Part, read, read_json
from webapp import close_app, create_app
from webapp.scripts import language_of

LANGUAGES = {"塞拉尼日报": "zh", "汐道新聞": "ja", "Báo Sóng Đước": "vi", "Tide Voice Radio": None}


@pytest.fixture(scope="module")
def reader(demo_home: Home) -> Iterator[FlaskClient]:
    """A reader of the sample, whose publishers have names in many scripts."""
    app = create_app(demo_home)
    yield app.test_client()
    close_app(app)


@pytest.mark.parametrize(
    ("name", "likely", "language"),
    [
        ("塞拉尼日报", "zh-Hans", "zh-Hans"),
        ("塞拉尼日报", "en", "zh"),
        ("汐道新聞", "ja", "ja"),
        ("しおみち新聞", None, "ja"),
        ("หนังสือพิมพ์", None, "th"),
        ("Báo Sóng Đước", "vi", "vi"),
        ("Báo Sóng Đước", None, None),
        ("Suara Ombak", "ms", None),
        ("Tide Voice Radio", "th", None),
        ("China News Service (中国新闻社)", "zh", None),
        ("Café Courier", "en", None),
        ("2008", "zh", None),
        ("", "zh", None),
    ],
)
def test_a_name_is_in_the_language_whose_script_it_has(name: str, likely: str | None, language: str | None) -> None:
    assert language_of(name, likely) == language


def test_the_first_likely_language_is_taken() -> None:
    assert language_of("汐道新聞", "en", "ja", "zh") == "ja"


def marked(parts: list[Part]) -> dict[str, str | None]:
    """The names that stand in parts of a page, with the language each is said to be in."""
    names = {name.text: name.get("lang") for part in parts for name in part.all("bdi")}
    return {name: names[name] for name in LANGUAGES if name in names}


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/search?sort=oldest", ".facet"),
        (
            "/search?publisher=塞拉尼日报&publisher=汐道新聞&publisher=Báo Sóng Đước&publisher=Tide Voice Radio",
            ".chosen",
        ),
        ("/coverage", "#sources + div tbody th"),
        ("/coverage/1", "#sources + div tbody th"),
    ],
    ids=["filters", "chosen filters", "coverage", "one run"],
)
def test_publishers_are_named_in_their_own_language(reader: FlaskClient, address: str, where: str) -> None:
    assert marked(read(reader, address).all(where)) == LANGUAGES


@pytest.mark.parametrize("publisher", ["塞拉尼日报", "汐道新聞", "Tide Voice Radio"])
def test_a_publisher_has_its_language_wherever_its_report_stands(reader: FlaskClient, publisher: str) -> None:
    address = f"/search?publisher={publisher}&sort=newest"
    report = read_json(reader, f"/api/v1{address}")["hits"][0]["report"]
    shown = [
        (address, ".hit .meta"),
        (f"/reports/{report['id']}", ".byline"),
        (f"/editions/{report['edition']}", ".reports .meta"),
    ]
    for page, where in shown:
        language = marked(read(reader, page).all(where))[publisher]
        assert (language or "").partition("-")[0] == (LANGUAGES[publisher] or ""), page
