"""Imports: a long exported chat read and stored, beside a naive line reader and the reading of its bytes."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import bodies, place
from bench.naive import exports
from werkbote.domain import old_chats

_SPECIAL = (
    "<Medien ausgeschlossen>",
    "IMG-20240313-WA{n:04}.jpg (Datei angehängt)",
    "Diese Nachricht wurde gelöscht.",
    "Standort: https://maps.google.com/?q=52.5,13.4",
)
_CHUNK = 1024 * 1024


def run(where: place.Place) -> dict[str, Any]:
    """Return seconds for reading a chat, alone and stored; lines it accounts for; memory at most."""
    lines = where.scaled(100_000, 3_000)
    path = where.environment.home / "chat.txt"
    path.write_text("".join(_written(lines)))
    size = path.stat().st_size
    bytes_s = _timed(lambda: _bytes(path))
    naive_s = _timed(lambda: exports.read(path))
    parse_s = _timed(lambda: _parsed(path))
    return {
        "lines": lines,
        "megabytes": round(size / 1e6, 1),
        "bytes_s": round(bytes_s, 4),
        "naive_s": round(naive_s, 2),
        "parse_s": round(parse_s, 2),
        "parse_cpu_s": round(_cpu(lambda: _parsed(path)), 2),
        "parse_lines_per_s": round(lines / parse_s),
        "lines_unaccounted": lines - _accounted(path),
        "naive_messages_lost": _parsed(path) - len(exports.read(path)),
        "parse_peak_mb": round(_peak(lambda: _parsed(path)) / 2**20, 2),
        **_stored(where, path),
    }


def _written(lines: int) -> Iterator[str]:
    """Yield the lines of a chat of two over years: words, files, notices, messages of several lines."""
    source, at = random.Random(5), datetime(2018, 1, 1, 8, 0, tzinfo=UTC)
    for number in range(lines):
        at += timedelta(minutes=source.randrange(40))
        kind = source.random()
        if number and kind < 0.1:
            yield f"und noch: {bodies.text(source)}\n"
            continue
        stamp = f"{at:%d.%m.%y, %H:%M} - "
        if kind < 0.12:
            yield f"{stamp}Deine Sicherheitsnummer für Petra Beispiel hat sich geändert.\n"
            continue
        name = source.choice(("Max Muster", "Petra Beispiel"))
        words = source.choice(_SPECIAL).format(n=number % 10_000) if kind < 0.25 else None
        yield f"{stamp}{name}: {words or bodies.text(source)}\n"


def _timed(work: Callable[[], object]) -> float:
    """Return the best of three, in seconds."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def _cpu(work: Callable[[], object]) -> float:
    """Return the processor time of one run, which a busy machine does not stretch."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _bytes(path: Path) -> int:
    with path.open("rb") as source:
        return sum(len(chunk) for chunk in iter(lambda: source.read(_CHUNK), b""))


def _entries(path: Path) -> Iterator[old_chats.Entry]:
    """Yield the messages as the product reads them: a first look, then the reading."""
    with path.open("rb") as source:
        order = old_chats.survey(old_chats.lines(source)).order
        source.seek(0)
        yield from old_chats.entries(old_chats.lines(source), order=order)


def _parsed(path: Path) -> int:
    return sum(1 for _ in _entries(path))


def _accounted(path: Path) -> int:
    return sum(entry.count for entry in _entries(path))


def _peak(work: Callable[[], object]) -> int:
    """Return the most bytes Python held at once in one run, which is slowed by counting them."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def _stored(where: place.Place, path: Path) -> dict[str, Any]:
    """Return what the whole import takes: upload sealed, read, sealed in pages; and again."""
    dealer, now = place.dealer(where), datetime.now(UTC)
    from werkbote.actions import old_chats as deeds  # noqa: PLC0415 -- models exist only after setup
    from werkbote.actions import team  # noqa: PLC0415
    from werkbote.domain import team as roles  # noqa: PLC0415

    member = team.create_member(
        organisation=dealer.organisation,
        email="bench@autohaus.example",
        name="Anna Muster",
        password="hebebuehne-im-hof",
        role=roles.Role.OWNER,
        language="de",
        branches=[],
        by="system",
        at=now,
    )

    def bring() -> None:
        with path.open("rb") as source:
            arrival = deeds.receive(
                organisation=dealer.organisation,
                wish=deeds.Wish(
                    branch=dealer.branch,
                    owner=member,
                    device="bench",
                    filename="WhatsApp-Chat mit Petra Beispiel.txt",
                    zone="Europe/Berlin",
                ),
                content=iter(lambda: source.read(_CHUNK), b""),
                by=member,
                at=now,
            )
        assert deeds.read(organisation=dealer.organisation, arrival=arrival, at=now)

    began, spent = time.perf_counter(), time.process_time()
    bring()
    first, spent_first = time.perf_counter(), time.process_time() - spent
    bring()
    second = time.perf_counter()
    return {
        "import_s": round(first - began, 2),
        "import_cpu_s": round(spent_first, 2),
        "import_again_s": round(second - first, 2),
        "import_peak_mb": round(_peak(bring) / 2**20, 2),
    }
