import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests import dealers
from tests import simulator as simulators
from werkbote.actions import drafts, outbox
from werkbote.store import intake, models, scope
from werkbote.worker import loops

_LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = %s"
_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)


@pytest.fixture(scope="module")
def simulator() -> Iterator[simulators.Simulator]:
    with simulators.running() as made:
        yield made


@contextmanager
def _running(loop: Callable[[threading.Event], None]) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=loop, args=[stop])
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(timeout=60)
        assert not thread.is_alive()


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _queued(dealer: dealers.Dealer, *, wa_id: str = dealers.ALICE) -> int:
    now = datetime.now(UTC)
    dealers.arrive(dealer, dealers.body(dealer, dealers.text("Moin", wa_id=wa_id, at=now)), at=now)
    dealers.understand(dealer, at=now)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.order_by("-id")[0].id
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Golf ist fertig."),
        purpose="P-02",
        by=None,
        at=now,
    )


def _dealer(
    simulator: simulators.Simulator, *, per_second: int = 80, **settings: Any
) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url, per_second=per_second)
    usual = {"enforce_limits": False, "enforce_window": False}
    simulator.connect(made, **(usual | settings))
    return made


def _state(dealer: dealers.Dealer, message: int) -> str:
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.get(id=message).state


@pytest.mark.parametrize(
    ("loop", "listen"),
    [(loops.send, "LISTEN werkbote_outbox"), (loops.understand, "LISTEN werkbote_intake")],
)
def test_loop_outlives_the_loss_of_all_its_connections(loop, listen):
    beside = psycopg.connect(autocommit=True, **intake.application_conninfo())
    with beside, _running(loop) as thread:
        _until(lambda: beside.execute(_LISTENING, [listen]).fetchone() is not None)
        beside.execute(_ALL)
        _until(lambda: beside.execute(_LISTENING, [listen]).fetchone() is not None)
        assert thread.is_alive()
    connection.close()


def test_send_serves_other_numbers_when_one_cannot_be_claimed(simulator):
    broken, sound = _dealer(simulator), _dealer(simulator)
    stuck, message = _queued(broken), _queued(sound)
    with scope.transaction(organisation=broken.organisation):
        models.Message.objects.filter(id=stuck).update(body=b"not sealed")
    with _running(loops.send):
        _until(lambda: _state(sound, message) == "sent")
    assert _state(broken, stuck) == "queued"
    with scope.transaction(organisation=broken.organisation):
        models.Message.objects.filter(id=stuck).update(state="cancelled")


def test_two_senders_together_keep_the_pace_of_a_number(simulator):
    dealer = _dealer(simulator, per_second=10, throughput=10, enforce_limits=True, pair_rate=False)
    messages = [_queued(dealer, wa_id=f"49171392{n:04}") for n in range(35)]
    with _running(loops.send), _running(loops.send):
        _until(lambda: all(_state(dealer, one) == "sent" for one in messages))
    log = [one for one in simulator.log() if one["phone_number_id"] == dealer.phone_number_id]
    assert [one["outcome"] for one in log] == ["accepted"] * 35
    times = [one["monotonic"] for one in log]
    assert min(later - earlier for earlier, later in zip(times, times[10:], strict=False)) >= 1.0
    with scope.looking(organisation=dealer.organisation):
        held = models.Number.objects.get(id=dealer.number).pace
    assert sum(hold["share"] for hold in held.values()) <= 10
