"""Let the catalogue know a file that was written anew in place of the old one: rows, references, digests at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from archive import facts
from archive.catalogue import transaction
from archive.closed import closed_files
from archive.errors import ArchiveError
from archive.heirs import Heirs
from archive.ledger import Ledger
from archive.records import Capture, Defect
from archive.scan import Framed, scan
from archive.urlkey import report_id
from archive.writer import SOFTWARE, ArchiveWriter


def note_gone(ledger: Ledger, names: Sequence[str]) -> None:
    """Tell the ledger that files are no longer of the archive, unless it knows."""
    said = closed_files(ledger)
    for name in names:
        if name in said:
            ledger.append("files", subject=name, who=SOFTWARE.lower(), why="pages in it were erased")


class Switch:
    """From old files to a new one; `old[0]` is the file whose records the new one holds, but for those dropped."""

    def __init__(
        self, writer: ArchiveWriter, *, old: Sequence[str], new: str | None, dropped: Collection[int], heirs: Heirs
    ) -> None:
        """Read the new file (None where nothing is left); ArchiveError when it does not hold what it should."""
        self.writer = writer
        self.catalogue = writer.catalogue
        self.old = old
        self.new = new
        self.heirs = heirs
        rows = sorted(self.catalogue.captures_in(old[0]), key=lambda row: row.offset)
        self.kept = [row for row in rows if row.offset not in dropped]
        self.defects: list[Defect] = []
        self.found = list(self._captures(new)) if new else []
        if [(c.url, c.timestamp) for c in self.found] != [(c.url, c.timestamp) for c in self.kept]:
            raise ArchiveError(
                f"{old[0]}: written anew, it would not hold the same captures, so it was left as it is; "
                "run podium verify, and mend the file first"
            )

    def commit(self, *, kind: str, sha256: str, size: int, note: str) -> dict[int, int]:
        """Make the new file the one the catalogue knows; the ids captures have now, by the ids they had."""
        known: dict[str, Any] = {"kind": kind, "size": size, "records": len(self.found), "sha256": sha256, "note": note}
        self._note(known)
        moved = {before.id: capture.id for capture, before in zip(self.found, self.kept, strict=True)}
        rows = [self._row(capture, before, moved) for capture, before in zip(self.found, self.kept, strict=True)]
        with transaction(self.catalogue.connection):
            for name in self.old:
                for table, column in (("captures", "file"), ("defects", "file"), ("files", "name")):
                    self.catalogue.connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (name,))
            self.catalogue.add_captures(rows)
            self.catalogue.add_defects(self.defects)
            self.heirs.repoint(moved)
            for report in {report_id(row.urlkey) for row in self.kept}:
                self.catalogue.rename_captures(report, moved)
            if self.new:
                self.catalogue.add_file(self.new, **known)
        return moved

    def _note(self, known: dict[str, Any]) -> None:
        """Tell the ledger what stands now, unless a crash came right after it was told."""
        ledger, who = self.writer.ledger, SOFTWARE.lower()
        note_gone(ledger, self.old)
        if self.new and closed_files(ledger).get(self.new) != known:
            ledger.append("files", subject=self.new, who=who, after=known)
        stated = {(e["subject"], e["after"]["offset"], e["after"]["problem"]) for e in ledger.entries("defects")}
        for defect in self.defects:
            if (defect.file, defect.offset, defect.problem) not in stated:
                after = {"offset": defect.offset, "problem": defect.problem}
                ledger.append("defects", subject=defect.file, who="import", after=after)

    def _captures(self, new: str) -> Iterator[Capture]:
        def framed() -> Iterator[Framed]:
            for item in scan(self.writer.folder / new):
                if isinstance(item, Framed):
                    yield item
                else:
                    self.defects.append(Defect(file=new, offset=item.offset, problem=item.problem))

        return facts.captures_of(framed(), file=new, imported=new.startswith("imports/"))

    def _row(self, capture: Capture, before: Capture, moved: Mapping[int, int]) -> Capture:
        """The new row of a capture; of a revisit with what had been resolved."""
        if capture.record_type != "revisit":
            return capture
        target = self.heirs.carrier_of(before.refers_to, moved)
        return replace(capture, refers_to=target, sha256=before.sha256, mime=before.mime, status=before.status)
