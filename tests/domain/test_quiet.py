from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import quiet

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = quiet.Hours(opens=time(9), closes=time(20), weekdays=frozenset(range(1, 7)))
NO_HOLIDAYS: frozenset[date] = frozenset()


def local(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def next_free(now: datetime, holidays: frozenset[date] = NO_HOLIDAYS) -> datetime | None:
    return quiet.next_free(now, hours=HOURS, zone=BERLIN, holidays=holidays)


@pytest.mark.parametrize(
    ("now", "free"),
    [
        (local(23, 8, 59), False),
        (local(23, 9), True),
        (local(23, 19, 59), True),
        (local(23, 20), False),
        (local(28, 12), True),
        (local(29, 12), False),
    ],
)
def test_hours_hold_on_weekdays_and_saturday(now: datetime, free: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert quiet.is_free(now, hours=HOURS, zone=BERLIN, holidays=NO_HOLIDAYS) is free


def test_holiday_is_not_free() -> None:
    assert not quiet.is_free(
        local(23, 12), hours=HOURS, zone=BERLIN, holidays=frozenset({date(2026, 11, 23)})
    )


def test_next_free_moment_inside_the_hours_is_now() -> None:
    assert next_free(local(23, 12)) == local(23, 12)


def test_next_free_moment_in_the_evening_is_next_morning() -> None:
    assert next_free(local(23, 21)) == local(24, 9)


def test_next_free_moment_before_sunday_and_holiday_is_tuesday() -> None:
    assert next_free(local(28, 20), frozenset({date(2026, 11, 30)})) == local(1, 9, month=12)


def test_next_free_moment_follows_the_clock_change() -> None:
    saturday = datetime(2026, 3, 28, 21, tzinfo=BERLIN)
    monday = next_free(saturday)
    assert monday == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_no_free_moment_in_sight_is_none() -> None:
    never = quiet.Hours(opens=time(9), closes=time(20), weekdays=frozenset())
    assert quiet.next_free(local(23, 12), hours=never, zone=BERLIN, holidays=NO_HOLIDAYS) is None


@pytest.mark.parametrize(
    ("opens", "closes", "weekdays"),
    [(time(20), time(9), {1}), (time(9), time(9), {1}), (time(9), time(20), {0})],
)
def test_impossible_hours_are_refused(opens: time, closes: time, weekdays: set[int]) -> None:
    with pytest.raises(ValueError, match=r"Advertising hours|Weekdays"):
        quiet.Hours(opens=opens, closes=closes, weekdays=frozenset(weekdays))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(BERLIN)),  # noqa: DTZ001 -- Hypothesis adds the zone
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
)
def test_next_free_moment_is_free_and_not_before_now(
    now: datetime, holidays: frozenset[date]
) -> None:
    moment = next_free(now, holidays)
    assert moment is not None
    assert moment >= now
    assert moment - now < timedelta(days=24)
    assert quiet.is_free(moment, hours=HOURS, zone=BERLIN, holidays=holidays)
