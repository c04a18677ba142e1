"""Labels: made and ended by those who arrange, put on and taken off by everybody who works."""

from datetime import datetime

from werkbote.actions import audit
from werkbote.actions.desk import doing
from werkbote.domain import desk
from werkbote.store import ids, keyring, models, scope

COLOURS = ("blue", "teal", "green", "yellow", "orange", "red", "pink", "purple")
LONGEST_NAME = 40


def create_label(*, organisation: int, name: str, colour: str, by: doing.By, at: datetime) -> int:
    """Make a label and return its id; raise doing.UnableToDo with the reason."""
    words = name.strip()
    if not words or len(words) > LONGEST_NAME:
        raise doing.UnableToDo("A label has between 1 and 40 characters.")
    if colour not in COLOURS:
        raise doing.UnableToDo("Choose one of the colours.")
    keys = keyring.organisation(organisation)
    row = ids.new()
    with scope.transaction(organisation=organisation):
        models.Label.objects.create(
            id=row,
            organisation_id=organisation,
            name_sealed=keys.main.seal_text(words, table="label", row=row, column="name_sealed"),
            colour=colour,
            created_at=at,
        )
        _record(organisation, row, "desk.create_label", by=by, at=at)
    return row


def end_label(*, organisation: int, label: int, by: doing.By, at: datetime) -> None:
    """Offer a label no more and take it off everywhere; raise doing.UnableToDo if it has ended."""
    with scope.transaction(organisation=organisation):
        ended = models.Label.objects.filter(id=label, ended_at=None).update(ended_at=at)
        if not ended:
            raise doing.UnableToDo("This label has ended already; reload the page.")
        models.ConversationLabel.objects.filter(label_id=label).delete()
        _record(organisation, label, "desk.end_label", by=by, at=at)


def put_label(
    *, organisation: int, conversation: int, label: int, by: doing.By, at: datetime
) -> None:
    """Put a label on a conversation; again changes nothing. Raises doing.UnableToDo."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        do_label(row, label, by=by, at=at)


def take_label(
    *, organisation: int, conversation: int, label: int, by: doing.By, at: datetime
) -> None:
    """Take a label off a conversation; where there is none nothing changes."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        do_unlabel(row, label, by=by, at=at)


def do_label(row: models.Conversation, label: int, *, by: doing.By, at: datetime) -> None:
    """Label inside another deed."""
    if not models.Label.objects.filter(id=label, ended_at=None).exists():
        raise doing.UnableToDo("This label is not there any more: choose another.")
    _, made = models.ConversationLabel.objects.get_or_create(
        conversation=row, label_id=label, defaults={"organisation_id": row.organisation_id}
    )
    if made:
        doing.enter(row, desk.Event.LABELLED, by=by, at=at, target=label)


def do_unlabel(row: models.Conversation, label: int, *, by: doing.By, at: datetime) -> None:
    """Take a label off inside another deed."""
    gone, _ = models.ConversationLabel.objects.filter(conversation=row, label_id=label).delete()
    if gone:
        doing.enter(row, desk.Event.UNLABELLED, by=by, at=at, target=label)


def _record(organisation: int, label: int, verb: str, *, by: doing.By, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=f"label:{label}", at=at)
