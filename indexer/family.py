"""The copy family of reports: others that say the same, found when one of them is withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import regex

from archive import Catalogue, Record, Report, fold_plain, strip_marks, urlkey

GRAM = 5  # letters
COPY = 0.7  # of a text's grams: independent reports of one event stay under .5
LEAST = 40  # letters a text must have to be told from chance
# Pinyin that mirrors put behind a character, as in 國(guó).
_GLOSS = regex.compile(r"(?<=\p{Han})[(（]\p{Latin}+[)）]")
_LETTERS = regex.compile(r"[\p{L}\p{N}\p{M}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative(Record):
    """A report that says the same as a withdrawn one, and how that is known."""

    report: str
    url: str
    title: str
    why: str


def find_family(catalogue: Catalogue, pages: Collection[str]) -> tuple[Relative, ...]:
    """Reports outside of these urlkeys that copy one of them, are copied by one, or share most of its text."""
    reports = list(catalogue.reports())
    inside = [report for report in reports if report.urlkey in pages]
    if not inside:
        return ()
    named = {urlkey(report.copy_of) for report in inside if report.copy_of}
    shared = [
        grams for report in inside for version in catalogue.versions(report.id) if (grams := _grams(version.text))
    ]
    outside = (report for report in reports if report.urlkey not in pages)
    return tuple(_relatives(catalogue, outside, pages=pages, named=named, shared=shared))


def _relatives(
    catalogue: Catalogue,
    reports: Iterator[Report],
    *,
    pages: Collection[str],
    named: Collection[str],
    shared: list[frozenset[str]],
) -> Iterator[Relative]:
    for report in reports:
        why = None
        if report.urlkey in named:
            why = "said to be its original"
        elif report.copy_of and urlkey(report.copy_of) in pages:
            why = "said to be a copy of it"
        elif likeness := max(_likenesses(catalogue, report, shared), default=0.0):
            why = f"{likeness:.0%} of the shorter text is in the other"
        if why:
            yield Relative(report=report.id, url=report.url, title=report.title, why=why)


def _likenesses(catalogue: Catalogue, report: Report, shared: list[frozenset[str]]) -> Iterator[float]:
    for version in catalogue.versions(report.id):
        grams = _grams(version.text)
        for other in shared if grams else ():
            contained = len(grams & other) / min(len(grams), len(other))
            if contained >= COPY:
                yield contained


def _grams(text: str) -> frozenset[str]:
    """The text's grams of letters, folded; none of one too short."""
    letters = "".join(_LETTERS.findall(strip_marks(fold_plain(_GLOSS.sub("", text)))))
    return (
        frozenset(letters[i : i + GRAM] for i in range(len(letters) - GRAM + 1))
        if len(letters) >= LEAST
        else frozenset()
    )
