"""What every deed of the desk stands on: the locked conversation, its event, its audit, the nudge."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Q

from werkbote.actions import audit
from werkbote.domain import desk
from werkbote.domain import team as roles
from werkbote.store import live, models, scope

type By = int | str
"""A member's number, or who acted where nobody did: “system”, “rule:17”."""


class UnableToDo(Exception):
    """The conversation cannot be treated like that; the sentence says why."""


@contextmanager
def conversation(
    *, organisation: int, conversation: int, at: datetime
) -> Iterator[models.Conversation]:
    """Open the deed's transaction with the conversation locked; open pages are told when it commits.

    Raises UnableToDo where there is no such conversation.
    """
    with scope.transaction(organisation=organisation):
        yield locked(conversation)
        live.announce(conversations={conversation}, at=at)


def locked(conversation: int) -> models.Conversation:
    """Return a conversation's row with person and number, locked; raise UnableToDo without one."""
    row = (
        models.Conversation.objects.select_related("person", "number")
        .select_for_update(of=("self",), no_key=True)
        .filter(id=conversation)
        .first()
    )
    if row is None:
        raise UnableToDo("This conversation is not here any more; go back to the list.")
    return row


def enter(
    row: models.Conversation,
    kind: desk.Event,
    *,
    by: By,
    at: datetime,
    target: int | None = None,
    value: str = "",
) -> None:
    """Enter what happened to a conversation, for the team and into the audit."""
    happened(row, kind, by=by, at=at, target=target, value=value)
    audit.record(
        organisation=row.organisation_id,
        by=by,
        verb=f"desk.{kind}",
        object=f"conversation:{row.id}",
        detail={"target": target, "value": value},
        at=at,
    )


def happened(
    row: models.Conversation,
    kind: desk.Event,
    *,
    by: By,
    at: datetime,
    target: int | None = None,
    value: str = "",
) -> None:
    """Enter what happened for the team alone: for what goes by itself in the midst of the intake."""
    models.ConversationEvent.objects.create(
        organisation_id=row.organisation_id,
        conversation=row,
        kind=kind,
        actor_id=by if isinstance(by, int) else None,
        target=target,
        value=value,
        at=at,
    )


def nudge(
    row: models.Conversation,
    kind: desk.Nudge,
    *,
    members: Iterable[int | None],
    by: By,
    at: datetime,
) -> None:
    """Ask for members' attention, once for the same reason while it is unseen, never for one's own."""
    wanted = {member for member in members if member is not None and member != by}
    asked = models.Nudge.objects.filter(
        conversation=row, kind=kind, member__in=wanted, seen_at=None
    ).values_list("member_id", flat=True)
    models.Nudge.objects.bulk_create(
        [
            models.Nudge(
                organisation_id=row.organisation_id,
                conversation=row,
                member_id=member,
                kind=kind,
                created_at=at,
            )
            for member in sorted(wanted - set(asked))
        ]
    )


def readers(branch: int) -> Q:
    """Return the condition on members who read the chats of a branch: who works there, and owners."""
    may = [role for role in roles.Role if roles.can(role=role, right=roles.Right.READ_CHATS)]
    here = Q(memberships__branch_id=branch) | Q(role=roles.Role.OWNER)
    return Q(is_active=True, role__in=may) & here


def check_reader(row: models.Conversation, member: int) -> None:
    """Raise UnableToDo unless a member reads this conversation's branch."""
    found = models.Member.objects.filter(readers(row.number.branch_id), id=member)
    if not found.exists():
        raise UnableToDo("This member does not work at the branch: choose somebody who does.")


def check_team(row: models.Conversation, team: int) -> None:
    """Raise UnableToDo unless a team is one of this conversation's branch."""
    here = models.Team.objects.filter(id=team, branch_id=row.number.branch_id, ended_at=None)
    if not here.exists():
        raise UnableToDo("This team is not one of the branch: choose another.")
