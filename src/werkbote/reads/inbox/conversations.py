"""The list: conversations of the viewer's branches, the latest first, each with its last message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import bubbles, people, views, window, working
from werkbote.store import keyring, models, scope, vault

_EXCERPT = 120
_NEVER = datetime.min.replace(tzinfo=UTC)
"""Before everything: when a conversation was seen that nobody has seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last message of a conversation, for one line of the list."""

    outgoing: bool
    kind: str
    text: str
    state: str
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One line of the list. `unread` counts messages nobody of the team has seen."""

    id: int
    contact: people.Contact
    number: str
    at: datetime | None
    unread: int
    window: window.Window
    last: Last | None
    work: working.Work = field(default_factory=working.Work)


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which conversations a list shows: a view as it stands at a moment, of one branch or of all."""

    view: views.View
    at: datetime
    branch: int | None = None


def conversations(
    *,
    viewer: access.Viewer,
    before: int | None = None,
    limit: int = 50,
    which: Which | None = None,
) -> tuple[Conversation, ...]:
    """Return a page of the viewer's conversations; `before` is the last conversation already shown.

    Without `which`: all of them, whatever their state.
    """
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        rows = list(_page(viewer, before, which)[:limit])
        return opened(rows, keys, at=which.at if which else None)


def opened(
    rows: Sequence[Any], keys: vault.OrganisationKeys, *, at: datetime | None
) -> tuple[Conversation, ...]:
    """Return the lines of some rows of `visible`, with the work as it stands `at`. Inside `looking`."""
    keyhole = people.Keyhole(keys)
    contacts = people.contacts((row.person for row in rows), keyhole)
    last = _last([row.last_id for row in rows], keyhole)
    done = working.work(rows, keys, at=at) if at else {}
    labels = {
        row.number_id: keys.main.open_text(
            row.number.label_sealed, table="number", row=row.number_id, column="label_sealed"
        )
        for row in rows
    }
    return tuple(
        Conversation(
            id=row.id,
            contact=contacts[row.person_id],
            number=labels[row.number_id],
            at=row.last_message_at,
            unread=row.unread,
            window=window.of(row),
            last=last.get(row.last_id),
            work=done.get(row.id, working.Work()),
        )
        for row in rows
    )


def visible(viewer: access.Viewer) -> "QuerySet[Any]":
    """Return all conversations the viewer may see in a list, with last message and unread ones."""
    inside = models.Message.objects.filter(conversation=OuterRef("pk"), archived_at=None)
    unread = (
        inside.filter(
            received_at__gt=Coalesce(OuterRef("seen_at"), Value(_NEVER)),
            outgoing=False,
            historic=False,
            at__gt=Coalesce(OuterRef("seen_at"), OuterRef("created_at")) - views.LATE,
        )
        .order_by()
        .values("conversation")
        .annotate(count=Count("id"))
        .values("count")
    )
    return (
        models.Conversation.objects.filter(
            access.visible_conversations(viewer), last_message_at__isnull=False
        )
        .select_related("person", "number", "owner")
        .annotate(
            last_id=Subquery(inside.order_by("-at", "-id").values("id")[:1]),
            unread=Coalesce(Subquery(unread), 0),
        )
    )


def _page(viewer: access.Viewer, before: int | None, which: Which | None) -> "QuerySet[Any]":
    rows = visible(viewer)
    if which is not None:
        rows = rows.filter(views.condition(viewer, which.view, at=which.at))
        if which.branch is not None:
            rows = rows.filter(number__branch_id=which.branch)
    if before is not None:
        edge = models.Conversation.objects.filter(id=before).values("last_message_at")[:1]
        rows = rows.filter(last_message_at__lte=edge).filter(
            Q(last_message_at__lt=edge) | Q(id__lt=before)
        )
    return rows.order_by(F("last_message_at").desc(), "-id")


_SHOWN = ["number", "outgoing", "kind", "provider_id", "body", "state", "person__key_wrapped"]


def _last(wanted: list[int | None], keyhole: people.Keyhole) -> dict[int | None, Last]:
    found = models.Message.objects.filter(id__in=[one for one in wanted if one])
    rows = list(found.select_related("person").only(*_SHOWN))
    said = bubbles.said(rows, keyhole=keyhole)
    return {
        row.id: Last(
            outgoing=row.outgoing,
            kind=row.kind,
            text="" if said[row.id] is None else str(said[row.id])[:_EXCERPT],
            state=row.state,
            revoked=said[row.id] is None,
        )
        for row in rows
    }
