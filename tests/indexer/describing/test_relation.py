"""What reports have to do with the shipped forum. All sentences are made up; nobody said or printed them."""

import datetime as dt
from typing import Any

import pytest

from archive import Precision, Published, Relation, Seed, collection_text, parse_collection
from indexer.describing.relation import Judged, Relations
from samples import all_reports
from samples import collection_text as sample_collection

KEY = "china-asean-women"
COLLECTION = parse_collection(collection_text(KEY), where=KEY)
RELATIONS = Relations(COLLECTION)
SAMPLES = Relations(parse_collection(sample_collection(8471), where="samples"))


def judge(title: str, text: str = "", *, day: str | None = None, seed: Seed | None = None, **given: Any) -> Judged:
    published = Published(date=dt.date.fromisoformat(day), **given) if day else None
    return RELATIONS.relate(title=title, text=text, published=published, seed=seed)


def verdict(judged: Judged) -> tuple[str, str | None]:
    return judged.relation.value, judged.edition


EDITIONS = {
    "a year in the name": ("2023中国—东盟妇女论坛在柳州开幕", "", None, "2023"),
    "an ordinal in the name": ("第二届中国-东盟妇女论坛闭幕", "", None, "2008"),
    "an ordinal, and the fair's beside it": ("第九届中国—东盟妇女论坛开幕", "论坛是第22届东博会的活动。", None, "2025"),
    "the fair's ordinal only, and a date": ("中国-东盟妇女论坛开幕", "作为第9届东博会的活动，论坛今天开幕。", "2021-09-12", "2021"),
    "the first ordinal of two": ("第二届中国-东盟妇女论坛", "首届中国-东盟妇女论坛于2006年举行。", "2008-10-23", "2008"),
    "other words in the name": ("第九届中国—东盟妇女交流合作发展论坛开幕", "", "2025-07-16", "2025"),
    "another name of a party": ("2023中國—東協婦女論壇登場", "", "2023-09-16", "2023"),
    "the parties the other way round": ("ASEAN-China Women's Forum opens", "", "2023-09-16", "2023"),
    "another word for women": ("Forum Wanita China-ASEAN dibuka", "", "2025-07-16", "2025"),
    "the parties where one stood": ("Diễn đàn Phụ nữ Trung Quốc - ASEAN lần thứ 9", "", "2025-07-17", "2025"),
    "a date of publication": ("Women leaders meet", "The China-ASEAN Women's Forum opened today.", "2023-09-16", "2023"),
    "a loose name with a city": ("Phụ nữ hội nhập", "Diễn đàn giao lưu hợp tác phát triển phụ nữ ASEAN tại Nam Ninh, Quảng Tây.", "2025-07-17", "2025"),
}  # fmt: skip


@pytest.mark.parametrize(("title", "text", "day", "edition"), EDITIONS.values(), ids=EDITIONS.keys())
def test_a_report_is_of_the_edition_it_speaks_of(title: str, text: str, day: str | None, edition: str) -> None:
    assert verdict(judge(title, text, day=day)) == ("edition", edition)


def test_the_reason_says_what_speaks_for_the_edition() -> None:
    judged = judge("2023中国—东盟妇女论坛在柳州开幕", day="2023-09-16")
    assert "bears the year 2023" in judged.reason
    assert "published around its days" in judged.reason
    assert judged.confidence > judge("2023中国—东盟妇女论坛开幕").confidence


NO_EDITION = {
    "nothing says which": ("The China-ASEAN Women's Forum in brief", "It has met more than once.", None),
    "in passing, long after": ("A training centre", "It was agreed on at the second China-ASEAN Women's Forum.", "2012-03-08"),
    "a year without an edition": ("2014中国—东盟妇女论坛", "", "2014-09-16"),
    "published in a year without an edition": ("Women meet", "The China-ASEAN Women's Forum opened today.", "2013-09-01"),
}  # fmt: skip


@pytest.mark.parametrize(("title", "text", "day"), NO_EDITION.values(), ids=NO_EDITION.keys())
def test_a_report_that_names_the_forum_but_no_edition_is_related(title: str, text: str, day: str | None) -> None:
    assert verdict(judge(title, text, day=day)) == ("related", None)


OTHER = {
    "another forum": "第五届“一带一路”女性论坛在三亚举办",
    "a forum of other regions": "海峡妇女论坛开幕",
    "a loose name without a word near it": "Forum de coopération et de développement des femmes de l’ASEAN",
    "a forum of one party, in a city of theirs": "Forum Perempuan ASEAN di Jakarta dihadiri delegasi dari Nanning",
    "a forum of entrepreneurs": "China-ASEAN women entrepreneurs' forum opens in Nanning",
    "women at another forum": "China-ASEAN business forum in Nanning hosts women leaders",
    "a forum of young people": "中国—东盟青年论坛在南宁开幕",
    "a centre for women": "中国—东盟妇女培训中心揭牌",
    "the fair alone": "第18届中国—东盟博览会在南宁开幕",
}


@pytest.mark.parametrize("title", OTHER.values(), ids=OTHER.keys())
def test_what_does_not_name_the_forum_is_other(title: str) -> None:
    assert verdict(judge(title, day="2023-09-16")) == ("other", None)


def test_a_near_miss_that_is_named_is_named_in_the_reason() -> None:
    assert "belt-and-road" in judge("第五届“一带一路”女性论坛在三亚举办").reason


def test_a_near_miss_beside_the_forums_own_name_does_not_hide_it() -> None:
    text = "第五届“一带一路”女性论坛将于冬天举办。"
    assert verdict(judge("2023中国—东盟妇女论坛开幕", text)) == ("edition", "2023")


@pytest.mark.parametrize("relation", [Relation.RELATED, Relation.OTHER])
def test_what_the_collection_says_of_an_address_comes_first(relation: Relation) -> None:
    seed = Seed(url="http://example.test/", relation=relation)
    assert judge("2023中国—东盟妇女论坛开幕", seed=seed).relation is relation
    listed = Seed(url="http://example.test/", edition="2006")
    assert verdict(judge("A page that names nothing", seed=listed)) == ("edition", "2006")


def test_a_month_is_enough_of_a_date() -> None:
    judged = judge("Women meet", "The China-ASEAN Women's Forum.", day="2023-09-01", precision=Precision.MONTH)
    assert verdict(judged) == ("edition", "2023")


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.key)
def test_sample_reports_are_told_without_their_seeds(report: Any) -> None:
    published = Published(date=report.published)
    judged = SAMPLES.relate(title=report.title, text=report.text, published=published, seed=None)
    assert verdict(judged) == (report.relation, report.edition)
