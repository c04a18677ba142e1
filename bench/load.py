"""The load generator, a process of its own: `python -m bench.load '<order as JSON>'`, figures as JSON.

Raw sockets with keep-alive. Closed loop: each connection sends its next body when the last one is
answered. With `rate`, an open loop: bodies leave at their time, whatever became of those before.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from itertools import islice

from bench import bodies, place

_MOST_PREPARED = 120_000
_GOOD, _EMPTY = b"HTTP/1.1 200 ", b"\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to send where. `seconds` bounds the run, `most` the number of bodies."""

    port: int
    path: str
    number: str
    account: str
    secret: str
    run: str
    connections: int
    seconds: float = 5.0
    most: int = 20_000
    rate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of it: answers per second and latencies in milliseconds, of status 200 alone."""

    answered: int
    refused: int
    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


def percentile(sorted_values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    if not sorted_values:
        return float("nan")
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def send(surroundings: dict[str, str], order: Order) -> Figures:
    """Run a generator process and return its figures."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.load", json.dumps(asdict(order))],
        env=surroundings,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return Figures(**json.loads(said))


def _request(order: Order, body: bytes) -> bytes:
    head = (
        f"POST {order.path} HTTP/1.1\r\nHost: {place.HOST}:{order.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Hub-Signature-256: {bodies.signature(body, order.secret)}\r\n\r\n"
    )
    return head.encode() + body


class _Line(asyncio.Protocol):
    """One connection: sends a request, reads its answer, tells the run."""

    def __init__(self, run: "_Run") -> None:
        self.run = run
        self.buffer = b""
        self.began = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self, request: bytes, began: float) -> None:
        self.began = began
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if not self.buffer and data.endswith(_EMPTY) and data.startswith(_GOOD):
            self.run.answered(self, good=True)
            return
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        if len(rest) < length:
            return
        self.buffer = b""
        self.run.answered(self, good=head[9:12] == b"200")

    def connection_lost(self, exc: Exception | None) -> None:
        self.run.lost(self, exc)


class _Run:
    def __init__(self, order: Order) -> None:
        self.order = order
        made = bodies.bodies(number=order.number, account=order.account, run=order.run)
        count = min(order.most, _MOST_PREPARED)
        self.requests = deque(_request(order, body) for body in islice(made, count))
        self.idle: list[_Line] = []
        self.due: deque[tuple[bytes, float]] = deque()
        self.latencies: list[float] = []
        self.refused = 0
        self.open = 0
        self.over = asyncio.Event()
        self.until = 0.0

    def next_of(self, line: _Line) -> None:
        now = time.perf_counter()
        if self.order.rate:
            if self.due:
                request, began = self.due.popleft()
                line.send(request, began)
            else:
                self.idle.append(line)
        elif self.requests and now < self.until:
            line.send(self.requests.popleft(), now)
        else:
            self.open -= 1
            if self.open == 0:
                self.over.set()

    def answered(self, line: _Line, *, good: bool) -> None:
        if good:
            self.latencies.append(time.perf_counter() - line.began)
        else:
            self.refused += 1
        self.next_of(line)

    def lost(self, line: _Line, exc: Exception | None) -> None:
        """Take note of a closed connection; one that was never needed may be given up by the server."""
        if line in self.idle and len(self.idle) > 1:
            self.idle.remove(line)
        elif not self.over.is_set():
            raise SystemExit(f"The server closed a connection: {exc}")

    async def run(self) -> Figures:
        loop = asyncio.get_running_loop()
        lines = []
        for _ in range(self.order.connections):
            _, line = await loop.create_connection(lambda: _Line(self), place.HOST, self.order.port)
            lines.append(line)
        self.open = len(lines)
        began = time.perf_counter()
        self.until = began + self.order.seconds
        for line in lines:
            self.next_of(line)
        if self.order.rate:
            await self._pace(began)
        else:
            await self.over.wait()
        took = time.perf_counter() - began
        self.over.set()
        return self._figures(took)

    async def _pace(self, began: float) -> None:
        sent = 0
        while self.requests and time.perf_counter() < self.until:
            now = time.perf_counter()
            while self.requests and began + sent / self.order.rate <= now:
                self.due.append((self.requests.popleft(), began + sent / self.order.rate))
                sent += 1
            while self.idle and self.due:
                self.next_of(self.idle.pop())
            await asyncio.sleep(0.002)
        while len(self.latencies) + self.refused < sent:
            await asyncio.sleep(0.005)
            while self.idle and self.due:
                self.next_of(self.idle.pop())

    def _figures(self, took: float) -> Figures:
        ordered = sorted(self.latencies)
        return Figures(
            answered=len(ordered),
            refused=self.refused,
            per_s=round(len(ordered) / took, 1),
            p50_ms=round(percentile(ordered, 0.50) * 1e3, 2),
            p95_ms=round(percentile(ordered, 0.95) * 1e3, 2),
            p99_ms=round(percentile(ordered, 0.99) * 1e3, 2),
        )


async def _main() -> None:
    figures = await _Run(Order(**json.loads(sys.argv[1]))).run()
    print(json.dumps(asdict(figures)), flush=True)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_main())
