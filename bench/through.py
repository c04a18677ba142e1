"""Through: from the acknowledged body to the message in its conversation, by one worker on one core."""

import os
import secrets
import threading
import time
from typing import Any

import psycopg

from bench import load, place

_RATE = 100.0
_POLL = 0.01
_PATIENCE = 300.0


def run(where: place.Place) -> dict[str, Any]:
    """Return messages drained per second, and seconds until visible at a steady 100 a second."""
    dealer = place.dealer(where)
    with place.web(where):
        count = where.scaled(6_000, 300)
        _send(where, dealer, connections=16, most=count, seconds=120.0)
        with place.worker(where) as worker, where.owner() as connection:
            os.sched_setaffinity(worker.pid, {0})
            drained = _drained(connection, count)
        with place.worker(where), where.owner() as connection:
            connection.execute("TRUNCATE webhook_event")
            _send(where, dealer, connections=4, most=200, seconds=10.0)
            _drained(connection, 200)
            seen = _steady(where, dealer, seconds=where.scaled(20, 2))
    return {"per_s": drained, "messages": count, "steady_per_s": _RATE} | seen


def _send(where: place.Place, dealer: place.Dealer, **changes: Any) -> load.Figures:
    order = load.Order(
        port=where.environment.port,
        path=f"/hooks/meta/{dealer.slug}",
        number=dealer.phone_number_id,
        account=dealer.account_id,
        secret=dealer.secret,
        run=secrets.token_hex(8),
        **changes,
    )
    figures = load.send(where.surroundings(), order)
    if figures.refused:
        raise place.UnableToMeasure(f"{figures.refused} bodies were not answered with 200.")
    return figures


def _drained(connection: psycopg.Connection, count: int) -> float:
    """Return bodies per second between the first and the last batch, once all are settled."""
    deadline = time.monotonic() + _PATIENCE
    while _settled(connection) < count:
        if time.monotonic() > deadline:
            raise place.UnableToMeasure("The worker does not come to an end with the intake.")
        time.sleep(0.2)
    batches = connection.execute(
        "SELECT extract(epoch FROM settled_at), count(*) FROM webhook_event GROUP BY 1 ORDER BY 1"
    ).fetchall()
    span = float(batches[-1][0] - batches[0][0])
    whole = sum(size for _, size in batches[:-1])
    return round(whole / span, 1) if span else float("nan")


def _settled(connection: psycopg.Connection) -> int:
    found = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'dead')"
        " FROM webhook_event"
    ).fetchone()
    assert found is not None
    if found[1]:
        raise place.UnableToMeasure(f"{found[1]} bodies were not understood.")
    return int(found[0])


def _steady(where: place.Place, dealer: place.Dealer, *, seconds: float) -> dict[str, float]:
    """Return the latencies from receipt to visibility, in seconds, while load comes steadily."""
    over = threading.Event()
    waits: dict[int, float] = {}
    watcher = threading.Thread(target=_watch, args=[where, over, waits])
    watcher.start()
    try:
        count = int(_RATE * seconds)
        _send(where, dealer, connections=8, most=count, seconds=seconds + 5, rate=_RATE)
        deadline = time.monotonic() + 30
        while len(waits) < count and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        over.set()
        watcher.join()
    ordered = sorted(waits.values())
    return {
        "p50_s": round(load.percentile(ordered, 0.50), 3),
        "p95_s": round(load.percentile(ordered, 0.95), 3),
        "max_s": round(ordered[-1], 3),
    }


def _watch(where: place.Place, over: threading.Event, waits: dict[int, float]) -> None:
    """Note when a body's messages can first be seen, against when the body was received."""
    with where.owner() as connection:
        last = connection.execute("SELECT max(id) FROM webhook_event").fetchone()
        while not over.wait(_POLL):
            rows = connection.execute(
                "SELECT id, extract(epoch FROM clock_timestamp() - received_at) FROM webhook_event"
                " WHERE state = 'done' AND settled_at > now() - interval '10 seconds' AND id > %s",
                last,
            )
            for row, waited in rows.fetchall():
                waits.setdefault(row, float(waited))
