"""Probable originals: what a mirror's page is a copy of, by what the collection says of pages and paths."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.address import normalise
from archive.patterns import moved
from archive.records import Collection, Seed, Source, Trust
from archive.urlkey import urlkey


def probable_original(collection: Collection, source: Source | None, seed: Seed | None, url: str) -> str | None:
    """The address a page was probably published at first: what its seed states, else by the signature its path has.

    Only pages of mirrors have one; None where nothing tells it.
    """
    if seed is not None and seed.original is not None:
        return None if urlkey(seed.original) == urlkey(url) else normalise(seed.original)
    if source is None or source.trust is not Trust.MIRROR:
        return None
    for other in sorted(collection.sources, key=lambda one: one.trust.rank):
        for signature in other.signatures if other is not source else ():
            original = moved(url, signature)
            if original is not None and urlsplit(original).netloc != urlsplit(url).netloc:
                return normalise(original)
    return None
