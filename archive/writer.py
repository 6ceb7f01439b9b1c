"""Write captures: records built in memory, written at once, fsynced by batch, then their rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive import durable, facts
from archive.catalogue import Catalogue, transaction
from archive.closed import KIND as CLOSED
from archive.closed import end_closing, write_manifest
from archive.group import Group, Headers, HttpHead, instant
from archive.how import is_notice
from archive.ledger import Ledger
from archive.mend import mend_tail
from archive.records import Capture, Collection, Defect, Via
from archive.revisits import Stated, carrier_among
from archive.settings import Settings
from archive.urlkey import urlkey

SOFTWARE = "Podium"
HOP_BY_HOP = ("transfer-encoding", "trailer")
NUMBER = re.compile(r"-(\d+)(?:-r\d+)?\.warc\.gz$")
BATCH = 400  # captures between two fsyncs where the caller does not ask


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
        said = [("WARC-IP-Address", ip)] if ip else []
        if via is Via.WAYBACK:
            said += [("WARC-Source-URI", source_uri or ""), ("WARC-Creation-Date", instant(fetched))]
        kept = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        http = HttpHead.of_answer(status, reason, kept)
        group = Group(url=url, date=memento or fetched)
        found = [(facts.SOURCE, source), (facts.HOW, how)]
        earlier = self._earlier(url, status, body)
        if earlier:
            profile = "server-not-modified" if status == 304 else "identical-payload-digest"
            # Most captures of an archive are these: what is found stands in the record, not in one of its own.
            said += [(name, " ".join(value.split())) for name, value in found if value]
            group.revisit(http, earlier=earlier, profile=profile, headers=said)
        else:
            group.response(http, body, headers=said)
        # A 304 answers the request of the capture it refers to, asked again by the validators it names.
        if request_headers and not (earlier and status == 304):
            group.request(request_headers)
        if not earlier:
            # The links of a payload stand beside the capture that carries it.
            group.metadata([*found, *(("outlink", link) for link in outlinks)])
        return self._write(group, earlier)

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
        group = Group(url=url, date=supplied)
        group.resource(body, content_type=content_type)
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

    def flush(self, *, beside: Callable[[], None] | None = None) -> None:
        """Put everything added so far on disk: the WARC first, then the rows.

        `beside` writes to the catalogue in the same transaction what must not be told apart from the rows.
        """
        if self._file is not None:
            durable.sync(self._file)
        with transaction(self.catalogue.connection):
            self.catalogue.add_captures(self._pending.values())
            if beside is not None:
                beside()
        self._pending.clear()
        if self._file is not None and self._end >= self.settings.warc_size:
            self._close_file()

    @property
    def newest(self) -> str | None:
        """The file that records are added to, if there is one."""
        return Path(str(self._file.name)).name if self._file is not None else None

    def rotate(self) -> None:
        """Close the newest file for good; the next record begins another."""
        self.flush()
        if self._file is not None and self._end:
            self._close_file()

    def close(self) -> None:
        """Flush and let go; the newest file stays open for the next writer's records."""
        try:
            self.flush()
        finally:
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

    def _write(self, group: Group, earlier: Capture | None) -> Capture:
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
        end_closing(self.folder, catalogue=self.catalogue, ledger=self.ledger)
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
        group = Group(url="", date=dt.datetime.now(dt.UTC))
        group.warcinfo(
            name,
            [
                ("software", SOFTWARE),
                ("format", "WARC File Format 1.1"),
                ("isPartOf", self.settings.archive_id or self.collection.key),
                ("operator", self.settings.contact or "unknown"),
                ("robots", "obeyed"),
            ],
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
        self.ledger.append(CLOSED, subject=name, who=SOFTWARE.lower(), after=known)
        self.catalogue.add_file(name, **known)
        write_manifest(self.folder, self.catalogue)


def own_files(folder: Path) -> list[Path]:
    """The files of captures that were made here, oldest first: by their number, since clocks are set back."""
    return sorted(folder.glob("[0-9]*-[0-9]*.warc.gz"), key=lambda path: (number_of(path), path.name))


def number_of(path: Path) -> int:
    """The running number in the name of such a file, which stays when it is written anew; 0 where the name has none."""
    match = NUMBER.search(path.name)
    return int(match[1]) if match else 0
