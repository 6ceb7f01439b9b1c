from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.describing.boilerplate import is_boilerplate
from indexer.describing.extract import extract
from indexer.describing.plain import read_plain
from indexer.describing.tree import blocks, parse_page, squeezed

EN = (
    "The Mangrove Coast Women's Forum opened on Wednesday in the town of Selani with more than two hundred delegates.",
    "Organisers said fifteen groups would show handicrafts at an exhibition beside the harbour until the weekend.",
    "The forum closes on Friday with a joint declaration on loans for women who fish, trade and teach on the coast.",
)
ZH = (
    "红树林海岸妇女论坛二十七日在塞拉尼开幕，来自各国的二百余名代表出席了开幕式。",
    "论坛秘书长在致辞中表示，妇女是海岸社区经济发展的重要力量，各方应当加强合作。",
    "本届论坛为期三天，其间将举办手工艺展览和企业家座谈会，吸引了许多观众前来参观。",
)
AROUND = {
    "see also in Indonesian": "<p><strong>Baca juga: <a href='/b'>Mengapa laut pasang</a></strong></p>",
    "translator": "<p>Salin: Dewi Ombak</p>",
    "writer and editor": "<p>Pewarta: Rina Pasir<br>Editor: Budi Karang</p>",
    "an advertisement": "<p>ADVERTISEMENT</p><p>Article continues after this advertisement</p>",
    "see also in English": "<p><b>READ: <a href='/z'>Fishers learn to weave</a></b></p>",
    "newsletter": "<p>Subscribe to our daily newsletter</p>",
    "editor in traditional Chinese": "<p>[責任編輯:林潮]</p>",
    "editor in simplified Chinese": "<p>(责编：陈浪、林潮)</p>",
    "share": "<p>分享让更多人看到</p>",
    "photo credit": "<p>Delegates on the pier. Photo: Ana Reef</p>",
    "photo credit in Chinese": "<p>图为开幕式现场。 林红树 摄</p>",
    "photo credit in Vietnamese": "<p>Bà Sóng phát biểu. Ảnh: Minh Triều</p>",
    "paid report in Japanese": "<p>有料記事</p>",
    "links": "<ul><li><a href='/1'>A ferry leaves the harbour every morning</a></li></ul>",
    "a list of other reports": "<h3>Related stories</h3><p>A ferry leaves early</p><p>Tide fair opens</p>",
    "a date": "<p>Wednesday, July 16, 2025 10:30 am</p>",
    "a name": "<p>Minh Triều</p>",
    "networks to share on": "<div>Share: Facebook Twitter WhatsApp</div>",
    "the report before": "<div>上一篇：<a href='/1'>渔港改造工程启动</a></div><div>下一篇：夏季禁渔期结束</div>",
    "a footer": "<div>主办单位：塞拉尼市人民政府 联系我们</div>",
    "an agency's editors": "<p>Reporting by Nora Fenwick; Editing by Sam Hale</p>",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND.keys())
def test_what_stands_after_a_text_is_left_out(around: str) -> None:
    assert text_of(page(*EN, after=around)) == "\n".join(EN)


@pytest.mark.parametrize("title", ["Forum opens", "论坛开幕"])
def test_title_trail_and_stamp_above_a_text_are_left_out(title: str) -> None:
    before = f"<div><a href='/'>Home</a> &gt; <a href='/n'>News</a> &gt; {title}</div><h1>{title}</h1><p>2025-07-16 10:30 Tide</p>"
    assert text_of(page(*EN, title=title, before=before)) == "\n".join(EN)


def test_a_standfirst_that_is_the_first_paragraph_stands_once() -> None:
    assert text_of(page(EN[0], *EN)) == "\n".join(EN)


def test_a_title_named_again_below_does_not_take_the_text_with_it() -> None:
    after = "<div>论坛开幕</div><p>2025-07-16</p>"
    assert text_of(page(*ZH, title="论坛开幕", before="<h1>论坛开幕</h1>", after=after)) == "\n".join(ZH)


def test_subheads_items_and_short_quotes_are_part_of_a_text() -> None:
    within = "<h2>Handicrafts</h2><ul><li>Loans for women who fish</li></ul><blockquote>“We came by boat.”</blockquote>"
    lines = (*EN, "Handicrafts", "Loans for women who fish", "“We came by boat.”", EN[1].replace("fifteen", "sixteen"))
    source = (
        page(*EN, after=f"{within}<p>{lines[-1]}</p>").replace("<div>", "<article>").replace("</div>", "</article>")
    )
    assert text_of(source) == "\n".join(lines)


def test_a_credit_glued_to_a_paragraph_is_cut_off() -> None:
    assert text_of(page(*ZH[:2], f"{ZH[2]}(完)")) == "\n".join(ZH)


def test_a_text_in_one_cell_of_a_table_has_its_paragraphs() -> None:
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in (
        "潮声网 &gt;&gt; 国内新闻", "<b>论坛开幕</b>", "2007年10月27日 10:35 来源：潮声网 【字体：<a>大</a> <a>小</a>】",
        "<table><tr><td>图为开幕式现场。 林红树 摄</td></tr></table>" + "<br><br>".join(f"　　{line}" for line in ZH),
        "[编辑：陈浪]", "相关报道", "·<a href='a'>论坛明日开幕</a>(10-26)",
    ))  # fmt: skip
    source = f"<html><head><title>论坛开幕-潮声网</title></head><body><table>{rows}</table></body></html>"
    assert text_of(source) == "\n".join(ZH)


def test_thousands_of_nested_elements_do_not_hide_a_text() -> None:
    source = f"<html><head><title>Deep</title></head><body>{'<div>' * 3000}{EN[0]}{'</div>' * 3000}</body></html>"
    assert text_of(source) == EN[0]


def test_a_page_of_one_sentence_has_a_text() -> None:
    assert text_of("<p>The forum opened.</p>") == "The forum opened."


def test_scripts_and_styles_are_no_text() -> None:
    source = f"<body><script>var a = 'hidden';</script><style>p {{}}</style><p>{EN[0]}</p></body>"
    assert text_of(source) == EN[0]


def test_a_text_is_composed_and_otherwise_as_it_was() -> None:
    decomposed = "Die\u0302\u0303n \u0111a\u0300n phu\u0323 nu\u031b\u0303 khai ma\u0323c \u201choa\u0300n to\u0300an\u201d \u2014 \uff21 va\u0300 \u2460 ta\u0323i tha\u0300nh pho\u0302\u0301 ven bie\u0302\u0309n."
    assert text_of(f"<p>{decomposed}</p>") == "Diễn đàn phụ nữ khai mạc “hoàn tòan” — Ａ và ① tại thành phố ven biển."


TITLES = {
    "the heading that the page's title holds": ("Forum opens - Tide News", "<h1>Forum opens</h1>", "Forum opens"),
    "no heading": ("Forum opens in Selani | Tide", "", "Forum opens in Selani"),
    "a heading that is the site's name": ("Forum opens in Selani | Tide", "<h1>Tide</h1>", "Forum opens in Selani"),
    "a title with a dash of its own": ("Mangrove-Coast forum opens - Tide", "", "Mangrove-Coast forum opens"),
    "parted by an underscore": ("红树林海岸妇女论坛开幕_潮声网", "", "红树林海岸妇女论坛开幕"),
    "parted by two dashes": ("红树林海岸妇女论坛开幕--国际--潮声网", "<h1>红树林海岸妇女论坛开幕</h1>", "红树林海岸妇女论坛开幕"),
    "a first part that stands on the page": ("Forum opens -- The Daily Tide Online", "<div>Forum opens</div>", "Forum opens"),
    "a headline that says more": ("Forum opens in Selani", "<h1>Forum opens in Selani with boats</h1>", "Forum opens in Selani with boats"),
    "a headline in other words": (
        "海風新聞：海岸女性フォーラム閉幕", "<h2>海岸女性フォーラム閉幕　宣言に署名</h2>", "海岸女性フォーラム閉幕 宣言に署名",
    ),
    "a heading of another matter": ("Forum opens in Selani - Tide", "<h1>Today's tide and weather</h1>", "Forum opens in Selani"),
    "no title but a heading": ("", "<h1>Forum opens</h1>", "Forum opens"),
}  # fmt: skip


@pytest.mark.parametrize(("head", "heading", "title"), TITLES.values(), ids=TITLES.keys())
def test_a_title_is_without_the_name_of_its_site(head: str, heading: str, title: str) -> None:
    found = read(f"<html><head><title>{head}</title></head><body>{heading}<p>{EN[0]}</p></body></html>")
    assert found.title == title


@pytest.mark.parametrize(
    "sentence", [*EN, *ZH, "Photo shows are held beside the forum, and all are free.", "Editor Maya said so."]
)
def test_a_sentence_is_no_boilerplate(sentence: str) -> None:
    assert not is_boilerplate(sentence)


def test_a_plain_text_keeps_its_paragraphs_and_joins_broken_lines() -> None:
    wrapped = "The forum was opened on Wednesday in the town of Selani\nwith two hundred delegates from abroad and from the coast and\nends on Friday."
    found = read_plain(f"Forum opens\r\n\r\n{wrapped}\n\n\n“We came by boat,” she said.\n")
    assert found.paragraphs == ("Forum opens", wrapped.replace("\n", " "), "“We came by boat,” she said.")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="<>/=\"' apdivtrb&;#x0妇ກ\n", max_size=200))
def test_any_markup_gives_lines_without_white_space_around_them(source: str) -> None:
    found = read(source)
    assert all(line and line == squeezed(line) for line in found.paragraphs)


def page(*paragraphs: str, title: str = "Forum opens", before: str = "", after: str = "") -> Any:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body>{before}<div>{text}{after}</div></body></html>"


def text_of(source: str) -> Any:
    return read(source).text


def read(source: str) -> Any:
    tree = parse_page(source)
    return extract(tree, blocks(tree) if tree is not None else [], source)
