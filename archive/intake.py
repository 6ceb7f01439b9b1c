"""One WARC or ARC file on its way in: copied, its captures entered, and written anew where it cannot be addressed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import durable, facts
from archive.durable import copy_durably
from archive.ledger import Ledger
from archive.records import Capture, Defect
from archive.revisits import resolve_revisits
from archive.scan import Framed, NotAddressableError, scan, scan_stream
from archive.writer import ArchiveWriter

RECOMPRESSED = "not addressable by record; its records are recompressed beside it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a file held; `beside` are the defects of what was written beside it, as `verify` will meet them."""

    kept: str | None  # None for a WACZ that is left out
    records: int
    captures: int
    holding: tuple[str, ...]
    note: str | None
    refused: int = 0
    defects: tuple[Defect, ...] = ()
    beside: tuple[Defect, ...] = ()
    beside_files: tuple[str, ...] = ()  # what was written beside it
    inside: tuple[Defect, ...] = ()  # noted already, with the files of the package


class WarcIntake:
    """A WARC or ARC file on its way in: its captures, counted, with the defects met."""

    def __init__(self, path: Path, writer: ArchiveWriter, ledger: Ledger, who: str, *, source: Path) -> None:
        self.path = path
        self.source = source  # the file without what may not come in
        self.writer = writer
        self.ledger = ledger
        self.who = who
        self.streamed = False
        self.records = 0
        self.defects: list[Defect] = []

    def take(self, kept: str) -> Taken:
        captures = self.captures(kept)  # before anything is written: what is no archive is refused here
        target = self.writer.folder / kept
        copy_durably(self.source, target)
        beside: tuple[Defect, ...] = ()
        if self.streamed:
            captures, beside = self.recompress(target)
        self.writer.add_captures(captures)
        self.writer.flush()
        resolve_revisits(self.writer.catalogue, self.writer.folder, added=captures)
        return Taken(
            kept=kept,
            records=self.records,
            captures=len(captures),
            holding=tuple(sorted({capture.file for capture in captures})),
            note=RECOMPRESSED if self.streamed else None,
            defects=tuple(Defect(file=kept, offset=d.offset, problem=d.problem) for d in self.defects),
            beside=beside,
            beside_files=(recompressed_name(kept),) if self.streamed else (),
        )

    def captures(self, kept: str) -> list[Capture]:
        try:
            return self._captures(scan(self.source), kept)
        except NotAddressableError:
            self.streamed = True
            return self._captures(scan_stream(self.source), kept)

    def _captures(self, items: Iterable[Framed | Defect], kept: str) -> list[Capture]:
        self.records, self.defects = 0, []
        return list(facts.captures_of(self.framed(items), file=kept, imported=True))

    def framed(self, items: Iterable[Framed | Defect]) -> Iterator[Framed]:
        for item in items:
            if isinstance(item, Defect):
                self.defects.append(item)
            else:
                self.records += 1
                yield item

    def recompress(self, target: Path) -> tuple[list[Capture], tuple[Defect, ...]]:
        """Write the records of one compressed stream as a member each, beside the file; give captures and defects."""
        name = recompressed_name(str(target.relative_to(self.writer.folder)))
        beside = self.writer.folder / name
        part = beside.with_name(beside.name + ".part")
        self.records, self.defects = 0, []
        captures = list(facts.captures_of(self._rewritten(part), file=name, imported=True))
        durable.rename(part, beside)
        problems = [item for item in scan(beside) if isinstance(item, Defect)]
        return captures, tuple(Defect(file=name, offset=item.offset, problem=item.problem) for item in problems)

    def _rewritten(self, part: Path) -> Iterator[Framed]:
        durable.remove(part)
        with durable.create(part) as file:
            for item in self.framed(scan_stream(self.source)):
                offset = file.tell()
                separator = b"\n" if item.record.format == "arc" else b"\r\n\r\n"
                durable.append(file, gzip.compress(item.stored + separator, mtime=0))
                yield Framed(offset=offset, length=file.tell() - offset, record=item.record, stored=b"")
            durable.sync(file)


def recompressed_name(kept: str) -> str:
    """The name below `warc/` of the file with the records of one in which they cannot be read alone."""
    return re.sub(r"(\.w?arc)?(\.gz|\.zst)?(\.bad)?$", "", kept) + ".recompressed.warc.gz"
