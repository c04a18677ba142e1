"""Static files: addresses that carry a fingerprint of the content, and the ASGI app that serves them.

There is no collecting step: files are read from where the apps keep them, once, and kept compressed
in memory; a changed file has another address, so that browsers may keep what they have for a year.
"""

import functools
import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import SuspiciousFileOperation

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_FINGERPRINT_LENGTH = 12
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"public, no-cache"


class FingerprintedFiles(StaticFilesStorage):
    """Gives `{% static %}` addresses such as /static/app.css?v=0f3a…; unknown files are an error."""

    def url(self, name: str | None, *_args: object, **_options: object) -> str:
        """Return the address of a static file; raise UnableToFindStatic when there is none."""
        address = super().url(name)
        return f"{address}?v={load(str(name)).fingerprint}"


class UnableToFindStatic(LookupError):
    """A template names a static file that no app has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file as it is sent; `packed` is gzip, empty where that would not help."""

    content_type: str
    fingerprint: str
    body: bytes = field(repr=False)
    packed: bytes = field(repr=False)


@functools.cache
def load(name: str) -> StaticFile:
    """Return a static file by its name below /static/; raise UnableToFindStatic."""
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        found = None
    if not isinstance(found, str) or not Path(found).is_file():
        raise UnableToFindStatic(f"There is no static file {name}: correct the template.")
    path = Path(found)
    body = path.read_bytes()
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    compressible = guessed.startswith(_COMPRESSIBLE)
    packed = gzip.compress(body, mtime=0) if compressible else b""
    return StaticFile(
        content_type=f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed,
        fingerprint=hashlib.sha256(body).hexdigest()[:_FINGERPRINT_LENGTH],
        body=body,
        packed=packed if len(packed) < len(body) else b"",
    )


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Serve GET and HEAD below /static/."""
    name = scope["path"].removeprefix("/static/")
    if scope["method"] not in {"GET", "HEAD"}:
        await _answer(send, status=405, headers=[(b"allow", b"GET, HEAD")], body=b"")
        return
    try:
        file = load(name)
    except (UnableToFindStatic, ValueError, OSError):
        await _answer(send, status=404, headers=[], body=b"")
        return
    sent = dict(scope["headers"])
    tag = f'"{file.fingerprint}"'.encode()
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v", [""])[0]
    headers = [
        (b"content-type", file.content_type.encode()),
        (b"cache-control", _FOREVER if asked == file.fingerprint else _ASK_AGAIN),
        (b"etag", tag),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if sent.get(b"if-none-match") == tag:
        await _answer(send, status=304, headers=headers, body=b"")
        return
    body = file.body
    if file.packed and b"gzip" in sent.get(b"accept-encoding", b""):
        body = file.packed
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    head = scope["method"] == "HEAD"
    await _answer(send, status=200, headers=headers, body=b"" if head else body)


async def _answer(
    send: Send, *, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
