"""Edited messages: what somebody made of an earlier message is heard like a new one.

An edit can end or pause a consent; it never asks for one, since the evidence of that is a message.
"""

from collections.abc import Iterable

from werkbote.actions import inbox
from werkbote.actions.consent import answers
from werkbote.domain import events
from werkbote.store import edits, models


def heard(batch: inbox.Batch, arrived: Iterable[events.Event]) -> list[answers.Heard]:
    """Return the edited messages of a batch in their newest words, whichever of the two came first."""
    targets = {target for event in arrived if (target := _target(event))}
    numbers = {number.id: number for number in batch.numbers.values()}
    found = edits.of_targets(keys=batch.keys, numbers=numbers, targets=targets)
    if not found:
        return []
    rows = models.Message.objects.filter(
        number__in=list(numbers), provider_id__in=[target for _, target in found], outgoing=False
    ).select_related("conversation__person", "conversation__number__branch")
    return [
        _heard(row, edit)
        for row in rows.order_by("id")
        if (edit := found.get((row.conversation_id, str(row.provider_id)))) is not None
    ]


def _target(event: events.Event) -> str:
    """Return the message an event makes or edits, empty for any other."""
    if isinstance(event, events.ChangeIn):
        return event.target if event.kind is events.ChangeKind.EDIT else ""
    return event.provider_id if isinstance(event, events.MessageIn) else ""


def _heard(row: models.Message, edit: edits.Edit) -> answers.Heard:
    number = row.conversation.number
    return answers.Heard(
        message=row,
        conversation=row.conversation,
        branch=number.branch,
        event=events.MessageIn(
            number=number.phone_number_id,
            provider_id=str(row.provider_id),
            party=events.Party(),
            at=edit.at,
            kind=events.Kind.TEXT,
            text=edit.text,
            historic=row.historic,
        ),
        body_hash="",
        by_edit=True,
    )
