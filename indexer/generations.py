"""The folder of the index: which generation readers use, and files that survive a power cut.

index/CURRENT       the name of a generation's folder, replaced at once
index/0001/         a Whoosh index, its STAMP (versions it was built by, and catalogue sequence) beside it
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from archive import write_durably
from indexer.analysis import analysis_stamp
from indexer.errors import DamagedIndexError, NoIndexError
from indexer.segments import FORMAT, read_contents

CURRENT = "CURRENT"
STAMP = "STAMP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an index was made by, and up to which change of the catalogue."""

    built_by: str
    sequence: int


def index_stamp() -> str:
    """The versions of analysis and files that an index of this program has."""
    return f"{analysis_stamp()} segments-{FORMAT}"


def current(index: Path) -> Path:
    """The folder readers use; NoIndexError when there is none."""
    try:
        name = (index / CURRENT).read_text("ascii").strip()
    except FileNotFoundError as exc:
        raise NoIndexError(f"{index}: nothing is indexed yet; run: podium index") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise DamagedIndexError(f"{index / CURRENT}: cannot be read; run: podium index --rebuild") from exc
    return index / name


def next_folder(index: Path) -> Path:
    """A name for a folder beside all that are there."""
    taken = [int(path.name) for path in index.iterdir() if path.is_dir() and path.name.isdigit()]
    return index / f"{max(taken, default=0) + 1:04d}"


def make_current(folder: Path) -> None:
    """Let readers use `folder`; keep the one they used before for those still reading, and drop older ones."""
    index = folder.parent
    before = _named(index)
    write_durably(index / CURRENT, f"{folder.name}\n".encode())
    for path in index.iterdir():
        if path.is_dir() and path.name.isdigit() and path.name not in (folder.name, before):
            shutil.rmtree(path, ignore_errors=True)


def _named(index: Path) -> str:
    try:
        return (index / CURRENT).read_bytes().decode("ascii", "replace").strip()
    except OSError:
        return ""


def read_stamp(folder: Path) -> Stamp:
    """The stamp of a generation; NoIndexError when other versions built it than this program's."""
    try:
        stamp = Stamp(**json.loads((folder / STAMP).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as exc:
        raise DamagedIndexError(f"{folder / STAMP}: cannot be read; run: podium index --rebuild") from exc
    if stamp.built_by != index_stamp():
        raise NoIndexError(
            f"{folder}: built by other versions ({stamp.built_by}; these are {index_stamp()}); run: podium index --rebuild"
        )
    return stamp


def is_stale(index: Path) -> bool:
    """Whether the index is there and was built by other versions than this program's."""
    try:
        read_stamp(current(index))
    except DamagedIndexError:
        return False
    except NoIndexError:
        return (index / CURRENT).exists()
    return False


def write_stamp(folder: Path, sequence: int) -> None:
    """Say which change of the catalogue a generation has reached."""
    stamp = Stamp(built_by=index_stamp(), sequence=sequence)
    write_durably(folder / STAMP, json.dumps(asdict(stamp)).encode())


def generation(folder: Path) -> str:
    """The name of the newest state of an index: its folder and commit."""
    return f"{folder.name}.{read_contents(folder).commit}"
