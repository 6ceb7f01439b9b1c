"""Which network addresses may be connected to: public ones, and loopback for named test hosts."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Collection

from crawler.errors import AddressError, DeadlineError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# Prefixes whose last 32 bits are an IPv4 address that a gateway may connect to (RFC 6052; RFC 4291, 2.5.5.1).
EMBEDDING = tuple(ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))


def may_connect(address: str, *, host: str, test_hosts: Collection[str]) -> bool:
    """Whether an address a host resolved to may be connected to.

    The address is judged, never the name: a public name may lead to a private address, and 127.0.0.1 has many
    spellings. Only a host named by its own spelling among the test hosts may lead to loopback.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.is_loopback:
        return host in test_hosts
    return all(_is_public(part) for part in _parts(ip))


def _parts(ip: IPAddress) -> list[IPAddress]:
    """The address, and every IPv4 address written inside it."""
    if ip.version == 4:
        return [ip]
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if any(ip in network for network in EMBEDDING):
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [ip, *(part for part in inner if part is not None)]


def _is_public(ip: IPAddress) -> bool:
    if ip.version == 6 and ip.ipv4_mapped is not None:
        return True  # judged by its IPv4 part
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def resolve(host: str, port: int, *, test_hosts: Collection[str], seconds: float) -> tuple[str, ...]:
    """The addresses of a host that may be connected to, within so many seconds.

    Raises AddressError when the host has none, DeadlineError when the resolver takes longer, OSError when it fails.
    """
    found = _lookup(host, port, seconds)
    allowed = tuple(address for address in found if may_connect(address, host=host, test_hosts=test_hosts))
    if not allowed:
        raise AddressError(f"{host} leads to {', '.join(found)}, which is no public address")
    return allowed


def _lookup(host: str, port: int, seconds: float) -> list[str]:
    """What the resolver says, in its order, each address once."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except UnicodeError as exc:  # a label that is empty or too long
            answers.put(OSError(f"{host[:80]!r} is no host name: {exc}"))
        except OSError as exc:
            answers.put(exc)

    # getaddrinfo knows no timeout: a thread that outlives its question is let go.
    threading.Thread(target=ask, name=f"resolve {host[:40]}", daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty as exc:
        raise DeadlineError(f"the name {host} was not resolved in time") from exc
    if isinstance(answer, OSError):
        raise answer
    return answer
