"""What reports count: how soon people were answered, how long a matter took, what was missed.

Nothing here knows a customer; a member is a number, and only where somebody may look at single members.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
WINDOW = timedelta(hours=24)
"""How long an answer may be given freely after the person's last message."""

LEAST_PEOPLE = 3
"""From how many people on the times of a team or branch are shown: those of fewer are those of a person."""

ANSWER_STEPS: Sequence[timedelta] = tuple(
    timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 480)
)
CLOSE_STEPS: Sequence[timedelta] = tuple(timedelta(hours=hours) for hours in (1, 4, 24, 72, 168))
"""Upper ends of the columns of a distribution; what is longer is the last column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """That somebody wrote and waited: `asked_at` the first, `last_at` the last unanswered message.

    `answered_at` is when a member answered, `settled_at` when it was closed without; `working` the
    opening time until the answer; `hour` the local hour of the first message.
    """

    branch: int
    team: int | None
    asked_at: datetime
    last_at: datetime
    hour: int
    answered_at: datetime | None = None
    settled_at: datetime | None = None
    working: timedelta | None = None
    by: int | None = None

    def is_soon(self) -> bool:
        """Return whether it was answered within an hour by the clock on the wall."""
        return self.answered_at is not None and self.answered_at - self.asked_at <= HOUR

    def has_missed(self, *, now: datetime) -> bool:
        """Return whether the 24 hours ended without an answer, and nobody had closed it before."""
        end = self.last_at + WINDOW
        ends = [one for one in (self.answered_at, self.settled_at) if one is not None]
        return end <= now and not any(one <= end for one in ends)

    def counts(self) -> bool:
        """Return whether an answer was wanted: what was closed without one was no question."""
        return self.answered_at is not None or self.settled_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """That a conversation was closed, and how long it had taken since the person wrote."""

    branch: int
    team: int | None
    took: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Messages of one local day (its ordinal) at one branch and team."""

    day: int
    branch: int
    team: int | None
    received: int
    sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of a group. Times are None where nothing was counted, or where they are withheld."""

    received: int
    sent: int
    waits: int
    answered: int
    soon: int
    missed: int
    closed: int
    first_reply: timedelta | None
    resolution: timedelta | None
    withheld: bool = False

    @property
    def reached(self) -> int | None:
        """Return the share of what was answered within an hour, in per cent; None without any."""
        return round(100 * self.soon / self.waits) if self.waits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Everything that was counted in a period."""

    volumes: Sequence[Volume]
    waits: Sequence[Wait]
    closings: Sequence[Closing]

    def of(self, *, branch: int | None = None, team: int | None = None) -> "Counted":
        """Return what was counted at a branch, or of a team."""

        def fits(one: Volume | Wait | Closing) -> bool:
            return branch in {None, one.branch} and team in {None, one.team}

        return Counted(
            volumes=[one for one in self.volumes if fits(one)],
            waits=[one for one in self.waits if fits(one)],
            closings=[one for one in self.closings if fits(one)],
        )


def median(times: Iterable[timedelta]) -> timedelta | None:
    """Return the middle one: half were faster, half slower; None without any."""
    found = [one.total_seconds() for one in times]
    return timedelta(seconds=round(statistics.median(found))) if found else None


def summary(counted: Counted, *, people: int | None, now: datetime) -> Summary:
    """Return the figures of a group; its times are withheld where fewer than three `people` made them.

    `people` is None for the whole house and wherever single members may be looked at.
    """
    waits = [one for one in counted.waits if one.counts()]
    withheld = people is not None and people < LEAST_PEOPLE
    replies = [one.working for one in waits if one.working is not None]
    return Summary(
        received=sum(one.received for one in counted.volumes),
        sent=sum(one.sent for one in counted.volumes),
        waits=len(waits),
        answered=len(replies),
        soon=sum(one.is_soon() for one in waits),
        missed=sum(one.has_missed(now=now) for one in waits),
        closed=len(counted.closings),
        first_reply=None if withheld else median(replies),
        resolution=None if withheld else median(one.took for one in counted.closings),
        withheld=withheld,
    )


def spread(times: Iterable[timedelta], steps: Sequence[timedelta]) -> list[int]:
    """Return how many times end at or below each step, and last how many are longer than all."""
    found = [0] * (len(steps) + 1)
    for one in times:
        found[sum(one > step for step in steps)] += 1
    return found


def hours(waits: Iterable[Wait]) -> Sequence[tuple[int, int]]:
    """Return for each hour of the day how many were answered within an hour, and how many were not."""
    found = [[0, 0] for _ in range(24)]
    for one in waits:
        if one.counts():
            found[one.hour][0 if one.is_soon() else 1] += 1
    return [(soon, later) for soon, later in found]


def members(waits: Iterable[Wait]) -> Mapping[int, tuple[int, timedelta]]:
    """Return for each member how often they answered first, and their median time."""
    found: dict[int, list[timedelta]] = {}
    for one in waits:
        if one.by is not None and one.working is not None:
            found.setdefault(one.by, []).append(one.working)
    return {by: (len(times), median(times) or timedelta()) for by, times in found.items()}
