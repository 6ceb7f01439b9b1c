"""A page that came in from elsewhere: imported, its quotes are found, attributed, and traced to the bytes.

The page is made up, with made-up people, and says so.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from podium import main

URL = "https://kabar-rekaan.example/2025/07/17/forum-contoh"
FIRST = "Kami tidak menunggu undangan, kami membangun meja kami sendiri"
SECOND = "Setiap perempuan nelayan berhak membaca peta lautnya"
PARAGRAPHS = [
    "KOTA REKAAN - Halaman ini rekaan belaka: forum, kota, dan orang-orang di dalamnya tidak ada.",
    "Para peserta forum contoh berkumpul pada Kamis untuk membahas sekolah kapal dan peta laut bagi perempuan pesisir.",
    f'"{FIRST}," ujar Ketua Serikat Contoh Melur Rekaan dalam pidato pembukaan di aula pelabuhan.',
    "Pertemuan itu berlangsung dua hari dan dihadiri utusan dari delapan pulau yang juga rekaan.",
    f'"{SECOND}," kata Direktur Sekolah Kapal Sekar Karangan seusai pertemuan.',
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert CliRunner().invoke(main, ["--home", str(tmp_path / "home"), "init"]).exit_code == 0
    return tmp_path / "home"


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """The page in a WARC that another tool's writer made."""
    article = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<html lang=id><head><title>Forum contoh dibuka</title></head><body><h1>Forum contoh dibuka</h1><article>{article}</article></body></html>"
    path = tmp_path / "elsewhere.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        body = io.BytesIO(html.encode())
        size = len(html.encode())
        writer.write_record(writer.create_warc_record(URL, "response", body, length=size, http_headers=headers))
    return path


@pytest.fixture
def txt(tmp_path: Path) -> Path:
    """The same page as a text somebody kept."""
    path = tmp_path / "page.txt"
    path.write_text("\n\n".join(["Forum contoh dibuka", *PARAGRAPHS]), "utf-8")
    return path


SUPPLIED = ["--url", URL, "--published", "2025-07-17", "--publisher", "Kabar Rekaan"]


WAYS = {"warc": ([], "import"), "txt": (SUPPLIED, "supplied")}


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize(
    ("quote", "speaker"), [(FIRST, "Melur Rekaan"), (f"“{SECOND}.”", "Sekar Karangan")], ids=["first", "second"]
)
def test_a_quote_is_verbatim_attributed_and_traced(
    request: pytest.FixtureRequest, home: Path, kind: str, quote: str, speaker: str
) -> None:
    arguments, via = WAYS[kind]
    file: Path = request.getfixturevalue(kind)
    taken = CliRunner().invoke(main, ["--home", str(home), "import", str(file), *arguments])
    assert taken.exit_code == 0, taken.output
    checked = CliRunner().invoke(main, ["--home", str(home), "check", quote, "--json"])
    answer = json.loads(checked.stdout)
    assert answer["verdict"] == "verbatim"
    match = answer["matches"][0]
    assert match["report"]["url"] == URL
    assert speaker in match["speaker"]
    assert (match["capture"]["via"], len(match["capture"]["sha256"]), match["capture"]["offset"] >= 0) == (
        via,
        64,
        True,
    )
    verified = CliRunner().invoke(main, ["--home", str(home), "verify", match["report"]["id"], "--json"])
    assert json.loads(verified.stdout)["holds"] is True


def test_what_is_not_there_is_not_found(home: Path, warc: Path) -> None:
    CliRunner().invoke(main, ["--home", str(home), "import", str(warc)])
    for text, verdict in [("Kapal itu berlayar tanpa bendera ke utara", "not_found"), ("kami", "too_short")]:
        checked = CliRunner().invoke(main, ["--home", str(home), "check", text, "--json"])
        assert (checked.exit_code, json.loads(checked.stdout)["verdict"]) == (0, verdict)
