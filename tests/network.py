"""Tests talk to this machine alone: every other address is refused before a packet leaves."""

import ipaddress
import socket
from typing import Any

import pytest

_NAMES = {"localhost", "", None}


class ReachedOutside(Exception):
    """A test tried to reach another machine."""


def _is_local(host: Any) -> bool:
    if host in _NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections and name lookups that leave this machine, until `monkeypatch` is undone."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, look_up = socket.socket.sendto, socket.getaddrinfo

    def check(address: Any) -> None:
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise ReachedOutside(f"A test tried to reach {address[0]}: use graphsim on loopback.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(rest[-1])
        return sendto(self, data, *rest)

    def guarded_look_up(host: Any, *rest: Any, **options: Any) -> Any:
        check((host,))
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_sendto)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


async def running() -> bool:
    """Answer for a recipient that nobody has stopped."""
    return False
