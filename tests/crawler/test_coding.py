from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coding import decode, gunzip
from crawler.errors import SizeError


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


CODERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}


@given(st.binary(max_size=300_000), st.lists(st.sampled_from(sorted(CODERS)), max_size=3))
def test_what_was_coded_is_decoded(body: bytes, codings: list[str]) -> None:
    coded = body
    for coding in codings:
        coded = CODERS[coding](coded)
    assert decode(coded, ", ".join(codings), limit=1_000_000) == body


@given(st.binary(min_size=1, max_size=1000))
def test_bare_deflate_is_decoded_too(body: bytes) -> None:
    assert decode(raw_deflate(body), "deflate", limit=10_000) in (body, raw_deflate(body))


@given(st.binary(max_size=200), st.sampled_from([*sorted(CODERS), "zstd", "identity"]))
def test_any_bytes_under_any_coding_give_bytes(body: bytes, coding: str) -> None:
    assert isinstance(decode(body, coding, limit=10_000_000), bytes)


def test_limit_is_exact() -> None:
    assert len(decode(gzip.compress(bytes(1000)), "gzip", limit=1000)) == 1000
    with pytest.raises(SizeError, match="1,000 bytes"):
        decode(gzip.compress(bytes(1001)), "gzip", limit=1000)


def test_large_brotli_body_is_decoded_whole() -> None:
    body = bytes(range(256)) * 10_000
    assert decode(brotli.compress(body), "br", limit=3_000_000) == body


def test_gzip_file_of_several_members_is_one_content() -> None:
    assert gunzip(gzip.compress(b"a") + gzip.compress(b"b"), limit=10) == b"ab"
    assert gunzip(b"<xml/>", limit=10) == b"<xml/>"
