import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.describing.language import UNDECIDED, detect, exclusive
from samples import SampleReport, all_reports

SENTENCES = {
    "th": "การประชุมสตรีเปิดขึ้นที่เมืองชายทะเล",
    "lo": "ກອງປະຊຸມແມ່ຍິງໄດ້ເປີດຂຶ້ນທີ່ເມືອງແຄມທະເລ",
    "km": "វេទិកាស្ត្រីបានបើកនៅទីក្រុងមាត់សមុទ្រ",
    "my": "အမျိုးသမီးဖိုရမ်ကို ကမ်းရိုးတန်းမြို့တွင် ဖွင့်လှစ်ခဲ့သည်",
    "ko": "여성 포럼이 바닷가 도시에서 열렸다",
    "ja": "女性フォーラムは海辺の町で開かれた",
    "zh-Hans": "妇女论坛在海边的城市举行",
    "zh-Hant": "婦女論壇在海邊的城市舉行",
    "vi": "Diễn đàn phụ nữ được tổ chức tại thành phố ven biển",
    "id": "Forum perempuan itu digelar karena warga pesisir bisa bertemu, ujarnya, Senin",
    "ms": "Forum wanita itu diadakan kerana penduduk pesisir boleh bertemu, katanya, Isnin",
    "fil": "Binuksan ngayong araw ang porum ng kababaihan sa bayan, at dumalo ang mga kinatawan ng mga bansa",
    "fr": "Le forum des femmes s'est ouvert mercredi dans une ville au bord de la mer",
    "en": "The women's forum was opened on Wednesday in a town by the sea",
}


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items(), ids=SENTENCES.keys())
def test_a_sentence_tells_its_language(language: str, sentence: str) -> None:
    assert detect(sentence) == language


def test_an_english_report_stays_english_with_names_in_other_scripts() -> None:
    assert (
        detect("The forum (妇女论坛) was opened by its secretary (秘书长) in the town of Selani on Wednesday.") == "en"
    )


def test_chinese_that_quotes_one_japanese_word_stays_chinese() -> None:
    assert detect("论坛期间还展出了来自日本的のれん，吸引了许多观众，展览将持续到星期五。") == "zh-Hans"


@pytest.mark.parametrize("hint", ["zh-Hant", "zh-Hans"])
def test_characters_of_both_kinds_are_decided_by_the_source(hint: str | None) -> None:
    assert detect("三月八日", hint=hint) == hint


@pytest.mark.parametrize("hint", ["id", "ms"])
def test_close_languages_are_decided_by_the_source_where_no_word_does(hint: str | None) -> None:
    assert detect("Ibu menjual ikan di pasar setiap hari dan anak itu membaca buku di rumah", hint=hint) == hint


def test_words_of_one_language_outweigh_the_source() -> None:
    assert detect(SENTENCES["id"], hint="ms") == "id"


def test_a_few_words_are_of_the_language_of_their_source() -> None:
    assert detect("Halo dunia.", hint="id") == "id"


@pytest.mark.parametrize("text", ["", "2025-07-16 10:30", "…"])
def test_no_letters_are_no_language(text: str) -> None:
    assert detect(text, hint="en") == UNDECIDED


def test_no_character_is_of_simplified_and_traditional_texts_only() -> None:
    simplified, traditional = exclusive()
    assert "妇" in simplified
    assert "婦" in traditional
    assert not simplified & traditional


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.key)
def test_sample_reports_are_in_the_language_they_were_written_in(report: SampleReport) -> None:
    found = detect(report.text)
    assert found == report.language or found.partition("-")[0] == report.language


@given(st.text(max_size=300), st.sampled_from([None, "en", "xx"]))
def test_any_text_has_a_code(text: str, hint: str | None) -> None:
    assert detect(text, hint=hint)
