"""Checking quotes: word for word however it is typed, nearly, or not at all."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Home, Quote, QuoteKind, Relation, Trust, Via, fold_plain
from indexer.check import check
from indexer.likeness import Asked, nearest, squeeze
from indexer.parted import parted
from tests.indexer.reports import fill, make_home, make_report, make_version

# Made-up people, made-up words.
ENGLISH = "“We hold up half the sky – and we’ll keep doing so,” said Ms. Example Person, chair of the model council."
INDONESIAN = "Ia menambahkan, “Perempuan contoh harus ikut memutuskan masa depan kawasan,” ujar Ibu Contoh."
CHINESE = "模型主席示例女士说：“各地妇女携手同行，共创美好未来。”会议随后闭幕。"
THAI = "นางตัวอย่าง กล่าวว่า “ผู้หญิงทุกคนควรมีน้ำใจต่อกันและร่วมมือกันทุกวัน” ในที่ประชุม"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_home(tmp_path_factory.mktemp("check"))
    start = ENGLISH.index("We hold")
    end = ENGLISH.index(",” said")
    quote = Quote(
        id="q1", report="en", version=make_version("en", ENGLISH).id, text=ENGLISH[start:end], start=start, end=end,
        kind=QuoteKind.DIRECT, cue="said", speaker="Example Person", role="chair of the model council", language="en",
        rule="after", confidence=0.9,
    )  # fmt: skip
    shelf = [
        (make_report("en", day=dt.date(2025, 7, 16)), [ENGLISH]),
        (make_report("id", language="id"), [INDONESIAN]),
        (make_report("zh", language="zh"), [CHINESE]),
        (make_report("th", language="th"), [THAI]),
        (make_report("old"), ["The first text promised a bridge by spring.", "The second text promises nothing."]),
        (make_report("other", relation=Relation.OTHER, edition=None, trust=Trust.MIRROR), [f"Copied. {ENGLISH}"]),
    ]
    fill(home, shelf, [quote])
    return home


@pytest.mark.parametrize(
    ("text", "report", "there"),
    [
        pytest.param("We hold up half the sky – and we’ll keep doing so", "en", "We hold up half the sky – and we’ll keep doing so", id="as printed"),
        pytest.param('"we hold up half the sky -- and we\'ll keep doing so"', "en", "We hold up half the sky – and we’ll keep doing so", id="other marks and dashes"),
        pytest.param("half the sky", "en", "half the sky", id="a part of a longer quote"),
        pytest.param("ＨＡＬＦ　ＴＨＥ　ＳＫＹ", "en", "half the sky", id="wide letters"),
        pytest.param("half\nthe   sky", "en", "half the sky", id="other spaces"),
        pytest.param("Perempuan contoh harus ikut memutuskan", "id", "Perempuan contoh harus ikut memutuskan", id="Indonesian"),
        pytest.param("各地婦女攜手同行,共創美好未來", "zh", "各地妇女携手同行，共创美好未来", id="traditional characters"),
        pytest.param("「各地妇女携手同行」", "zh", "各地妇女携手同行", id="corner marks"),
        pytest.param("ผู้หญิงทุกคนควรมีน้\u0e4d\u0e32ใจ", "th", "ผู้หญิงทุกคนควรมีน้ำใจ", id="SARA AM in two"),
    ],
)  # fmt: skip
def test_a_quote_is_found_word_for_word(home: Home, text: str, report: str, there: str) -> None:
    result = check(home, text)
    assert result.verdict == "verbatim"
    match = result.matches[0]
    assert (match.report.id, match.text, match.similarity) == (report, there, 100.0)
    with home.catalogue() as catalogue:
        version = catalogue.version(match.version, match.report.id)
    assert version is not None
    assert version.text[match.start : match.end] == there


def test_the_speaker_is_given_as_mentioned(home: Home) -> None:
    match = check(home, "half the sky and we'll keep").matches[0]
    assert (match.speaker, match.role, match.quote) == ("Example Person", "chair of the model council", "q1")


def test_reports_of_editions_come_before_others(home: Home) -> None:
    matches = check(home, "hold up half the sky").matches
    assert [(m.report.id, m.relation) for m in matches] == [("en", Relation.EDITION), ("other", Relation.OTHER)]


def test_an_earlier_version_is_looked_through_and_said_so(home: Home) -> None:
    match = check(home, "promised a bridge by spring").matches[0]
    assert (match.report.id, match.latest) == ("old", False)


@pytest.mark.parametrize(
    ("text", "report"),
    [
        pytest.param("We held up half of the sky and will keep doing so", "en", id="English, changed words"),
        pytest.param("Perempuan contoh harus turut memutuskan masa depan kawasan", "id", id="Indonesian, one word"),
        pytest.param("各国妇女携手同行，共创美好的未来", "zh", id="Chinese, two characters"),
    ],
)
def test_a_garbled_quote_is_near(home: Home, text: str, report: str) -> None:
    result = check(home, text)
    assert result.verdict == "near"
    assert result.matches[0].report.id == report
    assert 80 <= result.matches[0].similarity < 100


def test_what_nobody_said_is_not_found(home: Home) -> None:
    result = check(home, "Nobody in this archive ever uttered a sentence like this one here")
    assert (result.verdict, result.matches, result.versions, result.reports) == ("not_found", (), 7, 6)


@pytest.mark.parametrize("text", ["", "“…”", "the sky", "妇女携", "12 34"])
def test_a_few_letters_prove_nothing(home: Home, text: str) -> None:
    assert check(home, text).verdict == "too_short"


def test_four_characters_are_enough(home: Home) -> None:
    assert check(home, "携手同行").verdict == "verbatim"


def test_a_part_of_a_word_is_not_word_for_word(home: Home) -> None:
    result = check(home, "old up half the sk")
    assert result.verdict == "near"
    assert result.matches[0].text == "hold up half the sky"


def test_what_is_near_ends_where_likeness_does(home: Home) -> None:
    result = check(home, "We hold up half of the entire sky - and we will keep doing this")
    match = result.matches[0]
    assert match.text == "We hold up half the sky – and we’ll keep doing so"
    assert [match.text[start:end] for start, end in match.differs] == ["we’ll", "so"]


NETS = (
    "The days ended on Thursday. “We mend the nets, we count the fish, and then somebody else signs the paper,” said"
    " Example Person, chair of the model council, before she left."
)
NETS_ZH = "与会者呼吁更多女性成为船主。“渔网是我们补的，鱼是我们数的，签字的却总是别人。”示例妇女理事会主席说。"
NETS_ID = 'Ketua dewan contoh berkata, "Kami memperbaiki jaring, kami menghitung ikan, lalu orang lain menandatangani kertas," ujarnya.'
NETS_TH = "ประธานสภาตัวอย่างกล่าวว่า “เราซ่อมอวน เรานับปลา แล้วคนอื่นก็เซ็นกระดาษ” ก่อนกลับบ้าน"


@pytest.mark.parametrize(
    ("text", "asked", "differs", "lacks"),
    [
        pytest.param(NETS, "We mend the nets, we count our fish, and then someone signs the paper",
                     ["the", "somebody else"], ["our", "someone"], id="a word for two"),
        pytest.param(NETS, "We mend the nets, we count the fish, and then somebody else never signs the paper",
                     [], ["never"], id="a word added"),
        pytest.param(NETS, "We do not mend the nets, we count the fish, and then somebody else signs the paper",
                     [], ["do not"], id="a negation added"),
        pytest.param(NETS, "We mend the nets, we count the fish, and then somebody else signs the document",
                     ["paper"], ["document"], id="the last word"),
        pytest.param(NETS, "I mend the nets, we count the fish, and then somebody else signs the paper",
                     ["We"], ["I"], id="the first word"),
        pytest.param(NETS, "They say we mend the nets, we count the fish, and then somebody else signs the paper",
                     [], ["They say"], id="words before it"),
        pytest.param(NETS, "We mend the nets, we count the fish, and then somebody else signs the paper twice a day",
                     [], ["twice a day"], id="words behind it"),
        pytest.param(NETS_ZH, "渔网是我们补的，鱼是我们数的，签字的却总是我们", ["别人"], ["我们"], id="the last word, Chinese"),
        pytest.param(NETS_ZH, "渔网不是我们补的，鱼是我们数的，签字的却总是别人", [], ["不"], id="a negation, Chinese"),
        pytest.param(NETS_ID, "Kami tidak memperbaiki jaring, kami menghitung ikan, lalu orang lain menandatangani surat",
                     ["kertas"], ["tidak", "surat"], id="Indonesian"),
        pytest.param(NETS_TH, "เราซ่อมอวน เราไม่นับปลา แล้วคนอื่นก็เซ็นกระดาษ", [], ["ไม่"], id="a negation, Thai"),
    ],
)  # fmt: skip
def test_a_quote_that_was_changed_is_shown_whole_as_printed(
    tmp_path: Path, text: str, asked: str, differs: list[str], lacks: list[str]
) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), [text])], [])
    match = check(home, asked).matches[0]
    assert match.text == re.split(r"[“”\"]", text)[1].rstrip(",。")
    assert [match.text[start:end] for start, end in match.differs] == differs
    assert [asked[start:end] for start, end in match.lacks] == lacks


INTERRUPTED = (
    "“The tide does not ask,” said Example Person, who chairs the model council and has mended nets for forty years in"
    " the harbour of Example. “It comes. Who keeps the boats must be ready before it.”"
)


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        pytest.param("The tide does not ask. It comes. Who keeps the boats must be ready", "near", id="in one piece"),
        pytest.param("The tide does not ask, it comes, who keeps the boats", "near", id="otherwise set"),
        pytest.param(
            "It comes. The tide does not ask. Who keeps the boats must be ready", "not_found", id="in another order"
        ),
        pytest.param(
            "The tide does not ask. It leaves. Who keeps the boats must be ready", "not_found", id="another clause"
        ),
    ],
)
def test_a_quote_that_print_interrupts_is_found_in_one_piece(tmp_path: Path, asked: str, verdict: str) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), [INTERRUPTED])], [])
    result = check(home, asked)
    assert result.verdict == verdict
    for match in result.matches:
        assert match.text.startswith("The tide does not ask,” said Example Person")
        (interruption,) = (match.text[start:end] for start, end in match.differs)
        assert (interruption.split()[0], interruption.split()[-1]) == ("said", "Example")
        assert match.lacks == ()


def test_words_typed_without_marks_are_near(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    text = "Bà Ví Dụ nói: “Chúng ta không đợi con nước, chúng ta học cách đọc nó”."
    fill(home, [(make_report("vi", language="vi"), [text])], [])
    bare = check(home, "chung ta khong doi con nuoc, chung ta hoc cach doc no")
    assert (bare.verdict, bare.matches[0].text) == ("near", "Chúng ta không đợi con nước, chúng ta học cách đọc nó")
    wrong = check(home, "chùng tà khỏng đơi cón nuôc, chủng tá hóc cạch đóc nò")
    assert wrong.verdict == "not_found" or wrong.matches[0].similarity < 95


def test_a_language_narrows_the_check(home: Home) -> None:
    assert check(home, "half the sky", language="id").verdict == "not_found"


def test_the_capture_that_carries_the_words_is_named(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with home.lock(what="test") as writer:
        capture = writer.add_resource(
            url="http://made-up.test/a", body=ENGLISH.encode(), content_type="text/plain; charset=utf-8",
            supplied=dt.datetime(2025, 7, 17, tzinfo=dt.UTC), publisher="The Made-up Post",
        )  # fmt: skip
        writer.flush()
    report = make_report("a", via=Via.SUPPLIED)
    version = make_version("a", ENGLISH, captures=(capture.id,))
    with home.catalogue() as catalogue:
        catalogue.replace_reports([make_report("a", via=Via.SUPPLIED, version=version.id)], [version], [])
    found = check(home, "hold up half the sky").to_json()["matches"][0]
    assert found["report"]["id"] == report.id
    assert found["capture"]["sha256"] == capture.sha256
    assert found["capture"]["payload_sha1"] == capture.payload_sha1
    assert (found["capture"]["file"], found["capture"]["offset"]) == (capture.file, capture.offset)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.data())
def test_any_long_enough_stretch_of_words_is_word_for_word(home: Home, data: st.DataObject) -> None:
    words = ENGLISH.split()
    first = data.draw(st.integers(0, len(words) - 4))
    stretch = " ".join(words[first : data.draw(st.integers(first + 4, len(words)))])
    if check(home, stretch).verdict != "too_short":
        assert check(home, stretch).verdict == "verbatim"


passages = st.lists(
    st.sampled_from(
        [
            "we ",
            "mend ",
            "the ",
            "nets, ",
            "“",
            "” said ",
            "never ",
            "e\u0301 ",
            "妇女",
            "论坛。",
            "ผู้",
            "หญิง ",
            "phụ nữ ",
            "\n",
            "ﬁn ",
        ]
    ),
    min_size=6,
    max_size=40,
).map("".join)


@given(passages, passages)
@settings(max_examples=300)
def test_what_is_near_lies_in_both_texts(asked: str, printed: str) -> None:
    wanted, squeezed = Asked.of(asked), squeeze(printed)
    for how in (nearest, parted):
        if place := how(wanted, squeezed, printed):
            assert 0 <= place.start < place.end <= len(printed)
            assert 0 < place.likeness < 100
            for spans, length in ((place.differs, place.end - place.start), (place.lacks, len(asked))):
                edges = [edge for span in spans for edge in span]
                assert edges == sorted(edges)
                assert all(0 <= edge <= length for edge in edges)


@given(st.text(alphabet="ab “”é e\u0301ﬁ女กิ\u0e33-—\u200b", max_size=40))
def test_squeezing_keeps_letters_and_their_places(text: str) -> None:
    squeezed = squeeze(text)
    starts = list(squeezed.starts)
    assert starts == sorted(starts)
    assert len(starts) == len(squeezed.text) + 1
    for i, letter in enumerate(squeezed.text):
        start, end = squeezed.span(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert letter in fold_plain(text[max(0, start - 1) : end + 1])  # marks of one letter may change places
