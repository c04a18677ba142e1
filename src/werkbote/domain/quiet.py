"""When advertising may reach a person: hours of the day, days of the week, public holidays.

Holidays arrive as dates; which dates they are in a Bundesland is found outside the domain. There is
no statute with hours for messages: the hours are what § 7 UWG (unreasonable nuisance) makes prudent,
and stand as data in the Rechtsstand.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

HORIZON = timedelta(days=60)
"""How far ahead a free moment is looked for; past this a person has to set other hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours in which advertising may be sent, in local time.

    `weekdays` are ISO numbers (1 Monday to 7 Sunday). `opens` is inside, `closes` is outside.

    Raises:
        ValueError: if the hours do not open before they close, or name a day that is none.
    """

    opens: time
    closes: time
    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("Advertising hours must open before they close on the same day.")
        if not self.weekdays <= frozenset(range(1, 8)):
            raise ValueError("Weekdays are the ISO numbers 1 (Monday) to 7 (Sunday).")


def is_free(now: datetime, *, hours: Hours, zone: tzinfo, holidays: AbstractSet[date]) -> bool:
    """Return whether `now` (aware) is inside the hours and on no holiday."""
    local = now.astimezone(zone)
    if local.date() in holidays or local.isoweekday() not in hours.weekdays:
        return False
    return hours.opens <= local.time() < hours.closes


def next_free(
    now: datetime, *, hours: Hours, zone: tzinfo, holidays: AbstractSet[date]
) -> datetime | None:
    """Return the first free moment at or after `now` in UTC, None if there is none in `HORIZON`."""
    if is_free(now, hours=hours, zone=zone, holidays=holidays):
        return now.astimezone(UTC)
    day = now.astimezone(zone).date()
    last = day + HORIZON
    while day <= last:
        opening = datetime.combine(day, hours.opens, tzinfo=zone).astimezone(UTC)
        if opening >= now and is_free(opening, hours=hours, zone=zone, holidays=holidays):
            return opening
        day += timedelta(days=1)
    return None
