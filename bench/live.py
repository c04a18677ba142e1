"""Live: what 50 open streams cost the web process while five messages a second arrive.

The streams are the product's own server-sent events over HTTP, with a session each page has. Messages
come signed through the webhook and the worker. The figure is the web process's processor time: at rest
with open streams, and under messages, with the intake of those messages in it. What a page fetches when
it hears of a change is not in it: `rows_cpu_ms` of the bench `inbox` says what one such fetch of the list costs.
"""

import contextlib
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench import load, place, staff

_PAGES = 50
_RATE = 5.0


def run(where: place.Place) -> dict[str, Any]:
    """Return the share of one core, in percent, and how many events reached the pages."""
    dealer = place.dealer(where)
    keys = [staff.session(dealer, number) for number in range(2)]
    seconds = where.scaled(20, 2)
    with place.web(where) as web, place.worker(where), _streams(where, keys) as streams:
        time.sleep(where.scaled(3, 1))
        rest = _share(web.pid, seconds, lambda: time.sleep(seconds))
        _drained(streams)
        order = load.Order(
            port=where.environment.port,
            path=f"/hooks/meta/{dealer.slug}",
            number=dealer.phone_number_id,
            account=dealer.account_id,
            secret=dealer.secret,
            run=secrets.token_hex(8),
            connections=2,
            rate=_RATE,
            seconds=float(seconds),
            most=round(_RATE * seconds),
        )
        sent: list[load.Figures] = []
        busy = _share(web.pid, seconds, lambda: sent.append(load.send(where.surroundings(), order)))
        time.sleep(1)
        events = _drained(streams)
    return {
        "pages": len(streams),
        "messages": sent[0].answered,
        "events": events,
        "events_expected": sent[0].answered * len(streams),
        "rest_percent": rest,
        "load_percent": busy,
    }


def _share(root: int, seconds: float, act: Callable[[], object]) -> float:
    """Return the percent of one core a process and its descendants use while something happens for `seconds`."""
    before = place.cpu_seconds(root)
    act()
    return round((place.cpu_seconds(root) - before) / seconds * 100, 1)


@contextmanager
def _streams(where: place.Place, keys: list[str]) -> Iterator[list[socket.socket]]:
    """Open the streams of all pages, half of them each member's, and close them afterwards."""
    from django.conf import settings  # noqa: PLC0415 -- settings exist only after the place

    with contextlib.ExitStack() as opened:
        streams = []
        for page in range(_PAGES):
            address = (place.HOST, where.environment.port)
            stream = opened.enter_context(socket.create_connection(address, 30))
            cookie = f"{settings.SESSION_COOKIE_NAME}={keys[page % len(keys)]}"
            stream.sendall(
                f"GET /live HTTP/1.1\r\nHost: {place.HOST}\r\nCookie: {cookie}\r\n\r\n".encode()
            )
            if b" 200 " not in stream.recv(64):
                raise place.UnableToMeasure("A stream was not opened.")
            streams.append(stream)
        yield streams


def _drained(streams: list[socket.socket]) -> int:
    """Read what the streams hold and return how many changes it tells of."""
    changes = 0
    for stream in streams:
        stream.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while part := stream.recv(1 << 20):
                changes += part.count(b"event: change")
    return changes
