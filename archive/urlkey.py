"""Keys of addresses: the SURT key of the field, and the key under which all forms of one report stand.

SURT (`org,example)/path?query`) does not count scheme and `www.`, and reads hosts from the top-level domain down,
so that keys of one site sort together.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import urlsplit

from archive.address import MISREAD, REMEMBERED, normalise

# A change of what `urlkey` gives needs a step in schema/ that brings catalogues up, as 0003 does.
DIGITS = 12  # of a report's id: 48 bits, one clash expected among 16 million reports

NUMERIC = re.compile(r"[\d.]+|\[.*\]")
WWW = re.compile(r"www\d{0,3}\.(?=[^.]+\.)")
# Labels of hosts that give the same pages for telephones.
FORM_HOST = frozenset(("m", "mobile", "wap", "3g", "touch", "amp", "print"))
FORM_FOLDER = re.compile(r"^/(m|mobile|wap|amp|print)(?=/[^/])", re.IGNORECASE)
FORM_END = re.compile(
    r"(?<=[^/])(/(amp|print|printable|mobile)|\.(amp|print)|[._-](amp|print)(?=\.s?html?))(?=(\.s?html?)?$)",
    re.IGNORECASE,
)
FORM_NAME = re.compile(
    r"(amp|print|printable|printer|printpage|mobile|nomobile)(=(1|0|true|false|yes|no|y|n|on|off)?)?", re.IGNORECASE
)
FORM_VALUE = re.compile(
    r"(format|view|mode|display|output|outputtype|action|layout|type|do)=(amp|print|printable|mobile|wap)|tmpl=component",
    re.IGNORECASE,
)
BLOGGER = re.compile(r"m=[01]")  # alone only: elsewhere it is a month
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# Means the same escaped or not (RFC 3986, 2.3), with the marks of 2.2 that no server parts a path by.
SAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@!$'(),*:")


@lru_cache(maxsize=REMEMBERED)
def urlkey(url: str) -> str:
    """The key all forms of a report share: http and https, www, mobile, AMP and print; the id of a report is its hash.

    Of an address that is no web address (an import may hold any) the text itself.
    """
    try:
        parts = urlsplit(normalise(url))
    except ValueError:
        return url.strip()
    host = _without_form(_without_www(parts.hostname or ""))
    path = _without_slash(_path_of_report(_same_escapes(parts.path)))
    query = _query_of_report(parts.query)
    return f"{_reversed(host)}{_port(parts.port)}){path}" + (f"?{query}" if query else "")


def surt(url: str) -> str:
    """The SURT key other tools of the field look an address up by: all small letters, mobile and print hosts apart."""
    try:
        parts = urlsplit(normalise(url))
    except ValueError:
        return url.strip()
    host = _without_www(parts.hostname or "")
    labels = ",".join(reversed(host.split("."))) if ":" not in host else host
    path = _without_slash(re.sub(r"/{2,}", "/", _same_escapes(parts.path)))
    query = "&".join(sorted(_same_escapes(parts.query).split("&")))
    return (f"{labels}{_port(parts.port)}){path}" + (f"?{query}" if query else "")).lower()


def is_form(url: str) -> bool:
    """Whether a web address is that of a page's mobile, AMP or print form, rather than of the page itself."""
    parts = urlsplit(normalise(url))
    host, path = _without_www(parts.hostname or ""), _without_slash(_same_escapes(parts.path))
    pairs = len([pair for pair in parts.query.split("&") if pair])
    kept = len([pair for pair in _query_of_report(parts.query).split("&") if pair])
    return host != _without_form(host) or path != _path_of_report(path) or pairs != kept


def report_id(urlkey: str) -> str:
    """The id of the report under an urlkey: 12 hexadecimal digits."""
    return hashlib.sha256(urlkey.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _without_www(host: str) -> str:
    return WWW.sub("", host, count=1) if host.startswith("www") else host


def _without_form(host: str) -> str:
    """The host without the labels of its telephone forms, wherever they stand before the last two."""
    labels = host.split(".")
    if len(labels) < 3 or NUMERIC.fullmatch(host):
        return host
    kept = [label for label in labels[:-2] if label not in FORM_HOST]
    return _without_www(".".join([*kept, *labels[-2:]]))


def _reversed(host: str) -> str:
    # An address in numbers has no top level to start from.
    return host if NUMERIC.fullmatch(host) or ":" in host else ",".join(reversed(host.split(".")))


def _port(port: int | None) -> str:
    return f":{port}" if port else ""


def _path_of_report(path: str) -> str:
    path = FORM_FOLDER.sub("", path)
    return FORM_END.sub("", path.rstrip("/")) or "/"


def _without_slash(path: str) -> str:
    return path.rstrip("/") or "/"


def _query_of_report(query: str) -> str:
    pairs = [MISREAD.sub("", _same_escapes(pair)) for pair in query.split("&") if pair]
    if len(pairs) == 1 and BLOGGER.fullmatch(pairs[0]):
        return ""
    return "&".join(sorted(pair for pair in pairs if not FORM_NAME.fullmatch(pair) and not FORM_VALUE.fullmatch(pair)))


def _same_escapes(text: str) -> str:
    """Escapes in capitals, and none where the sign itself means the same."""
    if "%" not in text:
        return text

    def plain(match: re.Match[str]) -> str:
        sign = chr(int(match[1], 16))
        return sign if sign in SAME else match[0].upper()

    return ESCAPE.sub(plain, text)
