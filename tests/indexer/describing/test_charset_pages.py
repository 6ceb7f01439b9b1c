"""Whole pages in every charset the forum's old pages are written in: declared rightly, wrongly, not at all.

The texts are fictional. What counts is that the decoded page is the page that was written, letter for letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from indexer.describing.charset import decode

# fmt: off
TEXTS = {
    "zh": (
        "海湾论坛昨天在南方一座港口城市开幕，来自十二个国家的三百多名代表出席了会议。主办方介绍说，今年的"
        "主题是合作与手工艺。开幕式上，一位渔民协会的负责人讲述了村里妇女怎样用竹子编织渔网，又怎样把旧船"
        "改成学校。她说，孩子们每天清晨走过长长的木桥去上课，傍晚再回来帮家里晒鱼。下午，代表们分成五个小"
        "组讨论教育、卫生、贸易、环境保护和乡村旅游等问题。晚上还有音乐会和灯会，广场上挤满了看热闹的市民"
        "。会议将持续三天，闭幕时将发表一份共同声明，并宣布下一届的举办地点。"
    ),
    "zh-Hant": (
        "海灣論壇昨天在南方一座港口城市開幕，來自十二個國家的三百多名代表出席了會議。主辦單位介紹說，今年"
        "的主題是合作與手工藝。開幕式上，一位漁民協會的負責人講述了村裡婦女怎樣用竹子編織漁網，又怎樣把舊"
        "船改成學校。她說，孩子們每天清晨走過長長的木橋去上課，傍晚再回來幫家裡曬魚。下午，代表們分成五個"
        "小組討論教育、衛生、貿易、環境保護和鄉村旅遊等問題。晚上還有音樂會和燈會，廣場上擠滿了看熱鬧的市"
        "民。會議將持續三天，閉幕時將發表一份共同聲明，並宣布下一屆的舉辦地點。"
    ),
    "ja": (
        "入り江フォーラムが昨日、南の港町で開幕し、十二か国から三百人余りの代表が出席した。主催者によると"
        "、今年のテーマは協力と手仕事である。開会式では、ある漁業組合の代表が、村の女性たちが竹で網を編み"
        "、古い船を学校に改めた話をした。子どもたちは毎朝長い木の橋を渡って通い、夕方には家に戻って魚を干"
        "すのを手伝うという。午後は五つの分科会に分かれ、教育、保健、貿易、環境、農村観光について話し合っ"
        "た。夜には音楽会と灯籠の催しがあり、広場は見物の市民でいっぱいになった。会議は三日間続き、最終日"
        "に共同声明を発表し、次回の開催地を決める予定だ。"
    ),
    "ko": (
        "바다 포럼이 어제 남쪽의 한 항구 도시에서 개막하여 열두 나라에서 온 삼백여 명의 대표가 참석하였다"
        ". 주최 측은 올해의 주제가 협력과 수공예라고 설명하였다. 개막식에서 한 어민 조합의 대표는 마을 여"
        "성들이 대나무로 그물을 엮고 낡은 배를 학교로 바꾼 이야기를 들려주었다. 아이들은 매일 아침 긴 나"
        "무다리를 건너 학교에 가고 저녁에는 돌아와 생선 말리는 일을 돕는다고 한다. 오후에는 다섯 개 분과"
        "로 나뉘어 교육, 보건, 무역, 환경, 농촌 관광을 논의하였다. 밤에는 음악회와 등불 축제가 열려 광장"
        "이 구경하는 시민들로 가득 찼다. 회의는 사흘 동안 이어지며 마지막 날 공동 성명을 발표하고 다음 개"
        "최지를 정한다."
    ),
    "th": (
        "เวทีอ่าวไทยเปิดขึ้นเมื่อวานนี้ที่เมืองท่าทางภาคใต้ มีผู้แทนกว่าสามร้อยคนจากสิบสองประเทศเข้าร่วมป"
        "ระชุม ผู้จัดงานกล่าวว่าหัวข้อของปีนี้คือความร่วมมือและงานหัตถกรรม ในพิธีเปิด หัวหน้าสมาคมชาวประม"
        "งเล่าว่าผู้หญิงในหมู่บ้านสานอวนด้วยไม้ไผ่และดัดแปลงเรือเก่าให้เป็นโรงเรียนอย่างไร เด็กๆ เดินข้าม"
        "สะพานไม้ยาวไปเรียนทุกเช้า และกลับมาช่วยตากปลาในตอนเย็น ช่วงบ่ายผู้แทนแบ่งเป็นห้ากลุ่มเพื่อหารือเ"
        "รื่องการศึกษา สาธารณสุข การค้า สิ่งแวดล้อม และการท่องเที่ยวชุมชน ตอนกลางคืนมีดนตรีและเทศกาลโคมไฟ"
        " ลานกว้างเต็มไปด้วยผู้คนที่มาชม การประชุมจะจัดต่อเนื่องสามวัน และจะออกแถลงการณ์ร่วมพร้อมประกาศสถ"
        "านที่จัดงานครั้งต่อไป"
    ),
    "vi": (
        "Diễn đàn Vịnh khai mạc hôm qua tại một thành phố cảng ở phía nam, với hơn ba trăm đại biểu đến t"
        "ừ mười hai nước. Ban tổ chức cho biết chủ đề năm nay là hợp tác và nghề thủ công. Tại lễ khai mạ"
        "c, người đứng đầu một hội ngư dân kể chuyện phụ nữ trong làng đan lưới bằng tre và sửa những con"
        " thuyền cũ thành trường học. Mỗi sáng trẻ em đi qua cây cầu gỗ dài để đến lớp, chiều về giúp gia"
        " đình phơi cá. Buổi chiều, các đại biểu chia thành năm nhóm thảo luận về giáo dục, y tế, thương "
        "mại, môi trường và du lịch nông thôn. Buổi tối có hòa nhạc và hội đèn lồng, quảng trường đông ng"
        "hịt người xem. Hội nghị kéo dài ba ngày, sẽ ra tuyên bố chung và công bố nơi tổ chức lần sau."
    ),
    "fr": (
        "Le Forum de la baie s’est ouvert hier dans une ville portuaire du sud, en présence de plus de tr"
        "ois cents délégués venus de douze pays. Les organisateurs ont précisé que le thème de cette anné"
        "e était la coopération et l’artisanat. À la cérémonie d’ouverture, la présidente d’une société d"
        "e pêche a raconté comment les femmes du village tressent des filets de bambou et transforment de"
        " vieux bateaux en écoles. L’après-midi, les délégués se sont répartis en cinq groupes : éducatio"
        "n, santé, commerce, environnement et tourisme rural. Le soir, un concert et une fête des lantern"
        "es ont rempli la place de curieux. La réunion doit s’achever dimanche par une déclaration commun"
        "e."
    ),
    "en": (
        "The Bay Forum opened yesterday in a southern harbour town, with more than three hundred delegate"
        "s from twelve countries. The organisers said that this year’s theme is cooperation and crafts. “"
        "We weave nets of bamboo,” a fishing guild’s chair told the hall — “and turn old boats into schoo"
        "ls.” In the afternoon five groups met on education, health, trade, the environment and rural tra"
        "vel. The meeting goes on for three days and ends with a joint statement."
    ),
}
# fmt: on
WRITTEN = {
    "zh": ("gb2312", "gbk", "gb18030", "utf-16-le", "utf-16-be", "utf-16", "utf-8", "hz"),
    "zh-Hant": ("big5", "gbk", "gb18030", "utf-16-le", "utf-16-be", "utf-8"),
    "ja": ("shift_jis", "euc_jp", "iso2022_jp", "utf-16-le", "utf-8"),
    "ko": ("euc_kr", "utf-16-le", "utf-8"),
    "th": ("tis-620", "cp874", "utf-16-le", "utf-8"),
    "vi": ("cp1258", "utf-16-le", "utf-8"),
    "fr": ("cp1252", "utf-16-be", "utf-8"),
    "en": ("cp1252", "utf-8"),
}
# The name of each on the web, where it is not Python's.
NAMES = {
    "euc_kr": "euc-kr", "euc_jp": "euc-jp", "iso2022_jp": "iso-2022-jp", "cp1258": "windows-1258", "cp1252": "windows-1252",
    "cp874": "windows-874", "hz": "hz-gb-2312",
}  # fmt: skip
WRONG = (
    "utf-8", "iso-8859-1", "windows-1252", "us-ascii", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr",
    "tis-620", "windows-874", "windows-1258", "utf-16", "x-no-such",
)  # fmt: skip
LENGTHS = (30, 60, 120, 10_000)
PAGE = (
    "<html><head>{meta}<title>{title}</title>\n<style>body{{margin:0}}</style></head><body>"
    '<div class="nav"><a href="/a">A</a> <a href="/b">B</a></div><h1>{title}</h1>\n<p>{text}</p></body></html>'
)
META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
CASES = [(language, written) for language, all_written in WRITTEN.items() for written in all_written]


def pages(language: str) -> Iterator[str]:
    """Pages of several lengths, beginning at the text's beginning and at some words within it."""
    text = TEXTS[language]
    starts = [0, *[n + 1 for n, sign in enumerate(text) if sign in " ，、："][4:40:9]]
    for length in LENGTHS:
        for start in starts if length < len(text) else starts[:1]:
            part = text[start : start + length]
            yield PAGE.format(meta="{meta}", title=part[:12], text=part)


def encoded(page: str, written: str) -> bytes:
    return windows_1258(page) if written == "cp1258" else page.encode(written)


def misread(language: str, written: str, name: str | None, *, in_header: bool = False) -> list[str]:
    """The pages that are not read as they were written, under a name declared in the page or in the header."""
    kind = f"text/html; charset={name}" if name and in_header else "text/html"
    meta = META.format(name) if name and not in_header else ""
    found = []
    for page in (page.replace("{meta}", meta) for page in pages(language)):
        decoded = decode(encoded(page, written), content_type=kind)
        if unicodedata.normalize("NFC", decoded.text) != unicodedata.normalize("NFC", page):
            found.append(f"{decoded.charset} ({decoded.how}): {page[-80:]}")
    return found


@pytest.mark.parametrize(("language", "written"), CASES)
@pytest.mark.parametrize("in_header", [False, True], ids=["in the page", "in the header"])
def test_charset_declared_rightly(language: str, written: str, in_header: bool) -> None:
    assert misread(language, written, NAMES.get(written, written), in_header=in_header) == []


@pytest.mark.parametrize(("language", "written"), [case for case in CASES if case[1] != "hz"])
def test_charset_not_declared(language: str, written: str) -> None:
    assert misread(language, written, None) == []


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize(("language", "written"), [case for case in CASES if case[1] != "hz"])
def test_charset_declared_wrongly(language: str, written: str, name: str) -> None:
    assert misread(language, written, name) == []
    assert misread(language, written, name, in_header=True) == []


@pytest.mark.parametrize("written", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_utf_16_without_tags_shows_by_its_line_ends(language: str, written: str) -> None:
    text = TEXTS[language].replace("。", "。\n").replace(" ", "\n") + "\n"
    assert decode(text.encode(written), content_type="text/plain").text == text


def windows_1258(text: str) -> bytes:
    """The text as Windows writes Vietnamese: letters with their shape, then the tone."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = []
    for character in text:
        base, *marks = list(unicodedata.normalize("NFD", character))
        shape = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones))
        parts.append((shape + "".join(mark for mark in marks if mark in tones)).encode("cp1258"))
    return b"".join(parts)
