from __future__ import annotations

import socket
import time

import pytest

from crawler.address import may_connect, resolve
from crawler.errors import AddressError, DeadlineError

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "255.255.255.255", "224.0.0.1", "240.0.0.1", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_may_not_be_connected_to(address: str) -> None:
    assert not may_connect(address, host="example.org", test_hosts=())


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_address_may_be_connected_to(address: str) -> None:
    assert may_connect(address, host="example.org", test_hosts=())


def test_loopback_is_for_test_hosts_by_their_own_name_only() -> None:
    assert may_connect("127.0.0.5", host="127.0.0.5", test_hosts=("127.0.0.5",))
    assert not may_connect("127.0.0.5", host="rebound.example", test_hosts=("127.0.0.5",))
    assert not may_connect("10.0.0.5", host="10.0.0.5", test_hosts=("10.0.0.5",))


def test_name_that_leads_to_private_and_public_addresses_gives_the_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", (address, 80)) for address in ("10.0.0.1", "8.8.8.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    assert resolve("example.org", 80, test_hosts=(), seconds=1) == ("8.8.8.8",)
    found.pop()
    with pytest.raises(AddressError, match=r"example\.org leads to 10\.0\.0\.1"):
        resolve("example.org", 80, test_hosts=(), seconds=1)


def test_resolver_that_hangs_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*args: object, **kwargs: object) -> None:
        time.sleep(0.5)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    started = time.monotonic()
    with pytest.raises(DeadlineError):
        resolve("example.org", 80, test_hosts=(), seconds=0.1)
    assert time.monotonic() - started < 0.4
