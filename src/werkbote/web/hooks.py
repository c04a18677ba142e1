"""The address Meta calls: plain ASGI before Django; nothing is parsed here, nothing answered early.

POST: size cap → signature over the raw bytes → durable → 200. GET: the subscription check.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from werkbote.actions import inbound

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_PREFIX = "/hooks/meta/"
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LENGTH = re.compile(rb"[0-9]{1,12}")
_SIGNATURE = b"x-hub-signature-256"
_PLAIN = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
_KEPT = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
_NOTHING = {"type": "http.response.body", "body": b""}


class BodyTooLarge(Exception):
    """The body exceeds what Meta ever sends."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one webhook call."""
    status, text = await _answer(scope, receive)
    if status is HTTPStatus.OK and not text:
        await send(_KEPT)
        await send(_NOTHING)
        return
    headers = [*_PLAIN, (b"content-length", str(len(text)).encode())]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"5"))
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"GET, POST"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": text})


_REFUSALS: Mapping[type[Exception], tuple[HTTPStatus, bytes]] = {
    BodyTooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"The body is larger than 4 MiB."),
    inbound.UnableToFind: (HTTPStatus.NOT_FOUND, b"There is no number at this address."),
    inbound.UnableToTrust: (HTTPStatus.UNAUTHORIZED, b"The signature is wrong or missing."),
    inbound.UnableToKeep: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        b"The body could not be stored; send it again.",
    ),
}


async def _answer(scope: Scope, receive: Receive) -> tuple[HTTPStatus, bytes]:
    slug = scope["path"].removeprefix(_PREFIX).strip("/")
    try:
        if not scope["path"].startswith(_PREFIX) or not _SLUG.fullmatch(slug):
            raise inbound.UnableToFind("This path names no number.")
        if scope["method"] == "GET":
            return await _challenge(scope, slug)
        if scope["method"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, b"Only GET and POST are answered here."
        await _receive(scope, receive, slug)
    except tuple(_REFUSALS) as refusal:
        return _REFUSALS[type(refusal)]
    return HTTPStatus.OK, b""


async def _challenge(scope: Scope, slug: str) -> tuple[HTTPStatus, bytes]:
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    answer = await inbound.door().challenge(slug=slug, query=query, at=datetime.now(UTC))
    if answer is None:
        return HTTPStatus.FORBIDDEN, b"The verify token is not ours."
    return HTTPStatus.OK, answer.encode()


async def _receive(scope: Scope, receive: Receive, slug: str) -> None:
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"0")
    if not _LENGTH.fullmatch(declared) or int(declared) > inbound.MOST_BODY_BYTES:
        raise BodyTooLarge
    body = await _body(receive)
    signature = headers.get(_SIGNATURE)
    await inbound.door().receive(
        slug=slug,
        signature=signature.decode("latin-1") if signature is not None else None,
        body=body,
        at=datetime.now(UTC),
    )


async def _body(receive: Receive) -> bytes:
    """Return the whole body; raise BodyTooLarge as soon as it exceeds the cap."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise inbound.UnableToKeep("The caller hung up before the body was complete.")
        part = message.get("body", b"")
        size += len(part)
        if size > inbound.MOST_BODY_BYTES:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def startup() -> None:
    """Open the door before the first call; part of the server's start."""
    inbound.door()


async def shutdown() -> None:
    """Write what still waits; part of the server's end."""
    await inbound.close_door()
