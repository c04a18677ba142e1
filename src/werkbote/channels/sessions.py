"""One HTTP session per event loop: kept alive, never through a proxy, and it knows what has been written."""

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import aiohttp

_CONNECTIONS = 100
_KEEP_ALIVE = 15.0  # seconds; shorter than servers keep an idle connection, so none dies under us
_SESSIONS: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()


@dataclass(slots=True)
class Trail:
    """Whether any byte of one request may have left this process."""

    written: bool = False


def session() -> aiohttp.ClientSession:
    """The session of the running event loop, opened at its first use."""
    loop = asyncio.get_running_loop()
    found = _SESSIONS.get(loop)
    if found is None or found.closed:
        found = _SESSIONS[loop] = _open()
    return found


async def close() -> None:
    """Close the session of the running event loop; call it before the loop ends."""
    found = _SESSIONS.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.close()


def _open() -> aiohttp.ClientSession:
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_mark_written)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE),
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace],
        trust_env=False,
    )


async def _mark_written(
    _session: aiohttp.ClientSession,
    context: SimpleNamespace,
    _parameters: aiohttp.TraceRequestHeadersSentParams,
) -> None:
    """Called right before the first byte is handed to the socket."""
    trail = context.trace_request_ctx
    if isinstance(trail, Trail):
        trail.written = True
