"""Where a conversation stands: resting until a moment, done with an outcome, open again, spam."""

from datetime import datetime, timedelta

from werkbote.actions.desk import doing, satisfaction
from werkbote.domain import desk
from werkbote.store import live, models, scope

LONGEST_SNOOZE = timedelta(days=366)
_BATCH = 500


def snooze(
    *, organisation: int, conversation: int, until: datetime, by: doing.By, at: datetime
) -> None:
    """Let a conversation rest until a moment; it returns by itself, or when the person writes.

    Raises doing.UnableToDo with the reason.
    """
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        do_snooze(row, until, by=by, at=at)


def reopen(*, organisation: int, conversation: int, by: doing.By, at: datetime) -> None:
    """Open a conversation that rests or is closed; raise doing.UnableToDo where it is open."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        _move(row, desk.Cause.REOPEN)
        row.spam_at = None
        _save(row)
        doing.enter(row, desk.Event.REOPENED, by=by, at=at)


def mark_spam(*, organisation: int, conversation: int, by: doing.By, at: datetime) -> None:
    """Mark a conversation as spam and close it: it stays closed whatever else is written there."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        do_spam(row, by=by, at=at)


def unmark_spam(*, organisation: int, conversation: int, by: doing.By, at: datetime) -> None:
    """Take a conversation out of the spam and open it; raise doing.UnableToDo where it is none."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        if row.spam_at is None:
            raise doing.UnableToDo("This conversation is not marked as spam; reload the page.")
        row.spam_at = None
        if row.state != desk.State.OPEN:
            _move(row, desk.Cause.REOPEN)
        _save(row)
        doing.enter(row, desk.Event.NO_SPAM, by=by, at=at)


def do_snooze(row: models.Conversation, until: datetime, *, by: doing.By, at: datetime) -> None:
    """Let rest inside another deed."""
    if until <= at:
        raise doing.UnableToDo("This moment has passed: choose a later one.")
    if until - at > LONGEST_SNOOZE:
        raise doing.UnableToDo("A year is the longest rest: choose an earlier day.")
    _move(row, desk.Cause.SNOOZE)
    row.snoozed_until = until
    _save(row)
    doing.enter(row, desk.Event.SNOOZED, by=by, at=at)


def do_close(
    row: models.Conversation, outcome: desk.Outcome, *, by: doing.By, at: datetime
) -> None:
    """Close inside another deed; whoever agreed to be asked is asked how it was."""
    _move(row, desk.Cause.CLOSE)
    row.closed_at, row.outcome, row.waiting_since = at, outcome, None
    _save(row)
    if outcome is not desk.Outcome.SPAM:
        satisfaction.ask(row, at=at)
    doing.enter(row, desk.Event.CLOSED, by=by, at=at, value=outcome)


def do_spam(row: models.Conversation, *, by: doing.By, at: datetime) -> None:
    """Mark as spam inside another deed."""
    row.spam_at = row.spam_at or at
    if row.state != desk.State.CLOSED:
        _move(row, desk.Cause.CLOSE)
        row.closed_at, row.waiting_since = at, None
    row.outcome = desk.Outcome.SPAM
    _save(row)
    doing.enter(row, desk.Event.SPAM, by=by, at=at)


def wake(*, organisation: int, at: datetime) -> int:
    """Bring back the conversations whose rest is over, and tell whose they are; return how many."""
    with scope.transaction(organisation=organisation):
        due = models.Conversation.objects.filter(
            state=desk.State.SNOOZED, snoozed_until__lte=at
        ).order_by("id")
        rows = list(due.select_for_update(of=("self",), no_key=True)[:_BATCH])
        for row in rows:
            _move(row, desk.Cause.DUE)
            _save(row)
            doing.happened(row, desk.Event.RETURNED, by="system", at=at)
            doing.nudge(row, desk.Nudge.RETURNED, members=[row.owner_id], by="system", at=at)
        live.announce(conversations={row.id for row in rows}, at=at)
    return len(rows)


def _move(row: models.Conversation, cause: desk.Cause) -> None:
    try:
        row.state = desk.move(state=desk.State(row.state), cause=cause)
    except desk.UnableToMove as error:
        raise doing.UnableToDo(str(error)) from None
    row.snoozed_until = row.closed_at = None
    if row.state != desk.State.CLOSED:
        row.outcome = ""


def _save(row: models.Conversation) -> None:
    row.save(
        update_fields=[
            "state",
            "snoozed_until",
            "closed_at",
            "outcome",
            "waiting_since",
            "spam_at",
        ]
    )
