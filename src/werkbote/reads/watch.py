"""What the data protection officer sees of much reading and large exports: alarms, what waits, the thresholds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkbote.domain import team, watch
from werkbote.domain.events import Json
from werkbote.reads import access
from werkbote.store import keyring, models, scope

_BACK = timedelta(days=30)
_MOST = 50
_ALARMS = ("watch.large_read", "watch.stop_reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """That somebody, or a program of theirs, read much: about how many persons in an hour or a day."""

    at: datetime
    name: str
    program: bool
    stopped: bool
    span: watch.Span
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A wish to take something out. `may_decide`: the viewer is the second person it waits for."""

    id: int
    way: watch.Way
    wanted: Mapping[str, Json]
    persons: int
    state: watch.State
    over: bool
    asked_by: str
    asked_at: datetime
    decided_by: str
    until: datetime
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The page of the watch, the newest first; below the thresholds nothing is shown of anybody."""

    alarms: tuple[Alarm, ...]
    handouts: tuple[Handout, ...]
    thresholds: watch.Thresholds


def overview(*, viewer: access.Viewer, at: datetime) -> Overview:
    """Return alarms and wishes of the last thirty days, and what the house calls much."""
    access.check_right(viewer, team.Right.WATCH)
    with scope.looking(organisation=viewer.organisation):
        wishes = models.Handout.objects.filter(asked_at__gt=at - _BACK).order_by("-id")
        rows = [row for row in wishes[:_MOST] if _may_see(viewer, row.branches)]
        entries = models.AuditEntry.objects.filter(verb__in=_ALARMS, at__gt=at - _BACK)
        found = list(entries.order_by("-position")[:_MOST])
        house = models.Organisation.objects.get(id=viewer.organisation)
        names = _names(
            viewer,
            [
                *(one for row in rows for one in (row.asked_by, row.decided_by)),
                *(entry.detail["member"] for entry in found),
            ],
        )
    return Overview(
        alarms=tuple(_alarm(entry, names) for entry in found),
        handouts=tuple(_handout(viewer, row, names, at=at) for row in rows),
        thresholds=watch.Thresholds(
            alone=house.export_alone, hourly=house.read_hourly, daily=house.read_daily
        ),
    )


def waiting(*, viewer: access.Viewer, at: datetime) -> int:
    """Return how many files wait for the viewer's word; 0 for who gives none."""
    if not viewer.can(team.Right.WATCH):
        return 0
    return sum(one.may_decide for one in overview(viewer=viewer, at=at).handouts)


def handout(*, viewer: access.Viewer, handout: int, at: datetime) -> Handout:
    """Return one wish: one's own, or one to decide on; raise access.UnableToSee otherwise."""
    with scope.looking(organisation=viewer.organisation):
        row = models.Handout.objects.filter(id=handout).first()
        if row is None:
            raise access.UnableToSee("There is no such file.")
        watches = viewer.can(team.Right.WATCH) and _may_see(viewer, row.branches)
        if row.asked_by != viewer.member and not watches:
            raise access.UnableToSee("There is no such file.")
        names = _names(viewer, [row.asked_by, row.decided_by])
    return _handout(viewer, row, names, at=at)


def _may_see(viewer: access.Viewer, branches: Collection[int]) -> bool:
    return set(branches) <= viewer.branches


def _handout(
    viewer: access.Viewer, row: models.Handout, names: Mapping[int, str], *, at: datetime
) -> Handout:
    state = watch.State(row.state)
    wish = watch.Wish(
        state=state, persons=row.persons, asked_at=row.asked_at, decided_at=row.decided_at
    )
    over = wish.is_over(at=at) and state in {watch.State.WAITING, watch.State.APPROVED}
    waits = state is watch.State.WAITING and not over
    return Handout(
        id=row.id,
        way=watch.Way(row.way),
        wanted=row.wanted,
        persons=row.persons,
        state=state,
        over=over,
        asked_by=names.get(row.asked_by, ""),
        asked_at=row.asked_at,
        decided_by=names.get(row.decided_by or 0, ""),
        until=(row.decided_at or row.asked_at) + watch.GOOD_FOR,
        may_decide=waits
        and viewer.can(team.Right.WATCH)
        and row.asked_by != viewer.member
        and _may_see(viewer, row.branches),
    )


def _alarm(entry: models.AuditEntry, names: Mapping[int, str]) -> Alarm:
    return Alarm(
        at=entry.at,
        name=names.get(entry.detail["member"], ""),
        program=entry.object.startswith("token:"),
        stopped=entry.verb == "watch.stop_reading",
        span=watch.Span(entry.detail["span"]),
        persons=entry.detail["persons"],
    )


def _names(viewer: access.Viewer, members: Collection[int | None]) -> dict[int, str]:
    main = keyring.organisation(viewer.organisation).main
    rows = models.Member.objects.filter(id__in={one for one in members if one})
    return {
        row.id: main.open_text(row.name_sealed, table="member", row=row.id, column="name_sealed")
        for row in rows
    }
