"""Reading pages in tests: fetch one, look into it, follow its links."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient


class Part:
    """A part of a parsed page."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag

    def one(self, selector: str) -> Part:
        """The first part under a selector, which must be there."""
        found = self.tag.select_one(selector)
        assert found is not None, f"{selector} is not in {self.tag}"
        return Part(found)

    def all(self, selector: str) -> list[Part]:
        """Every part under a selector."""
        return [Part(tag) for tag in self.tag.select(selector)]

    def __getitem__(self, name: str) -> str:
        """An attribute, which must be there."""
        return str(self.tag[name])

    def get(self, name: str) -> str | None:
        """An attribute, or None."""
        return str(self.tag[name]) if self.tag.has_attr(name) else None

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.tag.get_text()

    @property
    def words(self) -> str:
        """The text, white space folded."""
        return " ".join(self.tag.get_text(" ").split())

    @property
    def links(self) -> list[str]:
        """The addresses on this site that links lead to, without their fragments."""
        found = [link["href"] for link in self.all("a[href]")]
        return [address.partition("#")[0] for address in found if address.startswith("/")]

    def links_in(self, selector: str) -> list[str]:
        """As `links`, of the parts under a selector."""
        return [address for part in self.all(selector) for address in part.links]


def read(client: FlaskClient, address: str, *, status: int = 200) -> Part:
    """The page at an address, which must answer with that status."""
    response = client.get(address)
    text = response.get_data(as_text=True)
    assert response.status_code == status, text
    assert response.content_type == "text/html; charset=utf-8"
    return Part(BeautifulSoup(text, "lxml"))


def read_json(client: FlaskClient, address: str, *, status: int = 200) -> Any:
    """The JSON at an address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/json"
    return response.json
