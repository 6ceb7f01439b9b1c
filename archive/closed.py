"""Files that will not change any more: what the ledger says of each, and the manifest that `sha256sum -c` reads."""

from __future__ import annotations

from pathlib import Path

from archive import durable
from archive.catalogue import Catalogue
from archive.ledger import Entry, Ledger

KIND = "files"  # of the ledger
MANIFEST = "MANIFEST-sha256"


def closed_files(ledger: Ledger) -> dict[str, Entry]:
    """What the ledger says of each closed file that is still there; of one that was rewritten, the last."""
    said: dict[str, Entry] = {}
    for entry in ledger.entries(KIND):
        said.pop(entry["subject"], None)
        if entry["after"]:
            said[entry["subject"]] = entry["after"]
    return said


def manifest(catalogue: Catalogue) -> bytes:
    """The lines of the manifest."""
    lines = (f"{file['sha256']}  {file['name']}\n" for file in catalogue.files() if file["sha256"])
    return "".join(lines).encode()


def write_manifest(folder: Path, catalogue: Catalogue) -> None:
    """Write the digests of closed files as `sha256sum -c` reads them."""
    durable.write_durably(folder / MANIFEST, manifest(catalogue))


def end_closing(folder: Path, *, catalogue: Catalogue, ledger: Ledger) -> None:
    """End what a crash cut short between ledger, catalogue and manifest when a file was closed."""
    noted = {file["name"] for file in catalogue.files()}
    for name, after in closed_files(ledger).items():
        path = folder / name
        if name not in noted and path.is_file() and path.stat().st_size == after["size"]:
            catalogue.add_file(name, **after)
    # Only lines that lack are added: where the two contradict each other, either may be the one that was changed.
    stands, wanted = (
        listed(folder / MANIFEST),
        {file["name"]: file["sha256"] for file in catalogue.files() if file["sha256"]},
    )
    if stands != wanted and stands.items() <= wanted.items():
        write_manifest(folder, catalogue)


def listed(path: Path) -> dict[str, str]:
    """The digests of a manifest by file; none where there is none."""
    lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}
