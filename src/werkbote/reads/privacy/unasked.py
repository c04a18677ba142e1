"""Who sent an identity paper unasked and does not know yet that it is deleted: a letter is owed."""

from dataclasses import dataclass
from datetime import date

from werkbote.domain import delivery, team
from werkbote.reads import access
from werkbote.reads.inbox import people
from werkbote.store import keyring, models, scope

_TOLD = (
    delivery.State.QUEUED,
    delivery.State.SENDING,
    delivery.State.UNKNOWN,
    delivery.State.SENT,
    delivery.State.DELIVERED,
    delivery.State.READ,
)
"""Where the message stands that tells it, or still may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One letter that is owed."""

    id: int
    contact: people.Contact | None
    received_on: date
    due_on: date


def owed(*, viewer: access.Viewer) -> tuple[Owed, ...]:
    """Return the letters that are owed at the viewer's branches, the oldest first."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        told = models.Message.objects.filter(state__in=_TOLD).values("id")
        rows = list(
            models.UnaskedDocument.objects.filter(branch__in=viewer.branches, letter_at=None)
            .exclude(notice_ref__in=told)
            .select_related("person")
            .order_by("received_on", "id")
        )
        keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
        contacts = people.contacts([row.person for row in rows], keyhole)
        return tuple(
            Owed(
                id=row.id,
                contact=contacts.get(row.person_id),
                received_on=row.received_on,
                due_on=row.due_on,
            )
            for row in rows
        )


def check_owed(*, viewer: access.Viewer, document: int) -> None:
    """Raise access.UnableToSee unless a document is of the viewer's branches."""
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        found = models.UnaskedDocument.objects.filter(id=document, branch__in=viewer.branches)
        if not found.exists():
            raise access.UnableToSee("There is no such letter.")
