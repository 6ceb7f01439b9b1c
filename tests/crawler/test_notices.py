from __future__ import annotations

import pytest

from crawler.notices import leads_to_notice, notice_in

REPORT = "<p>" + "The women of the coast met for two days and spoke of boats, schools and clinics. " * 6
NOTICES = {
    "title": "<title>404 Not Found</title><h1>Oops</h1>",
    "heading": "<title>Gazette</title><nav><a href=/>Home</a></nav><h1>Page not found</h1><p>Try the search.",
    "chinese": "<title>您访问的页面不存在</title>",
    "traditional": "<h1>頁面不存在</h1>",
    "vietnamese": "<h2>Không tìm thấy trang</h2>",
    "indonesian": "<title>Halaman tidak ditemukan - Harian</title>",
    "japanese": "<title>お探しのページは見つかりませんでした</title>",
    "thai": "<title>ไม่พบหน้าที่คุณต้องการ</title>",
    "in an inline mark": "<h1>Error <b>404</b></h1>",
    "for sale": "<title>gazette.example</title><p>This domain may be for sale. <a href=/>Buy this domain</a>",
    "for sale in chinese": "<title>gazette</title><p>该域名正在出售",
    "parking": "<title>gazette</title><script src='https://www.sedoparking.com/frmpark/x.js'></script>",
}
PAGES = {
    "a report": f"<title>Forum opens</title>{REPORT}",
    "a report on error pages": f"<title>Page not found: why links die</title>{REPORT}",
    "a number in its title": "<title>4040 women march</title><p>Short.",
    "a short page": "<title>Programme</title><p>Opening at nine.",
    "words of sale in a script": "<title>Programme</title><script>var x = 'domain is for sale'</script><p>Opening.",
    "a short Chinese report": "<title>域名论坛</title><p>"
    + "妇女代表就该域名的使用和保护交换了意见，并签署了倡议。" * 5,
    "nothing at all": "",
}


@pytest.mark.parametrize("html", NOTICES.values(), ids=NOTICES)
def test_a_page_that_says_it_is_none_is_known(html: str) -> None:
    assert notice_in(html.encode(), content_type="text/html; charset=utf-8", language="en")


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_a_page_that_is_one_is_none_of_these(html: str) -> None:
    assert notice_in(html.encode(), content_type="text/html", language="en") is None


def test_a_notice_is_read_in_the_charset_of_its_language() -> None:
    content = "<title>页面不存在</title>".encode("gb18030")
    assert notice_in(content, content_type="text/html", language="zh")


def test_what_is_no_text_is_no_notice() -> None:
    assert notice_in(b"%PDF 404", content_type="application/pdf", language=None) is None
    assert notice_in(b"<title>404</title>" + b" " * 300_000, content_type="text/html", language=None) is None


@pytest.mark.parametrize(
    ("path", "notice"),
    [("/404.html", True), ("/error/", True), ("/news/notfound.aspx", True), ("/news/1.html", False), ("/error/2025", False),
     ("/lander?from=hugedomains.com/x", True)],
)  # fmt: skip
def test_a_redirect_to_an_error_page_is_known(path: str, notice: bool) -> None:
    assert leads_to_notice(f"http://example.org{path}") is notice
