"""Headers of pages that show archived text: not for search engines, canonical to the original, nothing of it run."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, g

from webapp.words import is_web

# Were markup of an archived page ever to slip through, no script of it would run with this site's rights.
SANDBOX = "; sandbox allow-same-origin allow-forms allow-popups allow-top-navigation"
POLICY = "Content-Security-Policy"


def note_copy(url: str) -> None:
    """The answer to this request shows what was archived of an address."""
    g.copy_of = url


def mark_copy(response: Response) -> Response:
    """The answer, marked where it shows a copy."""
    url = g.get("copy_of")
    if url is None:
        return response
    response.headers["X-Robots-Tag"] = "noindex"
    policy = response.headers.get(POLICY, "")
    if "sandbox" not in policy:  # a stricter one stays as it is
        response.headers[POLICY] = f"{policy}{SANDBOX}".lstrip("; ")
    if is_web(url) and response.status_code == 200:
        # RFC 6596; an archived address may hold what no header may.
        response.headers["Link"] = f'<{quote(url, safe=SAFE)}>; rel="canonical"'
    return response


SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '<>"')
