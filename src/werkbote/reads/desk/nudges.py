"""What asks for the viewer's own attention; nobody else sees it."""

from dataclasses import dataclass
from datetime import datetime

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import people
from werkbote.store import keyring, models, scope

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """Why, where and since when."""

    kind: str
    conversation: int
    contact: people.Contact
    at: datetime


def nudges(*, viewer: access.Viewer) -> tuple[Nudge, ...]:
    """Return what the viewer has not seen yet, the newest first; only where they may still read."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Nudge.objects.filter(
                member_id=viewer.member,
                seen_at=None,
                conversation__number__branch_id__in=viewer.branches,
            )
            .select_related("conversation__person")
            .order_by("-created_at", "-id")[:_MOST]
        )
        contacts = people.contacts((row.conversation.person for row in rows), keyhole)
    return tuple(
        Nudge(
            kind=row.kind,
            conversation=row.conversation_id,
            contact=contacts[row.conversation.person_id],
            at=row.created_at,
        )
        for row in rows
    )
