"""One function for every format: what is chosen, written beside its name and renamed, with a summary of what went out."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import ExportError
from archive.handover.bag import write_bag
from archive.handover.cdxj import lines_of
from archive.handover.dump import write_dump
from archive.handover.output import file_beside, folder_beside
from archive.handover.selection import Chosen, Selection, choose
from archive.handover.tables import csv_rows, json_lines
from archive.handover.wacz import write_wacz
from archive.handover.warc import Progress, Written, write_warc
from archive.home import Home
from archive.records import Record


class Format(StrEnum):
    """What an archive is exported as."""

    WARC = "warc"
    WACZ = "wacz"
    CDXJ = "cdxj"
    CSV = "csv"
    JSONL = "jsonl"
    DUMP = "dump"
    BAG = "bag"

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return self in (Format.DUMP, Format.BAG)

    @property
    def is_text(self) -> bool:
        """Whether it may go to stdout."""
        return self in (Format.CDXJ, Format.CSV, Format.JSONL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult(Record):
    """What went out; `file` is None for stdout.

    `texts_left_out` counts reports whose text its source does not let go, `captures_left_out` captures of sources that
    are not shown in full; `withdrawn` says how many decisions keep something back.
    """

    format: str
    selection: str
    file: str | None
    sha256: str | None
    reports: int
    captures: int
    texts_left_out: int
    captures_left_out: int
    withdrawn: int
    generation: int

    def as_text(self) -> str:
        """The result in words."""
        what = f"{self.file or 'stdout'}: {self.reports} reports, {self.captures} captures ({self.selection})"
        lines = [what, *([f"  sha256 {self.sha256}"] if self.sha256 else [])]
        if self.texts_left_out:
            lines.append(
                f"  without the text of {self.texts_left_out} reports: their source does not let it be exported"
            )
        if self.captures_left_out:
            lines.append(f"  without {self.captures_left_out} captures: their source is not shown in full")
        if self.withdrawn:
            lines.append(f"  without what {self.withdrawn} withdrawals cover")
        return "\n".join(lines)


def export(
    home: Home, form: Format, target: Path | None, *, selection: Selection, progress: Progress = lambda text: None
) -> ExportResult:
    """Write what is selected to `target`, or a text format to stdout where that is None."""
    if target is None and not form.is_text:
        raise ExportError(f"{form} is no text: give the name of a {'folder' if form.is_folder else 'file'} with -o")
    with home.catalogue() as catalogue:
        progress("choosing what goes out")
        chosen = choose(home, catalogue, selection)
        if target is None:
            sys.stdout.writelines(TEXTS[form](chosen))
            return _result(chosen, form, None)
        try:
            with (folder_beside if form.is_folder else file_beside)(target) as part:
                written = _write(chosen, form, part, target, progress)
        except OSError as exc:
            raise ExportError(
                f"{exc.filename or target}: {exc.strerror}; nothing was written; run podium verify if it is a file of the archive"
            ) from exc
        return _result(chosen, form, target, written)


def _write(chosen: Chosen, form: Format, part: Path, target: Path, progress: Progress) -> list[Written]:
    if form is Format.WARC:
        with part.open("wb") as out:
            return write_warc(chosen, out, name=target.name, progress=progress)
    if form.is_folder:
        (write_dump if form is Format.DUMP else write_bag)(chosen, part, progress=progress)
        return []
    if form is Format.WACZ:
        return write_wacz(chosen, part, progress=progress)
    with part.open("w", encoding="utf-8", newline="") as out:
        out.writelines(TEXTS[form](chosen))
    return []


TEXTS: dict[Format, Callable[[Chosen], Iterable[str]]] = {
    Format.CSV: csv_rows,
    Format.JSONL: json_lines,
    Format.CDXJ: lambda chosen: (f"{line}\n" for line in lines_of(chosen.captures)),
}


def _result(chosen: Chosen, form: Format, target: Path | None, written: Iterable[Written] = ()) -> ExportResult:
    with_texts = form in (Format.JSONL, Format.WACZ, Format.DUMP, Format.BAG)
    captures = {w.capture.id for w in written} or {capture.id for capture in chosen.captures}
    return ExportResult(
        format=form,
        selection=chosen.selection.words,
        file=str(target) if target else None,
        sha256=_sha256(target) if target and not form.is_folder else None,
        reports=len(chosen.reports),
        captures=0 if form in (Format.CSV, Format.JSONL) else len(captures),
        texts_left_out=sum(map(chosen.withholds_text, chosen.reports)) if with_texts else 0,
        captures_left_out=0 if form in (Format.CSV, Format.JSONL) else chosen.left_out,
        withdrawn=sum(1 for _ in chosen.catalogue.withdrawn),
        generation=chosen.catalogue.sequence(),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
