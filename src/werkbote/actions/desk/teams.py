"""Teams of a branch (Service, Verkauf, Teile): made, ended, joined and left."""

from datetime import datetime

from werkbote.actions import audit
from werkbote.actions.desk import doing, macros
from werkbote.domain import team as roles
from werkbote.store import ids, keyring, models, scope


def create_team(
    *,
    organisation: int,
    branch: int,
    kind: roles.TeamKind,
    name: str,
    by: doing.By,
    at: datetime,
) -> int:
    """Make a team of a branch and return its id; raise doing.UnableToDo with the reason."""
    words = macros.checked_name(name)
    keys = keyring.organisation(organisation)
    row = ids.new()
    with scope.transaction(organisation=organisation):
        if not models.Branch.objects.filter(id=branch).exists():
            raise doing.UnableToDo("This branch is not there any more: choose another.")
        models.Team.objects.create(
            id=row,
            organisation_id=organisation,
            branch_id=branch,
            kind=kind,
            name_sealed=keys.main.seal_text(words, table="team", row=row, column="name_sealed"),
            created_at=at,
        )
        _record(organisation, row, "desk.create_team", by=by, at=at)
    return row


def end_team(*, organisation: int, team: int, by: doing.By, at: datetime) -> None:
    """Offer a team no more; what it has is nobody's team's. Raises doing.UnableToDo if it has ended."""
    with scope.transaction(organisation=organisation):
        if not models.Team.objects.filter(id=team, ended_at=None).update(ended_at=at):
            raise doing.UnableToDo("This team has ended already; reload the page.")
        models.TeamMembership.objects.filter(team_id=team).delete()
        models.Conversation.objects.filter(team_id=team).update(team=None)
        models.Case.objects.filter(team_id=team, closed_at=None).update(team=None)
        _record(organisation, team, "desk.end_team", by=by, at=at)


def join_team(*, organisation: int, team: int, member: int, by: doing.By, at: datetime) -> None:
    """Let a member belong to a team of a branch they work at; raise doing.UnableToDo."""
    with scope.transaction(organisation=organisation):
        row = models.Team.objects.filter(id=team, ended_at=None).first()
        if row is None:
            raise doing.UnableToDo("This team has ended already; reload the page.")
        readers = models.Member.objects.filter(doing.readers(row.branch_id), id=member)
        if not readers.exists():
            raise doing.UnableToDo(
                "This member does not work at the branch: choose somebody who does."
            )
        models.TeamMembership.objects.get_or_create(
            member_id=member, team=row, defaults={"organisation_id": organisation}
        )
        _record(organisation, team, "desk.join_team", by=by, at=at, member=member)


def leave_team(*, organisation: int, team: int, member: int, by: doing.By, at: datetime) -> None:
    """Let a member belong to a team no more; where they do not, nothing changes."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.TeamMembership.objects.filter(team_id=team, member_id=member).delete()
        if gone:
            _record(organisation, team, "desk.leave_team", by=by, at=at, member=member)


def _record(
    organisation: int, team: int, verb: str, *, by: doing.By, at: datetime, **detail: int
) -> None:
    audit.record(
        organisation=organisation,
        by=by,
        verb=verb,
        object=f"team:{team}",
        detail=dict(detail),
        at=at,
    )
