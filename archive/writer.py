"""Write captures: records built in memory, written at once, fsynced by batch, then their rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import durable, facts
from archive.catalogue import Catalogue, transaction
from archive.how import is_notice
from archive.ledger import Ledger
from archive.mend import mend_tail
from archive.record import parse_record
from archive.records import Capture, Collection, Defect, Via
from archive.revisits import Stated, carrier_among
from archive.scan import Framed
from archive.settings import Settings
from archive.urlkey import urlkey

SOFTWARE = "Podium"
WARC_VERSION = "WARC/1.1"
PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
HOP_BY_HOP = ("transfer-encoding", "trailer")
BATCH = 64  # captures between two fsyncs where the caller does not ask

Headers = Sequence[tuple[str, str]]


class ArchiveWriter:
    """The one writer of a home, for the holder of its lock."""

    def __init__(
        self, folder: Path, *, catalogue: Catalogue, ledger: Ledger, settings: Settings, collection: Collection
    ) -> None:
        """Mend what a crash left in the newest file, then stand ready behind its end."""
        self.folder = folder
        self.catalogue = catalogue
        self.ledger = ledger
        self.settings = settings
        self.collection = collection
        self._pending: dict[int, Capture] = {}
        self._file: io.FileIO | None = None
        self._end = 0
        self.mended: tuple[Defect, ...] = tuple(self._mend())

    def add_response(
        self,
        *,
        url: str,
        status: int,
        reason: str,
        headers: Headers,
        body: bytes,
        fetched: dt.datetime,
        request_headers: Headers = (),
        via: Via = Via.LIVE,
        source: str | None = None,
        how: str | None = None,
        source_uri: str | None = None,
        memento: dt.datetime | None = None,
        ip: str | None = None,
        outlinks: Sequence[str] = (),
    ) -> Capture:
        """Archive an answer; a 304, or a payload this page had before, becomes a revisit.

        `body` has its transfer coding undone and its content coding kept. What a Wayback server gave is dated by
        its `memento`. On disk, and seen by others, once `flush` has returned.
        """
        warc_headers = {"WARC-IP-Address": ip} if ip else {}
        if via is Via.WAYBACK:
            warc_headers |= {"WARC-Source-URI": source_uri or "", "WARC-Creation-Date": _instant(fetched)}
        kept = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        http = StatusAndHeaders(f"{status} {reason}".strip(), kept, protocol="HTTP/1.1")
        record = _Group(url=url, date=memento or fetched)
        earlier = self._earlier(url, status, body)
        if earlier:
            profile = "server-not-modified" if status == 304 else "identical-payload-digest"
            record.revisit(http, earlier=earlier, profile=profile, warc_headers=warc_headers)
        else:
            record.add("response", body, http=http, warc_headers=warc_headers)
        if request_headers:
            record.request(request_headers)
        said = {facts.SOURCE: source, facts.HOW: how}
        record.metadata([*said.items(), *(("outlink", link) for link in outlinks)])
        return self._write(record, earlier)

    def add_resource(
        self,
        *,
        url: str,
        body: bytes,
        content_type: str,
        supplied: dt.datetime,
        published: str | None = None,
        publisher: str | None = None,
        language: str | None = None,
        note: str | None = None,
    ) -> Capture:
        """Archive material the owner supplied for an address."""
        group = _Group(url=url, date=supplied)
        group.add("resource", body, content_type=content_type)
        group.metadata(
            [
                ("note", note),
                (facts.HOW, "supplied by the owner"),
                (facts.PUBLISHER, publisher),
                (facts.PUBLISHED, published),
                (facts.LANGUAGE, language),
            ]
        )
        return self._write(group, None)

    def add_captures(self, captures: Iterable[Capture]) -> None:
        """Take in rows of records that lie in a file of `imports/` already, which must be on disk."""
        self._pending.update((capture.id, capture) for capture in captures)

    def flush(self) -> None:
        """Put everything added so far on disk: the WARC first, then the rows."""
        if self._file is not None:
            durable.sync(self._file)
        with transaction(self.catalogue.connection):
            self.catalogue.add_captures(self._pending.values())
        self._pending.clear()
        if self._file is not None and self._end >= self.settings.warc_size:
            self._close_file()

    def close(self) -> None:
        """Flush and let go; the newest file stays open for the next writer's records."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    # --- records -----------------------------------------------------------------------------

    def _earlier(self, url: str, status: int, body: bytes) -> Capture | None:
        """The capture whose payload this answer repeats, if there is one."""
        key = urlkey(url)
        known = [c for c in (*self.catalogue.captures(urlkey=key), *self._pending.values()) if c.urlkey == key]
        carrying = [c for c in known if c.record_type == "response"]
        if status == 304:
            # A page never answered 304 to a first visit, so the newest answer is what has not changed.
            repeated = next((c for c in reversed(carrying) if c.status == 200 and not is_notice(c.how)), None)
        else:
            digest = hashlib.sha256(body).hexdigest()
            repeated = next((c for c in carrying if c.sha256 == digest and c.status == status), None) if body else None
        # Of equal ones that which whoever reads the record would take.
        same = [c for c in known if repeated and c.payload_sha1 == repeated.payload_sha1]
        return repeated and carrier_among(same, stated=Stated.of(repeated), urlkey=key, timestamp=repeated.timestamp)

    def _write(self, group: _Group, earlier: Capture | None) -> Capture:
        file = self._open_file()
        offset = self._end
        written = group.content()
        try:
            durable.append(file, written)
        except OSError:
            durable.truncate(Path(str(file.name)), self._end)  # a record behind a torn one would be lost
            raise
        self._end += len(written)
        framed = list(group.framed(offset))
        capture = next(facts.captures_of(framed, file=Path(str(file.name)).name, imported=False))
        if earlier:
            capture = replace(capture, refers_to=earlier.id, sha256=earlier.sha256, mime=capture.mime or earlier.mime)
        self._pending[capture.id] = capture
        if len(self._pending) >= BATCH:
            self.flush()
        return capture

    # --- files -------------------------------------------------------------------------------

    def _mend(self) -> Iterator[Defect]:
        own = own_files(self.folder)
        closed = {file["name"] for file in self.catalogue.files() if file["sha256"]}
        if own and own[-1].name not in closed:
            yield from mend_tail(own[-1], catalogue=self.catalogue, quarantine=self.folder.parent / "quarantine")
            self._end = own[-1].stat().st_size
            self._file = own[-1].open("ab", buffering=0)

    def _open_file(self) -> io.FileIO:
        if self._file is None:
            now = dt.datetime.now(dt.UTC)
            number = max(map(number_of, own_files(self.folder)), default=0) + 1
            self._file = durable.create(self.folder / f"{now:%Y%m%d%H%M%S}-{number:05d}.warc.gz")
            self._end = 0
        if self._end == 0:
            head = self._warcinfo(Path(str(self._file.name)).name)
            durable.append(self._file, head)
            self._end = len(head)
        return self._file

    def _warcinfo(self, name: str) -> bytes:
        group = _Group(url="", date=dt.datetime.now(dt.UTC))
        group.warcinfo(
            name,
            {
                "software": SOFTWARE,
                "format": "WARC File Format 1.1",
                "isPartOf": self.settings.archive_id or self.collection.key,
                "operator": self.settings.contact or "unknown",
                "robots": "obeyed",
            },
        )
        return group.content()

    def _close_file(self) -> None:
        """Close a file for good: its digest goes into catalogue and manifest."""
        assert self._file is not None
        path = Path(str(self._file.name))
        self._file.close()
        self._file = None
        self.note_closed(path, kind="own")

    def note_closed(self, path: Path, *, kind: str, note: str | None = None) -> None:
        """Enter a file that will not change any more into ledger, `MANIFEST-sha256` and catalogue."""
        name = str(path.relative_to(self.folder))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        records = sum(1 for _ in self.catalogue.captures_in(name))
        known: dict[str, Any] = {
            "kind": kind,
            "size": path.stat().st_size,
            "records": records,
            "sha256": digest,
            "note": note,
        }
        self.ledger.append("files", subject=name, who=SOFTWARE.lower(), after=known)
        self.catalogue.add_file(name, **known)
        write_manifest(self.folder, self.catalogue)


def own_files(folder: Path) -> list[Path]:
    """The files of captures that were made here, oldest first: by their number, since clocks are set back."""
    return sorted(folder.glob("[0-9]*-[0-9]*.warc.gz"), key=lambda path: (number_of(path), path.name))


def number_of(path: Path) -> int:
    """The running number in the name of such a file; 0 where the name has none."""
    digits = path.name.removesuffix(".warc.gz").rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0


def write_manifest(folder: Path, catalogue: Catalogue) -> None:
    """Write the digests of closed files as `sha256sum -c` reads them."""
    lines = [f"{file['sha256']}  {file['name']}\n" for file in catalogue.files() if file["sha256"]]
    durable.write_durably(folder / "MANIFEST-sha256", "".join(lines).encode())


class _Group:
    """The records of one answer, each a gzip member, written together."""

    def __init__(self, *, url: str, date: dt.datetime) -> None:
        self.url = url
        self.date = _instant(date)
        self._members: list[bytes] = []
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=True, warc_version=WARC_VERSION)
        self._id = f"<urn:uuid:{uuid.uuid4()}>"

    def add(
        self,
        type: str,
        body: bytes,
        *,
        http: StatusAndHeaders | None = None,
        content_type: str = "",
        warc_headers: dict[str, str] | None = None,
        id: str | None = None,
    ) -> None:
        record = self._writer.create_warc_record(
            self.url,
            type,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=content_type,
            warc_headers_dict={
                "WARC-Record-ID": id or self._id,
                "WARC-Date": self.date,
                **(warc_headers or {}),
            },
        )
        self._keep(record)

    def revisit(self, http: StatusAndHeaders, *, earlier: Capture, profile: str, warc_headers: dict[str, str]) -> None:
        record = self._writer.create_revisit_record(
            self.url,
            digest=f"sha1:{earlier.payload_sha1}",
            refers_to_uri=earlier.url,
            refers_to_date=_instant(dt.datetime.strptime(earlier.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)),
            http_headers=http,
            warc_headers_dict={"WARC-Record-ID": self._id, "WARC-Date": self.date, **warc_headers},
        )
        record.rec_headers.replace_header("WARC-Profile", PROFILES + profile)
        self._keep(record)

    def request(self, headers: Headers) -> None:
        line, *rest = headers  # (method and target, protocol), then the header lines
        http = StatusAndHeaders(" ".join(line), list(rest), is_http_request=True)
        self.add(
            "request", b"", http=http, warc_headers={"WARC-Concurrent-To": self._id}, id=f"<urn:uuid:{uuid.uuid4()}>"
        )

    def metadata(self, said: Iterable[tuple[str, str | None]]) -> None:
        lines = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in said if value)
        if lines:
            self.add(
                "metadata",
                lines.encode(),
                content_type=facts.FIELDS,
                warc_headers={"WARC-Concurrent-To": self._id},
                id=f"<urn:uuid:{uuid.uuid4()}>",
            )

    def warcinfo(self, name: str, said: dict[str, str]) -> None:
        self._keep(self._writer.create_warcinfo_record(name, said))

    def _keep(self, record: object) -> None:
        self._writer.write_record(record)
        self._members.append(self._buffer.getvalue())
        self._buffer.seek(0)
        self._buffer.truncate()

    def content(self) -> bytes:
        return b"".join(self._members)

    def framed(self, offset: int) -> Iterator[Framed]:
        """The records just built, read back from their bytes as they lie in the file."""
        for member in self._members:
            stored = zlib.decompress(member, 31)
            yield Framed(offset=offset, length=len(member), record=parse_record(stored), stored=stored)
            offset += len(member)


def _instant(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
