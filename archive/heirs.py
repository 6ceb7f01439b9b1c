"""Payloads that outlive the record they lie in: which capture carries them from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from archive.catalogue import Catalogue, transaction
from archive.records import Capture


class Heirs:
    """For each capture that is to go and that others revisit, the one that carries its payload afterwards."""

    def __init__(self, catalogue: Catalogue, gone: Callable[[str], bool]) -> None:
        self.catalogue = catalogue
        self.gone = gone
        self._heirs: dict[int, Capture] = {}
        self._becoming: dict[int, Capture] = {}  # by the heir's id, whose payload it takes over
        for carrier, first in self._revisited():
            other = next((c for c in catalogue.captures_by_digest(carrier.payload_sha1) if not gone(c.urlkey)), None)
            self._heirs[carrier.id] = other or first
            if other is None:
                self._becoming[first.id] = carrier
            else:
                with transaction(catalogue.connection):
                    self._point(carrier.id, other.id)

    def _revisited(self) -> Iterator[tuple[Capture, Capture]]:
        """Captures that go and that captures of other pages refer to, each with the oldest of these."""
        rows = self.catalogue.connection.execute(
            "SELECT r.id, r.refers_to, r.urlkey AS page, c.urlkey AS carrying FROM captures r"
            " JOIN captures c ON c.id = r.refers_to WHERE r.urlkey <> c.urlkey ORDER BY r.timestamp, r.file, r.offset"
        ).fetchall()
        seen: set[int] = set()
        for row in rows:
            if row["refers_to"] in seen or self.gone(row["page"]) or not self.gone(row["carrying"]):
                continue
            seen.add(row["refers_to"])
            carrier, first = self.catalogue.capture(row["refers_to"]), self.catalogue.capture(row["id"])
            assert carrier
            assert first
            yield carrier, first

    def becoming(self) -> Iterator[Capture]:
        """The revisits that are to carry a payload themselves."""
        return (heir for heir in self._heirs.values() if heir.id in self._becoming)

    def payload_for(self, revisit: Capture) -> Capture | None:
        """The capture whose payload a revisit takes over, or None."""
        return self._becoming.get(revisit.id)

    def target_of(self, revisit: Capture) -> Capture | None:
        """What a revisit of a page that stays refers to from now on, or None where the archive holds no such payload."""
        if revisit.refers_to is None:
            return None
        target = self._heirs.get(revisit.refers_to) or self.catalogue.capture(revisit.refers_to)
        return None if target is None or self.gone(target.urlkey) else target

    def carrier_of(self, refers_to: int | None, moved: Mapping[int, int]) -> int | None:
        """The id of what carries a payload once captures have moved."""
        if refers_to is None:
            return None
        heir = self._heirs.get(refers_to)
        id = heir.id if heir else refers_to
        return moved.get(id, id)

    def repoint(self, moved: Mapping[int, int]) -> None:
        """Let rows refer to what has moved, and to heirs among it, within the caller's transaction."""
        for old, new in moved.items():
            self._point(old, new)
        for gone, heir in self._heirs.items():
            if heir.id in moved:
                self._point(gone, moved[heir.id])

    def _point(self, old: int, new: int) -> None:
        self.catalogue.connection.execute("UPDATE captures SET refers_to = ? WHERE refers_to = ?", (new, old))

    def moved(self, moved: Mapping[int, int]) -> None:
        """Take in what captures are called now, those that became carriers among them."""
        for gone, heir in list(self._heirs.items()):
            if heir.id in moved and (capture := self.catalogue.capture(moved[heir.id])):
                self._becoming.pop(heir.id, None)
                self._heirs[gone] = capture
