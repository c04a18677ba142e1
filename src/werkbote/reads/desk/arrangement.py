"""How the house is arranged: labels, teams, macros, rules, opening hours, and who works where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from werkbote.domain import desk, team
from werkbote.reads import access
from werkbote.reads.inbox import naming
from werkbote.store import keyring, models, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team with its members' names."""

    id: int
    name: str
    kind: str
    branch: int
    members: tuple[naming.Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as its page shows it."""

    id: int
    name: str
    trigger: str
    active: bool
    conditions: tuple[desk.Condition, ...]
    steps: tuple[desk.Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a rule would have done in the last thirty days: messages looked at, and those it fits."""

    looked: int
    fits: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Days on which a branch is closed."""

    id: int
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch with its hours; `week` maps 1 to 7 to pairs of times."""

    id: int
    name: str
    week: Mapping[int, tuple[desk.Opening, ...]]
    keeps_holidays: bool
    tells_absence: bool
    absence: str
    reply_minutes: int | None
    asks_satisfaction: bool
    closed: tuple[Closed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Everything an owner arranges."""

    labels: tuple[naming.Label, ...]
    teams: tuple[Team, ...]
    macros: tuple[tuple[naming.Named, tuple[desk.Step, ...]], ...]
    rules: tuple[Rule, ...]
    branches: tuple[Branch, ...]
    members: tuple[naming.Named, ...]


def labels(*, viewer: access.Viewer) -> tuple[naming.Label, ...]:
    """Return the labels that are offered, to choose from."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return naming.labels(keys)


def arranged(*, viewer: access.Viewer) -> Arranged:
    """Return how the viewer's organisation is arranged; raise access.UnableToSee for who must not."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        return Arranged(
            labels=naming.labels(keys),
            teams=_teams(keys),
            macros=tuple(
                (one, _steps(keys, row))
                for row in models.Macro.objects.filter(ended_at=None).order_by("id")
                for one in [macro_of(keys, row)]
            ),
            rules=tuple(
                _rule(keys, row)
                for row in models.AutomationRule.objects.filter(ended_at=None).order_by("id")
            ),
            branches=_branches(keys),
            members=tuple(
                naming.Named(id=row.id, name=naming.member(keys, row))
                for row in models.Member.objects.filter(is_active=True).order_by("id")
            ),
        )


def check_branch(viewer: access.Viewer, branch: int) -> None:
    """Raise access.UnableToSee unless the branch is one the viewer arranges."""
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    if branch not in viewer.branches:
        raise access.UnableToSee("There is no such branch.")


def macro_of(keys: vault.OrganisationKeys, row: models.Macro) -> naming.Named:
    """Return a macro's row, opened, without its steps."""
    name = keys.main.open_text(row.name_sealed, table="macro", row=row.id, column="name_sealed")
    return naming.Named(id=row.id, name=name)


def _steps(keys: vault.OrganisationKeys, row: models.Macro) -> tuple[desk.Step, ...]:
    sealed = keys.main.open(row.steps_sealed, table="macro", row=row.id, column="steps_sealed")
    return desk.parse_steps(orjson.loads(sealed))


def opened_rule(keys: vault.OrganisationKeys, row: models.AutomationRule) -> desk.Rule:
    """Return a rule's row as the domain asks it."""
    body: Mapping[str, Any] = orjson.loads(
        keys.main.open(row.body_sealed, table="automation_rule", row=row.id, column="body_sealed")
    )
    return desk.Rule(
        id=row.id,
        trigger=desk.Trigger(row.trigger),
        conditions=desk.parse_conditions(body["conditions"]),
        steps=desk.parse_steps(body["steps"], by_rule=True),
        branch=row.branch_id,
    )


def _rule(keys: vault.OrganisationKeys, row: models.AutomationRule) -> Rule:
    rule = opened_rule(keys, row)
    return Rule(
        id=row.id,
        name=keys.main.open_text(
            row.name_sealed, table="automation_rule", row=row.id, column="name_sealed"
        ),
        trigger=row.trigger,
        active=row.active,
        conditions=rule.conditions,
        steps=rule.steps,
    )


def _teams(keys: vault.OrganisationKeys) -> tuple[Team, ...]:
    members: dict[int, list[naming.Named]] = {}
    for one in models.TeamMembership.objects.select_related("member").order_by("id"):
        named = naming.Named(id=one.member_id, name=naming.member(keys, one.member))
        members.setdefault(one.team_id, []).append(named)
    return tuple(
        Team(
            id=row.id,
            name=naming.team(keys, row),
            kind=row.kind,
            branch=row.branch_id,
            members=tuple(members.get(row.id, ())),
        )
        for row in models.Team.objects.filter(ended_at=None).order_by("id")
    )


def _branches(keys: vault.OrganisationKeys) -> tuple[Branch, ...]:
    closed: dict[int, list[Closed]] = {}
    for one in models.BranchClosed.objects.order_by("first"):
        closed.setdefault(one.branch_id, []).append(
            Closed(id=one.id, first=one.first, last=one.last)
        )
    hours = {row.branch_id: row for row in models.BranchHours.objects.all()}
    return tuple(
        _branch(keys, row, hours.get(row.id), tuple(closed.get(row.id, ())))
        for row in models.Branch.objects.order_by("id")
    )


def _branch(
    keys: vault.OrganisationKeys,
    row: models.Branch,
    hours: models.BranchHours | None,
    closed: tuple[Closed, ...],
) -> Branch:
    name = keys.main.open_text(row.name_sealed, table="branch", row=row.id, column="name_sealed")
    absence = (
        ""
        if hours is None
        else keys.main.open_text(
            hours.absence_sealed, table="branch_hours", row=hours.id, column="absence_sealed"
        )
    )
    return Branch(
        id=row.id,
        name=name,
        week=desk.parse_week(hours.week if hours else {}),
        keeps_holidays=hours.keeps_holidays if hours else True,
        tells_absence=hours.tells_absence if hours else False,
        absence=absence,
        reply_minutes=hours.reply_minutes if hours else None,
        asks_satisfaction=hours.asks_satisfaction if hours else False,
        closed=closed,
    )
