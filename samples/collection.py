"""The collection of the sample forum, its addresses moved to the port the server took."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive import Collection
from samples.texts import FOLDER

PLACEHOLDER = 8471  # the port that stands in collection.toml


def collection_text(port: int = PLACEHOLDER) -> str:
    """The text of the collection file for a server at this port."""
    text = (FOLDER / "collection.toml").read_text("utf-8")
    return text.replace(f":{PLACEHOLDER}", f":{port}")


def port_of(collection: Collection) -> int:
    """The port the addresses of a sample collection have."""
    return urlsplit(collection.wayback[0].cdx).port or PLACEHOLDER
