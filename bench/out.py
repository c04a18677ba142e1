"""Out: queue, gate, HTTP, receipt against the simulated Graph API in its own process."""

import http.client
import json
import secrets
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench import bodies, load, place

_PACE = 80
_PURPOSE = "P-02"
_PATIENCE = 180.0
_UNLIMITED = 5_000


def run(where: place.Place) -> dict[str, Any]:
    """Return the pace at 80 a second and number, and the rate without a limit, two workers each."""
    with place.web(where), place.simulator(where):
        capped = _sent(where, per_second=_PACE, count=where.scaled(1_200, 40))
        free = _sent(where, per_second=_UNLIMITED, count=where.scaled(3_000, 40))
    return {
        "per_s": free["per_s"],
        "capped_max_1s": capped["most_in_a_second"],
        "capped_use": round(capped["arrived_per_s"] / _PACE, 3),
        "capped_messages": capped["arrived"],
        "messages": free["arrived"],
        "refused_by_provider": capped["refused"] + free["refused"],
    }


def _sent(where: place.Place, *, per_second: int, count: int) -> dict[str, float]:
    dealer = place.dealer(where, per_second=per_second)
    _introduce(where, dealer, limited=per_second == _PACE)
    conversations = _conversations(where, dealer)
    _queue(dealer, conversations, count)
    with ExitStack() as workers, where.owner() as connection:
        for _ in range(2):
            workers.enter_context(place.worker(where))
        took = _finished(connection, dealer, count)
    arrivals = _log(where, dealer)
    times = [one["monotonic"] for one in arrivals]
    return {
        "per_s": round(count / took, 1),
        "arrived": len(times),
        "arrived_per_s": (len(times) - 1) / (times[-1] - times[0]),
        "most_in_a_second": _most_in_a_second(times),
        "refused": sum(one["outcome"] != "accepted" for one in arrivals),
    }


def _introduce(where: place.Place, dealer: place.Dealer, *, limited: bool) -> None:
    _ask(
        where,
        "PUT",
        f"/sim/numbers/{dealer.phone_number_id}",
        {
            "waba_id": dealer.account_id,
            "display_phone_number": "+493023125100",
            "verified_name": "Autohaus Beispiel",
            "access_token": dealer.token,
            "app_secret": dealer.secret,
            "verify_token": "verify",
            "webhook_url": f"{where.environment.public_url}/hooks/meta/{dealer.slug}",
            "throughput": _PACE if limited else 100_000,
            "enforce_limits": limited,
            "pair_rate": limited,
            "enforce_window": False,
        },
    )


def _ask(where: place.Place, method: str, path: str, content: Any = None) -> Any:
    line = http.client.HTTPConnection(place.HOST, where.environment.sandbox_port, timeout=30)
    try:
        body = None if content is None else json.dumps(content)
        line.request(method, path, body=body, headers={"content-type": "application/json"})
        answer = line.getresponse()
        said = answer.read()
    finally:
        line.close()
    if answer.status not in {200, 201}:
        raise place.UnableToMeasure(f"The simulator refused {path}: {said.decode()}")
    return json.loads(said)


def _conversations(where: place.Place, dealer: place.Dealer) -> list[int]:
    """Let every customer write once, so that the window is open; return the conversations."""
    order = load.Order(
        port=where.environment.port,
        path=f"/hooks/meta/{dealer.slug}",
        number=dealer.phone_number_id,
        account=dealer.account_id,
        secret=dealer.secret,
        run=secrets.token_hex(8),
        connections=4,
        seconds=60.0,
        most=bodies.PEOPLE,
    )
    load.send(where.surroundings(), order)
    with place.worker(where), where.owner() as connection:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            rows = connection.execute(
                "SELECT id FROM conversation WHERE number_id = %s", [dealer.number]
            ).fetchall()
            if len(rows) == bodies.PEOPLE:
                return [row for (row,) in rows]
            time.sleep(0.1)
    raise place.UnableToMeasure("The customers' first messages were not understood.")


def _queue(dealer: place.Dealer, conversations: Sequence[int], count: int) -> None:
    from werkbote.actions import drafts, outbox  # noqa: PLC0415 -- models exist only after setup

    for index in range(count):
        outbox.queue_message(
            organisation=dealer.organisation,
            conversation=conversations[index % len(conversations)],
            draft=drafts.Draft(text=f"Ihr Wagen ist fertig, Auftrag {index}."),
            purpose=_PURPOSE,
            by=None,
            at=datetime.now(UTC),
        )


def _finished(connection: psycopg.Connection, dealer: place.Dealer, count: int) -> float:
    """Return the seconds from the first claim to the last receipt, once every message has one.

    What the house answers by itself, such as a question back, has a key of its own and is not counted.
    """
    deadline = time.monotonic() + _PATIENCE
    query = (
        "SELECT count(*) FILTER (WHERE sent_at IS NOT NULL), count(*) FILTER (WHERE state IN"
        " ('refused', 'failed', 'unknown')), extract(epoch FROM max(sent_at) - min(claimed_at))"
        " FROM message WHERE number_id = %s AND outgoing AND request_key IS NULL"
    )
    while time.monotonic() < deadline:
        found = connection.execute(query, [dealer.number]).fetchone()
        assert found is not None
        if found[1]:
            raise place.UnableToMeasure(f"{found[1]} messages were refused or failed.")
        if found[0] == count:
            return float(found[2])
        time.sleep(0.2)
    raise place.UnableToMeasure("Not every message got its receipt in time.")


def _log(where: place.Place, dealer: place.Dealer) -> list[dict[str, Any]]:
    found = _ask(where, "GET", "/sim/log?limit=50000")
    return [one for one in found["entries"] if one["phone_number_id"] == dealer.phone_number_id]


def _most_in_a_second(times: Sequence[float]) -> int:
    """Return the largest number of arrivals in any window of one second."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most
