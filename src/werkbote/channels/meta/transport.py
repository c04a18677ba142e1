"""One request to the Graph API: written, timed, capped, and its answer judged."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from werkbote.channels import driver, sessions
from werkbote.channels.meta import wire
from werkbote.domain import failures
from werkbote.domain.events import Json

_ANSWER_CAP = 4 * 1024 * 1024
_CHUNK = 64 * 1024
_CONNECT_SECONDS = 10.0
_OK, _REDIRECT = 200, 300
_BROKEN = (aiohttp.ClientError, TimeoutError, OSError)


class UnusablePath(ValueError):
    """Raised for an id that would lead to another place of the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request: `path` in segments below the version, `form` made anew for every attempt.

    `repeatable` says that running it twice does no harm, so that an unclear outcome is simply
    tried again; `seconds` is the time for all of it.
    """

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Json] | None = None
    form: Callable[[], aiohttp.FormData] | None = None
    repeatable: bool = False
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer's status and body; the body is None when it did not arrive whole."""

    status: int
    raw: bytes | None


async def call(access: driver.Access, request: Call, *, attempt: int = 1) -> wire.Item:
    """The object the API answered with; raises `driver.Unable`.

    Redirects are not followed, proxies of the environment not used, answers over 4 MiB not read.
    """
    trail = sessions.Trail()
    try:
        answer = await _exchange(access, request, trail)
    except _BROKEN:
        # Without a cause: an error of the client may hold the request with its token.
        raise driver.Unable(_unanswered(request, trail, attempt)) from None
    found = _decode(answer.raw)
    if found is not None and _OK <= answer.status < _REDIRECT and "error" not in found:
        return found
    raise driver.Unable(_refused(request, answer, found, attempt))


async def download(
    access: driver.Access, url: str, *, sink: Callable[[bytes], object], limit: int
) -> int:
    """Write what lies at a media address to `sink`; returns its size in bytes.

    Raises `driver.Unable`, and `driver.UnusableMedia` beyond `limit` bytes.
    """
    size = 0
    trail = sessions.Trail()
    fetch = Call(method="GET", path=(), repeatable=True, seconds=300.0)
    try:
        async with _request(access, fetch, URL(url, encoded=True), trail) as response:
            if response.status != _OK:
                answer = _Answer(response.status, None)
                raise driver.Unable(_refused(fetch, answer, None, 1))
            async for chunk in response.content.iter_chunked(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise driver.UnusableMedia(
                        f"The file is larger than {limit} bytes; ask for a smaller one."
                    )
                sink(chunk)
    except _BROKEN:
        raise driver.Unable(_unanswered(fetch, trail, 1)) from None
    return size


async def _exchange(access: driver.Access, request: Call, trail: sessions.Trail) -> _Answer:
    async with _request(access, request, _url(access, request.path), trail) as response:
        try:
            raw = await _read(response)
        except _BROKEN:
            raw = None
        return _Answer(response.status, raw)


def _request(
    access: driver.Access, request: Call, url: URL, trail: sessions.Trail
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    return sessions.session().request(
        request.method,
        url,
        params=request.query or None,
        json=request.body,
        data=request.form() if request.form else None,
        headers={"Authorization": f"Bearer {access.token}"},
        allow_redirects=False,
        timeout=aiohttp.ClientTimeout(
            total=request.seconds, connect=_CONNECT_SECONDS, sock_read=request.seconds
        ),
        trace_request_ctx=trail,
    )


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The whole body, or None when it is larger than any answer should be."""
    found = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        found += chunk
        if len(found) > _ANSWER_CAP:
            return None
    return bytes(found)


def _url(access: driver.Access, path: tuple[str, ...]) -> URL:
    segments = [access.version, *path]
    if any(not segment.strip(".") for segment in segments):
        raise UnusablePath("An id must not be empty or consist of dots.")
    below = "/".join(quote(segment, safe="") for segment in segments)
    return URL(f"{access.base_url.rstrip('/')}/{below}", encoded=True)


def _decode(raw: bytes | None) -> wire.Item | None:
    try:
        found = orjson.loads(raw) if raw else None
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _unanswered(request: Call, trail: sessions.Trail, attempt: int) -> failures.Verdict:
    transport = failures.Transport.NO_ANSWER if trail.written else failures.Transport.NOT_WRITTEN
    return _eased(request, failures.unanswered(transport, attempt), attempt)


def _refused(
    request: Call, answer: _Answer, found: wire.Item | None, attempt: int
) -> failures.Verdict:
    error = wire.item((found or {}).get("error"))
    code = wire.integer(error.get("code"))
    details = wire.text(wire.item(error.get("error_data")).get("details")) or wire.text(
        error.get("message")
    )
    judged = failures.verdict(code, answer.status, details, attempt)
    return _eased(request, judged, attempt)


def _eased(request: Call, verdict: failures.Verdict, attempt: int) -> failures.Verdict:
    return failures.harmless(verdict, attempt) if request.repeatable else verdict
