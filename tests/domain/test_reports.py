"""The arithmetic of reports: waits, windows, medians, and times that would be those of one person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import reports

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def wait(**told: object) -> reports.Wait:
    kept = {"branch": 1, "team": None, "asked_at": NOW, "last_at": NOW, "hour": 10}
    return reports.Wait(**{**kept, **told})  # type: ignore[arg-type]


def answered(after: timedelta, **told: object) -> reports.Wait:
    return wait(answered_at=NOW + after, working=after, **told)


@pytest.mark.parametrize(
    ("one", "missed"),
    [
        (wait(), True),
        (answered(timedelta(hours=24)), False),
        (answered(timedelta(hours=24, seconds=1)), True),
        (wait(last_at=NOW + timedelta(hours=30)), False),
        (wait(settled_at=NOW + timedelta(hours=2)), False),
        (wait(settled_at=NOW + timedelta(hours=25)), True),
    ],
)
def test_a_window_is_missed_when_it_ends_unanswered_and_open(one, missed):
    assert one.has_missed(now=NOW + timedelta(hours=48)) is missed


def test_a_window_that_is_still_open_is_not_missed():
    assert not wait().has_missed(now=NOW + timedelta(hours=23))


def test_what_was_closed_without_an_answer_wanted_none():
    counted = reports.Counted(
        volumes=[], waits=[answered(MINUTE), wait(settled_at=NOW + MINUTE)], closings=[]
    )
    found = reports.summary(counted, people=None, now=NOW)
    assert (found.waits, found.answered, found.reached) == (1, 1, 100)


def test_an_hour_is_within_an_hour_and_a_second_more_is_not():
    hours = reports.hours([answered(reports.HOUR), answered(reports.HOUR + timedelta(seconds=1))])
    assert hours[10] == (1, 1)
    assert sum(map(sum, hours)) == 2


@pytest.mark.parametrize(("people", "withheld"), [(None, False), (3, False), (2, True), (0, True)])
@pytest.mark.shows("R-60")
def test_times_of_fewer_than_three_people_are_withheld(people, withheld):
    counted = reports.Counted(
        volumes=[],
        waits=[answered(MINUTE)],
        closings=[reports.Closing(branch=1, team=None, took=MINUTE)],
    )
    found = reports.summary(counted, people=people, now=NOW)
    assert found.withheld is withheld
    assert (found.first_reply is None) is withheld
    assert (found.resolution is None) is withheld
    assert (found.waits, found.closed) == (1, 1)


def test_a_group_counts_its_own_only():
    volume = reports.Volume(day=1, branch=1, team=7, received=2, sent=1)
    other = reports.Volume(day=1, branch=2, team=None, received=5, sent=5)
    counted = reports.Counted(volumes=[volume, other], waits=[wait(branch=2)], closings=[])
    assert counted.of(branch=1).volumes == [volume]
    assert counted.of(branch=2, team=7).volumes == []
    assert counted.of(team=7).waits == []


def test_members_have_their_own_median():
    found = reports.members([answered(MINUTE, by=1), answered(3 * MINUTE, by=1), wait(by=2)])
    assert found == {1: (2, 2 * MINUTE)}


@given(st.lists(st.integers(min_value=0, max_value=100_000)))
def test_a_distribution_loses_nobody(minutes):
    times = [one * MINUTE for one in minutes]
    for steps in (reports.ANSWER_STEPS, reports.CLOSE_STEPS):
        assert sum(reports.spread(times, steps)) == len(times)


def test_the_end_of_a_step_belongs_to_it():
    first = reports.ANSWER_STEPS[0]
    assert reports.spread([first, first + MINUTE], reports.ANSWER_STEPS)[:2] == [1, 1]


def test_the_median_of_none_is_none():
    assert reports.median([]) is None
