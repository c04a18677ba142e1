"""The malware scanner: a clamd, asked over its own protocol (INSTREAM), one connection a file."""

import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

SECONDS = 90.0
"""How long one file may take in all."""

_PIECE = 64 * 1024
_MOST_ANSWER = 4096
_FOUND = re.compile(rb"stream: ([\x21-\x7e][\x20-\x7e]{0,200}) FOUND")
_TOO_LARGE = b"size limit exceeded"


class UnableToScan(Exception):
    """The scanner gave no answer that can be trusted; what was to be scanned counts as unscanned."""


class TooLargeToScan(UnableToScan):
    """The scanner takes no file so large (StreamMaxLength in its configuration)."""


def scan(content: Iterable[bytes], *, address: str, seconds: float = SECONDS) -> str:
    """Return the name of what was found, empty for a clean file; raise UnableToScan otherwise.

    `content` comes in pieces of any length, so that no file needs to fit into memory. `address` is
    host:port or the path of a socket. Only the two answers that clamd gives for a
    scanned file count; everything else, a cut-off or longer one too, is no answer.
    """
    answer = _ask(b"zINSTREAM\0", content, address=address, seconds=seconds)
    if answer == b"stream: OK":
        return ""
    found = _FOUND.fullmatch(answer)
    if found:
        return found[1].decode("ascii")
    if _TOO_LARGE in answer:
        raise TooLargeToScan("The scanner takes no file so large: raise StreamMaxLength there.")
    raise UnableToScan("The scanner answered with no verdict: look into its log.")


def check(*, address: str, seconds: float = 8.0) -> None:
    """Raise UnableToScan unless a clamd answers there."""
    if _ask(b"zPING\0", None, address=address, seconds=seconds) != b"PONG":
        raise UnableToScan("Something answers, but no clamd: check the address.")


def parse(address: str) -> tuple[str, int] | str:
    """Return host and port, or the path of a socket; raise ValueError for what is neither."""
    if address.startswith("/"):
        return address
    host, colon, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise ValueError("neither host:port nor the path of a socket")
    return host, int(port)


def _ask(command: bytes, content: Iterable[bytes] | None, *, address: str, seconds: float) -> bytes:
    """Send a command, and a file in pieces; return the answer before its closing zero byte."""
    until = time.monotonic() + seconds
    try:
        with _line(parse(address), until) as line:
            with suppress(BrokenPipeError, ConnectionResetError):  # clamd says why, then hangs up
                line.sendall(command)
                if content is not None:
                    _stream(line, content, until)
            return _answer(line, until)
    except (OSError, ValueError) as error:
        raise UnableToScan(f"The scanner does not answer ({type(error).__name__}).") from None


@contextmanager
def _line(place: tuple[str, int] | str, until: float) -> Iterator[socket.socket]:
    if isinstance(place, str):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_left(until))
        with line:
            line.connect(place)
            yield line
    else:
        with socket.create_connection(place, timeout=_left(until)) as line:
            yield line


def _stream(line: socket.socket, content: Iterable[bytes], until: float) -> None:
    for chunk in content:
        for start in range(0, len(chunk), _PIECE):
            piece = chunk[start : start + _PIECE]
            line.settimeout(_left(until))
            line.sendall(len(piece).to_bytes(4, "big") + piece)
    line.sendall(bytes(4))


def _answer(line: socket.socket, until: float) -> bytes:
    said = b""
    while b"\0" not in said:
        line.settimeout(_left(until))
        more = line.recv(_MOST_ANSWER)
        if not more or len(said) > _MOST_ANSWER:
            raise UnableToScan("The scanner broke off in the middle of its answer.")
        said += more
    answer, _, rest = said.partition(b"\0")
    if rest:
        raise UnableToScan("The scanner answered more than it was asked.")
    return answer


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
