"""Wishes to send: queued, previewed, taken back, and decided about where the outcome is in doubt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db import connection

from werkbote.actions import audit, drafts, inbox, media, policy, scanning
from werkbote.actions.outbox import contents
from werkbote.domain import delivery
from werkbote.domain import notice as notices
from werkbote.domain import policy as gate
from werkbote.store import ids, keyring, live, models, scope, search, vault

WOKEN_BY = "werkbote_outbox"
"""The NOTIFY channel that wakes the senders."""

_SILENCE = timedelta(minutes=10)


class Priority(IntEnum):
    """Who overtakes whom; smaller goes first."""

    REPLY = 1
    SERVICE = 5
    CAMPAIGN = 9


class UnableToQueue(Exception):
    """The message cannot be queued; the sentence says why."""


class UnableToSettle(Exception):
    """The message is not in doubt any more; reload and look again."""


def queue_message(
    *,
    organisation: int,
    conversation: int,
    draft: drafts.Draft,
    purpose: str,
    by: int | None,
    at: datetime,
) -> int:
    """Queue a message and return its id; the same `draft.request_key` again returns the same id.

    What a member writes overtakes what the house sends by itself.

    Raises drafts.UnableToDraft for what could never be sent, UnableToQueue for an unknown
    conversation, scanning.Infected and scanning.UnableToScan for a file. Whether it may leave is
    the gate's answer, given when it is its turn.
    """
    drafts.check(draft)
    if draft.attachment is not None:
        scanning.check(draft.attachment.content)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = locked(conversation)
        message = add(keys=keys, conversation=row, draft=draft, purpose=purpose, by=by, at=at)
        live.announce(conversations={conversation}, at=at)
    return message


def locked(conversation: int) -> models.Conversation:
    """Return a conversation's row with its person, locked; raise UnableToQueue without one."""
    row = (
        models.Conversation.objects.select_related("person")
        .select_for_update(of=("self",), no_key=True)
        .filter(id=conversation)
        .first()
    )
    if row is None:
        raise UnableToQueue("This conversation is not here any more; go back to the list.")
    return row


def add(
    *,
    keys: vault.OrganisationKeys,
    conversation: models.Conversation,
    draft: drafts.Draft,
    purpose: str,
    by: int | None,
    at: datetime,
) -> int:
    """Queue a message as part of another deed and return its id; for a known key the known id.

    Inside a transaction; `conversation` comes with its person.
    """
    again = _queued_before(conversation.id, draft)
    if again is not None:
        return again
    said = contents.stoppable(draft, purpose, conversation.person, at=at)
    message = _insert(keys, conversation, said, purpose=purpose, by=by, at=at)
    _wake()
    return message


def _queued_before(conversation: int, draft: drafts.Draft) -> int | None:
    if draft.request_key is None:
        return None
    found = models.Message.objects.filter(
        conversation=conversation, request_key=draft.request_key
    ).values_list("id", flat=True)
    return found.first()


def _quoted(conversation: int, draft: drafts.Draft) -> str:
    """Return the keyed name of the message that is quoted, empty where none is."""
    if draft.reply_to is None:
        return ""
    found = models.Message.objects.filter(conversation=conversation, id=draft.reply_to)
    return found.values_list("provider_id", flat=True).first() or ""


def _insert(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    draft: drafts.Draft,
    *,
    purpose: str,
    by: int | None,
    at: datetime,
) -> int:
    message = ids.new()
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    content: dict[str, Any] = dict(draft.content)
    if draft.attachment is not None:
        content["filename"] = draft.attachment.filename
    models.Message(
        id=message,
        organisation_id=row.organisation_id,
        number_id=row.number_id,
        conversation=row,
        person_id=row.person_id,
        outgoing=True,
        kind=draft.kind,
        body=inbox.seal_body(key, message=message, text=draft.text, content=content),
        at=at,
        received_at=at,
        reply_to=_quoted(row.id, draft),
        state=delivery.State.QUEUED,
        author_id=by,
        purpose=purpose,
        role=draft.role,
        ground=draft.ground,
        request_key=draft.request_key,
        priority=_priority(draft, by=by),
        due_at=at + draft.hold,
    ).save(force_insert=True)
    if draft.attachment is not None:
        _attach(keys, row, message, draft.attachment, at=at)
    if draft.text:
        search.index(keys=keys, rows=[(message, draft.text)])
    models.Conversation.objects.filter(id=row.id, last_message_at__lt=at).update(last_message_at=at)
    models.Conversation.objects.filter(id=row.id, last_message_at=None).update(last_message_at=at)
    if by is not None:
        models.Conversation.objects.filter(id=row.id).update(waiting_since=None)
    return message


def _priority(draft: drafts.Draft, *, by: int | None) -> Priority:
    if draft.bulk:
        return Priority.CAMPAIGN
    return Priority.SERVICE if by is None else Priority.REPLY


def _attach(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    message: int,
    attachment: drafts.Attachment,
    *,
    at: datetime,
) -> None:
    file = ids.new()
    models.Media(
        id=file,
        organisation_id=row.organisation_id,
        message_id=message,
        person_id=row.person_id,
        mime=attachment.mime,
        size=len(attachment.content),
        state="stored",
        created_at=at,
    ).save(force_insert=True)
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    models.MediaChunk.objects.bulk_create(
        media.pieces(key, organisation=row.organisation_id, media=file, content=attachment.content)
    )


def preview(
    *, organisation: int, conversation: int, draft: drafts.Draft, purpose: str, at: datetime
) -> gate.Permit | gate.Refusal:
    """Return what the gate would say now, by the very question the sender asks."""
    return outlook(
        organisation=organisation, conversation=conversation, draft=draft, purpose=purpose, at=at
    )[0]


def outlook(
    *, organisation: int, conversation: int, draft: drafts.Draft, purpose: str, at: datetime
) -> tuple[gate.Permit | gate.Refusal, tuple[gate.Refusal, ...]]:
    """Return what the gate would say now, and everything there is to cure; nothing for a permit."""
    return outlooks(
        organisation=organisation, conversation=conversation, wanted=[(draft, purpose)], at=at
    )[0]


def outlooks(
    *,
    organisation: int,
    conversation: int,
    wanted: Sequence[tuple[drafts.Draft, str]],
    at: datetime,
) -> list[tuple[gate.Permit | gate.Refusal, tuple[gate.Refusal, ...]]]:
    """Return the outlook of several drafts, each with its purpose, in order."""
    with scope.looking(organisation=organisation):
        row = models.Conversation.objects.select_related("number__branch", "person").get(
            id=conversation
        )
        keys = keyring.organisation(organisation)
        notice = policy.notices(keys, row.number, at=at)[notices.spoken(row.person.language)]
        said = [
            (contents.stoppable(draft, purpose, row.person, at=at), purpose)
            for draft, purpose in wanted
        ]
        wishes = [
            policy.Wish(
                message=0,
                conversation=conversation,
                kind=draft.kind,
                purpose=purpose,
                template=draft.content.get("template", {}),
                carries_notice=drafts.carries(draft.kind, draft.text, notice),
                names_stop=gate.names_stop(draft.text),
                notice=notice,
                role=draft.role,
                ground=draft.ground,
            )
            for draft, purpose in said
        ]
        found = policy.gather(wishes, at=at)
    return [(gate.decide(facts, now=at), gate.refusals(facts, now=at)) for facts in found]


def cancel(*, organisation: int, message: int, by: int, at: datetime) -> bool:
    """Take a queued message back; return False when it is too late."""
    with scope.transaction(organisation=organisation):
        return do_cancel(message, organisation=organisation, by=by, at=at)


def do_cancel(message: int, *, organisation: int, by: int, at: datetime) -> bool:
    """Take a queued message back inside another deed; return False when it is too late."""
    taken = models.Message.objects.filter(id=message, state=delivery.State.QUEUED).update(
        state=delivery.State.CANCELLED
    )
    if taken:
        row = models.Message.objects.get(id=message)
        audit.record(
            organisation=organisation,
            by=by,
            verb="outbox.cancel",
            object=f"message:{message}",
            at=at,
        )
        live.announce(conversations={row.conversation_id}, at=at)
    return bool(taken)


def notice_silence(*, organisation: int, at: datetime) -> int:
    """Move messages that have been on their way too long to UNKNOWN; a person or a status decides."""
    with scope.transaction(organisation=organisation):
        lost = models.Message.objects.filter(
            state=delivery.State.SENDING, claimed_at__lt=at - _SILENCE
        )
        conversations = set(lost.values_list("conversation_id", flat=True))
        count = lost.update(state=delivery.State.UNKNOWN)
        live.announce(conversations=conversations, at=at)
    return count


def settle_unknown(*, organisation: int, message: int, again: bool, by: int, at: datetime) -> None:
    """Let a person decide about a message in doubt: lost for good, or queued again as a new try.

    Raises UnableToSettle when a status has settled it meanwhile.
    """
    cause = delivery.Cause.DECIDED_AGAIN if again else delivery.Cause.DECIDED_LOST
    state = delivery.move(state=delivery.State.UNKNOWN, cause=cause)
    with scope.transaction(organisation=organisation):
        claimed = models.Message.objects.filter(id=message, state=delivery.State.UNKNOWN).update(
            state=state, due_at=at, failed_at=None if again else at
        )
        if not claimed:
            raise UnableToSettle("This message is not in doubt any more; reload the page.")
        row = models.Message.objects.get(id=message)
        audit.record(
            organisation=organisation,
            by=by,
            verb="outbox.settle_unknown",
            object=f"message:{message}",
            detail={"again": again},
            at=at,
        )
        live.announce(conversations={row.conversation_id}, at=at)
        _wake()


def _wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WOKEN_BY])
