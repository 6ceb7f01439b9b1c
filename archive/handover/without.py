"""A copy of an archive made to be without what is withdrawn: the records written out of its files, as erasing does it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from archive.erase import covered_captures, erase
from archive.errors import RecordError
from archive.handover.warc import Progress
from archive.home import Home
from archive.reading import read_payload
from archive.redact import Redaction
from archive.urlkey import report_id
from archive.withdrawals import Withdrawal
from archive.writer import ArchiveWriter

WHO = "export"


def erase_withdrawn(copy: Home, *, progress: Progress) -> int:
    """Erase from a copy what the decisions in its ledger keep out of sight; give how many decisions there are.

    The decisions stay in its ledger, and so does what it cost: whoever takes the copy can verify it.
    """
    decisions = list(copy.withdrawals())
    if decisions:
        with copy.lock(what=WHO) as writer:
            for decided in decisions:
                progress(f"leaving out {decided.subject}")
                _redact(copy, writer, decided)
                erase(writer, copy.ledger, decided, who=WHO, progress=progress)
    return len(decisions)


def _redact(copy: Home, writer: ArchiveWriter, decided: Withdrawal) -> None:
    """Take words of the pages out of the ledger."""
    subjects = {*map(report_id, decided.pages), *decided.held, *decided.pages}
    Redaction(lambda: _texts(copy, writer, decided), subjects=subjects).apply(copy.ledger)


def _texts(copy: Home, writer: ArchiveWriter, decided: Withdrawal) -> Iterator[str]:
    for capture in covered_captures(writer, decided):
        with contextlib.suppress(RecordError):
            yield read_payload(copy, capture, catalogue=writer.catalogue).body.decode("utf-8", "replace")
