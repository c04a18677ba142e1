"""Internal notes: sealed with the person's key, read by the team, never a message and never sent."""

from datetime import datetime

from werkbote.actions.desk import doing
from werkbote.domain import desk
from werkbote.store import ids, keyring, models

LONGEST = 4000


def note(*, organisation: int, conversation: int, text: str, by: doing.By, at: datetime) -> int:
    """Write an internal note and return its id; members it calls by “@Name” are told.

    Raises doing.UnableToDo with the reason.
    """
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        return do_note(row, text, by=by, at=at)


def do_note(row: models.Conversation, text: str, *, by: doing.By, at: datetime) -> int:
    """Write a note inside another deed."""
    words = text.strip()
    if not words:
        raise doing.UnableToDo("The note is empty: write something first.")
    if len(words) > LONGEST:
        raise doing.UnableToDo("The note has more than 4000 characters: shorten it.")
    keys = keyring.organisation(row.organisation_id)
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    made = models.Note(
        id=ids.new(),
        organisation_id=row.organisation_id,
        conversation=row,
        person_id=row.person_id,
        author_id=by if isinstance(by, int) else None,
        created_at=at,
    )
    made.body_sealed = key.seal_text(words, table="note", row=made.id, column="body_sealed")
    made.save(force_insert=True)
    called = desk.mentioned(words, members=_names(row))
    doing.nudge(row, desk.Nudge.MENTIONED, members=called, by=by, at=at)
    doing.enter(row, desk.Event.NOTED, by=by, at=at, target=made.id)
    return made.id


def _names(row: models.Conversation) -> dict[int, str]:
    keys = keyring.organisation(row.organisation_id)
    readers = models.Member.objects.filter(doing.readers(row.number.branch_id)).distinct()
    return {
        one.id: keys.main.open_text(
            one.name_sealed, table="member", row=one.id, column="name_sealed"
        )
        for one in readers
    }
