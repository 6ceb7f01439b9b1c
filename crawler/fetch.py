"""Fetch: one request, one answer, within one deadline; the body as it was received."""

from __future__ import annotations

import datetime as dt
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import metadata
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.cookies import extract_cookies_to_jar

from archive import Record, Settings, normalise
from crawler.coding import decode
from crawler.connection import MAX_HEAD, CheckedAdapter, Exchange, tls_context
from crawler.errors import AddressError, CrawlError, DeadlineError, NoConnectionError, SizeError

PRODUCT = "Podium"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CODINGS = "gzip, deflate, br"
STEP = 65_536
MAX_COOKIES = 50  # kept of a host while a run lasts
REDIRECTS = (301, 302, 303, 307, 308)

Headers = Sequence[tuple[str, str]]


class Cause(StrEnum):
    """Why a request gave no answer."""

    ADDRESS = "address refused"
    NAME = "name not resolved"
    CONNECTION = "no connection"
    DEADLINE = "too slow"
    SIZE = "too large"
    CERTIFICATE = "no valid certificate"
    PROTOCOL = "no valid answer"

    @property
    def silent(self) -> bool:
        """Whether the host did not answer at all, as one that is gone."""
        return self in (Cause.NAME, Cause.CONNECTION)


OWN_CAUSES: dict[type[CrawlError], Cause] = {
    AddressError: Cause.ADDRESS,
    DeadlineError: Cause.DEADLINE,
    NoConnectionError: Cause.CONNECTION,
    SizeError: Cause.SIZE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult(Record):
    """An answer. `body` has its transfer coding undone and its content coding kept."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched: dt.datetime
    ip: str | None
    request_headers: tuple[tuple[str, str], ...]  # the request line (method and target, protocol) first
    decoded: bytes | None = None  # the body with its content coding undone, where that was done already

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def content_type(self) -> str:
        """The Content-Type header, charset and all; "" when none was sent."""
        return self.header("Content-Type") or ""

    @property
    def location(self) -> str | None:
        """Where a redirect leads, absolute; None for any other answer, or when it leads to no web address."""
        return location_of(self.url, self.status, self.headers)

    def content(self, *, limit: int) -> bytes:
        """The body with its content coding undone; SizeError when it grows over `limit` bytes."""
        if self.decoded is not None and len(self.decoded) <= limit:
            return self.decoded
        return decode(self.body, self.header("Content-Encoding") or "", limit=limit)


def location_of(url: str, status: int, headers: Headers) -> str | None:
    """Where an answer with these headers leads, absolute; None when it is no redirect, or leads to no web address."""
    target = next((value for key, value in headers if key.lower() == "location"), None)
    if status not in REDIRECTS or not target:
        return None
    try:
        return normalise(urljoin(url, target))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Record):
    """No answer, and why."""

    url: str
    cause: Cause
    detail: str

    @property
    def reason(self) -> str:
        """The whole reason in words."""
        return f"{self.cause}: {self.detail}" if self.detail else str(self.cause)


def user_agent(settings: Settings) -> str:
    """The honest name this crawler gives: product, version, and how to reach whoever runs it."""
    try:
        version = metadata.version(PRODUCT.lower())
    except metadata.PackageNotFoundError:
        version = "0"
    contact = "".join(c for c in settings.contact if " " <= c <= "~" and c not in "()")
    return f"{PRODUCT}/{version} (+{contact})" if contact else f"{PRODUCT}/{version}"


class Fetcher:
    """Fetches from one host over one session; for one thread at a time."""

    def __init__(self, settings: Settings, *, tls: ssl.SSLContext | None = None) -> None:
        """`tls` is shared by the fetchers of a run; without it one is made."""
        self.settings = settings
        self.user_agent = user_agent(settings)
        self.exchange = Exchange(test_hosts=settings.test_hosts)
        self.session = requests.Session()
        # A proxy from the environment would connect in our place, unchecked.
        self.session.trust_env = False
        self.session.headers.clear()
        adapter = CheckedAdapter(self.exchange, tls=tls or tls_context())
        self.session.adapters.clear()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, adapter)

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, seconds: float | None = None
    ) -> FetchResult | Failure:
        """The answer to one request, or why there is none; a redirect is an answer, and not followed.

        `seconds` bounds the whole of it: name, connection, headers, body.
        """
        try:
            url = normalise(url)
        except ValueError as exc:
            return Failure(url=url, cause=Cause.ADDRESS, detail=str(exc))
        try:
            prepared = self._prepared(url, etag, last_modified)
            self.exchange.begin(target=prepared.path_url, seconds=seconds or self.settings.fetch_timeout)
            return self._exchanged(prepared)
        except CrawlError as exc:
            return Failure(url=url, cause=OWN_CAUSES[type(exc)], detail=str(exc))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as exc:
            return Failure(url=url, cause=_cause(exc), detail=_said(exc))

    def _prepared(self, url: str, etag: str | None, last_modified: str | None) -> requests.PreparedRequest:
        headers = {
            "Host": urlsplit(url).netloc,
            "User-Agent": self.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": CODINGS,
            "Connection": "keep-alive",
        }
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        request = requests.Request("GET", url, headers=headers)
        # The session has nothing to add but cookies, and takes its time for it.
        prepared = self.session.prepare_request(request) if self.session.cookies else request.prepare()
        prepared.url = url  # as it was: requests respells some escapes
        return prepared

    def _exchanged(self, prepared: requests.PreparedRequest) -> FetchResult:
        response = self._sent(prepared)
        try:
            body = b"".join(self._received(response.raw))
            result = FetchResult(
                url=str(prepared.url),
                status=response.status_code,
                reason=_header(response.reason or ""),
                headers=tuple((_header(name), _header(value)) for name, value in response.raw.headers.items()),
                body=body,
                fetched=dt.datetime.now(dt.UTC),
                ip=self.exchange.address,
                request_headers=_request_headers(prepared),
            )
            # A body that explodes is not archived.
            return replace(result, decoded=result.content(limit=self.settings.max_body))
        finally:
            response.close()

    def _sent(self, prepared: requests.PreparedRequest) -> requests.Response:
        try:
            return self._send(prepared)
        except requests.ConnectionError as exc:
            # A server may close a kept connection just as it is used again: once more, on a new one.
            if "without response" not in str(exc) and "reset by peer" not in str(exc):
                raise
            return self._send(prepared)

    def _send(self, prepared: requests.PreparedRequest) -> requests.Response:
        # Not through the session: it would prepare the request for where a redirect leads, and fail when that is nowhere.
        adapter = self.session.get_adapter(str(prepared.url))
        response = adapter.send(prepared, stream=True, timeout=self.exchange.remaining(), verify=True)
        if "Set-Cookie" in response.headers and len(self.session.cookies) < MAX_COOKIES:
            # Some pages come only with their cookies.
            extract_cookies_to_jar(self.session.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return response

    def _received(self, raw: urllib3.HTTPResponse) -> Iterator[bytes]:
        limit, size = self.settings.max_body, 0
        if (raw.length_remaining or 0) > limit:
            raise SizeError(
                f"the body is said to have {raw.length_remaining:,} bytes, over {limit:,} (setting max_body)"
            )
        self.exchange.expect(2 * limit + MAX_HEAD)  # the least chunks are half of them heads
        for part in raw.stream(STEP, decode_content=False):
            size += len(part)
            if size > limit:
                raise SizeError(f"the body is larger than {limit:,} bytes (setting max_body)")
            self.exchange.remaining()
            yield part


def _request_headers(prepared: requests.PreparedRequest) -> tuple[tuple[str, str], ...]:
    line = (f"{prepared.method} {prepared.path_url}", "HTTP/1.1")
    return (line, *((name, str(value)) for name, value in prepared.headers.items()))


def _header(text: str) -> str:
    """A part of the head as one line; folded ones (RFC 9112, 5.2) would break the record.

    http.client reads Latin-1 where servers mean UTF-8, and UTF-8 is what the record is written in.
    """
    text = " ".join(text.split()) if any(c in text for c in "\r\n") else text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """An exception and all it stands for: requests wraps what urllib3 wraps."""
    while exc is not None:
        yield exc
        inner = getattr(exc, "reason", None) or next((a for a in exc.args if isinstance(a, BaseException)), None)
        exc = inner if isinstance(inner, BaseException) else exc.__cause__ or exc.__context__


def _cause(exc: BaseException) -> Cause:
    chain = list(_causes(exc))
    kinds: tuple[tuple[Cause, tuple[type[BaseException], ...]], ...] = (
        (Cause.CERTIFICATE, (ssl.SSLCertVerificationError,)),
        (Cause.NAME, (socket.gaierror,)),
        (Cause.DEADLINE, (TimeoutError, urllib3.exceptions.TimeoutError, requests.Timeout)),
    )
    return next((cause for cause, types in kinds if any(isinstance(link, types) for link in chain)), Cause.PROTOCOL)


def _said(exc: BaseException) -> str:
    innermost = list(_causes(exc))[-1]
    said = re.sub(r"^\[Errno -?\d+\] ", "", str(innermost))  # a number says nothing that the words do not
    return " ".join(said.split())[:200]
