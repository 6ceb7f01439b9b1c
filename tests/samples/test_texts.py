"""The texts, and whether the truth about them agrees with them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from samples import SampleReport, all_reports, expected, expected_words, outlets

REPORTS = all_reports()
LANGUAGES = {"en", "zh", "zh-Hant", "id", "ms", "vi", "fil", "th", "km", "lo", "my", "ja"}
EDITIONS = {"2006", "2008", "2010", "2012", "2015", "2018", "2021", "2023", "2025"}
OPENING = "“\"'「«"
each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)


def test_every_language_has_three_reports_at_least() -> None:
    count = Counter(report.language for report in REPORTS if report.relation == "edition")
    assert set(count) == LANGUAGES
    assert min(count.values()) >= 3


def test_every_edition_has_reports_in_three_languages_at_least() -> None:
    languages = {key: {r.language for r in REPORTS if r.edition == key} for key in EDITIONS}
    assert {report.edition for report in REPORTS} - {None} == EDITIONS
    assert min(map(len, languages.values())) >= 3


def test_there_are_about_sixty_reports() -> None:
    assert 60 <= len(REPORTS) <= 75


@each_report
def test_report_is_news_of_three_to_eight_paragraphs(report: SampleReport) -> None:
    assert 3 <= len(report.paragraphs) <= 8
    assert all(paragraph == paragraph.strip() for paragraph in report.paragraphs)


@each_report
def test_words_of_the_truth_stand_in_one_paragraph(report: SampleReport) -> None:
    for words in report.quotes:
        assert any(words.text in paragraph for paragraph in report.paragraphs), words.text


@each_report
def test_direct_quotes_stand_behind_an_opening_mark_and_indirect_ones_do_not(report: SampleReport) -> None:
    for words in report.quotes:
        behind_mark = any(mark + words.text in report.text for mark in OPENING)
        assert behind_mark == (words.kind != "indirect"), words.text


@each_report
def test_quoted_words_that_are_nobodys_stand_in_marks_and_are_no_quotes(report: SampleReport) -> None:
    for words in report.not_quotes:
        assert any(mark + words in report.text for mark in OPENING), words
    assert not set(report.not_quotes) & {words.text for words in report.quotes}


@each_report
def test_every_quoted_passage_is_accounted_for(report: SampleReport) -> None:
    marked = re.findall(r"“([^”]+)”|«([^»]+)»|「([^」]+)」", report.text)
    known = {words.text for words in report.quotes} | set(report.not_quotes)
    assert {"".join(groups) for groups in marked} <= known


@each_report
def test_speakers_are_named_as_the_report_mentions_them(report: SampleReport) -> None:
    for words in report.quotes:
        assert words.speaker, words.text
        assert words.speaker in report.text
        assert not words.role or words.role in report.text


@each_report
def test_edition_is_known_where_and_only_where_the_report_is_of_one(report: SampleReport) -> None:
    assert (report.edition is not None) == (report.relation == "edition")
    if report.edition:
        assert str(report.published.year) == report.edition


def test_addresses_differ() -> None:
    assert len({report.key for report in REPORTS}) == len(REPORTS)


def test_copies_share_most_of_their_paragraphs_words_with_their_original() -> None:
    by_key = {report.key: report for report in REPORTS}
    copies = [report for report in REPORTS if report.copy_of]
    assert len({report.outlet for report in copies if report.edition == "2025"}) == 2
    for copy in copies:
        original = by_key[copy.copy_of or ""]
        grams = _five_grams(copy.text)
        assert len(grams & _five_grams(original.text)) / len(grams) >= 0.7


def test_independent_reports_of_one_edition_share_little() -> None:
    texts = [_five_grams(r.text) for r in REPORTS if r.edition == "2025" and r.language == "id" and not r.copy_of]
    malay = [_five_grams(r.text) for r in REPORTS if r.edition == "2025" and r.language == "ms"]
    assert len(texts[0] & malay[0]) / len(texts[0]) < 0.5


def _five_grams(text: str) -> set[str]:
    plain = re.sub(r"\W+", "", text.casefold())
    return {plain[at : at + 5] for at in range(len(plain) - 4)}


def test_every_outlet_has_a_template_and_six_templates_differ() -> None:
    folder = Path(__file__).parents[2] / "samples/hosts"
    templates = {outlet.template for outlet in outlets()}
    assert len({(folder / f"{template}.html").read_text("utf-8") for template in templates}) >= 6


def test_every_language_has_words_to_search_for_that_some_report_holds() -> None:
    words = expected_words(8471)
    assert {word.language for word in words} == LANGUAGES
    assert all(word.urls for word in words)


@pytest.mark.parametrize(
    ("language", "word"),
    [("zh", "女"), ("zh", "妇女"), ("km", "ស្ត្រី"), ("th", "ผู้หญิง"), ("lo", "ແມ່ຍິງ"), ("my", "အမျိုးသမီး"), ("vi", "phụ nữ")],
)
def test_words_stand_inside_sentences(language: str, word: str) -> None:
    inside = re.compile(rf"\w.*{re.escape(word)}.*\w", re.IGNORECASE)
    holders = [r for r in REPORTS if r.language == language and any(inside.search(p) for p in r.paragraphs)]
    assert len(holders) >= 2


def test_expected_addresses_are_at_the_port_asked_for() -> None:
    assert all(":4711/" in report.url for report in expected(4711))


def test_expected_leaves_out_only_copies_whose_original_answers() -> None:
    left_out = {report.key for report in REPORTS} - {report.key for report in expected()}
    assert left_out == {"mirror/?p=1610"}
