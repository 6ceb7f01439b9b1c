"""One file that holds named numpy arrays: written once, memory-mapped, each with a checksum.

8 bytes   magic
8 bytes   length of the header, little-endian
4 bytes   CRC-32 of the header
header    JSON: total size, and for each array dtype, shape, offset and CRC-32; a free `meta`
arrays    each at a multiple of 64 bytes
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import DamagedIndexError

MAGIC = b"PODIUM\x01\n"
HEAD = struct.Struct("<8sQI")
ALIGN = 64
MADV_POPULATE_READ = 22  # of Linux from 5.14 on; Python has no name for it

Arrays = Mapping[str, NDArray[Any]]


def write_arrays(path: Path, arrays: Arrays, *, meta: Mapping[str, Any]) -> None:
    """Write arrays and meta to a new file; on disk when this returns, its name not yet (fsync the folder)."""
    table: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array)
        table[name] = {
            "dtype": content.dtype.str,
            "shape": content.shape,
            "offset": offset,
            "crc": zlib.crc32(content.data.cast("B") if content.size else b""),
        }
        offset = _aligned(offset + content.nbytes)
    header = json.dumps({"size": offset, "arrays": table, "meta": meta}, ensure_ascii=False).encode()
    with path.open("xb") as file:
        file.write(HEAD.pack(MAGIC, len(header), zlib.crc32(header)) + header)
        start = _aligned(file.tell())
        for name, array in arrays.items():
            file.seek(start + table[name]["offset"])
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
        file.truncate(start + offset)
        file.flush()
        os.fsync(file.fileno())


def _aligned(offset: int) -> int:
    return -(-offset // ALIGN) * ALIGN


class ArrayFile:
    """A mapped file of arrays; `arrays[name]` are views that live as long as they are referred to."""

    def __init__(self, path: Path) -> None:
        """Map a file; DamagedIndexError when it is torn or its header does not hold. The arrays are not read."""
        self.path = path
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < HEAD.size:
                raise self._damaged("is cut off")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header, self._start = self._header()
        self.meta: dict[str, Any] = header["meta"]
        self._table: dict[str, dict[str, Any]] = header["arrays"]
        self.arrays = {name: self._view(entry) for name, entry in self._table.items()}

    def _header(self) -> tuple[dict[str, Any], int]:
        magic, length, crc = HEAD.unpack_from(self._map)
        content = self._map[HEAD.size : HEAD.size + length] if magic == MAGIC and length < len(self._map) else b""
        if not content or zlib.crc32(content) != crc:
            raise self._damaged("its header does not hold")
        header: dict[str, Any] = json.loads(content)
        start = _aligned(HEAD.size + length)
        if len(self._map) != start + header["size"]:
            raise self._damaged("is cut off")
        return header, start

    def _view(self, entry: Mapping[str, Any]) -> NDArray[Any]:
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        count = int(np.prod(shape, dtype=np.int64))
        if not count:
            return np.empty(shape, dtype)
        return np.frombuffer(self._map, dtype, count, self._start + entry["offset"]).reshape(shape)

    @property
    def size(self) -> int:
        """The file's bytes."""
        return len(self._map)

    def populate(self) -> None:
        """Read the file into memory and map its pages, where the system can: each would cost its first reader a fault."""
        with contextlib.suppress(OSError):
            self._map.madvise(MADV_POPULATE_READ)

    def offset(self, name: str) -> int:
        """Where an array begins in the file."""
        return self._start + int(self._table[name]["offset"])

    def verify(self) -> None:
        """Read everything and hold it against the checksums; DamagedIndexError names the first array that fails."""
        for name, entry in self._table.items():
            array = self.arrays[name]
            if zlib.crc32(array.data.cast("B") if array.size else b"") != entry["crc"]:
                raise self._damaged(f"the array {name!r} does not hold")

    def _damaged(self, problem: str) -> DamagedIndexError:
        return DamagedIndexError(f"{self.path}: {problem}; run: podium index --rebuild")
