"""Which directives to robots forbid showing a copy, and to whom they are said."""

from __future__ import annotations

import pytest

from archive import header_forbids_copy, meta_forbids_copy


@pytest.mark.parametrize(
    ("values", "forbidden"),
    [
        ([], False),
        (["noindex, nofollow"], False),
        (["noarchive"], True),
        (["noindex, NoArchive"], True),
        (["none"], True),
        (["all"], False),
        (["googlebot: noarchive"], False),
        (["podium: noarchive"], True),
        (["Podium: noindex, noarchive"], True),
        (["googlebot: noarchive, podium: nofollow"], False),
        (["googlebot: nofollow, archive.org_bot: noarchive"], True),
        (["googlebot: nofollow", "noarchive"], True),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive"], True),
        (["max-snippet: 20, noarchive"], True),
        (["nothing: of the kind"], False),
        ([""], False),
    ],
)
def test_headers(values: list[str], forbidden: bool) -> None:
    assert header_forbids_copy(values) is forbidden


@pytest.mark.parametrize(
    ("tags", "forbidden"),
    [
        ([("robots", "index, follow")], False),
        ([("ROBOTS", "NOINDEX,NOARCHIVE")], True),
        ([("robots", "noindex; noarchive")], True),
        ([("robots", "none")], True),
        ([("googlebot", "noarchive")], False),
        ([("googlebot", "noarchive"), ("podium", "noarchive")], True),
        ([("ia_archiver", "noarchive")], True),
        ([("description", "noarchive")], False),
        ([("robots", "")], False),
    ],
)
def test_meta_elements(tags: list[tuple[str, str]], forbidden: bool) -> None:
    assert meta_forbids_copy(tags) is forbidden
