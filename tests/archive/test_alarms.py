from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from archive import Problem, RefreshReport
from archive.runs.alarms import Before, judge
from tests.archive.runs_made import NOW, acknowledged, run, silent, small_collection, source

BOTH = small_collection({"a": "en", "b": "vi"})
FEED = "http://a.example/feed"
GOOD = judge(run(source("a"), source("b")), Before(), {}, collection=BOTH)


def after(last: RefreshReport) -> Before:
    """What the next run is held against."""
    return Before(
        alarms={alarm.key: alarm for alarm in last.alarms},
        sources={one.key: one for one in last.sources},
        languages=last.languages,
        heard=frozenset({"a.example", "b.example"}),
        online=NOW,
    )


def keys(report: RefreshReport) -> list[str]:
    return [alarm.key for alarm in report.raised]


WORSE = {
    "fewer than promised": (run(source("a", minimum=5), source("b")), ["short:a"]),
    "pages gone from a host": (run(source("a", alive=3), source("b")), ["fewer:a"]),
    "a feed that names fewer": (run(source("a", offered={FEED: 8}), source("b")), ["fewer:a"]),
    "a feed that names none": (run(source("a", offered={FEED: 0}), source("b")), ["fewer:a"]),
    "a host gone, and with it a language": (run(source("a"), silent("b")), ["host:b.example", "language:vi"]),
    "no report of a language left": (run(source("a"), source("b"), languages={"en": 4}), ["language:vi"]),
    "a page that cannot be described": (
        run(source("a"), source("b"), undescribed=(Problem(url="http://a.example/x", source=None, reason="too slow"),)),
        ["page:http://a.example/x"],
    ),
}


@pytest.mark.parametrize("name", WORSE)
def test_what_got_worse_raises_one_alarm_and_only_once(name: str) -> None:
    worse, expected = WORSE[name]
    first = judge(worse, after(GOOD), {}, collection=BOTH)
    assert (keys(first), first.ok) == (expected, False)
    again = judge(worse, after(first), {}, collection=BOTH)
    assert (keys(again), again.ok, [alarm.key for alarm in again.alarms]) == ([], True, expected)
    assert [alarm.raised for alarm in again.alarms] == [alarm.raised for alarm in first.alarms]


@pytest.mark.parametrize("name", WORSE)
def test_an_alarm_is_cleared_when_it_is_mended(name: str) -> None:
    worse, expected = WORSE[name]
    broken = judge(worse, after(GOOD), {}, collection=BOTH)
    mended = judge(run(source("a"), source("b")), after(broken), {}, collection=BOTH)
    assert (mended.alarms, [alarm.key for alarm in mended.cleared], mended.ok) == ((), expected, True)


SAME = {
    "nothing": GOOD,
    "one entry of ten less": run(source("a", offered={FEED: 9}), source("b")),
    "more": run(source("a", found=9, alive=9, offered={FEED: 30}), source("b")),
    "a host that is not asked": run(source("a"), source("b", heard=(), offered={})),
    "nobody answers": run(silent("a", alive=0), silent("b"), offline=True, languages={}),
    "part of the sources": run(source("a"), partial=True, languages={"en": 4}),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_as_good_as_before_raises_none(name: str) -> None:
    assert judge(SAME[name], after(GOOD), {}, collection=BOTH).alarms == ()


def test_a_host_that_is_slow_once_is_no_alarm_and_twice_is_one() -> None:
    slow = run(source("a", answered=False, heard=(), failing=("a.example",), offered={}), source("b"))
    first = judge(slow, after(GOOD), {}, collection=BOTH)
    assert keys(first) == []
    second = judge(slow, after(first), {}, collection=BOTH)
    assert keys(second) == ["host:a.example"]
    assert keys(judge(slow, after(second), {}, collection=BOTH)) == []


def test_an_alarm_of_a_host_says_how_it_failed() -> None:
    said = Problem(url="http://b.example:80/x", source="b", reason="no connection: refused")
    broken = judge(run(source("a"), silent("b"), failed=(said,)), after(GOOD), {}, collection=BOTH)
    assert broken.alarms[0].text == "b.example does not answer any more (no connection: refused)"


def test_a_source_that_never_had_them_gives_not_fewer() -> None:
    first = judge(run(source("a", alive=0, offered={}), silent("b")), Before(), {}, collection=BOTH)
    assert first.alarms == ()


def test_pages_that_go_one_by_one_are_held_against_the_most_there_were() -> None:
    last = judge(run(source("a", found=20, alive=20), source("b")), Before(), {}, collection=BOTH)
    raised = []
    for alive in (19, 18, 17):
        last = judge(run(source("a", found=20, alive=alive), source("b")), after(last), {}, collection=BOTH)
        raised.append(keys(last))
    assert raised == [[], [], ["fewer:a"]]


def test_an_offline_run_keeps_the_alarms_that_stand() -> None:
    broken = judge(run(source("a"), silent("b")), after(GOOD), {}, collection=BOTH)
    offline = judge(run(silent("a"), silent("b"), offline=True), after(broken), {}, collection=BOTH)
    assert [alarm.key for alarm in offline.alarms] == ["host:b.example", "language:vi"]
    assert (keys(offline), offline.cleared) == ([], ())


def test_a_run_over_other_sources_keeps_the_alarms_that_stand() -> None:
    broken = judge(run(source("a"), source("b", alive=1)), after(GOOD), {}, collection=BOTH)
    other = judge(run(source("a"), partial=True), after(broken), {}, collection=BOTH)
    assert ([alarm.key for alarm in other.alarms], other.cleared) == (["fewer:b"], ())


def test_days_without_any_answer_raise_one_alarm_and_an_answer_clears_it() -> None:
    offline = run(silent("a"), silent("b"), offline=True, ended=NOW + dt.timedelta(days=3))
    first = judge(offline, after(GOOD), {}, collection=BOTH)
    assert keys(first) == ["offline"]
    assert keys(judge(offline, after(first), {}, collection=BOTH)) == []
    back = judge(run(source("a"), source("b")), after(first), {}, collection=BOTH)
    assert [alarm.key for alarm in back.cleared] == ["offline"]


def test_what_is_acknowledged_is_no_alarm_but_is_shown_with_its_reason() -> None:
    worse = run(source("a"), silent("b", minimum=9))
    known = judge(worse, after(GOOD), acknowledged("b"), collection=BOTH)
    assert (known.raised, known.ok) == ((), True)
    assert {alarm.key: alarm.acknowledged for alarm in known.alarms} == {
        "host:b.example": "closed",
        "language:vi": "so are all sources of the language",
        "short:b": "closed",
    }


def test_an_alarm_that_outlasts_its_acknowledgement_is_raised_again() -> None:
    worse = run(source("a"), source("b", alive=1))
    known = judge(worse, after(GOOD), acknowledged("b"), collection=BOTH)
    assert keys(known) == []
    later = replace(worse, ended=NOW + dt.timedelta(days=9))
    again = judge(later, after(known), {}, collection=BOTH)
    assert (keys(again), again.alarms[0].raised) == (["fewer:b"], later.ended)
    assert keys(judge(later, after(again), {}, collection=BOTH)) == []


def test_an_alarm_of_a_source_that_is_taken_out_of_the_collection_goes_with_it() -> None:
    broken = judge(run(source("a"), source("b", alive=1)), after(GOOD), {}, collection=BOTH)
    without = judge(run(source("a")), after(broken), {}, collection=small_collection({"a": "en"}))
    assert ([alarm.key for alarm in without.cleared], without.alarms) == (["fewer:b"], ())


def test_a_feed_that_is_taken_out_of_the_collection_is_not_missed() -> None:
    other = small_collection({"a": "en", "b": "vi"})
    changed = replace(other, sources=tuple(replace(one, feeds=()) for one in other.sources))
    broken = judge(run(source("a", offered={FEED: 1}), source("b")), after(GOOD), {}, collection=BOTH)
    without = judge(run(source("a", offered={}), source("b", offered={})), after(broken), {}, collection=changed)
    assert ([alarm.key for alarm in without.cleared], without.alarms) == (["fewer:a"], ())
