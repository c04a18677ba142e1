"""What the desk knows of conversations, for one line of the list each: whose, labels, level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkbote.domain import desk
from werkbote.reads.inbox import naming
from werkbote.store import desk as arrangements
from werkbote.store import models, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Whose a conversation is and how it stands; `level` is empty where nobody waits or promised."""

    owner: str = ""
    state: str = desk.State.OPEN
    snoozed_until: datetime | None = None
    spam: bool = False
    labels: tuple[naming.Label, ...] = ()
    level: str = ""


def work(
    rows: Sequence[models.Conversation], keys: vault.OrganisationKeys, *, at: datetime
) -> Mapping[int, Work]:
    """Return the work of some conversations (with number and owner joined). Inside `looking`.

    Four queries whatever the number of rows.
    """
    labels: dict[int, list[naming.Label]] = {}
    worn = models.ConversationLabel.objects.filter(conversation__in=[row.id for row in rows])
    for one in worn.select_related("label").order_by("id"):
        labels.setdefault(one.conversation_id, []).append(naming.label_of(keys, one.label))
    branches = {row.number.branch_id for row in rows}
    promised = dict(
        models.BranchHours.objects.filter(
            branch__in=branches, reply_minutes__isnull=False
        ).values_list("branch_id", "reply_minutes")
    )
    hours = arrangements.hours(promised, at=at) if promised else {}
    return {
        row.id: Work(
            owner=naming.member(keys, row.owner),
            state=row.state,
            snoozed_until=row.snoozed_until,
            spam=row.spam_at is not None,
            labels=tuple(labels.get(row.id, ())),
            level=_level(row, promised, hours, at=at),
        )
        for row in rows
    }


def _level(
    row: models.Conversation,
    promised: Mapping[int, int | None],
    hours: Mapping[int, desk.Hours],
    *,
    at: datetime,
) -> str:
    minutes = promised.get(row.number.branch_id)
    if minutes is None or row.waiting_since is None or row.state != desk.State.OPEN:
        return ""
    waited = hours[row.number.branch_id].between(row.waiting_since, at)
    return desk.level(waited=waited, promised=timedelta(minutes=minutes))
