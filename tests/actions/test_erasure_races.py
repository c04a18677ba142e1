"""Erasure when two do something at once, and when the clock was wrong: one erasure, of all of the person."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests import dealers, erasures, staff
from werkbote.actions import people, privacy
from werkbote.domain import privacy as rights
from werkbote.store import intake, models, scope

AT = dealers.NOW
MINUTE = timedelta(minutes=1)
YEAR = timedelta(days=365)
_PATIENCE = 60.0
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def dealer(monkeypatch: pytest.MonkeyPatch, tmp_path) -> dealers.Dealer:
    monkeypatch.setattr(settings, "WERKBOTE_JOURNAL", tmp_path / "journal")
    return dealers.dealer()


def _beside(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    finally:
        connection.close()


def _wait(count: int) -> None:
    """Return once so many wait for a lock."""
    deadline = time.monotonic() + _PATIENCE
    with psycopg.connect(**intake.application_conninfo(), autocommit=True) as looking:
        while looking.execute(_WAITING).fetchone() != (count,):
            assert time.monotonic() < deadline
            time.sleep(0.02)


@contextmanager
def _numbers_held(dealer: dealers.Dealer, owner: psycopg.Connection) -> Iterator[None]:
    """Hold the persons' numbers, which an erasure comes to when it is on its way."""
    numbers = "SELECT id FROM identity WHERE organisation_id = %s FOR UPDATE"
    with owner.transaction():
        assert owner.execute(numbers, [dealer.organisation]).fetchall()
        yield


def _lives(dealer: dealers.Dealer) -> int:
    """Return a person whom no outside system knows."""
    person = erasures.lives(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Identity.objects.filter(scheme="bsuid").delete()
    return person


def _two(dealer: dealers.Dealer) -> tuple[int, int, int]:
    """Return a person, an older or younger one, and the question whether both are one."""
    person = _lives(dealer)
    staff.wrote(dealer, phone=f"+{dealers.BOB}", words="Neue Nummer")
    owner = staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])
    with scope.looking(organisation=dealer.organisation):
        other = models.Person.objects.exclude(id=person).get().id
    people.propose(organisation=dealer.organisation, person=person, other=other, by=owner, at=AT)
    with scope.looking(organisation=dealer.organisation):
        return person, other, models.IdentityReview.objects.get().id


def _decide(dealer: dealers.Dealer, review: int) -> None:
    second = staff.member(
        dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch]
    )
    people.decide_review(
        organisation=dealer.organisation, review=review, accept=True, by=second, at=AT
    )


def test_many_who_ask_at_once_begin_one_erasure(dealer):
    person = _lives(dealer)
    with ThreadPoolExecutor(4) as pool:
        runs = set(pool.map(lambda _: _beside(lambda: erasures.asked(dealer, person)), range(8)))
    assert len(runs) == 1
    assert erasures.executed(dealer, runs.pop()) is rights.State.DONE


@pytest.mark.shows("R-30")
@pytest.mark.parametrize("which", [0, 1])
def test_merge_while_the_erasure_runs_takes_both_or_leaves_the_other_whole(dealer, owner, which):
    *both, review = _two(dealer)
    run = erasures.asked(dealer, both[which])
    with ThreadPoolExecutor(2) as pool:
        with _numbers_held(dealer, owner):
            erasing = pool.submit(_beside, lambda: erasures.executed(dealer, run))
            _wait(1)
            deciding = pool.submit(_beside, lambda: _decide(dealer, review))
            _wait(2)
        state, merged = erasing.result(), deciding.exception() is None
    gone = both if merged else both[which : which + 1]
    if state is rights.State.FAILED:
        assert (erasures.row(dealer, run).problem, merged) == ("merged", True)
        state = erasures.executed(dealer, run, at=AT + YEAR)
    assert state is rights.State.DONE
    assert sorted(erasures.row(dealer, run).keys_destroyed) == sorted(gone)
    with scope.looking(organisation=dealer.organisation):
        left = list(models.Person.objects.values_list("id", flat=True))
        assert left == [one for one in both if one not in gone]
        assert {*models.Message.objects.values_list("person_id", flat=True)} == {*left}


def test_two_workers_at_once_erase_once(dealer):
    run = erasures.asked(dealer, _lives(dealer))
    at = AT + MINUTE
    with ThreadPoolExecutor(4) as pool:
        states = list(
            pool.map(
                lambda _: _beside(
                    lambda: privacy.execute(organisation=dealer.organisation, run=run, at=at)
                ),
                range(4),
            )
        )
    assert sorted(map(str, states)) == ["None", "None", "None", "done"]


@pytest.mark.parametrize("state", ["ready", "running", "failed"])
def test_erasure_of_a_clock_far_ahead_goes_on_when_the_clock_is_right_again(dealer, state):
    run = erasures.asked(dealer, _lives(dealer), at=AT + YEAR)
    with scope.transaction(organisation=dealer.organisation):
        models.ErasureRun.objects.update(state=state, claimed_at=AT + YEAR)
    at = AT + MINUTE
    assert privacy.due(organisation=dealer.organisation, at=at) == [run]
    state_ = privacy.execute(organisation=dealer.organisation, run=run, at=at)
    assert state_ is rights.State.DONE
