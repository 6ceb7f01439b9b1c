import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.describing.charset import decode, repair
from tests.indexer.describing.test_charset_pages import windows_1258

SIMPLIFIED = "妇女论坛十月二十七日在海边的城市举行，来自各国的代表出席了会议。"
TRADITIONAL = "婦女論壇十月二十七日在海邊的城市舉行，來自各國的代表出席了會議。"
JAPANESE = "女性フォーラムは海辺の町で開かれ、各国の代表が出席した。会場では手工芸の展示も行われた。"
KOREAN = "여성 포럼이 바닷가 도시에서 열렸으며 각국 대표가 참석하였다."
THAI = "การประชุมสตรีจัดขึ้นที่เมืองชายทะเล โดยมีผู้แทนจากหลายประเทศเข้าร่วม"
VIETNAMESE = "Diễn đàn phụ nữ được tổ chức tại một thành phố ven biển với sự tham dự của đại biểu các nước"
FRENCH = "Le forum des femmes s’est tenu au bord de la mer, où les déléguées ont échangé des idées."

TEXTS = {
    "simplified": (SIMPLIFIED, "gbk", "gb18030"),
    "simplified, few words": ("妇女论坛举行", "gbk", "gb18030"),
    "traditional": (TRADITIONAL, "big5", "big5hkscs"),
    "traditional in GBK": (TRADITIONAL, "gbk", "gb18030"),
    "Japanese": (JAPANESE, "cp932", "cp932"),
    "Japanese of Unix": (JAPANESE, "euc_jp", "euc_jp"),
    "Korean": (KOREAN, "cp949", "cp949"),
    "Thai": (THAI, "cp874", "cp874"),
    "French": (FRENCH, "cp1252", "cp1252"),
}
DECLARATIONS = {
    "nothing declared": "",
    "UTF-8 declared": '<meta charset="utf-8">',
    "Latin-1 declared": '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
    "an unknown charset declared": '<meta charset="x-user-defined">',
}


@pytest.mark.parametrize("declaration", DECLARATIONS.values(), ids=DECLARATIONS.keys())
@pytest.mark.parametrize(("text", "written", "found"), TEXTS.values(), ids=TEXTS.keys())
def test_bytes_are_read_as_what_they_are_whatever_the_page_declares(
    text: str, written: str, found: str, declaration: str
) -> None:
    body = f"<html><head>{declaration}<title>x</title></head><body><p>{text}</p></body></html>".encode(written)
    decoded = decode(body, content_type="text/html")
    assert text in decoded.text
    assert decoded.charset == found


def test_windows_1258_writes_vietnamese_tones_after_their_letters() -> None:
    body = b"<p>" + windows_1258(VIETNAMESE) + b"</p>"
    assert VIETNAMESE in unicodedata.normalize("NFC", decode(body).text)


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb_2312-80"])
def test_characters_outside_gb2312_are_read_under_its_name(declared: str) -> None:
    text = "朱镕基与喆、堃出席了妇女论坛的开幕式"
    assert text in decode(text.encode("gbk"), content_type=f"text/html; charset={declared}").text


def test_the_header_comes_before_the_page_where_both_could_be() -> None:
    body = b'<meta charset="iso-8859-1"><p>\xa4 5</p>'
    assert decode(body, content_type="text/html; charset=iso-8859-15").text.endswith("€ 5</p>")


@pytest.mark.parametrize("written", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_its_mark(written: str) -> None:
    body = f"<html><head><title>x</title></head><body>{SIMPLIFIED}</body></html>".encode(written)
    assert decode(body, content_type="text/html; charset=gbk").text.startswith("<html>")
    assert SIMPLIFIED in decode(body, content_type="text/html; charset=gbk").text


def test_japanese_of_seven_bits_is_no_ascii() -> None:
    assert JAPANESE in decode(JAPANESE.encode("iso2022_jp")).text


def test_one_broken_sequence_leaves_a_page_utf_8() -> None:
    body = SIMPLIFIED.encode() * 5 + b"\xe5\xa6" + SIMPLIFIED.encode()
    decoded = decode(body)
    assert decoded.charset == "utf-8"
    assert decoded.text.count(SIMPLIFIED) == 6


@pytest.mark.parametrize("body", ["Women¡¯s".encode(), b"<p>Women\xa1\xafs forum, \xa1\xb0yes\xa1\xb1</p>"])
def test_chinese_quote_marks_in_english_pages_are_put_right(body: bytes) -> None:
    assert "Women’s" in decode(body).text


def test_spanish_marks_are_left_alone() -> None:
    assert repair("¡Qué día! ¡Ya!") == "¡Qué día! ¡Ya!"


@pytest.mark.parametrize("name", ["hex", "rot13", "idna", "undefined", "unicode_escape", "zlib", "no-such"])
def test_a_codec_that_is_no_charset_is_not_believed(name: str) -> None:
    assert decode(f"<meta charset={name}>".encode() + b"<p>\xe9t\xe9 pass\xe9</p>").text.endswith("<p>été passé</p>")


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=gbk", "text/html; charset=utf-16", "é=;;"]))
def test_any_bytes_give_a_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type=content_type).text, str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf_8_is_read_as_it_was_written(text: str) -> None:
    body = f"<p>{text}</p>".encode()
    assert decode(body).text == repair(f"<p>{text}</p>")
