"""What a member sends from the composer, filed in the case they chose as it is queued."""

from collections.abc import Sequence
from datetime import datetime

from werkbote.actions import drafts, outbox
from werkbote.actions.cases import filing
from werkbote.store import models, scope


def compose(
    *,
    organisation: int,
    conversation: int,
    parts: Sequence[drafts.Draft],
    purpose: str,
    by: int,
    at: datetime,
) -> list[int]:
    """Queue what a member wrote, in order, each filed in its draft's case; return the messages' ids.

    What they had begun is forgotten in the same transaction. Raises drafts.UnableToDraft,
    outbox.UnableToQueue, filing.UnableToFile, scanning.Infected and scanning.UnableToScan, and
    then queues nothing.
    """
    outbox.check_composed(parts)
    with scope.transaction(organisation=organisation):
        return _add(conversation=conversation, parts=parts, purpose=purpose, by=by, at=at)


def keep(
    *,
    organisation: int,
    conversation: int,
    parts: Sequence[drafts.Draft],
    purpose: str,
    by: int,
    at: datetime,
) -> list[int]:
    """File what a member made in its draft's case without sending it; return the messages.

    It is taken back in the transaction that queues it, so that nobody can claim it; whoever waits
    for an answer waits on. Raises as `compose` does, and outbox.UnableToQueue without a case.
    """
    if any(part.case is None for part in parts):
        raise outbox.UnableToQueue("Choose the case in which the file is filed.")
    outbox.check_composed(parts)
    with scope.transaction(organisation=organisation):
        talk = models.Conversation.objects.filter(id=conversation)
        waiting = talk.values_list("waiting_since", flat=True).first()
        made = _add(conversation=conversation, parts=parts, purpose=purpose, by=by, at=at)
        for message in made:
            outbox.do_cancel(message, organisation=organisation, by=by, at=at)
        talk.update(waiting_since=waiting)
    return made


def _add(
    *, conversation: int, parts: Sequence[drafts.Draft], purpose: str, by: int, at: datetime
) -> list[int]:
    made = outbox.add_composed(
        conversation=conversation, parts=parts, purpose=purpose, by=by, at=at
    )
    for message, part in zip(made, parts, strict=True):
        if part.case is not None:
            row = models.Message.objects.select_related("conversation__person").get(id=message)
            filing.do_file(row, case=part.case, by=by, at=at)
    return made
