"""Homes as earlier versions of the program made them, kept as text: a folder for each schema, named by its number."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from pathlib import Path

HERE = Path(__file__).parent
HOMES = sorted(path.name for path in HERE.iterdir() if path.name.isdigit())


def unpack(name: str, target: Path) -> Path:
    """Make the home of that schema in `target`."""
    source = HERE / name
    shutil.copytree(source / "ledger", target / "ledger")
    for settings in ("collection.toml", "podium.toml"):
        shutil.copy(source / settings, target)
    for packed in (source / "warc").rglob("*.b64"):
        path = target / packed.relative_to(source).with_suffix("")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(packed.read_text("ascii")))
    connection = sqlite3.connect(target / "catalogue.sqlite")
    connection.executescript((source / "catalogue.sql").read_text("utf-8"))
    connection.close()
    return target
