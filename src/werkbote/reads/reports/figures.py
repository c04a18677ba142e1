"""A report as a page shows it: the figures of the whole, by day, hour, branch and team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from werkbote.domain import desk, reports, team
from werkbote.reads import access
from werkbote.reads.reports import counting
from werkbote.store import keyring, models, scope, vault

LONGEST = 366
"""The longest period, in days."""

_BY_DAY = 62
"""Up to how many days the volume is shown by day; longer periods by week."""


class UnableToReport(ValueError):
    """There is no such report; the sentence says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The period, both days included, and whether of one branch or one team only."""

    since: date
    until: date
    branch: int | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one branch, or of one team of it; `team` is empty for what has no team."""

    branch: str
    team: str | None
    summary: reports.Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a report says. `days` begin with their day, or with their week's Monday."""

    wanted: Wanted
    whole: reports.Summary
    days: Sequence[tuple[date, int, int]]
    weekly: bool
    hours: Sequence[tuple[int, int]]
    replies: Sequence[int]
    closings: Sequence[int]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The viewer's branches, and the teams of each, by number."""

    branches: Mapping[int, str]
    teams: Mapping[int, tuple[int, str]]


def choices(*, viewer: access.Viewer) -> Choices:
    """Return of which branches and teams the viewer may ask."""
    access.check_right(viewer, team.Right.READ_REPORTS)
    with scope.looking(organisation=viewer.organisation):
        return _choices(viewer)


def _choices(viewer: access.Viewer) -> Choices:
    main = keyring.organisation(viewer.organisation).main
    branches = models.Branch.objects.filter(id__in=viewer.branches).order_by("created_at", "id")
    teams = models.Team.objects.filter(branch_id__in=viewer.branches, ended_at=None)
    return Choices(
        branches={row.id: _opened(main, "branch", row.id, row.name_sealed) for row in branches},
        teams={
            row.id: (row.branch_id, _opened(main, "team", row.id, row.name_sealed))
            for row in teams.order_by("branch_id", "created_at", "id")
        },
    )


def _opened(main: vault.Key, table: str, row: int, sealed: bytes | memoryview) -> str:
    return main.open_text(sealed, table=table, row=row, column="name_sealed")


def report(*, viewer: access.Viewer, wanted: Wanted, at: datetime) -> Report:
    """Return a report; raise UnableToReport for a period that is none, UnableToSee for what is not theirs."""
    access.check_right(viewer, team.Right.READ_REPORTS)
    check(wanted)
    with scope.looking(organisation=viewer.organisation):
        known = _choices(viewer)
        counted = counting.count(span(viewer, wanted, known), at=at)
        people = _people(known, viewer)
    waits = [one for one in counted.waits if one.counts()]
    weekly = (wanted.until - wanted.since).days >= _BY_DAY
    return Report(
        wanted=wanted,
        whole=reports.summary(counted, people=_of_whole(wanted, people), now=at),
        days=_days(counted, wanted, weekly=weekly),
        weekly=weekly,
        hours=reports.hours(waits),
        replies=reports.spread(
            [one.working for one in waits if one.working is not None], reports.ANSWER_STEPS
        ),
        closings=reports.spread([one.took for one in counted.closings], reports.CLOSE_STEPS),
        lines=_lines(counted, known, people, at=at),
    )


def check(wanted: Wanted) -> None:
    """Raise UnableToReport for a period that ends before it begins, or is longer than a year."""
    days = (wanted.until - wanted.since).days + 1
    if days < 1:
        raise UnableToReport("The period ends before it begins: check the two days.")
    if days > LONGEST:
        raise UnableToReport("A report covers a year at most: choose a shorter period.")


def span(viewer: access.Viewer, wanted: Wanted, known: Choices) -> counting.Span:
    """Return what is counted; raise UnableToSee for a branch or team that is not the viewer's."""
    if wanted.branch is not None and wanted.branch not in known.branches:
        raise access.UnableToSee("There is no such branch.")
    if wanted.team is not None and wanted.team not in known.teams:
        raise access.UnableToSee("There is no such team.")
    return counting.Span(
        branches=list(viewer.branches) if wanted.branch is None else [wanted.branch],
        team=wanted.team,
        since=_midnight(wanted.since),
        until=_midnight(wanted.until + timedelta(days=1)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=desk.ZONE)


def _of_whole(wanted: Wanted, people: Mapping[tuple[str, int], int]) -> int | None:
    """Return how many people are behind the whole of a report; None for the house."""
    if wanted.team is not None:
        return people.get(("team", wanted.team), 0)
    return people.get(("branch", wanted.branch), 0) if wanted.branch is not None else None


def _people(known: Choices, viewer: access.Viewer) -> Mapping[tuple[str, int], int]:
    """Return how many active members answer at each branch, and in each team."""
    writing = [one for one in team.Role if team.can(role=one, right=team.Right.WRITE)]
    active = models.Member.objects.filter(
        organisation_id=viewer.organisation, is_active=True, role__in=writing
    )
    owners = active.filter(role=team.Role.OWNER).values_list("id", flat=True)
    here: dict[tuple[str, int], set[int]] = {
        ("branch", branch): set(owners) for branch in known.branches
    }
    working = Q(member__in=active)
    for branch, member in models.Membership.objects.filter(working).values_list(
        "branch_id", "member_id"
    ):
        here.setdefault(("branch", branch), set()).add(member)
    for one, member in models.TeamMembership.objects.filter(working).values_list(
        "team_id", "member_id"
    ):
        here.setdefault(("team", one), set()).add(member)
    return {place: len(found) for place, found in here.items()}


def _days(
    counted: reports.Counted, wanted: Wanted, *, weekly: bool
) -> Sequence[tuple[date, int, int]]:
    """Return what came and went on every day of the period, quiet ones too, or in every week."""
    found: dict[date, list[int]] = {}
    for offset in range((wanted.until - wanted.since).days + 1):
        found.setdefault(_begin(wanted.since + timedelta(days=offset), weekly=weekly), [0, 0])
    for one in counted.volumes:
        day = found[_begin(date.fromordinal(one.day), weekly=weekly)]
        day[0] += one.received
        day[1] += one.sent
    return [(day, received, sent) for day, (received, sent) in found.items()]


def _begin(day: date, *, weekly: bool) -> date:
    return day - timedelta(days=day.weekday()) if weekly else day


def _lines(
    counted: reports.Counted,
    known: Choices,
    people: Mapping[tuple[str, int], int],
    *,
    at: datetime,
) -> Sequence[Line]:
    """Return the lines of the branches where something was, each followed by its teams."""
    found = []
    for branch, name in known.branches.items():
        inside = counted.of(branch=branch)
        if not (inside.volumes or inside.waits or inside.closings):
            continue
        whole = reports.summary(inside, people=people.get(("branch", branch), 0), now=at)
        found.append(Line(branch=name, team=None, summary=whole))
        for row, (place, words) in known.teams.items():
            if place == branch:
                own = reports.summary(
                    inside.of(team=row), people=people.get(("team", row), 0), now=at
                )
                found.append(Line(branch=name, team=words, summary=own))
    return found
