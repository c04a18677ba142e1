"""What the team has to look after about consents: words that are unclear, and notices that did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import people
from werkbote.store import edits, keyring, models, scope, vault

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A question about somebody's words that is open. `said` is only there where one is looked at."""

    id: int
    conversation: int
    contact: people.Contact
    kind: str
    at: datetime
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerhapsMinor:
    """Somebody who may be under 16, and since when that is known."""

    conversation: int
    contact: people.Contact
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninformed:
    """Somebody who was written to and whose privacy notice has not arrived (Art. 13)."""

    conversation: int
    contact: people.Contact
    since: datetime | None


def tasks(*, viewer: access.Viewer) -> tuple[Task, ...]:
    """Return the open questions, the oldest first; none to those who must not read chats."""
    if not viewer.can(team.Right.READ_CHATS):
        return ()
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        rows = list(_open(viewer).order_by("created_at", "id")[:_MOST])
        found = people.contacts([row.person for row in rows], keyhole)
    return tuple(_task(row, found[row.person_id]) for row in rows)


def task(*, viewer: access.Viewer, task: int) -> Task:
    """Return one open question with the words; raise access.UnableToSee where it is not the viewer's."""
    access.check_right(viewer, team.Right.WRITE)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = _open(viewer).filter(id=task).first()
        if row is None:
            raise access.UnableToSee("There is no such question.")
        contact = people.contacts([row.person], people.Keyhole(keys))[row.person_id]
        return _task(row, contact, said=_said(keys, row))


def _open(viewer: access.Viewer) -> QuerySet[models.ConsentTask]:
    return models.ConsentTask.objects.filter(
        answered_at=None, message__number__branch__in=viewer.branches
    ).select_related("person", "message__person")


def _task(row: models.ConsentTask, contact: people.Contact, *, said: str = "") -> Task:
    assert row.message is not None
    return Task(
        id=row.id,
        conversation=row.message.conversation_id,
        contact=contact,
        kind=row.kind,
        at=row.created_at,
        said=said,
    )


def _said(keys: vault.OrganisationKeys, row: models.ConsentTask) -> str:
    message = row.message
    assert message is not None
    edited = edits.of_message(keys, message)
    if edited is not None:
        return edited
    key = keys.unwrap(message.person.key_wrapped, person=message.person_id)
    body: dict[str, Any] = orjson.loads(
        key.open(message.body, table="message", row=message.id, column="body")
    )
    return str(body.get("text", ""))


def uninformed(branches: Sequence[int]) -> QuerySet[models.Conversation]:
    """Return the conversations of people who were written to and have no delivered notice.

    Whoever gets e-mails was informed by the form they filled in.
    """
    told = models.Message.objects.filter(number__branch__in=branches).exclude(notice_version="")
    informed = told.filter(Q(delivered_at__isnull=False) | Q(read_at__isnull=False))
    written = models.Message.objects.filter(
        number__branch__in=branches, outgoing=True, sent_at__isnull=False
    )
    return (
        models.Conversation.objects.filter(id__in=written.values("conversation_id"))
        .exclude(number__channel="mail")
        .exclude(id__in=informed.values("conversation_id"))
    )


def open_notices(*, viewer: access.Viewer) -> tuple[Uninformed, ...]:
    """Return who is still to be informed; nobody to those who must not read chats."""
    if not viewer.can(team.Right.READ_CHATS):
        return ()
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            uninformed(sorted(viewer.branches)).select_related("person").order_by("-id")[:_MOST]
        )
        found = people.contacts([row.person for row in rows], keyhole)
    return tuple(
        Uninformed(conversation=row.id, contact=found[row.person_id], since=row.last_message_at)
        for row in rows
    )


def perhaps_minors(*, viewer: access.Viewer) -> tuple[PerhapsMinor, ...]:
    """Return who may be under 16, the newest first; nobody to those who must not read chats."""
    if not viewer.can(team.Right.READ_CHATS):
        return ()
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Conversation.objects.filter(
                number__branch__in=viewer.branches,
                person__minor_suspected_at__isnull=False,
                person__restricted_at=None,
            )
            .select_related("person")
            .order_by("-person__minor_suspected_at", "-id")[:_MOST]
        )
        found = people.contacts([row.person for row in rows], keyhole)
    return tuple(
        PerhapsMinor(
            conversation=row.id,
            contact=found[row.person_id],
            since=row.person.minor_suspected_at,
        )
        for row in rows
    )
