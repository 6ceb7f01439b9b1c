"""Addresses as they are fetched: read as browsers read them, without what says who followed a link and when."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import can_ada

REMEMBERED = 50_000  # addresses: a crawl asks for each several times, and reading one takes 10 µs
# A scheme and something behind it; browsers would take `http:///x` and `http:x` for hosts too, but nobody means that.
WHOLE = re.compile(r"https?:[/\\]{2}[^/\\?#\s]", re.IGNORECASE)
# Added by those who share or send a link, or by a server for one visitor; never what a page is known by.
IDLE = re.compile(
    r"utm_\w+|mtm_\w+|pk_(campaign|kwd|keyword|medium|source|content)|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid"
    r"|yclid|ysclid|twclid|ttclid|li_fat_id|igshid?|mc_[ce]id|mkt_tok|_ga|_gl|_hsenc|_hsmi|spm|share_token|share_source"
    r"|ref_src|ref_url|cmpid|isappinstalled|nsukey|zarsrc|gidzl|vero_id|__twitter_impression"
    r"|jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|oscsid|zenid",
    re.IGNORECASE,
)
# What chat programs call the way a link was passed on; other values of `from` may be what a page is known by.
PASSED_ON = re.compile(r"from=(timeline|singlemessage|groupmessage|groupsdk)", re.IGNORECASE)
# Also the names of articles (`sid=123`) and of meetings: only a value that looks drawn by lot is a session.
MAY_BE_SESSION = re.compile(r"sid|sess|session|sess(ion)?_?id|session_?key", re.IGNORECASE)
DRAWN = re.compile(r"(?=[^a-z]*[a-z])(?=\D*\d)[0-9a-z_-]{6,}|[0-9a-f]{12,}", re.IGNORECASE)
DIGEST = re.compile(r"(s|token)=[0-9a-f]{32,}", re.IGNORECASE)
PATH_SESSION = re.compile(r";(jsessionid|phpsessid|sid)=[^/;]*|(?<=/)\(([a-z]\([^()/]*\))+\)/", re.IGNORECASE)
MISREAD = re.compile(r"^(amp;)+")  # of `&amp;` taken over as it stands


@lru_cache(maxsize=REMEMBERED)
def normalise(url: str) -> str:
    """The address as it is fetched: as browsers read it, no fragment, no credentials, tracking and sessions dropped.

    The path and query keep their bytes (`@`, `%E2%80%8B`, a lone `%`): old servers answer only to their own
    spelling. Raises ValueError for anything that is no http or https address.
    """
    text, settled = _once(url.strip())
    # What is taken away may bare a dot segment or another session: once more, until nothing changes.
    while not settled:
        text, settled = _once(text)
    return text


def resolve(href: str, *, base: str) -> str:
    """The address a link leads to from the page at `base`, normalised; ValueError when it leads to none."""
    path, mark, query = href.strip().partition("?")
    if "\\" in path:
        path = path.replace("\\", "/")  # as browsers do; the standard library takes it for a name
    if path.startswith("/") and not path.startswith("//"):  # most links of a page, at a tenth of the cost
        return normalise(_origin(base) + path + mark + query)
    return normalise(urljoin(base, path + mark + query))


@lru_cache(maxsize=1000)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def _once(url: str) -> tuple[str, bool]:
    """The address with what tells nothing taken away once, and whether nothing was."""
    if not WHOLE.match(url):
        raise ValueError(f"{url[:200]!r} is no http or https address")
    try:
        parts = can_ada.parse(url.encode("utf-8", "replace").decode("utf-8"))
    except ValueError as exc:
        raise ValueError(f"{url[:200]!r} is no address: its host or port cannot be read") from exc
    host = parts.hostname.rstrip(".")
    if not host:
        raise ValueError(f"{url[:200]!r} is no http or https address")
    port = f":{parts.port}" if parts.port else ""
    path = PATH_SESSION.sub("", parts.pathname)
    query = _kept_query(parts.search[1:]) if parts.search else ""
    text = f"{parts.protocol}//{host}{port}{path}" + (f"?{query}" if query else "")
    return text, text == parts.href


def _kept_query(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and _tells(pair))


def _tells(pair: str) -> bool:
    """Whether a part of a query may tell one page from another."""
    name, _, value = MISREAD.sub("", pair).partition("=")
    if IDLE.fullmatch(name) or PASSED_ON.fullmatch(pair) or DIGEST.fullmatch(pair):
        return False
    return not (MAY_BE_SESSION.fullmatch(name) and DRAWN.fullmatch(value))
