"""Addresses: normalised for fetching, and as SURT keys for telling two spellings of one page.

The key follows the field's SURT form (`org,example)/path?query`): scheme and `www.` do not count, hosts read
from the top-level domain down, so that keys of one site sort together.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit, urlunsplit

# Added by those who share or send a link; never what a page is known by.
TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|spm|share_token)", re.IGNORECASE)
SESSION = re.compile(r"(jsessionid|phpsessid|aspsessionid\w*|sessionid|sid)", re.IGNORECASE)
PORTS = {"http": 80, "https": 443}
DIGITS = 12  # of a report's id: 48 bits, one clash expected among 16 million reports


def normalise(url: str) -> str:
    """The address as it is fetched: scheme and host lower case, no fragment, dots resolved, tracking dropped.

    The path and query keep their bytes (`@`, `%E2%80%8B`, a lone `%`): old servers answer only to their own
    spelling. Raises ValueError for anything that is no http or https address.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is no http or https address")
    host = _ascii(parts.hostname)
    if parts.port not in (None, PORTS[scheme]):
        host = f"{host}:{parts.port}"
    path = _without_session(_resolve_dots(_escape(parts.path or "/")))
    return urlunsplit((scheme, host, path, _kept_query(_escape(parts.query)), ""))


def urlkey(url: str) -> str:
    """The SURT key of an address; of one that is no web address (an import may hold any), the text itself."""
    try:
        parts = urlsplit(normalise(url))
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    # An address in numbers has no top level to start from.
    labels = [host] if re.fullmatch(r"[\d.]+|.*:.*", host) else host.split(".")[::-1]
    port = f":{parts.port}" if parts.port else ""
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    path = parts.path.rstrip("/") or "/"
    return f"{','.join(labels)}{port}){path}" + (f"?{query}" if query else "")


def report_id(urlkey: str) -> str:
    """The id of the report under an urlkey: 12 hexadecimal digits."""
    return hashlib.sha256(urlkey.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _ascii(host: str) -> str:
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as exc:
        raise ValueError(f"{host[:200]!r} is no host name") from exc


def _escape(text: str) -> str:
    """Spaces and non-ASCII as UTF-8 escapes; everything that is ASCII stays, the sign % too."""
    return quote(text, safe="".join(chr(c) for c in range(0x21, 0x7F)))


def _resolve_dots(path: str) -> str:
    """RFC 3986, 5.2.4: no `.` and `..` segments."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _without_session(path: str) -> str:
    return re.sub(r";(jsessionid|phpsessid)=[^/;]*", "", path, flags=re.IGNORECASE)


def _kept_query(query: str) -> str:
    def counts(pair: str) -> bool:
        name = pair.partition("=")[0]
        return bool(pair) and not TRACKING.fullmatch(name) and not SESSION.fullmatch(name)

    return "&".join(pair for pair in query.split("&") if counts(pair))
