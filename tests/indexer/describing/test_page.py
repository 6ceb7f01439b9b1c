import datetime as dt
import io
from typing import Any

import pytest

from archive import Precision, QuoteKind
from indexer.describing.description import Description, Page
from indexer.describing.page import EXTRACTOR, describe_page, sniff
from samples import all_reports, outlets
from samples.pages import report_page

REPORTS = {report.key: report for report in all_reports()}
OUTLETS = {outlet.key: outlet for outlet in outlets()}
TRUSTED = [key for key, report in REPORTS.items() if report.outlet != "mirror"]


@pytest.mark.parametrize("key", REPORTS)
def test_a_sample_page_gives_the_title_and_paragraphs_its_writer_wrote(key: str) -> None:
    found = described(key)
    assert found.title == REPORTS[key].title
    assert found.text.split("\n") == list(REPORTS[key].paragraphs)


@pytest.mark.parametrize("key", TRUSTED)
def test_a_sample_page_gives_the_date_it_was_published_on(key: str) -> None:
    published = described(key).published
    assert published is not None
    assert (published.date, published.precision) == (REPORTS[key].published, Precision.DAY)


def test_the_false_date_in_a_mirrors_address_is_not_believed() -> None:
    (key,) = (key for key in REPORTS if "20241130" in key)
    assert described(key).published is None


@pytest.mark.parametrize("key", REPORTS)
def test_statements_lie_within_the_text(key: str) -> None:
    found = described(key)
    for statement in found.statements:
        assert 0 <= statement.start < statement.end <= len(found.text)


def test_an_attributed_quote_is_found_in_page_and_supplied_text_alike() -> None:
    text = '"Kami ingin perempuan nelayan mendapat akses modal yang sama," ujar Sari Laut dalam pidatonya.'
    for body, kind in ((f"<h1>Forum</h1><p>{text}</p>", "text/html"), (text, "text/plain")):
        found = describe_page(supplied(body.encode(), kind))
        quotes = [found.text[s.start : s.end] for s in found.statements if s.kind is QuoteKind.DIRECT]
        assert [quote.rstrip(",") for quote in quotes] == [
            "Kami ingin perempuan nelayan mendapat akses modal yang sama"
        ]


def test_a_description_is_read_back_as_it_was_kept() -> None:
    found = described(next(iter(REPORTS)))
    assert Description.load(found.dump()) == found


def test_a_page_is_described_alike_every_time() -> None:
    key = next(iter(REPORTS))
    assert described(key) == described(key)


@pytest.mark.parametrize(("said", "date", "precision"), [
    ("2025-07-16", dt.date(2025, 7, 16), Precision.DAY),
    ("2025-07", dt.date(2025, 7, 1), Precision.MONTH),
    ("2025", dt.date(2025, 1, 1), Precision.YEAR),
])  # fmt: skip
def test_the_date_a_supplier_gives_comes_before_the_pages_own(said: str, date: Any, precision: Precision) -> None:
    found = describe_page(supplied(b"<h1>Forum</h1><p>1 May 2020</p><p>The forum was opened.</p>", published=said))
    assert found.published is not None
    assert (found.published.date, found.published.precision) == (date, precision)
    assert found.published.how == "as said by whoever supplied it"


def test_a_pdf_gives_its_text() -> None:
    found = describe_page(supplied(pdf("The forum was opened in the town of Selani."), "application/pdf"))
    assert found.text == "The forum was opened in the town of Selani."
    assert found.language == "en"


def test_a_scan_says_that_it_has_no_text() -> None:
    found = describe_page(supplied(pdf(""), "application/pdf"))
    assert (found.text, found.problem) == ("", "no text in it")


def test_only_so_much_of_a_page_is_parsed() -> None:
    body = b"<p>The forum was opened in Selani.</p>" + b"<p>It went on for many days.</p>" * 1000
    page = supplied(body, most=len(b"<p>The forum was opened in Selani.</p>"))
    assert describe_page(page).text == "The forum was opened in Selani."


@pytest.mark.parametrize(("body", "content_type", "kind"), [
    (b"%PDF-1.4", "text/html", "pdf"),
    (b"<!DOCTYPE html><html>", "text/plain", "html"),
    (b"\xef\xbb\xbf<html>", "", "html"),
    (b"The forum was opened.", "", "plain"),
    (b"The forum was opened.", "text/html", "plain"),
    (b"<?xml version='1.0'?><rss version='2.0'>", "text/xml", None),
    (b"<?xml version='1.0'?><urlset>", "text/html", None),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "", None),
    (b"nothing of the kind", "application/pdf", None),
])  # fmt: skip
def test_a_body_is_read_as_what_it_begins_like(body: bytes, content_type: str, kind: str | None) -> None:
    assert sniff(body, content_type) == kind


def test_what_is_no_page_says_so() -> None:
    assert describe_page(supplied(b"\x89PNG\r\n\0\0\0", "image/png")).problem == "neither HTML, plain text nor PDF"


def test_the_stamp_names_what_the_pass_is_made_of() -> None:
    assert EXTRACTOR.startswith("describe-")
    assert "trafilatura-" in EXTRACTOR


def described(key: str) -> Any:
    report, outlet = REPORTS[key], OUTLETS[REPORTS[key].outlet]
    shown = report_page(outlet, report)
    url = f"http://{outlet.host}:8471/{key.partition('/')[2]}"
    return describe_page(
        Page(
            url=url, body=shown.body, content_type=shown.content_type, captured="20251201000000",
            source_language=outlet.language, trusted_address=outlet.key != "mirror",
        )
    )  # fmt: skip


def supplied(body: bytes, content_type: str = "text/html", **options: Any) -> Any:
    return Page(
        url="http://paper.example/forum", body=body, content_type=content_type, captured="20251201000000", **options
    )


def pdf(text: str) -> Any:
    """A PDF of one page with one line."""
    stream = f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, offsets = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start)
    return out.getvalue()
