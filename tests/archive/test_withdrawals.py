"""Decisions as the ledger has them: which is in force, and which page it covers."""

from __future__ import annotations

from typing import Any

from archive import Home, Level, Reason, Withdrawal, report_id, urlkey

PAGE = "http://example.org/a/page"


def decide(home: Home, subject: str, level: Level | None, **said: Any) -> None:
    after: dict[str, Any] = {
        "level": level,
        "prefix": subject.endswith("*"),
        "reason": "privacy",
        "ref": None,
        "pages": [],
        "family": [],
    }
    home.ledger.append("withdrawals", subject=subject, who="test", after={**after, **said})


def of(home: Home, url: str = PAGE) -> Withdrawal | None:
    return home.withdrawals().of(urlkey(url))


def test_the_last_decision_on_a_subject_is_in_force(home: Home) -> None:
    assert of(home) is None
    decide(home, PAGE, Level.HIDE)
    assert of(home)
    decide(home, PAGE, None)
    assert of(home) is None
    decide(home, PAGE, Level.ERASE)
    found = of(home)
    assert found
    assert (found.level, found.reason, found.subject) == (Level.ERASE, Reason.PRIVACY, PAGE)


def test_a_page_that_is_erased_is_never_told_to_be_hidden(home: Home) -> None:
    decide(home, "http://example.org/a/*", Level.HIDE)
    decide(home, PAGE, Level.ERASE)
    decide(home, "http://example.org/*", Level.HIDE)
    found = of(home)
    assert found
    assert found.level is Level.ERASE
    other = of(home, "http://example.org/a/other")
    assert other
    assert other.subject == "http://example.org/a/*"


def test_forms_of_an_address_are_one_page(home: Home) -> None:
    decide(home, PAGE, Level.HIDE)
    for form in ("https://www.example.org/a/page/", "http://m.example.org/a/page?utm_source=x", f"{PAGE}#part"):
        assert of(home, form), form
    assert of(home, f"{PAGE}/other") is None


def test_reports_are_known_by_the_pages_that_were_held(home: Home) -> None:
    decide(home, "http://example.org/a/*", Level.ERASE, pages=[PAGE])
    assert home.withdrawals().of_report(report_id(urlkey(PAGE)))
    assert home.withdrawals().of_report(report_id(urlkey(f"{PAGE}2"))) is None


def test_a_line_that_says_less_still_counts(home: Home) -> None:
    home.ledger.append("withdrawals", subject=PAGE, who="test", after={"level": "hide"})
    found = of(home)
    assert found
    assert found.reason is Reason.OTHER
