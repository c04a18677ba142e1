"""Consent when clocks differ and when two say stop at once: nothing is granted wrongly, nothing counts twice."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from tests import dealers, phones
from werkbote.actions import consent
from werkbote.store import ids, intake, ledger, models, scope

START = dealers.NOW
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
_PATIENCE = 120.0
_LEDGER = "SELECT pg_advisory_xact_lock(%s, hashint8(%s))"
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def _state(dealer: dealers.Dealer) -> str:
    with scope.looking(organisation=dealer.organisation):
        return models.Consent.objects.get(purpose="P-05").state


def _deeds(dealer: dealers.Dealer) -> list[str]:
    with scope.looking(organisation=dealer.organisation):
        rows = models.ConsentEvent.objects.filter(purpose="P-05").order_by("position")
        return list(rows.values_list("deed", flat=True))


def _conversation(dealer: dealers.Dealer) -> int:
    with scope.looking(organisation=dealer.organisation):
        return models.Conversation.objects.get().id


def _heard(dealer: dealers.Dealer, conversation: int, number: int) -> None:
    consent.withdraw(
        organisation=dealer.organisation,
        conversation=conversation,
        channel="phone",
        said="Keine Werbung mehr.",
        everything=False,
        by=ids.new(),
        at=START + HOUR + number * SECOND,
    )


@contextmanager
def _held_back(dealer: dealers.Dealer, count: int) -> Iterator[None]:
    """Hold the ledger until so many wait for it, or for each other."""
    with psycopg.connect(**intake.application_conninfo()) as beside:
        beside.execute(_LEDGER, [ledger.LOCK, dealer.organisation])
        yield
        deadline = time.monotonic() + _PATIENCE
        with psycopg.connect(**intake.application_conninfo(), autocommit=True) as looking:
            while looking.execute(_WAITING).fetchone() != (count,):
                assert time.monotonic() < deadline
                time.sleep(0.02)


def _beside(deed: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            deed()
        finally:
            connection.close()

    started = threading.Thread(target=run)
    started.start()
    return started


@pytest.mark.shows("R-15", "R-100")
def test_two_withdrawals_at_once_are_both_kept_and_confirmed_once(dealer):
    phones.agrees(dealer, at=START)
    conversation = _conversation(dealer)
    with _held_back(dealer, 2):
        started = [
            _beside(lambda number=number: _heard(dealer, conversation, number))  # type: ignore[misc]
            for number in range(2)
        ]
    for one in started:
        one.join()
    assert _state(dealer) == "withdrawn"
    assert _deeds(dealer).count("withdrawn") == 2
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.filter(role="withdrawal_receipt").count() == 1
        assert set(models.Suppression.objects.values_list("scope", flat=True)) == {"advertising"}


def test_a_yes_by_a_clock_ahead_of_ours_does_not_outlive_a_later_stop(dealer):
    ahead = timedelta(minutes=2)
    wish = dealers.text("WERBUNG JA", at=START + ahead)
    dealers.arrive(dealer, dealers.body(dealer, wish), at=START)
    dealers.understand(dealer, at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    payload = phones.payloads(dealer, question)[0]
    yes = phones.tapped(payload, at=START + ahead + 2 * SECOND, quoted=quoted)
    dealers.arrive(dealer, dealers.body(dealer, yes), at=START + 2 * SECOND)
    dealers.understand(dealer, at=START + 2 * SECOND)
    assert _state(dealer) == "granted"
    consent.withdraw(
        organisation=dealer.organisation,
        conversation=_conversation(dealer),
        channel="counter",
        said="Keine Werbung mehr.",
        everything=False,
        by=ids.new(),
        at=START + 60 * SECOND,
    )
    assert _state(dealer) == "withdrawn"


def test_a_yes_by_a_clock_behind_ours_is_kept_grants_nothing_and_the_button_still_works(dealer):
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    payload = phones.payloads(dealer, question)[0]
    phones.taps(dealer, payload, at=START - HOUR, quoted=quoted)
    assert (_state(dealer), _deeds(dealer)) == ("pending", ["requested", "confirmed"])
    phones.taps(dealer, payload, at=START + HOUR, quoted=quoted)
    assert _state(dealer) == "granted"
