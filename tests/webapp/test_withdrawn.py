"""What is withdrawn answers 410, or 451 where the law demanded it, with date and reason; never with its words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from archive import Home, Level, Reason
from indexer import index, withdraw
from tests.webapp.pages import read, read_json
from tests.webapp.shelf import address, id_of, make_shelf
from webapp import create_app


def withdrawn(path: Path, reason: Reason) -> Home:
    home = make_shelf(path / "home")
    index(home)
    withdraw(home, address("zh"), level=Level.HIDE, reason=reason, why="a letter", who="somebody", ref="file 7")
    return home


@pytest.mark.parametrize(("reason", "status"), [(Reason.PRIVACY, 410), (Reason.LEGAL, 451)])
def test_permalinks_of_a_withdrawn_report_say_when_and_why(tmp_path: Path, reason: Reason, status: int) -> None:
    client = create_app(withdrawn(tmp_path, reason)).test_client()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    report, capture = f"/reports/{id_of('zh')}", f"/captures/20250720080000/{address('zh')}"
    for path in (report, f"{report}?q=a&version=b", f"{report}/evidence", capture, capture.replace("2025", "2024")):
        sentence = read(client, path, status=status).one(".lead").words
        assert today in sentence
        assert reason.words in sentence
        answer = read_json(client, f"/api/v1{path}", status=status)
        assert answer["withdrawn"] == {"date": today, "reason": reason.value}
        response = client.get(path)
        assert "妇女带来光明" not in response.text
        assert "somebody" not in response.text + str(answer)
        assert "letter" not in response.text + str(answer)
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert ('rel="blocked-by"' in response.headers.get("Link", "")) == (status == 451)


def test_a_report_that_never_was_is_not_said_to_be_withdrawn(tmp_path: Path) -> None:
    client = create_app(withdrawn(tmp_path, Reason.OTHER)).test_client()
    read(client, "/reports/ffffffffffff", status=404)
    read(client, f"/captures/20250720080000/{address('never')}", status=404)


def test_a_server_that_runs_takes_a_withdrawal_up_at_once(tmp_path: Path) -> None:
    home = make_shelf(tmp_path / "home")
    index(home)
    client = create_app(home).test_client()
    assert "妇女带来光明" in client.get(f"/reports/{id_of('zh')}").text
    assert read_json(client, "/api/v1/search?q=妇女")["total"] == 1
    withdraw(home, id_of("zh"), level=Level.HIDE, reason=Reason.RIGHTS, why="", who="test")
    read(client, f"/reports/{id_of('zh')}", status=410)
    assert read_json(client, "/api/v1/search?q=妇女")["hits"] == []
    assert id_of("zh") not in client.get("/editions/2025").text
