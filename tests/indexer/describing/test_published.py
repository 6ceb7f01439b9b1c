import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Precision
from indexer.describing.address_date import date_in_address
from indexer.describing.dates import printed_dates
from indexer.describing.published import DatedPage, published_date
from indexer.describing.tree import blocks, parse_page

DAY = dt.date(2025, 7, 16)
TEXT = (
    "The forum was opened in the town of Selani with two hundred delegates from eleven countries.\nIt closes on Friday."
)

PRINTED = {
    "en": ("en", "Published: July 16, 2025 10:30 am", DAY),
    "en, day first": ("en", "16 July 2025", DAY),
    "en, ordinal": ("en", "Wednesday 16th of July, 2025", DAY),
    "en, short": ("en", "Jul. 16, 2025", DAY),
    "en, figures": ("en", "07/16/2025", DAY),
    "id": ("id", "Rabu, 16 Juli 2025 21:05 WIB", DAY),
    "id, figures": ("id", "Kompasan.com, 16/07/2025, 10:00 WIB", DAY),
    "ms": ("ms", "16 Julai 2025", DAY),
    "vi": ("vi", "Thứ Tư, 16/07/2025, 15:30 (GMT+7)", DAY),
    "vi, words": ("vi", "Ngày 16 tháng 7 năm 2025", DAY),
    "vi, dots": ("vi", "16.7.2025", DAY),
    "fil": ("fil", "Ika-16 ng Hulyo, 2025", DAY),
    "fil, Spanish month": ("fil", "Hulyo 16, 2025", DAY),
    "th": ("th", "วันพุธที่ 16 กรกฎาคม พ.ศ. 2568", DAY),
    "th, short": ("th", "16 ก.ค. 68", DAY),
    "th, Thai digits": ("th", "๑๖ กรกฎาคม ๒๕๖๘", DAY),
    "th, figures": ("th", "16/07/2568", DAY),
    "th, christian year": ("th", "16 ก.ค. 2025", DAY),
    "lo": ("lo", "ວັນທີ 16 ກໍລະກົດ 2025", DAY),
    "lo, digits": ("lo", "໑໖/໐໗/໒໐໒໕", DAY),
    "km": ("km", "ថ្ងៃទី១៦ ខែកក្កដា ឆ្នាំ២០២៥", DAY),
    "my": ("my", "၂၀၂၅ ခုနှစ် ဇူလိုင်လ ၁၆ ရက်", DAY),
    "my, day first": ("my", "၁၆ ဇူလိုင် ၂၀၂၅", DAY),
    "my, month first": ("my", "ဇူလိုင် ၁၆၊ ၂၀၂၅", DAY),
    "zh": ("zh-Hans", "2025年07月16日08:16 来源：潮声网", DAY),
    "zh, numerals": ("zh-Hans", "二〇二五年七月十六日", DAY),
    "zh, numerals with a letter for zero": ("zh-Hans", "二○二五年七月十六日", DAY),
    "zh, republic": ("zh-Hant", "民國114年7月16日", DAY),
    "ko": ("ko", "2025년 7월 16일", DAY),
    "ja": ("ja", "2025年7月16日 18時30分", DAY),
    "ja, era": ("ja", "令和7年7月16日", DAY),
    "fr": ("fr", "Publié le 16 juillet 2025 à 10h30", DAY),
    "fr, first": ("fr", "1er août 2025", dt.date(2025, 8, 1)),
    "ISO": ("en", "2025-07-16 10:30", DAY),
    "ISO with dots": ("zh-Hant", "2025.07.16", DAY),
}

STATED = {
    "linked data": '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2025-07-16T10:00:00+07:00"}]}</script>',
    "linked data in words": '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "Wed, 16 Jul 2025 21:05:00 +0700"}</script>',
    "open graph": '<meta property="article:published_time" content="2025-07-16T23:30:00+07:00">',
    "old meta": '<meta name="publishdate" content="20250716">',
    "Dublin Core": '<meta name="DC.date.issued" content="2025-07-16">',
    "itemprop": '<div itemprop="datePublished" content="2025-07-16">yesterday</div>',
    "time": '<time datetime="2025-07-16T10:00">Wednesday</time>',
}  # fmt: skip

ADDRESSES = {
    "http://paper.example/2025/07/16/forum.html": (DAY, Precision.DAY),
    "http://paper.example/sh/news/2007/10-27/1061151.shtml": (dt.date(2007, 10, 27), Precision.DAY),
    "http://paper.example/content/2025-07/16/content_1.htm": (DAY, Precision.DAY),
    "http://paper.example/t20250716_123.html": (DAY, Precision.DAY),
    "http://paper.example/art/20250716103000123.html": (DAY, Precision.DAY),
    "http://paper.example/2025/7/16/forum": (DAY, Precision.DAY),
    "http://paper.example/202507/t1.html": (dt.date(2025, 7, 1), Precision.MONTH),
    "http://paper.example/2025/07/forum.html": (dt.date(2025, 7, 1), Precision.MONTH),
    "http://paper.example/2025/forum.html": (dt.date(2025, 1, 1), Precision.YEAR),
}


@pytest.mark.parametrize(("language", "line", "date"), PRINTED.values(), ids=PRINTED.keys())
def test_a_date_beside_the_title_is_read_in_every_language(language: str, line: str, date: Any) -> None:
    found = found_on(f"<h1>Forum</h1><p>{line}</p>", language=language)
    assert found is not None
    assert (found.date, found.precision, found.how) == (date, Precision.DAY, "printed by the title")


@pytest.mark.parametrize("markup", STATED.values(), ids=STATED.keys())
def test_what_a_page_states_for_machines_comes_first(markup: str) -> None:
    found = found_on(f"<h1>Forum</h1><p>July 20, 2025</p>{markup}")
    assert found is not None
    assert found.date == DAY
    assert found.how.startswith("stated by the page")


def test_a_stated_date_of_another_article_comes_after_the_pages_own() -> None:
    other = '{"@type": "NewsArticle", "headline": "A ferry", "datePublished": "2025-07-20"}'
    own = '{"@type": "NewsArticle", "headline": "Forum", "datePublished": "2025-07-16"}'
    found = found_on(f'<script type="application/ld+json">[{other}, {own}]</script><h1>Forum</h1>')
    assert found is not None
    assert found.date == DAY


def test_the_date_readers_saw_comes_before_the_same_instant_in_utc() -> None:
    stated = '<meta property="article:published_time" content="2025-07-15T18:05:00Z">'
    found = found_on(f"{stated}<h1>Forum</h1><p>July 16, 2025 02:05 am</p>")
    assert found is not None
    assert found.date == DAY


def test_a_site_that_moved_does_not_redate_its_pages() -> None:
    stated = '<meta property="article:published_time" content="2025-09-01T00:00:00+07:00">'
    url = "http://paper.example/2025/07/16/forum.html"
    found = found_on(f"{stated}<h1>Forum</h1><p>July 16, 2025</p>", url=url)
    assert found is not None
    assert found.date == DAY


def test_a_date_of_change_is_taken_only_where_there_is_no_other() -> None:
    both = found_on("<h1>Forum</h1><p>Updated July 20, 2025</p><p>July 16, 2025</p>")
    one = found_on("<h1>Forum</h1><p>Updated July 20, 2025</p>")
    assert both is not None
    assert one is not None
    assert (both.date, one.date) == (DAY, dt.date(2025, 7, 20))


def test_the_day_of_an_event_in_a_sentence_is_no_date_of_publication() -> None:
    assert found_on("<h1>Forum</h1><p>The forum will be held on 16 July 2025 in Selani.</p>") is None


def test_todays_date_above_the_title_gives_way_to_the_one_below() -> None:
    found = found_on("<div>Friday, August 1, 2025</div><h1>Forum</h1><p>July 16, 2025</p>")
    assert found is not None
    assert found.date == DAY


def test_a_date_below_the_text_is_found_before_those_of_other_reports() -> None:
    lines = [f"Delegates of country number {number} told the forum of their work." for number in range(20)]
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<h1>Forum</h1>{paragraphs}<p>16 July 2025</p><h3>More</h3><p>20 July 2025</p>"
    found = found_on(page, text="\n".join(lines))
    assert found is not None
    assert (found.date, found.how) == (DAY, "printed below the text")


def test_a_date_after_the_capture_is_refused() -> None:
    assert found_on("<h1>Forum</h1><p>July 16, 2025</p>", latest=dt.date(2025, 7, 15)) is None


def test_a_month_alone_is_no_day() -> None:
    found = found_on("<h1>Forum</h1><p>Juli 2025</p>", language="id")
    assert found is not None
    assert (found.date, found.precision) == (dt.date(2025, 7, 1), Precision.MONTH)


@pytest.mark.parametrize("url", ["http://p.example/2025/forum.html", "http://p.example/2025/07/forum.html"])
def test_a_day_without_its_year_takes_it_from_the_address(url: str) -> None:
    found = found_on("<h1>Forum</h1><p>Rabu, 16/7</p>", url=url, language="id")
    assert found is not None
    assert (found.date, found.precision) == (DAY, Precision.DAY)


def test_a_day_without_its_year_is_left_where_the_address_is_not_believed() -> None:
    url = "http://mirror.example/2025/forum.html"
    assert found_on("<h1>Forum</h1><p>Rabu, 16/7</p>", url=url, language="id", believe_address=False) is None


def test_the_address_of_a_mirror_is_not_believed() -> None:
    assert found_on("<h1>Forum</h1>", url="http://mirror.example/2024/11/30/7.html", believe_address=False) is None


@pytest.mark.parametrize(
    "text", ["SELANI, July 16, 2025 (Tide) -- The forum was opened.", "Selani, 16 Juli 2025 - Forum dibuka."]
)
def test_a_dateline_dates_a_text_without_markup(text: str) -> None:
    found = published_date(dated(parse=None, text=text))
    assert found is not None
    assert (found.date, found.how) == (DAY, "the day of its dateline")


@pytest.mark.parametrize(("url", "expected"), ADDRESSES.items(), ids=ADDRESSES.keys())
def test_an_address_gives_as_much_of_a_date_as_it_holds(url: str, expected: Any) -> None:
    found = date_in_address(url)
    assert found is not None
    assert (found.date, found.precision) == expected


@pytest.mark.parametrize("path", ["a/1234567.html", "a/20259916.html", "?p=1610", "a/2025-forum", "a/320250716"])
def test_a_number_in_an_address_is_no_date(path: str) -> None:
    assert date_in_address(f"http://paper.example/{path}") is None


def test_day_and_month_are_read_in_the_order_of_the_language() -> None:
    assert printed_dates("9/7/2025", language="en")[0].date == dt.date(2025, 9, 7)
    assert printed_dates("9/7/2025", language="id")[0].date == dt.date(2025, 7, 9)


@given(st.dates(dt.date(1995, 1, 1), dt.date(2098, 12, 31)), st.sampled_from(["{}-{:02}-{:02}", "{}年{}月{}日"]))
def test_a_written_date_is_read_back(date: Any, form: Any) -> None:
    (found,) = printed_dates(form.format(date.year, date.month, date.day))
    assert found.date == date


@given(st.text(max_size=200), st.sampled_from([None, "en", "th", "zh-Hans", "vi"]))
def test_dates_lie_within_their_text_and_apart(text: str, language: str) -> None:
    end = 0
    for found in printed_dates(text, language=language):
        assert end <= found.start < found.end <= len(text)
        end = found.end


def found_on(body: str, **options: Any) -> Any:
    return published_date(dated(parse=f"<html><head><title>Forum</title></head><body>{body}</body></html>", **options))


def dated(
    *,
    parse: str | None,
    text: str = TEXT,
    url: str = "http://paper.example/forum",
    language: str = "en",
    latest: dt.date = dt.date(2025, 12, 1),
    **options: Any,
) -> Any:
    tree = parse_page(parse) if parse else None
    return DatedPage(
        url=url, title="Forum", text=text, language=language, latest=latest, tree=tree,
        believe_address=options.get("believe_address", True), seen=blocks(tree) if tree is not None else [],
    )  # fmt: skip
