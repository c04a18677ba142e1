"""A clamd on loopback that speaks INSTREAM, or answers what a test tells it to answer."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

EVIL = b"werkbote-malware-for-tests"
"""What this scanner takes for malware."""


@dataclass(slots=True)
class Scanner:
    """`received` holds each file as it arrived; `says` is the raw answer given to every file.

    An answer of None is the honest verdict, an empty one hangs up; `deaf` hangs up after so many
    bytes of a file, having said `says` before.
    """

    address: str
    received: list[bytes] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    says: bytes | None = None
    deaf: int | None = None

    def answer(self, content: bytes) -> bytes:
        if self.says is not None:
            return self.says
        return b"stream: Test.Evil FOUND\0" if EVIL in content else b"stream: OK\0"


def _read(line: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        more = line.recv(min(length - len(found), 1 << 16))
        if not more:
            raise ConnectionError
        found += more
    return found


def _speak(scanner: Scanner, line: socket.socket) -> None:
    command = b""
    while not command.endswith(b"\0"):
        command += _read(line, 1)
    if command == b"zPING\0":
        line.sendall(b"PONG\0" if scanner.says is None else scanner.says)
        return
    assert command == b"zINSTREAM\0", command
    content = bytearray()
    while length := int.from_bytes(_read(line, 4), "big"):
        content += _read(line, length)
        scanner.pieces.append(length)
        if scanner.deaf is not None and len(content) >= scanner.deaf:
            line.sendall(scanner.says or b"")
            return
    scanner.received.append(bytes(content))
    line.sendall(scanner.answer(bytes(content)))


@contextmanager
def serving(*, path: Path | None = None) -> Iterator[Scanner]:
    """Run it on a free port, or on a socket at `path`, for as long as the block lasts."""
    scanner = Scanner(address=str(path or ""))

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                _speak(scanner, self.request)
            except ConnectionError:
                return

    class Tcp(socketserver.ThreadingTCPServer):
        daemon_threads = True

    class Unix(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    server: socketserver.BaseServer
    if path is not None:
        server = Unix(str(path), Handler)
    else:
        tcp = Tcp(("127.0.0.1", 0), Handler)
        scanner.address = f"127.0.0.1:{tcp.server_address[1]}"
        server = tcp
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield scanner
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
