"""The gate's answers as evidence: filtered by person, message, rule, purpose and time, and exported."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads.inbox import decisions, people
from werkbote.store import ids, keyring, models, scope

ZONE = ZoneInfo("Europe/Berlin")
_AT_ONCE = 500


class Format(StrEnum):
    """How evidence leaves the house: a table for people, or lines for machines."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which decisions are looked for; None and empty leave a matter open. Days are German ones."""

    person: int | None = None
    message: int | None = None
    permitted: bool | None = None
    rule: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None

    def named(self) -> dict[str, str | int | bool]:
        """Return what was asked for, as the audit keeps it: ids, codes and days."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value not in (None, "")
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A decision and whom it was about; `contact` is None for those who may not read chats."""

    decision: decisions.Decision
    person: int
    conversation: int
    contact: people.Contact | None

    @property
    def number(self) -> str:
        """The person's number in our records, for those who see no names."""
        return ids.short(self.person)


def entries(
    *, viewer: access.Viewer, wanted: Wanted, before: int | None = None, limit: int = 50
) -> tuple[Entry, ...]:
    """Return the newest decisions at the viewer's branches that are wanted, older than `before`."""
    access.check_right(viewer, team.Right.READ_DECISIONS)
    with scope.looking(organisation=viewer.organisation):
        rows = _wanted(viewer, wanted)
        if before is not None:
            rows = rows.filter(id__lt=before)
        return _entries(viewer, list(rows.order_by("-id")[:limit]))


def person_called(*, viewer: access.Viewer, phone: str) -> int | None:
    """Return the person a number (E.164) belongs to, None where the viewer's branches know nobody."""
    access.check_right(viewer, team.Right.READ_DECISIONS)
    print_ = keyring.organisation(viewer.organisation).fingerprint("phone", phone)
    with scope.looking(organisation=viewer.organisation):
        found = (
            models.Identity.objects.filter(fingerprint=print_)
            .values_list("person_id", "person__merged_into_id")
            .first()
        )
        if found is None:
            return None
        person = int(found[1] or found[0])
        visible = access.visible_conversations(viewer)
        known = models.Conversation.objects.filter(visible, person=person).exists()
    return person if known else None


def contact(*, viewer: access.Viewer, person: int) -> people.Contact | None:
    """Return who a person is, None where the viewer may not read chats or does not know them."""
    if not viewer.can(team.Right.READ_CHATS):
        return None
    with scope.looking(organisation=viewer.organisation):
        visible = access.visible_conversations(viewer)
        row = (
            models.Conversation.objects.filter(visible, person=person)
            .select_related("person")
            .first()
        )
        if row is None:
            return None
        keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
        return people.contacts([row.person], keyhole)[row.person_id]


def persons(*, viewer: access.Viewer, wanted: Wanted) -> int:
    """Return about how many persons the decisions are that are wanted."""
    access.check_right(viewer, team.Right.EXPORT_DECISIONS)
    with scope.looking(organisation=viewer.organisation):
        about = _wanted(viewer, wanted).values("message_ref")
        found = models.Message.objects.filter(id__in=about)
        return found.values("conversation__person").distinct().count()


def exported(*, viewer: access.Viewer, wanted: Wanted, format_: Format) -> Iterator[bytes]:
    """Yield a file with all that is wanted, the newest first; piece by piece, nothing held in between.

    Raises access.UnableToSee at the first piece where evidence is not the viewer's to take away.
    """
    access.check_right(viewer, team.Right.EXPORT_DECISIONS)
    before = None
    head = True
    while True:
        found = entries(viewer=viewer, wanted=wanted, before=before, limit=_AT_ONCE)
        if found or head:
            yield _piece([_row(each) for each in found], format_, head=head)
        if len(found) < _AT_ONCE:
            return
        before, head = found[-1].decision.id, False


COLUMNS = (
    "record",
    "decided_at",
    "answer",
    "message",
    "person",
    "purpose",
    "basis",
    "rule",
    "article",
    "sentence",
    "remedy",
    "retry_at",
    "evidence",
    "policy_version",
)


def _row(entry: Entry) -> dict[str, Any]:
    one = entry.decision
    return {
        "record": str(one.id),
        "decided_at": one.decided_at.isoformat(),
        "answer": "permitted" if one.permitted else "refused",
        "message": str(one.message),
        "person": entry.number,
        "purpose": one.purpose,
        "basis": one.basis,
        "rule": one.rule,
        "article": one.article,
        "sentence": one.sentence,
        "remedy": one.remedy,
        "retry_at": one.retry_at.isoformat() if one.retry_at else "",
        "evidence": list(one.evidence),
        "policy_version": one.policy_version,
    }


def _piece(rows: Sequence[Mapping[str, Any]], format_: Format, *, head: bool) -> bytes:
    if format_ is Format.JSON:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    target = io.StringIO()
    table = csv.DictWriter(target, COLUMNS, delimiter=";", lineterminator="\r\n")
    if head:
        target.write("\ufeff")
        table.writeheader()
    table.writerows({**row, "evidence": " ".join(row["evidence"])} for row in rows)
    return target.getvalue().encode()


def _wanted(viewer: access.Viewer, wanted: Wanted) -> QuerySet[models.Decision]:
    visible = models.Message.objects.filter(number__branch_id__in=viewer.branches)
    if wanted.message is not None:
        visible = visible.filter(id=wanted.message)
    if wanted.person is not None:
        visible = visible.filter(conversation__person=wanted.person)
    asked = Q(message_ref__in=visible.values("id"))
    if wanted.permitted is not None:
        asked &= Q(permitted=wanted.permitted)
    if wanted.rule:
        asked &= Q(rule=wanted.rule)
    if wanted.purpose:
        asked &= Q(purpose=wanted.purpose)
    if wanted.since is not None:
        asked &= Q(decided_at__gte=_midnight(wanted.since))
    if wanted.until is not None:
        asked &= Q(decided_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return models.Decision.objects.filter(asked)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZONE)


def _entries(viewer: access.Viewer, rows: Iterable[models.Decision]) -> tuple[Entry, ...]:
    rows = list(rows)
    messages = {
        row.id: row
        for row in models.Message.objects.filter(
            id__in={row.message_ref for row in rows}
        ).select_related("conversation__person")
    }
    known: Mapping[int, people.Contact] = {}
    if viewer.can(team.Right.READ_CHATS):
        keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
        known = people.contacts([row.conversation.person for row in messages.values()], keyhole)
    found = []
    for row in rows:
        decision = decisions.of(row, language=viewer.language)
        message = messages.get(row.message_ref)
        if decision is not None and message is not None:
            person = message.conversation.person_id
            found.append(
                Entry(
                    decision=decision,
                    person=person,
                    conversation=message.conversation_id,
                    contact=known.get(person),
                )
            )
    return tuple(found)
