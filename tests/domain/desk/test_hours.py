"""When a branch is open, since when it is closed, and how long somebody has waited in opening time."""

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import desk

WEEK = desk.parse_week(
    {str(day): [["07:30", "12:00"], ["13:00", "18:00"]] for day in range(1, 6)}
    | {"6": [["09:00", "13:00"]]}
)
HOURS = desk.Hours(
    week=WEEK,
    holidays=frozenset({date(2026, 12, 25), date(2026, 12, 26)}),
    closed=(desk.Closed(first=date(2026, 12, 28), last=date(2026, 12, 31)),),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=desk.ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-26 07:29", False),
        ("2026-11-26 07:30", True),
        ("2026-11-26 12:00", False),
        ("2026-11-26 13:00", True),
        ("2026-11-26 18:00", False),
        ("2026-11-28 12:59", True),
        ("2026-11-29 10:00", False),
        ("2026-12-25 10:00", False),
        ("2026-12-29 10:00", False),
    ],
)
def test_a_branch_is_open_in_its_hours_alone(moment: str, *, is_open: bool) -> None:
    assert HOURS.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "since", "opens"),
    [
        ("2026-11-26 10:00", None, None),
        ("2026-11-26 12:30", "2026-11-26 12:00", "2026-11-26 13:00"),
        ("2026-11-26 20:00", "2026-11-26 18:00", "2026-11-27 07:30"),
        ("2026-11-29 10:00", "2026-11-28 13:00", "2026-11-30 07:30"),
        ("2026-12-30 10:00", "2026-12-24 18:00", "2027-01-01 07:30"),
    ],
)
def test_an_absence_has_a_beginning_and_an_end(
    moment: str, since: str | None, opens: str | None
) -> None:
    found = HOURS.closed_since(at(moment)), HOURS.opens_next(at(moment))
    assert found == (since and at(since), opens and at(opens))


def test_a_house_without_hours_is_never_absent() -> None:
    always = desk.Hours()
    moment = at("2026-12-25 03:00")
    assert (always.is_open(moment), always.closed_since(moment)) == (True, None)
    assert always.between(moment, moment + timedelta(hours=9)) == timedelta(hours=9)


def test_a_house_closed_for_months_opens_nowhere_in_sight() -> None:
    shut = desk.Hours(
        week=WEEK, closed=(desk.Closed(first=date(2026, 1, 1), last=date(2027, 12, 31)),)
    )
    moment = at("2026-11-26 10:00")
    since = shut.closed_since(moment)
    assert since is not None
    assert moment - since > timedelta(days=59)
    assert shut.opens_next(moment) is None


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-26 17:00", "2026-11-27 08:30", 2),
        ("2026-11-26 11:00", "2026-11-26 14:00", 2),
        ("2026-11-28 12:00", "2026-11-30 08:30", 2),
        ("2026-11-26 14:00", "2026-11-26 14:00", 0),
        ("2026-11-26 14:00", "2026-11-26 13:00", 0),
    ],
)
def test_waiting_counts_opening_time_alone(start: str, end: str, hours: int) -> None:
    assert HOURS.between(at(start), at(end)) == timedelta(hours=hours)


MINUTES = st.integers(0, 900_000)
START = datetime(2026, 2, 1, tzinfo=UTC)


@given(
    MINUTES.map(lambda minutes: START + timedelta(minutes=minutes)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
)
def test_opening_time_adds_up(start: datetime, one: timedelta, two: timedelta) -> None:
    middle, end = start + one, start + one + two
    whole = HOURS.between(start, end)
    assert HOURS.between(start, middle) + HOURS.between(middle, end) == whole
    assert timedelta(0) <= whole <= end - start


@given(MINUTES.map(lambda minutes: START + timedelta(minutes=minutes)))
def test_closed_is_between_the_last_end_and_the_next_beginning(moment: datetime) -> None:
    since, opens = HOURS.closed_since(moment), HOURS.opens_next(moment)
    if HOURS.is_open(moment):
        assert (since, opens) == (None, None)
    else:
        assert since is not None
        assert opens is not None
        assert since <= moment < opens
        assert HOURS.between(since, opens) == timedelta(0)
        assert HOURS.is_open(opens)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"0": []}, "from 1 Monday"),
        ({"8": []}, "from 1 Monday"),
        ({"Montag": []}, "from 1 Monday"),
        ({"1": [["früh", "18:00"]]}, "Write a time as"),
        ({"1": [["18:00", "07:30"]]}, "closes after"),
        ({"1": [["07:30", "07:30"]]}, "closes after"),
        ({"1": [["07:30"]]}, "Write a time as"),
        ({"1": [["07:30", "12:00"], ["11:00", "18:00"]]}, "overlap"),
    ],
)
def test_hours_that_are_none_are_refused(raw: dict[str, list[list[str]]], says: str) -> None:
    with pytest.raises(desk.UnableToReadHours, match=says):
        desk.parse_week(raw)


def test_openings_are_kept_in_order() -> None:
    week = desk.parse_week({"1": [["13:00", "18:00"], ["07:30", "12:00"]]})
    assert [one.opens for one in week[1]] == [time(7, 30), time(13)]
    assert isinstance(week, MappingProxyType)


@pytest.mark.parametrize(
    ("minutes", "level"), [(0, "calm"), (44, "calm"), (45, "soon"), (59, "soon"), (60, "late")]
)
def test_the_level_is_calm_for_three_quarters_of_the_promise(minutes: int, level: str) -> None:
    found = desk.level(waited=timedelta(minutes=minutes), promised=timedelta(hours=1))
    assert found == level
