"""The search page of the running demo as a picture, on a desk and on a phone.

Chromium is driven over its debugging pipe (see `chromium.py`). The pictures are written into the folder that
PODIUM_PICTURES names, as `make pictures` does; the assertions hold in any run.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from archive import Home
from tests.webapp.chromium import Chromium, chromium, find_chromium
from tests.webapp.shelf import address
from webapp import address_of, close_app, create_app, open_server

PICTURES = os.environ.get("PODIUM_PICTURES")
CHROMIUM = find_chromium()
QUERY = "women OR 妇女 OR phụ nữ OR สตรี OR ស្ត្រី"
SEARCH = f"/search?q={quote(QUERY)}&sort=newest"


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A screen in CSS pixels."""

    name: str
    width: int
    height: int
    phone: bool

    @property
    def dots(self) -> tuple[int, int]:
        """Width and height of its pictures."""
        scale = 2 if self.phone else 1
        return self.width * scale, self.height * scale


SCREENS = (
    Screen(name="desk", width=1280, height=1000, phone=False),
    Screen(name="phone", width=390, height=844, phone=True),
)
pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: make tools"),
]


@pytest.fixture(scope="module")
def site(demo_home: Home) -> Iterator[str]:
    """The address of the demo, served."""
    app = create_app(demo_home)
    with served(app) as address:
        yield address
    close_app(app)


@pytest.fixture(scope="module")
def shelf_site(app: Flask) -> Iterator[str]:
    """The address of the shelf, served."""
    with served(app) as address:
        yield address


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application on this machine."""
    server = open_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield address_of(server, host="127.0.0.1").rstrip("/")
    server.close()
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    """One browser for all pictures."""
    with chromium(str(CHROMIUM)) as browser:
        yield browser


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_search_page_is_good_to_look_at(site: str, browser: Chromium, screen: Screen) -> None:
    browser.open(site + SEARCH, width=screen.width, height=screen.height, phone=screen.phone)
    picture = browser.picture()
    assert size_of(picture) == screen.dots
    assert shades_of(picture) > 100, "the picture is blank"
    assert browser.evaluate("document.querySelectorAll('.hit mark').length") > 0
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        Path(PICTURES, f"search-{screen.name}.png").write_bytes(picture)


def test_the_words_asked_for_are_seen_above_the_hits(site: str, browser: Chromium) -> None:
    browser.open(site + "/search?q=women", width=1280, height=900, phone=False)
    assert "reports for women" in browser.evaluate("document.querySelector('.total').innerText")


def test_a_checked_quote_is_shown_once_on_a_screen(site: str, browser: Chromium) -> None:
    browser.open(site + "/check?text=never printed anywhere here", width=1280, height=900, phone=False)
    assert "never printed" not in browser.evaluate("document.querySelector('.answer').innerText")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
@pytest.mark.parametrize("page", ["/", SEARCH, "/editions/", "/check?text=a", "/help", "/about", "/coverage"])
def test_no_page_scrolls_sideways(site: str, browser: Chromium, screen: Screen, page: str) -> None:
    browser.open(site + page, width=screen.width, height=screen.height, phone=screen.phone)
    assert browser.evaluate("document.documentElement.scrollWidth") == screen.width


@pytest.mark.parametrize("page", ["h3 a", ".ways a[href*=evidence]", ".ways a[href^='/captures']"])
def test_no_page_behind_a_hit_scrolls_sideways(site: str, browser: Chromium, page: str) -> None:
    screen = SCREENS[1]
    browser.open(site + SEARCH, width=screen.width, height=screen.height, phone=True)
    address = browser.evaluate(f'document.querySelector(".hit {page}").href')
    browser.open(address, width=screen.width, height=screen.height, phone=True)
    assert browser.evaluate("document.documentElement.scrollWidth") == screen.width


def test_the_sign_of_a_conflict_keeps_clear_of_what_is_claimed(shelf_site: str, browser: Chromium) -> None:
    browser.open(shelf_site + "/editions/2008", width=1280, height=1000, phone=False)
    chip = browser.evaluate("document.querySelector('.claims dt .chip').getBoundingClientRect().right")
    value = browser.evaluate("document.querySelector('.claims .value').getBoundingClientRect().left")
    assert value - chip >= 8


def test_the_archived_text_stands_clear_of_the_line_above_it(shelf_site: str, browser: Chromium) -> None:
    browser.open(f"{shelf_site}/captures/2025/{address('zh')}", width=1280, height=1000, phone=False)
    bottom = browser.evaluate("document.querySelector('.byline').getBoundingClientRect().bottom")
    top = browser.evaluate("document.querySelector('.text').getBoundingClientRect().top")
    assert top - bottom >= 16


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_label_of_a_year_touches_the_next(site: str, browser: Chromium, screen: Screen) -> None:
    browser.open(site + "/search", width=screen.width, height=screen.height, phone=screen.phone)
    browser.evaluate("document.querySelector('.facets').open = true")
    edges = "[...document.querySelectorAll('.years .year')].map(year => year.getBoundingClientRect())"
    boxes = browser.evaluate(f"{edges}.map(box => [box.left, box.right])")
    assert len(boxes) > 3
    assert all(right + 2 <= left for (_, right), (left, _) in itertools.pairwise(boxes))


def test_filters_are_closed_on_a_phone_and_open_on_a_desk(site: str, browser: Chromium) -> None:
    seen = {}
    for screen in SCREENS:
        browser.open(site + SEARCH, width=screen.width, height=screen.height, phone=screen.phone)
        seen[screen.name] = browser.evaluate(
            "document.querySelector('.facet a').checkVisibility({contentVisibilityAuto: true})"
        )
    assert seen == {"desk": True, "phone": False}


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG (W3C PNG 11.2.1: IHDR comes first)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


def shades_of(png: bytes) -> int:
    """How many different scan lines a PNG has, as it stores them: one or two for a blank picture."""
    packed, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    lines = zlib.decompress(packed)
    row = len(lines) // size_of(png)[1]
    return len({lines[start : start + row] for start in range(0, len(lines), row)})
