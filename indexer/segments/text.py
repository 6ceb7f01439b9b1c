"""Texts as a segment keeps them: all characters of one text as wide as its widest, so that a part is read by itself."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any

_Decoder = Callable[..., tuple[str, int]]
_DECODERS: dict[int, _Decoder] = {1: codecs.latin_1_decode, 2: codecs.utf_16_le_decode, 4: codecs.utf_32_le_decode}


def encode_text(text: str) -> bytes:
    """How many bytes a character takes, as a byte, and the characters."""
    for width, encoding in ((1, "latin-1"), (2, "utf-16-le")):
        try:
            content = text.encode(encoding)
        except UnicodeEncodeError:  # in UTF-16 half of a pair on its own
            continue
        if len(content) == width * len(text):
            return bytes([width]) + content
    return b"\x04" + text.encode("utf-32-le", "surrogatepass")


class Text:
    """A text of a segment; `length` is in characters, `width` in bytes a character."""

    __slots__ = ("_begin", "_content", "_decode", "length", "width")

    def __init__(self, content: Any, start: int, stop: int) -> None:
        """What `encode_text` gave, from `start` to `stop` of a buffer."""
        self._content = content
        self.width = width = int(content[start])
        self._decode = _DECODERS[width]
        self._begin = start + 1
        self.length: int = (stop - start - 1) // width

    def part(self, start: int, end: int) -> str:
        """The characters from `start` to `end`, which lie within the text."""
        begin, width = self._begin, self.width
        return self._decode(self._content[begin + start * width : begin + end * width], "surrogatepass")[0]

    def __str__(self) -> str:
        return self.part(0, self.length)
