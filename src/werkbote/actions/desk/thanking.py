"""Which messages only thank for what we said, so that nobody waits for an answer to them."""

from collections.abc import Sequence

import orjson

from werkbote.actions import inbox
from werkbote.domain import desk, events
from werkbote.store import models, rechtsstand

_LOST = ("refused", "cancelled", "failed")


def mark(batch: inbox.Batch, written: Sequence[inbox.Fresh]) -> frozenset[int]:
    """Mark the messages that are mere thanks as such, for the reports, and return them.

    Inside a transaction; the mark holds no words.
    """
    found = _mere_thanks(batch, written)
    if found:
        models.Message.objects.filter(id__in=found).update(courtesy=True)
    return found


def _mere_thanks(batch: inbox.Batch, written: Sequence[inbox.Fresh]) -> frozenset[int]:
    """Return the messages that are mere thanks after a message of ours that asked nothing.

    One query, and only where somebody thanks.
    """
    day = batch.at.astimezone(desk.ZONE).date()
    words = desk.parse_thanks(rechtsstand.document("desk", day=day)["thanks"])
    thanking = [
        one for one in written if one.kind == events.Kind.TEXT and desk.is_thanks(one.text, words)
    ]
    if not thanking:
        return frozenset()
    ours = (
        models.Message.objects.filter(
            conversation__in={one.conversation for one in thanking}, outgoing=True
        )
        .exclude(state__in=_LOST)
        .order_by("conversation", "-at", "-id")
        .distinct("conversation")
        .select_related("person")
    )
    settled = {row.conversation_id for row in ours if not _asks(batch, row, words)}
    return frozenset(one.message for one in thanking if one.conversation in settled)


def _asks(batch: inbox.Batch, row: models.Message, words: desk.Thanks) -> bool:
    key = batch.keys.unwrap(row.person.key_wrapped, person=row.person_id)
    body = orjson.loads(key.open(row.body, table="message", row=row.id, column="body"))
    content = body["content"]
    offered = content.get("buttons") or content.get("list")
    return bool(offered) or desk.asks(body["text"] or "", words)
