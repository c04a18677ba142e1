"""People as the team must judge them: open questions whether two are one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import naming, people
from werkbote.store import keyring, models, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A question whether two persons are one; `is_own` says that the viewer asked it."""

    id: int
    kind: str
    previous: people.Contact
    current: people.Contact
    at: datetime
    asked_by: str = ""
    is_own: bool = False


def reviews(*, viewer: access.Viewer) -> tuple[Review, ...]:
    """Return the open questions about persons who talk to the viewer's branches, the oldest first."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    keyhole = people.Keyhole(keys)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.IdentityReview.objects.filter(_visible(viewer), state="open")
            .select_related("previous", "current", "asked_by")
            .order_by("created_at", "id")[:200]
        )
        persons = [row.previous for row in rows] + [row.current for row in rows]
        found = people.contacts(persons, keyhole)
    return tuple(
        Review(
            id=row.id,
            kind=row.kind,
            previous=found[row.previous_id],
            current=found[row.current_id],
            at=row.created_at,
            asked_by=naming.member(keys, row.asked_by),
            is_own=row.asked_by_id == viewer.member,
        )
        for row in rows
    )


def waiting(*, viewer: access.Viewer) -> int:
    """Return how many questions are open for the viewer."""
    with scope.looking(organisation=viewer.organisation):
        return models.IdentityReview.objects.filter(_visible(viewer), state="open").count()


def check_review(*, viewer: access.Viewer, review: int) -> None:
    """Raise access.UnableToSee unless the question is about somebody the viewer talks to."""
    access.check_right(viewer, team.Right.WRITE)
    with scope.looking(organisation=viewer.organisation):
        if not models.IdentityReview.objects.filter(_visible(viewer), id=review).exists():
            raise access.UnableToSee("There is no such question.")


def _visible(viewer: access.Viewer) -> Q:
    here = models.Conversation.objects.filter(access.visible_conversations(viewer))
    return Q(previous__in=here.values("person_id")) | Q(current__in=here.values("person_id"))
