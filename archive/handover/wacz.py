"""A WACZ 1.1.1 of chosen captures: WARC, index, pages and a datapackage with their digests."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.handover.cdxj import compressed, lines_of_written
from archive.handover.selection import Chosen
from archive.handover.warc import Progress, Written, write_warc

VERSION = "1.1.1"
WARC = "data.warc.gz"
STEP = 1 << 20


def write_wacz(chosen: Chosen, target: Path, *, progress: Progress) -> list[Written]:
    """Write the package; give what `write_warc` gives."""
    warc = target.with_name(target.name + ".warc")
    try:
        with warc.open("wb") as out:
            written = write_warc(chosen, out, name=WARC, progress=progress)
        with zipfile.ZipFile(target, "w", allowZip64=True) as package:
            _pack(package, chosen, warc, written)
    finally:
        warc.unlink(missing_ok=True)
    return written


def _pack(package: zipfile.ZipFile, chosen: Chosen, warc: Path, written: list[Written]) -> None:
    resources = [_add_file(package, f"archive/{WARC}", warc)]
    index, blocks = compressed(lines_of_written(written, WARC), name="index.cdx.gz")
    pages = "".join(f"{line}\n" for line in _pages(chosen)).encode()
    for name, content in {
        "indexes/index.cdx.gz": index,
        "indexes/index.idx": blocks,
        "pages/pages.jsonl": pages,
    }.items():
        resources.append(_add(package, name, content))
    described = json.dumps(_datapackage(chosen, resources), ensure_ascii=False, indent=2).encode()
    _add(package, "datapackage.json", described)
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
    _add(package, "datapackage-digest.json", json.dumps(digest, indent=2).encode())


def _datapackage(chosen: Chosen, resources: list[dict[str, Any]]) -> dict[str, Any]:
    collection = chosen.home.collection
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": next(iter(collection.title.values()), collection.key),
        "description": f"exported from Podium: {chosen.selection.words}",
        "created": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": "Podium",
        "rights": {source.key: source.rights.statement for source in collection.sources if source.rights.statement},
        "resources": resources,
    }


def _pages(chosen: Chosen) -> Iterator[str]:
    """The reports as json-pages: their text only where its source lets it be exported."""
    yield json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "Reports", "hasText": True})
    keys = {capture.urlkey for capture in chosen.captures}
    for report in chosen.reports:
        if report.urlkey in keys:
            version = chosen.catalogue.version(report.version, report.id)
            text = chosen.text(report, version) if version else None
            page = {"id": report.id, "url": report.url, "ts": _instant(report.captured), "title": report.title}
            yield json.dumps(page | ({"text": text} if text is not None else {}), ensure_ascii=False)


def _instant(timestamp: str) -> str:
    return dt.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> dict[str, Any]:
    kind = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
    package.writestr(name, content, compress_type=kind)
    return _resource(name, len(content), hashlib.sha256(content).hexdigest())


def _add_file(package: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    """Put a file into the package as it is: readers of a WACZ take records out by offset."""
    digest = hashlib.sha256()
    with path.open("rb") as file, package.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
        while part := file.read(STEP):
            digest.update(part)
            member.write(part)
    return _resource(name, path.stat().st_size, digest.hexdigest())


def _resource(name: str, size: int, sha256: str) -> dict[str, Any]:
    return {"name": Path(name).name, "path": name, "hash": f"sha256:{sha256}", "bytes": size}
