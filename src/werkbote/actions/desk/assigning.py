"""Whose a conversation is: a member's, a team's, handed over with a note."""

from datetime import datetime

from werkbote.actions.desk import doing, noting
from werkbote.domain import desk
from werkbote.store import models


def assign(
    *, organisation: int, conversation: int, member: int | None, by: doing.By, at: datetime
) -> None:
    """Give a conversation to a member, or to nobody; raise doing.UnableToDo with the reason."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        do_assign(row, member, by=by, at=at)


def assign_team(
    *, organisation: int, conversation: int, team: int | None, by: doing.By, at: datetime
) -> None:
    """Give a conversation to a team of its branch, or to none; raise doing.UnableToDo."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        do_team(row, team, by=by, at=at)


def hand_over(
    *,
    organisation: int,
    conversation: int,
    to: tuple[int | None, int | None],
    note: str,
    by: doing.By,
    at: datetime,
) -> None:
    """Hand a conversation over to (member, team), one of them at least, with a note to read.

    Raises doing.UnableToDo with the reason.
    """
    member, team = to
    if member is None and team is None:
        raise doing.UnableToDo("Say to whom: choose a member or a team.")
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        if note.strip():
            noting.do_note(row, note, by=by, at=at)
        if team is not None:
            do_team(row, team, by=by, at=at)
        if row.owner_id != member:
            do_assign(row, member, by=by, at=at, kind=desk.Event.HANDED_OVER)
        kind = desk.Nudge.HANDED_OVER
        doing.nudge(row, kind, members=_receivers(row, member, team), by=by, at=at)


def do_assign(
    row: models.Conversation,
    member: int | None,
    *,
    by: doing.By,
    at: datetime,
    kind: desk.Event = desk.Event.ASSIGNED,
) -> None:
    """Assign inside another deed. Who is assigned by somebody else is told."""
    if member is not None:
        doing.check_reader(row, member)
    if row.owner_id == member:
        return
    row.owner_id = member
    row.save(update_fields=["owner"])
    if member is None:
        doing.enter(row, desk.Event.UNASSIGNED, by=by, at=at)
        return
    if kind is desk.Event.ASSIGNED:
        doing.nudge(row, desk.Nudge.ASSIGNED, members=[member], by=by, at=at)
    doing.enter(row, kind, by=by, at=at, target=member)


def do_team(row: models.Conversation, team: int | None, *, by: doing.By, at: datetime) -> None:
    """Give to a team inside another deed."""
    if team is not None:
        doing.check_team(row, team)
    if row.team_id == team:
        return
    row.team_id = team
    row.save(update_fields=["team"])
    doing.enter(row, desk.Event.TEAM, by=by, at=at, target=team)


def _receivers(row: models.Conversation, member: int | None, team: int | None) -> list[int]:
    """Return who is told of a hand-over: the member, else everybody of the team who reads here."""
    if member is not None:
        return [member]
    readers = models.Member.objects.filter(doing.readers(row.number.branch_id))
    return list(
        readers.filter(team_memberships__team_id=team or 0).distinct().values_list("id", flat=True)
    )
