"""What a member writes in the composer: kept while it grows, sent after a moment, taken back within it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from werkbote.actions import drafts, scanning
from werkbote.actions.outbox import wishes
from werkbote.domain import law, offers
from werkbote.store import ids, keyring, live, models, scope, vault

UNDO = timedelta(seconds=5)
"""How long what a member sends waits, so that it can be taken back."""

KEEP_DRAFTS = timedelta(days=30)
_ORDER = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What stands in a composer; `key` is the composer's own, so that what was sent is not kept.

    `offer` is what the customer may tap, however unfinished.
    """

    text: str
    purpose: str = ""
    reply_to: int | None = None
    key: str = ""
    offer: offers.Offer | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing stands there that is worth keeping."""
        offered = offers.words(self.offer) if self.offer else ()
        return not self.text.strip() and not any(word.strip() for word in offered)


def check_composed(parts: Sequence[drafts.Draft]) -> None:
    """Raise drafts.UnableToDraft, scanning.Infected or scanning.UnableToScan for what cannot be sent."""
    for part in parts:
        drafts.check(part)
        if part.attachment is not None:
            scanning.check(part.attachment.content)


def add_composed(
    *, conversation: int, parts: Sequence[drafts.Draft], purpose: str, by: int, at: datetime
) -> list[int]:
    """Queue what a member wrote, in order, to leave after UNDO; return the messages' ids.

    What they had begun is forgotten. Inside a transaction, after `check_composed`; raises
    wishes.UnableToQueue.
    """
    row = wishes.locked(conversation)
    made = [
        wishes.add(
            keys=keyring.organisation(row.organisation_id),
            conversation=row,
            draft=replace(part, hold=UNDO),
            purpose=purpose,
            by=by,
            at=at + place * _ORDER,
        )
        for place, part in enumerate(parts)
    ]
    models.MessageDraft.objects.filter(conversation=row, member_id=by).delete()
    live.announce(conversations={conversation}, at=at)
    return made


def keep_draft(
    *, organisation: int, conversation: int, begun: Begun, by: int, at: datetime
) -> bool:
    """Keep what a member has written so far, an empty one not at all; return whether it is kept.

    Of two pages that keep at the same instant the later one wins; what was sent meanwhile stays sent, also
    where the sending is not over yet: both hold the conversation.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = wishes.locked(conversation)
        models.MessageDraft.objects.filter(conversation_id=conversation, member_id=by).delete()
        sent = models.Message.objects.filter(
            conversation_id=conversation, request_key=begun.key or None
        )
        if begun.empty or (begun.key and sent.exists()):
            return False
        models.MessageDraft.objects.bulk_create(
            [_draft(keys, row, begun, by=by, at=at)], ignore_conflicts=True
        )
    return True


def _draft(
    keys: vault.OrganisationKeys,
    row: models.Conversation,
    begun: Begun,
    *,
    by: int,
    at: datetime,
) -> models.MessageDraft:
    made = models.MessageDraft(
        id=ids.new(),
        organisation_id=row.organisation_id,
        conversation=row,
        person_id=row.person_id,
        member_id=by,
        changed_at=at,
    )
    body = {
        "text": begun.text,
        "purpose": begun.purpose,
        "reply_to": begun.reply_to,
        "offer": offers.stored(begun.offer),
    }
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    made.body_sealed = key.seal(
        orjson.dumps(body), table="message_draft", row=made.id, column="body_sealed"
    )
    return made


def take_back(*, organisation: int, message: int, by: int, at: datetime) -> bool:
    """Take a queued message back; return False when it is too late.

    One's own words return into the composer, unless something else has been begun there.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        if not wishes.do_cancel(message, organisation=organisation, by=by, at=at):
            return False
        row = models.Message.objects.select_related("person", "conversation__person").get(
            id=message
        )
        if row.author_id == by and row.kind != "template":
            _return(keys, row, by=by, at=at)
    return True


def _return(keys: vault.OrganisationKeys, row: models.Message, *, by: int, at: datetime) -> None:
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    body: dict[str, Any] = orjson.loads(
        key.open(row.body, table="message", row=row.id, column="body")
    )
    quoted = None
    if row.reply_to:
        found = models.Message.objects.filter(number=row.number_id, provider_id=row.reply_to)
        quoted = found.values_list("id", flat=True).first()
    plain = row.role == law.Role.PLAIN
    begun = Begun(
        text=str(body["text"]),
        purpose=row.purpose,
        reply_to=quoted,
        offer=offers.of(body["content"]) if plain else None,
    )
    if not begun.empty:
        models.MessageDraft.objects.bulk_create(
            [_draft(keys, row.conversation, begun, by=by, at=at)], ignore_conflicts=True
        )


def forget_drafts(*, organisation: int, at: datetime) -> int:
    """Delete what was begun thirty days ago and not sent; return how many rows went."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.MessageDraft.objects.filter(changed_at__lt=at - KEEP_DRAFTS).delete()
    return gone
