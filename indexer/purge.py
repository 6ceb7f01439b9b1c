"""Purging: reports out of every file of the index, at once; an index that cannot be rewritten is removed."""

from __future__ import annotations

import shutil
from collections.abc import Collection

from archive import Catalogue, Home, fsync_folder
from indexer.errors import NoIndexError
from indexer.generations import CURRENT, current, generation, read_stamp, write_stamp
from indexer.segments import purge as purge_segments


def purge(home: Home, catalogue: Catalogue, reports: Collection[str]) -> str | None:
    """Rewrite the segments that hold these reports and drop all older files; the generation readers now use.

    None when there is no index left: there was none, or it could not be read and was removed, since nobody can say
    what a damaged file holds; `podium index --rebuild` makes it again. The caller holds the index lock.
    """
    if not (home.index / CURRENT).exists():
        _remove(home, keep=None)
        return None
    try:
        folder = current(home.index)
        stamp = read_stamp(folder)
        purge_segments(folder, reports)
    except (NoIndexError, OSError):
        _remove(home, keep=None)
        return None
    _remove(home, keep=folder.name)
    sequence, changed, gone = catalogue.changed_since(stamp.sequence)
    if not changed and set(gone) <= set(reports):
        write_stamp(folder, sequence)  # nothing else was waiting to be indexed
    return generation(folder)


def _remove(home: Home, *, keep: str | None) -> None:
    """Remove the folders of all generations but one."""
    if keep is None:
        (home.index / CURRENT).unlink(missing_ok=True)
    for path in home.index.iterdir():
        if path.is_dir() and path.name != keep:
            shutil.rmtree(path)
    fsync_folder(home.index)
