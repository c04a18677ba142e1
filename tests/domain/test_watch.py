"""Thresholds of reading and of large files: counted without names, true to a few in a hundred."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import watch

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def _digest(person: int) -> bytes:
    return hashlib.sha256(str(person).encode()).digest()


def _marks(persons: range) -> bytes:
    return watch.marked(b"", (watch.place(_digest(one)) for one in persons))


@pytest.mark.parametrize("persons", [0, 1, 10, 50, 120, 400, 1200, 5000])
def test_estimate_is_close(persons):
    assert watch.estimate(_marks(range(persons))) == pytest.approx(persons, rel=0.04)


@given(st.lists(st.integers(min_value=0, max_value=200), max_size=60))
def test_reading_somebody_again_changes_nothing(persons):
    places = [watch.place(_digest(one)) for one in persons]
    once = watch.marked(b"", places)
    assert watch.marked(once, places) == once
    assert watch.together([once, once]) == once


def test_hours_together_count_everybody_once():
    both = watch.together([_marks(range(300)), _marks(range(200, 500))])
    assert watch.estimate(both) == pytest.approx(500, rel=0.04)
    assert watch.estimate(watch.together([])) == 0


def test_of_a_list_one_in_ten_counts():
    counted = sum(watch.counts_when_listed(_digest(one)) for one in range(5000))
    assert counted == pytest.approx(500, rel=0.15)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(0, 120, False), (120, 121, True), (121, 130, False), (5, 500, True)],
)
def test_a_threshold_is_told_once(before, after, told):
    assert watch.passed(before, after, threshold=120) is told


@pytest.mark.parametrize(
    ("alone", "hourly", "daily"),
    [(0, 120, 400), (50, 0, 400), (50, 120, 0), (-1, 120, 400), (50, 500, 400), (100_001, 1, 1)],
)
def test_thresholds_without_sense_are_refused(alone, hourly, daily):
    wanted = watch.Thresholds(alone=alone, hourly=hourly, daily=daily)
    with pytest.raises(watch.UnableToSetThresholds):
        watch.check_thresholds(wanted)


@pytest.mark.parametrize(
    ("state", "persons", "later", "may"),
    [
        (watch.State.APPROVED, 60, timedelta(hours=23), True),
        (watch.State.APPROVED, 61, timedelta(hours=1), False),
        (watch.State.APPROVED, 60, timedelta(hours=24), False),
        (watch.State.WAITING, 60, timedelta(hours=1), False),
        (watch.State.REFUSED, 60, timedelta(hours=1), False),
        (watch.State.TAKEN, 60, timedelta(hours=1), False),
    ],
)
def test_a_word_covers_so_many_persons_for_a_day(state, persons, later, may):
    decided = None if state is watch.State.WAITING else NOW
    wish = watch.Wish(state=state, persons=60, asked_at=NOW, decided_at=decided)
    assert wish.covers(persons, at=NOW + later) is may
