"""The date in an address: /2025/07/16/, t20250716_123.html, /2007/10-27/."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

from archive import Precision, Published

_YEAR = r"(?<!\d)(?P<y>199\d|20\d\d)"
_DAYS = (
    re.compile(rf"{_YEAR}[/_.-](?P<m>0?[1-9]|1[0-2])[/_.-](?P<d>0[1-9]|[12]\d|3[01]|[1-9])(?!\d)"),
    re.compile(rf"{_YEAR}[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    # A number of the page may follow at once, then it is long: 20250716103000, 2025071612345.
    re.compile(rf"{_YEAR}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=\d{{3}})"),
)
_MONTH = re.compile(rf"{_YEAR}(?:[/_-](?P<m>0[1-9]|1[0-2])|(?<=/\d{{4}})(?P<n>0[1-9]|1[0-2]))(?=[/_.]|$)")
_YEAR_ALONE = re.compile(rf"(?<=/){_YEAR}(?=/)")


def date_in_address(url: str) -> Published | None:
    """The date that path or query hold, as precise as they are, or None."""
    parts = urlsplit(url)
    where = f"{parts.path}?{parts.query}"
    for pattern in _DAYS:
        for match in pattern.finditer(where):
            if date := _date(int(match["y"]), int(match["m"]), int(match["d"])):
                return Published(date=date, how="in the address")
    if month := _MONTH.search(where):
        date = dt.date(int(month["y"]), int(month["m"] or month["n"]), 1)
        return Published(date=date, precision=Precision.MONTH, how="in the address")
    if year := _YEAR_ALONE.search(where):
        return Published(date=dt.date(int(year["y"]), 1, 1), precision=Precision.YEAR, how="in the address")
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
