"""Searching: found in every language, filtered, counted, ordered."""

import datetime as dt
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Home, Relation
from indexer.errors import QueryError
from indexer.index import index
from indexer.query import parse_query
from indexer.search import FRESH, SORTS, Searcher, SearchPage, SearchRequest, search
from indexer.standing import find
from indexer.tree import leaves
from tests.indexer.reports import SENTENCES, fill, languages_home, make_home, make_report


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = languages_home(tmp_path_factory.mktemp("languages"))
    index(home)
    return home


def ids(page: SearchPage) -> list[str]:
    return [hit.report.id for hit in page.hits]


def marked(page: SearchPage, report: str) -> list[str]:
    """What the snippets of a hit highlight."""
    hit = next(hit for hit in page.hits if hit.report.id == report)
    return [fragment.text[start:end] for fragment in hit.fragments for start, end in fragment.marks]


@pytest.mark.parametrize(
    ("query", "report", "highlighted"),
    [
        pytest.param("女", "zh", "女", id="one character"),
        pytest.param("女", "ja", "女", id="one character, Japanese"),
        pytest.param("妇女", "zh", "妇女", id="a two-character word"),
        pytest.param("婦女", "zh", "妇女", id="traditional finds simplified"),
        pytest.param("妇女", "zh-hant", "婦女", id="simplified finds traditional"),
        pytest.param("模型妇女论坛", "zh-hant", "模型婦女論壇", id="a name in characters"),
        pytest.param("ស្ត្រី", "km", "ស្ត្រី", id="Khmer"),
        pytest.param("ผู้หญิง", "th", "ผู้หญิง", id="Thai"),
        pytest.param("น้\u0e4d\u0e32ใจ", "th", "น้ำใจ", id="Thai with SARA AM in two"),
        pytest.param("ແມ່ຍິງ", "lo", "ແມ່ຍິງ", id="Lao"),
        pytest.param("အမျိုးသမီး", "my", "အမျိုးသမီး", id="Burmese"),
        pytest.param("Phụ", "vi", "Phụ", id="Vietnamese, composed"),
        pytest.param("PHU\u0323", "vi", "Phụ", id="Vietnamese, decomposed"),
        pytest.param("phu", "vi", "Phụ", id="Vietnamese, without marks"),
        pytest.param("dai bieu", "vi", "đại", id="Vietnamese, d for đ"),
        pytest.param('"dien dan phu nu"', "vi", "Diễn đàn Phụ nữ", id="Vietnamese phrase without marks"),
        pytest.param("leader", "en", "leaders", id="English stem"),
        pytest.param("kerja", "id", "pekerja", id="Indonesian stem"),
        pytest.param("フォーラム", "ja", "フォーラム", id="katakana"),
        pytest.param("ﾌｫｰﾗﾑ", "ja", "フォーラム", id="half-width katakana"),
        pytest.param("leades~", "en", "leaders", id="fuzzy"),
        pytest.param("lead*", "en", "Leadership", id="prefix"),
        pytest.param("l*ship", "en", "Leadership", id="wildcard"),
        pytest.param('"model leaders"~3', "en", "model", id="near"),
        pytest.param('"leaders of the model"', "en", "leaders of the model", id="phrase"),
    ],
)
def test_a_word_is_found_and_highlighted(home: Home, query: str, report: str, highlighted: str) -> None:
    page = search(home, SearchRequest(query=query))
    assert report in ids(page)
    assert highlighted in marked(page, report)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param('"leaders model"', [], id="a phrase keeps its order"),
        pytest.param("ผ", [], id="a letter is no part of a marked cluster"),
        pytest.param("女坛", [], id="neighbours only"),
        pytest.param("leaders -model", [], id="excluded"),
        pytest.param("leaders OR khai", ["en", "vi"], id="either"),
        pytest.param("title:vi", ["vi"], id="in the title"),
        pytest.param("title:leaders", [], id="not in the title"),
        pytest.param('"Leader"', [], id="in marks, the word as it is"),
    ],
)
def test_a_query_finds_these(home: Home, query: str, found: list[str]) -> None:
    assert sorted(ids(search(home, SearchRequest(query=query)))) == found


def test_words_with_their_marks_rank_first(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["ban do"]), (make_report("b"), ["bán đồ"]), (make_report("c"), ["bàn do"])])
    index(home)
    page = search(home, SearchRequest(query="bán"))
    assert ids(page)[0] == "b"
    assert page.hits[0].score > page.hits[1].score


def test_a_word_in_the_title_ranks_first(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["women met"]), (make_report("b", title="Women"), ["they met"])])
    index(home)
    page = search(home, SearchRequest(query="women"))
    assert ids(page) == ["b", "a"]
    assert page.hits[0].title.marks == ((0, 5),)


def test_reports_of_no_edition_are_counted_and_shown_when_asked_for(home: Home) -> None:
    page = search(home, SearchRequest(query="leader"))
    assert (ids(page), page.total, page.others) == (["en"], 1, 1)
    every = search(home, SearchRequest(query="leader", relation="any"))
    assert (sorted(ids(every)), every.others) == (["en", "other"], 0)
    assert ids(search(home, SearchRequest(query="leader", relation=Relation.OTHER))) == ["other"]


def test_the_empty_query_lists_all_newest_first(home: Home) -> None:
    page = search(home, SearchRequest())
    assert ids(page) == list(reversed(SENTENCES))
    assert page.searched.reports == page.total == 10
    assert dict(page.searched.languages)["zh"] == 2
    assert page.searched.editions == (("2025", 10),)
    assert page.searched.missing == home.collection.gaps


def test_unknown_dates_come_last_in_both_orders(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    days = {"a": dt.date(2008, 1, 1), "b": None, "c": dt.date(2025, 1, 1)}
    fill(home, [(make_report(name, day=day), ["word"]) for name, day in days.items()])
    index(home)
    assert ids(search(home, SearchRequest(query="word", sort="newest"))) == ["c", "a", "b"]
    assert ids(search(home, SearchRequest(query="word", sort="oldest"))) == ["a", "c", "b"]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_home(tmp_path_factory.mktemp("shelf"))
    reports = [
        make_report("a", edition="2023", language="en", publisher="P", day=dt.date(2023, 9, 1)),
        make_report("b", edition="2025", language="en", publisher="Q", day=dt.date(2025, 7, 1)),
        make_report("c", edition="2025", language="vi", publisher="Q", day=dt.date(2025, 7, 2)),
        make_report("d", edition=None, relation=Relation.RELATED, language="vi", publisher="P"),
        make_report("e", edition=None, relation=Relation.OTHER, language="vi", publisher="P"),
    ]
    fill(home, [(report, ["a word"]) for report in reports])
    index(home)
    return home


def counted(page: SearchPage) -> dict[str, dict[str, int]]:
    return {facet.name: {value.value: value.count for value in facet.values} for facet in page.facets}


def test_facets_count_all_hits(shelf: Home) -> None:
    page = search(shelf, SearchRequest(query="word", size=1))
    assert page.total == 4
    assert len(page.hits) == 1
    assert counted(page) == {
        "edition": {"2025": 2, "2023": 1, "": 1},
        "language": {"en": 2, "vi": 2},
        "publisher": {"P": 2, "Q": 2},
        "trust": {"newspaper": 4},
    }
    assert page.histogram == ((2023, 1), (2025, 2))


def test_a_facet_shows_what_another_choice_would_find(shelf: Home) -> None:
    page = search(shelf, SearchRequest(query="word", editions=("2025",)))
    assert sorted(ids(page)) == ["b", "c"]
    assert counted(page)["edition"] == {"2025": 2, "2023": 1, "": 1}
    assert counted(page)["language"] == {"en": 1, "vi": 1}
    for key, count in counted(page)["edition"].items():
        assert search(shelf, SearchRequest(query="word", editions=(key,))).total == count


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param({"languages": ("vi",)}, ["c", "d"], id="language"),
        pytest.param({"languages": ("vi", "en"), "publishers": ("Q",)}, ["b", "c"], id="two filters"),
        pytest.param({"trusts": ("newspaper", "mirror")}, ["a", "b", "c", "d"], id="kind of publisher"),
        pytest.param({"trusts": ("mirror",)}, [], id="a kind that has none"),
        pytest.param({"date_from": dt.date(2025, 7, 2)}, ["c"], id="from"),
        pytest.param({"date_to": dt.date(2025, 7, 1)}, ["a", "b"], id="to"),
        pytest.param({"relation": Relation.RELATED}, ["d"], id="relation"),
    ],
)
def test_filters_narrow_the_hits(shelf: Home, given: dict[str, Any], found: list[str]) -> None:
    page = search(shelf, SearchRequest(query="word", **given))
    assert sorted(ids(page)) == found
    assert page.total == len(found)


def test_others_pass_the_same_filters(shelf: Home) -> None:
    assert search(shelf, SearchRequest(query="word", languages=("vi",))).others == 1
    assert search(shelf, SearchRequest(query="word", languages=("en",))).others == 0


def test_pages_follow_each_other(shelf: Home) -> None:
    pages = [search(shelf, SearchRequest(query="word", page=page, size=3)) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [3, 1, 0]
    assert sorted(ids(pages[0]) + ids(pages[1])) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"sort": "best"}, "cannot be sorted", id="sort"),
        pytest.param({"size": 0}, "1 to 100 hits", id="size"),
        pytest.param({"page": 0}, "out of reach", id="page"),
        pytest.param({"page": 100_000}, "out of reach", id="a page too far"),
        pytest.param({"trusts": ("best",)}, "no kind of publisher 'best'", id="trust"),
        pytest.param({"editions": ("1999",)}, "no edition '1999'", id="edition"),
        pytest.param({"date_from": dt.date(2025, 1, 2), "date_to": dt.date(2025, 1, 1)}, "Swap", id="dates"),
        pytest.param({"query": "y" * 100_000}, "512 are allowed", id="a long query"),
        pytest.param({"query": "a*b*c*d*e*f"}, "more than 4 wildcards", id="wildcards"),
    ],
)
def test_a_request_is_refused_with_one_sentence(shelf: Home, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        search(shelf, SearchRequest(**given))


def test_a_pattern_of_too_many_words_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), [" ".join(f"w{i}" for i in range(30))])])
    index(home)
    monkeypatch.setattr("indexer.engine.words.MAX_EXPANSIONS", 20)
    with pytest.raises(QueryError, match="Give more letters"):
        search(home, SearchRequest(query="w*1"))
    assert search(home, SearchRequest(query="w1*1")).total == 1


def test_a_report_is_shown_as_it_was_indexed_until_the_next_commit(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["word"]), (make_report("b", title="Then"), ["word"])])
    index(home)
    fill(home, [(make_report("a"), ["word"]), (make_report("b", title="Now"), ["other"])])
    assert [hit.report.title for hit in search(home, SearchRequest(query="word")).hits] == ["Then", "Report a"]
    index(home)
    assert ids(search(home, SearchRequest(query="word"))) == ["a"]


def test_a_word_looked_for_in_the_title_is_not_marked_in_the_text(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a", title="Women"), ["women met"])])
    index(home)
    (hit,) = search(home, SearchRequest(query="title:women")).hits
    assert hit.title.marks == ((0, 5),)
    assert [fragment.marks for fragment in hit.fragments] == [()]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("query", ["", "word", "odd"])
def test_the_ids_of_all_hits_are_those_of_all_pages(tmp_path: Path, query: str, sort: str) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report(f"r{n}"), ["word " * (n % 4) + "odd" * (n % 2)]) for n in range(23)])
    index(home)
    with Searcher.open(home) as searcher:
        pages = [SearchRequest(query=query, sort=sort, size=5, page=number) for number in range(1, 6)]
        paged = [id for page in pages for id in ids(searcher.search(page))]
        assert searcher.ids(pages[0]) == paged
    assert len(paged) > 5


def test_readers_go_on_while_a_newer_commit_is_opened(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, done = threading.Event(), threading.Event()
    with Searcher.open(home, fresh=0) as searcher:
        before = searcher.search(SearchRequest(query="leaders"))

        def slow(opened: object) -> object:
            opening.set()
            assert done.wait(10)
            return opened

        monkeypatch.setattr(searcher, "_newest", slow)
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(searcher.search, SearchRequest(query="leaders"))
            assert opening.wait(10)
            assert searcher.search(SearchRequest(query="leaders")) == before
            assert not other.done()
            done.set()
            assert other.result(10) == before


def test_threads_share_a_searcher(home: Home) -> None:
    found: list[list[str]] = []
    with Searcher.open(home) as searcher:

        def look() -> None:
            found.extend(ids(searcher.search(SearchRequest(query="女"))) for _ in range(10))

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 40
    assert all(sorted(ids) == ["ja", "zh", "zh-hant"] for ids in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_stretch_of_a_text_finds_it(home: Home, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(SENTENCES)))
    words = SENTENCES[code].split()
    if len(words) > 1:
        first = data.draw(st.integers(0, len(words) - 1))
        stretch = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    else:
        stretch = SENTENCES[code]
    assert code in ids(search(home, SearchRequest(query=f'"{stretch}"')))


WORDS = [
    "women",
    "woman",
    "leader",
    "leaders",
    "bán",
    "ban",
    "déclaré",
    "kerja",
    "bekerja",
    "妇女论坛",
    "婦女",
    "女",
    "ผู้หญิง",
    "น้ำ",
    "ស្ត្រី",
    "18",
]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words), "-".join(words)])
)
queries = st.sampled_from(
    [*WORDS, "lead*", "l*r", "w?man", "womna~", '"women leader"', '"leader women"~2', "女*", "妇", "第"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.lists(texts, min_size=1, max_size=6), st.lists(queries, min_size=8, max_size=8))
def test_a_report_is_found_exactly_when_its_text_can_show_why(
    tmp_path_factory: pytest.TempPathFactory, shelf_texts: list[str], asked: list[str]
) -> None:
    home = make_home(tmp_path_factory.mktemp("law"))
    languages = ["en", "vi", "id", "fr", "zh", "th"]
    reports = [(make_report(f"r{i}", language=languages[i], title="-"), [text]) for i, text in enumerate(shelf_texts)]
    fill(home, reports)
    index(home)
    with Searcher.open(home) as searcher:
        for query in asked:
            wanted = list(leaves(parse_query(query)))
            shown = {report.id for report, [text] in reports if find(text, wanted, report.language)}
            assert set(ids(searcher.search(SearchRequest(query=query, size=100)))) == shown


def test_words_near_one_another_stand_in_the_title_or_in_the_text(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    apart = (make_report("apart", title="Model women"), ["Leaders met."])
    told = (make_report("told", title="Meeting"), ["Women met leaders."])
    titled = (make_report("titled", title="Leaders, women"), ["They met."])
    fill(home, [apart, told, titled])
    index(home)
    with Searcher.open(home) as searcher:
        for query, found in (('"women leaders"~3', {"told", "titled"}), ('title:"women leaders"~3', {"titled"})):
            assert set(ids(searcher.search(SearchRequest(query=query)))) == found


def test_a_report_in_the_same_words_is_the_most_similar(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    texts = {
        "a": "The harbour council met on tides and nets.",
        "b": "On tides and nets the harbour council spoke.",
        "c": "The harbour was closed.",
        "d": "A bakery opened in the hills.",
    }
    fill(home, [(make_report(id), [text]) for id, text in texts.items()])
    index(home)
    with Searcher.open(home) as searcher:
        likest = searcher.similar("a")
        assert [one.report.id for one in likest][:2] == ["b", "c"]
        assert searcher.similar("unknown") == ()


def test_a_commit_is_seen_by_another_process_within_a_second(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["alpha"])])
    index(home)
    with Searcher.open(home) as searcher:
        assert searcher.search(SearchRequest(query="beta")).total == 0
        fill(home, [(make_report("a"), ["alpha"]), (make_report("b"), ["beta"])])
        code = "import sys; from archive import Home; from indexer import index; index(Home.open(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", code, str(home.path)], check=True)
        time.sleep(FRESH)
        assert searcher.search(SearchRequest(query="beta")).total == 1
    assert FRESH < 1
