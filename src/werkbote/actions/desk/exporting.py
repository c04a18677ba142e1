"""Writing down that a conversation was handed out as a file."""

from datetime import datetime

from werkbote.actions.desk import doing
from werkbote.domain import desk


def record_export(*, organisation: int, conversation: int, by: doing.By, at: datetime) -> None:
    """Enter into the audit that a member takes a conversation out as a file, before it is made."""
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        doing.enter(row, desk.Event.EXPORTED, by=by, at=at)
