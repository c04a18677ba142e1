"""What the house says while it is closed: once per absence, through the gate like every message."""

from datetime import datetime

from werkbote.actions import drafts, outbox
from werkbote.actions.desk import doing
from werkbote.domain import desk
from werkbote.store import keyring, models, rechtsstand

_ANSWER = "P-02"
_LANGUAGE = "de"


def tell(
    row: models.Conversation,
    *,
    arrangement: models.BranchHours | None,
    hours: desk.Hours,
    at: datetime,
) -> int | None:
    """Queue the absence text where it is due, and return the message; None where it is not.

    Due: the branch wants it, is closed, and this person was not told since it closed. In a transaction.
    """
    since = hours.closed_since(at)
    if arrangement is None or not arrangement.tells_absence or since is None:
        return None
    if row.absence_told_at is not None and row.absence_told_at >= since:
        return None
    message = outbox.add(
        keys=keyring.organisation(row.organisation_id),
        conversation=row,
        draft=drafts.Draft(
            text=_text(row.organisation_id, arrangement, hours, at=at),
            request_key=f"absence:{int(since.timestamp())}",
        ),
        purpose=_ANSWER,
        by=None,
        at=at,
    )
    row.absence_told_at = at
    row.save(update_fields=["absence_told_at"])
    doing.happened(row, desk.Event.ABSENCE_TOLD, by="system", at=at, target=message)
    return message


def _text(
    organisation: int, arrangement: models.BranchHours, hours: desk.Hours, *, at: datetime
) -> str:
    words = rechtsstand.document("desk", day=at.astimezone(desk.ZONE).date())
    keys = keyring.organisation(organisation)
    own = keys.main.open_text(
        arrangement.absence_sealed,
        table="branch_hours",
        row=arrangement.id,
        column="absence_sealed",
    )
    text = own or words["absence"][_LANGUAGE]
    opens = hours.opens_next(at)
    if opens is None:
        return str(text)
    local = opens.astimezone(desk.ZONE)
    moment = words["moment"][_LANGUAGE].format(
        weekday=words["weekdays"][_LANGUAGE][local.weekday()],
        day=f"{local.day}.{local.month}",
        time=f"{local:%H:%M}",
    )
    return f"{text} {words['opens'][_LANGUAGE].format(moment=moment)}"
