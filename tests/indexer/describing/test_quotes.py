"""Statements in all languages of the forum. Every person, body and sentence here is invented; no native speaker checked them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.describing.quotes import find_statements
from indexer.describing.quotes.rules import rules_of
from samples import SampleReport, all_reports

LANGUAGES = ("en", "id", "ms", "fil", "vi", "fr", "zh-Hans", "zh-Hant", "ja", "th", "lo", "km", "my")


def said(text: str, language: str) -> list[tuple[str, str, str | None, str | None]]:
    """Kind, words, speaker and role of each statement."""
    return [(s.kind.value, text[s.start : s.end], s.speaker, s.role) for s in find_statements(text, language)]


def direct(text: str, language: str) -> list[tuple[str, str | None]]:
    """Words in marks with their speakers."""
    return [(words, speaker) for kind, words, speaker, _ in said(text, language) if kind != "indirect"]


SPOKEN = {
    "en, before": ("en", 'Tilda Brask said: "The bridge is ours."', "The bridge is ours.", "Tilda Brask", None),
    "en, behind": ("en", "“The bridge is ours,” Tilda Brask said.", "The bridge is ours,", "Tilda Brask", None),
    "en, inverted, with a role": (
        "en", "“The bridge is ours,” said Tilda Brask, mayor of Ostwick.", "The bridge is ours,", "Tilda Brask", "mayor of Ostwick",
    ),
    "en, a role before the name": (
        "en", "“The bridge is ours,” Prime Minister Tilda Brask told reporters.", "The bridge is ours,", "Tilda Brask", "Prime Minister",
    ),
    "en, the role before a comma": (
        "en", "“The bridge is ours,” said the town's mayor, Tilda Brask.", "The bridge is ours,", "Tilda Brask", "the town's mayor",
    ),
    "en, a title": ("en", "“The bridge is ours,” Mr. Brask said.", "The bridge is ours,", "Mr. Brask", None),
    "en, nobody by name": (
        "en", "A source close to the mayor said: “The bridge is ours for good.”", "The bridge is ours for good.",
        "A source close to the mayor", None,
    ),
    "en, going on": (
        "en", "Tilda Brask waved to the crowd, adding: “The bridge is ours.”", "The bridge is ours.", "Tilda Brask", None,
    ),
    "en, according to": (
        "en", "According to Tilda Brask, “the bridge is ours for good”.", "the bridge is ours for good", "Tilda Brask", None,
    ),
    "id, inverted": ("id", "“Jembatan ini milik kita,” ujar Sari Telaga.", "Jembatan ini milik kita,", "Sari Telaga", None),
    "id, a role before the name": (
        "id", "“Jembatan ini milik kita,” kata ketua panitia Sari Telaga di Ostwick, Rabu.", "Jembatan ini milik kita,",
        "Sari Telaga", "ketua panitia",
    ),
    "id, an office of a place": (
        "id", "“Jembatan ini milik kita,” kata Wali Kota Ostwick Sari Telaga.", "Jembatan ini milik kita,", "Sari Telaga",
        "Wali Kota Ostwick",
    ),
    "id, before": (
        "id", "Menteri Pekerjaan Umum Sari Telaga mengatakan, “Jembatan ini milik kita.”", "Jembatan ini milik kita.",
        "Sari Telaga", "Menteri Pekerjaan Umum",
    ),
    "ms": ("ms", "“Jambatan ini milik kita,” kata Puan Seri Kolam, pengerusi majlis.", "Jambatan ini milik kita,", "Puan Seri Kolam", "pengerusi majlis"),
    "fil": ("fil", "“Atin ang tulay na ito,” ani Lila Batis, alkalde ng Ostwick.", "Atin ang tulay na ito,", "Lila Batis", "alkalde ng Ostwick"),
    "vi": (
        "vi", "Bà Trần Thị Suối, Chủ tịch Hội, nhấn mạnh: “Cây cầu này là của chúng ta.”", "Cây cầu này là của chúng ta.",
        "Bà Trần Thị Suối", "Chủ tịch Hội",
    ),
    "fr": ("fr", "« Le pont est à nous », a déclaré Odile Marchetal.", "Le pont est à nous", "Odile Marchetal", None),
    "zh": ("zh-Hans", "桥梁协会会长白小溪说：“这座桥是我们的。”", "这座桥是我们的。", "白小溪", "桥梁协会会长"),
    "zh, behind": ("zh-Hans", "“这座桥是我们的。”桥梁协会会长白小溪表示。", "这座桥是我们的。", "白小溪", "桥梁协会会长"),
    "zh, at an occasion": (
        "zh-Hans", "会长蒂尔达·布拉斯克在开幕式上致辞时指出，“这座桥是我们的。”", "这座桥是我们的。", "蒂尔达·布拉斯克", "会长",
    ),
    "zh, traditional": ("zh-Hant", "「這座橋是我們的，」橋樑協會會長白小溪說。", "這座橋是我們的，", "白小溪", "橋樑協會會長"),
    "ja": ("ja", "橋の会の水野ひより会長は「この橋は私たちのものです」と述べた。", "この橋は私たちのものです", "水野ひより", "会長"),
    "th": ("th", "นางสาวธารา สะพานทอง ประธานสมาคม กล่าวว่า “สะพานนี้เป็นของพวกเรา”", "สะพานนี้เป็นของพวกเรา", "นางสาวธารา สะพานทอง", "ประธานสมาคม"),
    "lo": ("lo", "ທ່ານ ນາງ ດອກໄມ້ ຂົວຄຳ ປະທານສະມາຄົມ ກ່າວວ່າ: “ຂົວນີ້ແມ່ນຂອງພວກເຮົາ”.", "ຂົວນີ້ແມ່ນຂອງພວກເຮົາ", "ທ່ານ ນາງ ດອກໄມ້ ຂົວຄຳ", "ປະທານສະມາຄົມ"),
    "km": ("km", "លោកស្រី ផ្កា ស្ពានមាស៖ «ស្ពាននេះជារបស់យើង»។", "ស្ពាននេះជារបស់យើង", "លោកស្រី ផ្កា ស្ពានមាស", None),
    "my": ("my", "“ဒီတံတားက ကျွန်မတို့ရဲ့တံတားဖြစ်ပါတယ်” ဟု ဒေါ်စမ်းချောင်းက ပြောကြားခဲ့သည်။", "ဒီတံတားက ကျွန်မတို့ရဲ့တံတားဖြစ်ပါတယ်", "ဒေါ်စမ်းချောင်း", None),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "words", "speaker", "role"), SPOKEN.values(), ids=SPOKEN.keys())
def test_words_in_marks_belong_to_whom_their_sentence_names(
    language: str, text: str, words: str, speaker: str, role: str | None
) -> None:
    assert said(text, language) == [("direct", words, speaker, role)]


TOLD = {
    "en": ("en", "Tilda Brask, mayor of Ostwick, said that the bridge would open in May.", "the bridge would open in May", "Tilda Brask"),
    "en, according to": ("en", "According to Tilda Brask, the mayor, the bridge opens in May.", "the bridge opens in May", "Tilda Brask"),
    "id": ("id", "Ketua panitia Sari Telaga mengatakan jembatan itu dibuka bulan Mei.", "jembatan itu dibuka bulan Mei", "Sari Telaga"),
    "id, menurut": ("id", "Menurut Sari Telaga, ketua panitia, jembatan itu dibuka bulan Mei.", "jembatan itu dibuka bulan Mei", "Sari Telaga"),
    "fil": ("fil", "Ipinahayag ni Lila Batis, alkalde, na bubuksan ang tulay sa Mayo.", "bubuksan ang tulay sa Mayo", "Lila Batis"),
    "vi": ("vi", "Bà Trần Thị Suối cho biết cây cầu sẽ mở vào tháng năm.", "cây cầu sẽ mở vào tháng năm", "Bà Trần Thị Suối"),
    "zh": ("zh-Hans", "桥梁协会会长白小溪表示，这座桥将在五月开放。", "这座桥将在五月开放", "白小溪"),
    "ja": ("ja", "橋の会の水野ひより会長によると、橋は五月に開通する予定だ。", "橋は五月に開通する予定だ", "水野ひより"),
    "th": ("th", "นางสาวธารา สะพานทอง เปิดเผยว่า สะพานจะเปิดในเดือนพฤษภาคม", "สะพานจะเปิดในเดือนพฤษภาคม", "นางสาวธารา สะพานทอง"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "words", "speaker"), TOLD.values(), ids=TOLD.keys())
def test_what_somebody_is_told_to_have_said_is_indirect(language: str, text: str, words: str, speaker: str) -> None:
    assert [(kind, w, s) for kind, w, s, _ in said(text, language)] == [("indirect", words, speaker)]


NOT_SPEECH = {
    "en, theme": ("en", 'The forum met under the theme "Bridges for all of us".'),
    "en, a word": ("en", "He called the plan a “success” and left."),
    "en, apostrophes": ("en", "The girls' school and the boys' school share one of Ostwick's bridges."),
    "id, theme": ("id", "Forum itu mengangkat tema “Jembatan untuk Kita Semua”."),
    "fil, theme": ("fil", "Ang tema ng porum ay “Tulay Para sa Lahat”."),
    "fil, announces a clip": ("fil", "Sinabi niya na,"),
    "vi, theme": ("vi", "Diễn đàn có chủ đề “Cây cầu cho tất cả chúng ta”."),
    "fr, theme": ("fr", "Le forum avait pour thème « Des ponts pour nous tous »."),
    "zh, theme": ("zh-Hans", "论坛以“桥梁连接你我他”为主题。"),
    "zh, a name": ("zh-Hans", "“美丽桥梁”协会主席表示感谢。"),
    "ja, theme": ("ja", "今回のテーマは「みんなのための新しい橋」。"),
    "th, theme": ("th", "การประชุมจัดขึ้นภายใต้หัวข้อ “สะพานสำหรับทุกคน”"),
    "th, an agency": ("th", "สำนักข่าวสะพานรายงานว่า การประชุมจะจัดในเดือนหน้า"),
    "km, theme": ("km", "ប្រធានបទគឺ «ស្ពានសម្រាប់មនុស្សទាំងអស់គ្នា»។"),
    "my, theme": ("my", "ဖိုရမ်၏ ဆောင်ပုဒ်မှာ “အားလုံးအတွက် တံတားများ” ဖြစ်သည်။"),
}


@pytest.mark.parametrize(("language", "text"), NOT_SPEECH.values(), ids=NOT_SPEECH.keys())
def test_themes_names_and_announcements_are_nobodys_words(language: str, text: str) -> None:
    assert said(text, language) == []


def test_a_quote_split_by_its_verb_is_two_of_one_speaker() -> None:
    text = "Tilda Brask opened the bridge. “It is narrow,” she said, “and it is ours.”"
    assert direct(text, "en") == [("It is narrow,", "Tilda Brask"), ("and it is ours.", "Tilda Brask")]


def test_words_behind_an_attribution_go_on_with_its_speaker() -> None:
    text = "“It is narrow,” said Tilda Brask. “It is ours all the same.”"
    assert direct(text, "en") == [("It is narrow,", "Tilda Brask"), ("It is ours all the same.", "Tilda Brask")]


def test_a_paragraph_of_words_alone_goes_on_with_the_speaker_before() -> None:
    text = "“It is narrow,” said Tilda Brask.\n“It is ours all the same.”"
    assert direct(text, "en")[1] == ("It is ours all the same.", "Tilda Brask")


def test_an_indonesian_suffix_names_the_speaker_before() -> None:
    text = "Ketua panitia Sari Telaga mengumumkan jadwal baru.\n“Jembatan dibuka bulan Mei,” ujarnya."
    assert direct(text, "id") == [("Jembatan dibuka bulan Mei,", "Sari Telaga")]


def test_a_pronoun_without_anyone_before_stays_as_it_is() -> None:
    assert direct("“The bridge is ours,” she said.", "en") == [("The bridge is ours,", "she")]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("en", "The Ostwick Declaration states: “Bridges belong to everybody.”", "The Ostwick Declaration"),
        ("zh-Hans", "《宣言》称：“桥梁属于每一个人。”", "《宣言》"),
    ],
)
def test_a_document_speaks_as_a_document(language: str, text: str, speaker: str) -> None:
    ((kind, _, who, _),) = said(text, language)
    assert (kind, who) == ("document", speaker)


def test_words_that_never_close_end_at_their_paragraph_and_say_so() -> None:
    text = "Tilda Brask said: “The bridge is ours\nThe crowd went home."
    (found,) = find_statements(text, "en")
    assert text[found.start : found.end] == "The bridge is ours"
    assert found.rule.endswith("never closed")
    assert found.confidence < 0.9


def test_a_language_without_rules_gives_nothing() -> None:
    assert said("Тильда Браск сказала: «Мост наш»", "ru") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_forum_has_rules(language: str) -> None:
    assert rules_of(language) is not None


PIECES = st.sampled_from(
    [*"“”‘’「」《》\"'.,:;。，：！？ \n", " said ", "Tilda Brask", " kata ", "说：", "主席白小溪", "กล่าวว่า ", "นางธารา สะพาน ", "ဟု ", "と述べた", "Bà Suối ",
     "លោកស្រី ផ្កា ", "thing ", "橋は", "the bridge ", "ani ", "theo "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(LANGUAGES))
def test_offsets_lie_in_the_text_within_one_paragraph_and_around_words(text: str, language: str) -> None:
    found = list(find_statements(text, language))
    for one in found:
        words = text[one.start : one.end]
        assert 0 <= one.start < one.end <= len(text)
        assert words.strip() == words
        assert "\n" not in words
        assert 0 < one.confidence <= 1
    assert found == list(find_statements(text, language))


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_can_be_read(text: str, language: str) -> None:
    for one in find_statements(text, language):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.key)
def test_the_sample_forum_yields_its_words_in_marks_with_their_speakers(report: SampleReport) -> None:
    expected = [(q.text, q.speaker) for q in report.quotes if q.kind != "indirect"]
    assert direct(report.text, report.language) == expected
