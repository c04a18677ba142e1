"""The web server's process: uvicorn, with bounds for what strangers send and an end for open streams.

`python -m werkbote.config.serving --host H --port P [--shared]`. It speaks HTTP/1.1 without TLS; a proxy before
it speaks to the internet. Several processes share a port when each is told that it is shared.
"""

import argparse
import asyncio
import gc
import resource
import socket
import sys
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 64 * 1024
"""Request line and headers together, or what follows a piece of a body; browsers and Meta send a few kilobytes."""
HEAD_SECONDS = 30.0
"""From a connection's or a request's first byte until its head is whole."""
SILENT_SECONDS = 60.0
"""How long a body that was announced may pause."""

_APPLICATION = "werkbote.config.asgi:application"
_KEEP_ALIVE_SECONDS = 75
_LAST_REQUESTS_SECONDS = 8
_BACKLOG = 2048
_TICKS_BETWEEN_LOOKS = 10
_YOUNG, _MIDDLE, _OLD = 50_000, 20, 50


def most_connections() -> int:
    """Return how many connections are held at once: half of what this process may have open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 that gives up heads too long or too slow, and bodies that do not come (CWE-400)."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._idle_bytes = 0
        self._steps = 0
        self._whole_head = False
        self._owed = True
        self._since = self._heard = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; hang up where files and the database would soon find no descriptor."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; refuse a head that does not end, and fields behind a body that do not end."""
        steps = self._steps
        self._heard = self.loop.time()
        super().data_received(data)
        if steps != self._steps:
            self._idle_bytes = 0
            return
        self._idle_bytes += len(data)
        if self._idle_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of this request is too long.")

    def on_message_begin(self) -> None:
        """Note when a request began."""
        self._owed, self._since = True, self._heard
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head is whole; fields behind the body (RFC 9110, 6.5.1) do not join it."""
        self._whole_head = True
        self._steps += 1
        super().on_headers_complete()
        self.headers = []

    def on_body(self, body: bytes) -> None:
        """Note that the body goes on."""
        self._steps += 1
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the next thing to come is another head."""
        self._whole_head, self._owed = False, False
        self._steps += 1
        super().on_message_complete()

    def give_up_if_slow(self, now: float) -> None:
        """Close a connection whose request does not come."""
        if not self._owed or self.transport is None or self.transport.is_closing():
            return
        slow_head = not self._whole_head and now - self._since > HEAD_SECONDS
        silent = now - self._heard > SILENT_SECONDS and not self.flow.read_paused
        if slow_head or silent:
            self.transport.close()


class Server(uvicorn.Server):
    """Looks for slow connections once a second, and lets open streams end before it waits for answers."""

    async def on_tick(self, counter: int) -> bool:
        """Do what is due ten times a second; return whether to stop."""
        if counter % _TICKS_BETWEEN_LOOKS == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                assert isinstance(connection, Protocol)
                connection.give_up_if_slow(now)
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what was made until now stays, so the garbage collector need not look at it again."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _OLD)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would never end by itself, then wait for the rest as long as is usual."""
        await self.config.loaded_app.close()
        await super().shutdown(sockets)


def configured(application: Any, *, host: str, port: int, **more: Any) -> uvicorn.Config:
    """Return how an ASGI application is served."""
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        http=Protocol,
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LAST_REQUESTS_SECONDS,
        **more,
    )


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m werkbote.config.serving")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--shared", action="store_true")
    asked = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    family = socket.AF_INET6 if ":" in asked.host else socket.AF_INET
    try:
        ear = socket.create_server(
            (asked.host, asked.port), family=family, backlog=_BACKLOG, reuse_port=asked.shared
        )
    except OSError as error:
        sys.exit(f"Cannot listen on {asked.host} port {asked.port}: {error.strerror}.")
    config = configured(_APPLICATION, host=asked.host, port=asked.port, factory=True, lifespan="on")
    Server(config).run(sockets=[ear])


if __name__ == "__main__":
    main()
