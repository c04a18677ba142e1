"""Old chats and uploads in lists, what an upload form offers, and how many chats wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.old_chats import seeing
from werkbote.store import models, scope

_MOST = 200


def chats(*, viewer: access.Viewer) -> tuple[seeing.Chat, ...]:
    """Return the old chats the viewer may see: undecided ones first, then the newest."""
    access.check_right(viewer, team.Right.READ_CHATS)
    names = seeing.Names(viewer)
    with scope.looking(organisation=viewer.organisation):
        rows = (
            models.OldChat.objects.filter(seeing.visible(viewer))
            .exclude(state="reading")
            .select_related("person", "owner")
            .order_by("-state", "-id")[:_MOST]
        )
        return tuple(names.chat(row) for row in rows)


def protected(*, viewer: access.Viewer) -> tuple[seeing.Chat, ...]:
    """Return the chats that are opened with a reason only, the newest first."""
    access.check_right(viewer, team.Right.READ_RESTRICTED)
    names = seeing.Names(viewer)
    with scope.looking(organisation=viewer.organisation):
        rows = (
            models.OldChat.objects.filter(seeing.protected(viewer))
            .exclude(state="reading")
            .select_related("person", "owner")
            .order_by("-id")[:_MOST]
        )
        return tuple(names.chat(row) for row in rows)


def arrivals(*, viewer: access.Viewer, since: datetime) -> tuple[seeing.Arrival, ...]:
    """Return uploads that run, failed, or ended since a moment; the newest first."""
    access.check_right(viewer, team.Right.READ_CHATS)
    names = seeing.Names(viewer)
    with scope.looking(organisation=viewer.organisation):
        rows = (
            models.OldChatArrival.objects.filter(seeing.visible_arrivals(viewer))
            .filter(~Q(state="done") | Q(finished_at__gt=since))
            .select_related("person", "owner")
            .order_by("-id")[:20]
        )
        return tuple(names.arrival(row) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What an upload can be said to be: whose phone, which branch, and the zone used last."""

    members: Sequence[tuple[int, str]]
    branches: Sequence[tuple[int, str]]
    zone: str


def choices(*, viewer: access.Viewer) -> Choices:
    """Return what the upload form offers; an agent uploads from the own phone only."""
    names = seeing.Names(viewer)
    with scope.looking(organisation=viewer.organisation):
        members = models.Member.objects.filter(is_active=True)
        if viewer.role is not team.Role.OWNER:
            members = members.filter(id=viewer.member)
        last = models.OldChatArrival.objects.order_by("-id").values_list("zone", flat=True).first()
        branches = models.Branch.objects.filter(id__in=viewer.branches).order_by("id")
        people = [(row.id, names.member(row)) for row in members.order_by("id")]
        places = [
            (
                row.id,
                names.keys.main.open_text(
                    row.name_sealed, table="branch", row=row.id, column="name_sealed"
                ),
            )
            for row in branches
        ]
    mine = sorted(people, key=lambda one: one[0] != viewer.member)
    return Choices(members=mine, branches=places, zone=last or "")


def waiting(*, viewer: access.Viewer, today: date, days: int) -> tuple[int, int]:
    """Return how many old chats wait for a decision, and how many longer than `days`."""
    with scope.looking(organisation=viewer.organisation):
        rows = models.OldChat.objects.filter(
            seeing.free(), branch_id__in=viewer.branches, state="open"
        )
        late = rows.filter(created_at__date__lt=today - timedelta(days=days))
        return rows.count(), late.count()
