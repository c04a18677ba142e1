"""Closing a conversation, and the rules that wait for it."""

from datetime import datetime

from werkbote.actions.desk import doing, resting, rules
from werkbote.domain import desk
from werkbote.store import desk as arrangements
from werkbote.store import keyring, models


def close(
    *, organisation: int, conversation: int, outcome: desk.Outcome, by: doing.By, at: datetime
) -> None:
    """Close a conversation with its outcome; it opens again when the person writes.

    Raises doing.UnableToDo with the reason.
    """
    keys = keyring.organisation(organisation)
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        resting.do_close(row, outcome, by=by, at=at)
        waiting = rules.active(keys)
        if waiting:
            happening = _happening(row, at=at)
            rules.follow(row, happening, rules=waiting, at=at, key=str(int(at.timestamp())))


def _happening(row: models.Conversation, *, at: datetime) -> desk.Happening:
    branch = row.number.branch_id
    labels = models.ConversationLabel.objects.filter(conversation=row)
    return desk.Happening(
        trigger=desk.Trigger.CLOSED,
        number=row.number_id,
        open=arrangements.hours([branch], at=at)[branch].is_open(at),
        labels=frozenset(labels.values_list("label_id", flat=True)),
        assigned=row.owner_id is not None,
    )
