"""Telling other people's programs that something changed: one signed POST to an address an owner named."""

import hashlib
import hmac
import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

_SECONDS = 10.0
ACCEPTED = range(200, 300)


class UnableToTell(Exception):
    """The address did not take the news; `problem` is a code."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The address did not take the news ({problem}).")
        self.problem = problem


class UnsafeAddress(ValueError):
    """The address is not one that may be told: no HTTPS, or not out in the open network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is told to whom. `near` allows addresses of this machine, for installations on one."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    body: bytes
    name: str
    at: int
    near: bool


def check(url: str, *, near: bool) -> None:
    """Raise UnsafeAddress unless the address is one that may be told."""
    parts = urlsplit(url)
    local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if near and local and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https" or not parts.hostname or parts.username or local:
        raise UnsafeAddress("The address must begin with https:// and name a public host.")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    if not literal.is_global:
        raise UnsafeAddress("The address must begin with https:// and name a public host.")


def sign(secret: bytes, *, at: int, body: bytes) -> str:
    """Return the signature header of a body: HMAC-SHA256 over the time, a dot and the body."""
    mac = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},sha256={mac.hexdigest()}"


async def tell(order: Order) -> None:
    """Post the body; raise UnableToTell when it is not acknowledged with 2xx within ten seconds."""
    check(order.url, near=order.near)
    headers = {
        "Content-Type": "application/json",
        "X-Werkbote-Delivery": order.name,
        "X-Werkbote-Signature": sign(order.secret, at=order.at, body=order.body),
    }
    status = await post(order.url, body=order.body, headers=headers, near=order.near)
    if status not in ACCEPTED:
        raise UnableToTell(f"http_{status}")


async def post(url: str, *, body: bytes, headers: dict[str, str], near: bool) -> int:
    """Post to an address that was checked, and return the status; raise UnableToTell without answer."""
    connector = aiohttp.TCPConnector(resolver=_Open(near=near))
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status
    except TimeoutError:
        raise UnableToTell("timeout") from None
    except (aiohttp.ClientError, OSError):
        raise UnableToTell("unreachable") from None


class _Open(AbstractResolver):
    """Resolves names to public addresses only, so that no name leads into the inner network."""

    def __init__(self, *, near: bool) -> None:
        self._near = near
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: Any = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        allowed = [one for one in found if self._may(one["host"])]
        if not allowed:
            raise OSError("The name leads to no public address.")
        return allowed

    def _may(self, address: str) -> bool:
        parsed = ipaddress.ip_address(address)
        return parsed.is_global or (self._near and parsed.is_loopback)

    async def close(self) -> None:
        await self._inner.close()
