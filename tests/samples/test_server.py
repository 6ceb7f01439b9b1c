"""The server: pages on their hosts, what leads to them, validators, what is closed."""

from __future__ import annotations

import gzip
import html
import re
import socket
import threading

import pytest

from samples import HOSTS, WAYBACK_HOST, SampleError, SampleReport, SampleServer, all_reports, outlets
from samples.site import build_site
from samples.texts import labels
from tests.samples.asking import ask

HOST_OF = {outlet.key: outlet.host for outlet in outlets()}
GBK = ("ribao", "/content/2008-10/24/content_20083.htm")


def listed(server: SampleServer, host: str, target: str = "/") -> list[str]:
    """Targets of the headlines of a list page."""
    page = ask(server, host, target).body.decode()
    return [html.unescape(found) for found in re.findall(r'<li lang="[^"]+"><a href="([^"]+)"', page)]


def test_every_report_is_served_on_its_own_host_with_all_its_text(server: SampleServer) -> None:
    for report in all_reports():
        answer = ask(server, HOST_OF[report.outlet], report.path)
        assert answer.status == (report.gone or 200), report.key
        text = html.unescape(answer.body.decode(report.charset))
        if not report.gone:
            assert all(paragraph in text for paragraph in report.paragraphs), report.key
            assert report.title in text


def test_a_report_is_not_on_another_host(server: SampleServer) -> None:
    report = outlets()[0].reports[0]
    assert ask(server, outlets()[1].host, report.path).status == 404


def test_every_page_says_in_its_language_and_in_english_that_it_is_fictional(server: SampleServer) -> None:
    for outlet in outlets():
        for target, report in _pages(server, outlet.host):
            language = report.language if report else outlet.language
            charset = report.charset if report and not report.gone else "utf-8"
            text = html.unescape(ask(server, outlet.host, target).body.decode(charset))
            footer = text.partition('<footer class="notice"')[2]
            assert labels()[language]["notice"] in footer, target
            assert labels()["en"]["notice"] in footer, target


def _pages(server: SampleServer, host: str) -> list[tuple[str, SampleReport | None]]:
    reports = {r.path: r for r in all_reports() if HOST_OF[r.outlet] == host}
    html_pages = [
        target for target, page in build_site(server.port)[host].items() if page.content_type.startswith("text/html")
    ]
    return [(target, reports.get(target)) for target in html_pages]


def test_page_of_2008_is_gbk_and_says_so_nowhere(server: SampleServer) -> None:
    answer = ask(server, HOST_OF[GBK[0]], GBK[1])
    assert "第二届红树林海岸妇女论坛" in answer.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset" not in answer.body.lower()


def test_page_that_is_gone_answers_410(server: SampleServer) -> None:
    assert ask(server, "127.0.0.22", "/2006/1020/a0117.html").status == 410


def test_unchanged_page_is_not_sent_again(server: SampleServer) -> None:
    host, target = "127.0.0.13", "/berita/2025/07/16/forum-kesembilan-selani"
    first = ask(server, host, target)
    for headers in ({"If_None_Match": first.headers["ETag"]}, {"If_Modified_Since": first.headers["Last-Modified"]}):
        again = ask(server, host, target, **headers)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "headers",
    [{"If_None_Match": '"other"'}, {"If_Modified_Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, {"If_Modified_Since": "?"}],
)
def test_page_is_sent_to_whom_has_another_or_says_nonsense(server: SampleServer, headers: dict[str, str]) -> None:
    assert ask(server, "127.0.0.13", "/", **headers).status == 200


def test_etag_goes_before_the_date(server: SampleServer) -> None:
    first = ask(server, "127.0.0.13", "/")
    answer = ask(server, "127.0.0.13", "/", If_None_Match='"x"', If_Modified_Since=first.headers["Last-Modified"])
    assert answer.status == 200


def test_head_answers_as_get_without_a_body(server: SampleServer) -> None:
    get, head = (ask(server, "127.0.0.11", "/", method=method) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.body))


def test_front_page_links_to_what_robots_closes(server: SampleServer) -> None:
    assert "Disallow: /private/" in ask(server, "127.0.0.11", "/robots.txt").body.decode()
    assert b'href="/private/members.html"' in ask(server, "127.0.0.11", "/").body
    assert ask(server, "127.0.0.11", "/private/members.html").status == 200


def test_every_outlet_has_a_robots_txt(server: SampleServer) -> None:
    assert all(ask(server, outlet.host, "/robots.txt").status == 200 for outlet in outlets())


def test_reports_of_the_radio_are_linked_from_the_pages_of_its_listing_only(server: SampleServer) -> None:
    radio = {r.path for r in all_reports() if r.outlet == "radio"}
    found: list[str] = []
    target: str | None = "/news/"
    while target:
        found += listed(server, "127.0.0.16", target)
        following = re.search(r'rel="next" href="([^"]+)"', ask(server, "127.0.0.16", target).body.decode())
        target = following[1] if following else None
    assert sorted(found) == sorted(radio)
    elsewhere = b"".join(ask(server, "127.0.0.16", target).body for target in (*radio, "/"))
    assert not [path for path in radio if path.encode() in elsewhere]


def test_sitemap_index_leads_to_every_report_of_the_council(server: SampleServer) -> None:
    index = ask(server, "127.0.0.14", "/sitemap.xml").body.decode()
    first, second = re.findall(r"<loc>http://127.0.0.14:\d+(/[^<]+)</loc>", index)
    texts = [ask(server, "127.0.0.14", first).body, gzip.decompress(ask(server, "127.0.0.14", second).body)]
    found = {path for text in texts for path in re.findall(r"<loc>http://127.0.0.14:\d+(/[^<]+)</loc>", text.decode())}
    assert found == {r.path for r in all_reports() if r.outlet == "council"}


@pytest.mark.parametrize(("host", "outlet"), [("127.0.0.13", "pasang"), ("127.0.0.15", "songduoc")])
def test_feed_names_every_report(server: SampleServer, host: str, outlet: str) -> None:
    feed = ask(server, host, "/feed.xml").body.decode()
    assert all(server.url(host, report.path) in feed for report in all_reports() if report.outlet == outlet)


def test_links_of_pages_lead_somewhere(server: SampleServer) -> None:
    for outlet in outlets():
        for target, report in _pages(server, outlet.host):
            page = ask(server, outlet.host, target).body.decode(
                "gbk" if report and report.charset == "gbk" else "utf-8"
            )
            links = {html.unescape(link) for link in re.findall(r'(?:href|src)="(/[^"]*)"', page)}
            assert all(server.find(outlet.host, link).status == 200 for link in links), (outlet.key, target)


def test_requests_are_noted_with_host_target_and_headers() -> None:
    with SampleServer() as own:
        ask(own, "127.0.0.12", "/nothing?here=1", User_Agent="Tester")
    (noted,) = own.requests
    assert (noted.host, noted.method, noted.target, noted.status) == ("127.0.0.12", "GET", "/nothing?here=1", 404)
    assert ("User-Agent", "Tester") in noted.headers


def test_server_listens_at_every_host_and_stops_with_the_context() -> None:
    threads = threading.active_count()
    with SampleServer() as own:
        for host in HOSTS:
            socket.create_connection((host, own.port), timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((WAYBACK_HOST, own.port), timeout=5)
    assert threading.active_count() <= threads


def test_port_that_is_taken_at_one_host_is_refused_with_its_name() -> None:
    with socket.create_server(("127.0.0.17", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SampleError, match=rf"port {port} cannot be had at 127\.0\.0\.17"), SampleServer(port):
            pass


def test_free_port_is_taken_as_asked() -> None:
    with SampleServer() as first:
        port = first.port
    with SampleServer(port) as second:
        assert second.port == port
