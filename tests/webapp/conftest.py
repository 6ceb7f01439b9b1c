"""The shelf behind a test client, and a reader of pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive import Home
from indexer import index
from tests.webapp.shelf import make_shelf
from webapp import close_app, create_app


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of the shelf, indexed; tests only read it."""
    home = make_shelf(tmp_path_factory.mktemp("shelf") / "home")
    index(home)
    return home


@pytest.fixture(scope="session")
def app(shelf: Home) -> Iterator[Flask]:
    """The application over the shelf."""
    app = create_app(shelf)
    app.testing = True
    yield app
    close_app(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader of the shelf."""
    return app.test_client()
