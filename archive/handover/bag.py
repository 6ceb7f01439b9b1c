"""The whole archive as a bag (BagIt 1.0, RFC 8493): what a library takes in, and a home can be made of again.

data/warc, ledger, collection.toml, podium.toml, README.txt    as in the home
data/dump/             the tables of `--format dump`
data/metadata/premis.xml    files and events in the words of PREMIS
bag-info.txt, bagit.txt, manifest-sha256.txt, tagmanifest-sha256.txt
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive import durable
from archive.errors import ExportError
from archive.handover.backup import SMALL, backup
from archive.handover.dump import write_dump
from archive.handover.held import Held
from archive.handover.premis import premis_xml
from archive.handover.selection import Chosen
from archive.handover.warc import Progress
from archive.handover.without import erase_withdrawn
from archive.home import Home
from archive.ledger import Ledger
from archive.records import Show

DECLARATION = "bagit.txt"
PAYLOAD, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
# Folders of the payload that are about the archive and no part of it.
ABOUT = ("data/dump/", "data/metadata/")


def write_bag(chosen: Chosen, folder: Path, *, progress: Progress) -> None:
    """Write everything but what is withdrawn into a folder as a bag.

    ExportError where a query was given, or sources may not be shown in full and nobody has said that this is known.
    """
    _allowed(chosen)
    data = folder / "data"
    backup(chosen.home, data, progress=progress)
    erase_withdrawn(Home.open(data), progress=progress)
    _drop(data, {"warc", "ledger", *SMALL})
    (data / "dump").mkdir()
    write_dump(chosen, data / "dump", progress=progress)
    progress("computing digests")
    archive = dict(_digests(data))
    (data / "metadata").mkdir()
    document = premis_xml({name: (h.size, h.sha256) for name, h in archive.items()}, Ledger(data / "ledger"))
    durable.write_durably(data / "metadata" / "premis.xml", document)
    payload = {f"data/{name}": held for name, held in _digests(data)}
    _write_tags(chosen, folder, payload)


def _allowed(chosen: Chosen) -> None:
    if chosen.selection.reports is not None:
        raise ExportError("a bag holds the whole archive: leave query and filters out, or export a warc or wacz")
    collection = chosen.home.collection
    kept_back = [s.key for s in collection.sources if s.rights.show is not Show.FULL]
    kept_back += [report.url for report in chosen.catalogue.reports() if report.noarchive]
    if kept_back and not chosen.selection.restricted:
        raise ExportError(
            f"the sources or pages {', '.join(kept_back)} may not be shown in full, and a bag holds all that was fetched: give "
            "--restricted to hand it to a successor who keeps to that, or export a warc or wacz, which leave them out"
        )


def _drop(folder: Path, kept: set[str]) -> None:
    """Remove what a bag does not carry."""
    for path in folder.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _digests(folder: Path) -> Iterator[tuple[str, Held]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield path.relative_to(folder).as_posix(), Held(size=path.stat().st_size, sha256=digest)


def _write_tags(chosen: Chosen, folder: Path, payload: Mapping[str, Held]) -> None:
    home = chosen.home
    said = {
        "Bag-Software-Agent": "Podium",
        "Bagging-Date": dt.datetime.now(dt.UTC).date().isoformat(),
        "Payload-Oxum": f"{sum(held.size for held in payload.values())}.{len(payload)}",
        "External-Identifier": home.settings.archive_id or home.collection.key,
        "External-Description": next(iter(home.collection.title.values()), home.collection.key),
        "Contact-Email": home.settings.contact,
        "Internal-Sender-Identifier": home.collection.key,
    }
    info = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in said.items() if value)
    durable.write_durably(folder / DECLARATION, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    durable.write_durably(folder / "bag-info.txt", info.encode())
    durable.write_durably(folder / PAYLOAD, _manifest({name: held.sha256 for name, held in payload.items()}))
    tags = {name: _sha256(folder / name) for name in (DECLARATION, "bag-info.txt", PAYLOAD)}
    durable.write_durably(folder / TAGS, _manifest(tags))


def _manifest(digests: Mapping[str, str]) -> bytes:
    def escaped(name: str) -> str:  # RFC 8493, 2.1.3
        return re.sub("[%\r\n]", lambda match: f"%{ord(match[0]):02X}", name)

    return "".join(f"{sha256}  {escaped(name)}\n" for name, sha256 in sorted(digests.items())).encode()


def read_bag(folder: Path) -> dict[str, Held]:
    """The files of the archive in a bag, by their name in a home; ExportError when the bag is not whole."""
    tags = _read_manifest(folder / TAGS)
    payload = _read_manifest(folder / PAYLOAD)
    for name, sha256 in tags.items():
        if not (folder / name).is_file() or _sha256(folder / name) != sha256:
            raise ExportError(f"{folder / name}: missing, or not what {TAGS} says; get the bag again")
    there = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file()}
    if there != payload.keys():
        odd = sorted(there ^ payload.keys())[0]
        raise ExportError(f"{folder / odd}: {PAYLOAD} and the files of the bag do not agree on it; get the bag again")
    return {
        name.removeprefix("data/"): Held(size=(folder / name).stat().st_size, sha256=sha256)
        for name, sha256 in payload.items()
        if not name.startswith(ABOUT)
    }


def _read_manifest(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ExportError(f"{path}: cannot be read: {exc}; get the bag again") from exc
    pairs = (line.split(None, 1) for line in lines if line.strip())
    return {re.sub("%(0A|0D|25)", lambda m: chr(int(m[1], 16)), name.strip()): digest for digest, name in pairs}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
