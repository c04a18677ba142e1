"""Tests of the web server: heads too long or too slow, bodies that stop, streams at the end, shared ports."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import simulator
from werkbote.config import group, processes, serving

REQUEST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


class App:
    """Answers how many bytes a body had; holds /stream open until it is closed."""

    def __init__(self) -> None:
        self.client: Any = None
        self.headers: Any = None
        self._closing = asyncio.Event()

    async def close(self) -> None:
        self._closing.set()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.client = scope["client"]
        size = 0
        more = True
        while more:
            part = await receive()
            if part["type"] == "http.disconnect":
                return
            size += len(part["body"])
            more = part["more_body"]
        self.headers = scope["headers"]
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"] == "/stream":
            await send({"type": "http.response.body", "body": b"begun", "more_body": True})
            await self._closing.wait()
        await send({"type": "http.response.body", "body": b"%d bytes" % size})


@contextlib.contextmanager
def running(app: App) -> Iterator[tuple[serving.Server, int]]:
    port = simulator.free_port()
    config = serving.configured(app, host="127.0.0.1", port=port, lifespan="off")
    server = serving.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        yield server, port
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def port(app: App) -> Iterator[int]:
    with running(app) as (_, port):
        yield port


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 60)


def answer(line: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while data := line.recv(65536):
            found += data
    return found


def answers(line: socket.socket, word: bytes) -> bytes:
    """Return what comes until a word."""
    found = b""
    while word not in found:
        data = line.recv(65536)
        assert data, found
        found += data
    return found


@pytest.mark.parametrize("size", [0, 10, 100_000, 4_000_000])
def test_bodies_of_any_size_arrive_with_their_head_or_after_it(port: int, size: int) -> None:
    with connected(port) as line:
        for _ in range(3):
            line.sendall(REQUEST % size + b"x" * size)
            assert b"%d bytes" % size in answers(line, b" bytes")


def test_many_requests_of_one_connection_are_not_added_up(port: int) -> None:
    with connected(port) as line:
        for _ in range(serving.MOST_HEAD_BYTES // 500):
            line.sendall(REQUEST % 1000 + b"x" * 1000)
            answers(line, b"1000 bytes")


def test_requests_sent_at_once_are_answered_in_order(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"".join(REQUEST % size + b"x" * size for size in (3, 2, 1)))
        found = answers(line, b"1 bytes")
    assert found.index(b"3 bytes") < found.index(b"2 bytes") < found.index(b"1 bytes")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 400_000,
        b"GET /" + b"a" * 400_000,
        b"GET / HTTP/1.1\r\n" + b"X-Many: a\r\n" * 40_000,
    ],
    ids=["one header", "address", "many headers"],
)
def test_a_head_that_does_not_end_is_refused(port: int, head: bytes) -> None:
    with connected(port) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(head)
        assert b"400 Bad Request" in answer(line)[:30]


@pytest.mark.parametrize(
    "fields",
    [b"X-Long: " + b"a" * 400_000, b"X-Many: a\r\n" * 40_000],
    ids=["one field", "many fields"],
)
@pytest.mark.parametrize("body", [b"", b"3\r\nabc\r\n"], ids=["no body", "a body"])
def test_fields_behind_a_body_that_do_not_end_are_refused(
    port: int, body: bytes, fields: bytes
) -> None:
    with connected(port) as line:
        line.sendall(CHUNKED + body)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(b"0\r\n" + fields)
        assert b"400 Bad Request" in answer(line)[:30]


def test_fields_behind_a_body_are_dropped(port: int, app: App) -> None:
    with connected(port) as line:
        line.sendall(CHUNKED + b"3\r\nabc\r\n0\r\nX-Late: a\r\n\r\n")
        answers(line, b"3 bytes")
        assert app.headers == [(b"host", b"a"), (b"transfer-encoding", b"chunked")]


@pytest.mark.parametrize(
    "broken",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n\x00",
    ],
    ids=["tls", "nonsense", "length", "two framings", "two lengths", "space in name", "zero byte"],
)
def test_what_is_no_http_is_refused_and_closed(port: int, broken: bytes) -> None:
    with connected(port) as line:
        line.sendall(broken)
        assert b" 400 " in answer(line)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\nHost:", REQUEST % 0 + b"GET"],
    ids=["nothing", "half a head", "half a second head"],
)
def test_a_head_that_does_not_come_is_given_up(
    port: int, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.2)
    with connected(port) as line:
        line.sendall(begun)
        assert answer(line).count(b"200 OK") == begun.count(b"\r\n\r\n")


def test_a_body_that_stops_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.2)
    with connected(port) as line:
        line.sendall(REQUEST % 1000 + b"x")
        assert answer(line) == b""


def test_a_connection_that_waits_for_its_answer_stays(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.1)
    with connected(port) as line:
        line.sendall(b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        answers(line, b"begun")
        line.settimeout(2.5)
        with pytest.raises(TimeoutError):
            line.recv(10)


def test_open_streams_end_when_the_server_stops(app: App) -> None:
    with running(app) as (server, port), connected(port) as line:
        line.sendall(b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        answers(line, b"begun")
        server.should_exit = True
        assert answer(line).endswith(b"0 bytes\r\n0\r\n\r\n")


def test_connections_above_the_bound_are_hung_up_and_those_below_served(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "most_connections", lambda: 1)
    with connected(port) as first:
        first.sendall(REQUEST % 0)
        answers(first, b"0 bytes")
        with connected(port) as second:
            assert answer(second) == b""
        first.sendall(REQUEST % 0)
        answers(first, b"0 bytes")


@pytest.mark.shows("S-18")
def test_an_answer_names_no_server_and_believes_no_forwarded_address(port: int, app: App) -> None:
    with connected(port) as line:
        line.sendall(
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
        )
        head = answer(line).lower()
    assert b"server:" not in head
    assert b"uvicorn" not in head
    assert app.client[0] == "127.0.0.1"


def test_two_servers_share_a_port_and_one_alone_does_not(tmp_path: Any) -> None:
    port = simulator.free_port()
    words = group.web_words("127.0.0.1", port, shared=True)
    around = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "werkbote.config.settings",
        "WERKBOTE_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    servers = [subprocess.Popen([sys.executable, *words], env=around) for _ in range(2)]
    try:
        until(lambda: processes.speaks_http("127.0.0.1", port, "/healthz"))
        time.sleep(0.2)
        servers[0].send_signal(signal.SIGTERM)
        servers[0].wait(60)
        until(lambda: processes.speaks_http("127.0.0.1", port, "/healthz"))
        assert servers[1].poll() is None
        alone = subprocess.run(
            [sys.executable, *group.web_words("127.0.0.1", port)],
            env=around,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert alone.returncode != 0
        assert "in use" in alone.stderr
    finally:
        for server in servers:
            server.kill()
            server.wait(60)
