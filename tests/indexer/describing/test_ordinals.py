"""Ordinals and years bound to the forum's own name. The forum's name is the shipped one; the sentences are made up."""

import pytest

from indexer.describing.names import Named, NameFinder, comparable
from indexer.describing.ordinals import ordinal_of, year_of

NAMES = {
    "zh": ("中国—东盟妇女论坛",),
    "en": ("China-ASEAN Women's Forum",),
    "id": ("Forum Perempuan China-ASEAN",),
    "ms": ("Forum Wanita China-ASEAN",),
    "fil": ("porum ng kababaihan ng Tsina at ASEAN",),
    "vi": ("Diễn đàn Phụ nữ Trung Quốc-ASEAN",),
    "fr": ("Forum des femmes Chine-ASEAN",),
    "th": ("เวทีสตรีจีน-อาเซียน",),
    "km": ("វេទិកាស្ត្រីចិន-អាស៊ាន",),
    "lo": ("ເວທີແມ່ຍິງຈີນ-ອາຊຽນ",),
    "my": ("တရုတ်-အာဆီယံ အမျိုးသမီးဖိုရမ်",),
    "ja": ("中国・ASEAN女性フォーラム",),
}


def first_named(text: str) -> tuple[str, Named]:
    whole = comparable(text)
    return whole, NameFinder(NAMES).find(whole)[0]


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [
        ("第九届中国—东盟妇女论坛开幕", 9),
        ("第九屆中國-東盟婦女論壇開幕", 9),
        ("第二十一届“中国—东盟妇女论坛”开幕", 21),
        ("首届中国—东盟妇女论坛闭幕", 1),
        ("the ninth China-ASEAN Women's Forum", 9),
        ("the 8th annual China-ASEAN Women’s Forum", 8),
        ("the third edition of the China-ASEAN Women's Forum", 3),
        ("the inaugural China-ASEAN Women's Forum", 1),
        ("Forum Perempuan China-ASEAN kesembilan", 9),
        ("Forum Perempuan China-ASEAN yang ke-9", 9),
        ("Forum Wanita China-ASEAN kelapan", 8),
        ("ika-2 porum ng kababaihan ng Tsina at ASEAN", 2),
        ("kauna-unahang porum ng kababaihan ng Tsina at ASEAN", 1),
        ("Diễn đàn Phụ nữ Trung Quốc-ASEAN lần thứ 9", 9),
        ("Diễn đàn Phụ nữ Trung Quốc-ASEAN lần thứ tư", 4),
        ("le 9e Forum des femmes Chine-ASEAN", 9),
        ("le neuvième Forum des femmes Chine-ASEAN", 9),
        ("เวทีสตรีจีน-อาเซียน ครั้งที่ ๒๐", 20),
        ("វេទិកាស្ត្រីចិន-អាស៊ានលើកទី២", 2),
        ("ເວທີແມ່ຍິງຈີນ-ອາຊຽນ ຄັ້ງທີ V", 5),
        ("ເວທີແມ່ຍິງຈີນ-ອາຊຽນ ຄັ້ງທີ XIX", 19),
        ("စတုတ္ထအကြိမ် တရုတ်-အာဆီယံ အမျိုးသမီးဖိုရမ်", 4),
        ("第9回中国・ASEAN女性フォーラム", 9),
    ],
)
def test_an_ordinal_in_the_forums_own_noun_phrase_is_its(text: str, ordinal: int) -> None:
    assert ordinal_of(*first_named(text)) == ordinal


@pytest.mark.parametrize(
    "text",
    [
        "第18届中国—东盟博览会·中国—东盟妇女论坛开幕",
        "作为第20届东博会系列活动，中国—东盟妇女论坛开幕",
        "the 18th China-ASEAN Expo and the China-ASEAN Women's Forum",
        "on the second day of the China-ASEAN Women's Forum",
        "the 30th anniversary of the China-ASEAN Women's Forum",
        "pada hari kedua Forum Perempuan China-ASEAN",
        "Forum Perempuan China-ASEAN pada Pameran ke-22",
        "ika-5 Ekspo at porum ng kababaihan ng Tsina at ASEAN",
        "30e anniversaire du Forum des femmes Chine-ASEAN",
        "Diễn đàn Phụ nữ Trung Quốc-ASEAN tại Hội chợ lần thứ 22",
        "เวทีสตรีจีน-อาเซียนในมหกรรมครั้งที่ 7",
        "中国—东盟妇女论坛开幕",
    ],
)
def test_the_ordinal_of_a_fair_a_day_or_an_anniversary_is_not(text: str) -> None:
    assert ordinal_of(*first_named(text)) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023中国—东盟妇女论坛在柳州开幕", 2023),
        ("2023年中国—东盟妇女论坛", 2023),
        ("China-ASEAN Women's Forum 2025", 2025),
        ("the China-ASEAN Women's Forum (2025)", 2025),
        ("the China-ASEAN Women's Forum of 2025 opened", 2025),
        ("the China-ASEAN Women's Forum in 2025 drew", 2025),
        ("Forum Perempuan China-ASEAN tahun 2025", 2025),
        ("Forum Perempuan China-ASEAN pada tahun 2025", 2025),
        ("Diễn đàn Phụ nữ Trung Quốc-ASEAN năm 2025", 2025),
        ("เวทีสตรีจีน-อาเซียนปี 2568", 2025),
        ("เวทีสตรีจีน-อาเซียน ประจำปี พ.ศ. 2568", 2025),
        ("เวทีสตรีจีน-อาเซียน ปี พ.ศ. 2568", 2025),
        ("Forum des femmes Chine-ASEAN de 2025", 2025),
        ("the China-ASEAN Women's Forum of 2,025 delegates", None),
        ("Diễn đàn Phụ nữ Trung Quốc-ASEAN năm 2025/2", None),
        ("中国—东盟妇女论坛2023年9月15日开幕", None),
        ("中国—东盟妇女论坛开幕", None),
    ],
)
def test_a_year_beside_the_name_is_the_editions(text: str, year: int | None) -> None:
    assert year_of(*first_named(text)) == year
