"""What several messages have in common: people, consents, suppressions, templates, each read once."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import F, Q

from werkbote.domain import delivery, events, law
from werkbote.store import duties, merging, models, rechtsstand

_LOG = logging.getLogger(__name__)

ZONE = ZoneInfo("Europe/Berlin")

_EMAIL = "email"
_IN_EFFECT = (
    delivery.State.SENDING,
    delivery.State.SENT,
    delivery.State.DELIVERED,
    delivery.State.READ,
    delivery.State.UNKNOWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One message somebody wants to send. `message` 0 stands for one that is not written yet.

    `carries_notice` tells that the text of the first-contact notice is part of it, `names_stop` that
    its text says how such messages end; `notice` is that text, for a template that may say it itself.
    A message on a case that names no `case` stands on the person's newest open one.
    """

    message: int
    conversation: int
    kind: events.Kind
    purpose: str
    template: Mapping[str, Any] = field(default_factory=dict)
    carries_notice: bool = False
    names_stop: bool = False
    notice: str = ""
    role: law.Role = law.Role.PLAIN
    ground: str = ""
    case: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What several messages have in common, read once.

    Not `readable`: a table of records could not be read, nothing is known about anyone, and the gate
    says no. `suppressed` is by person and by whether the way is e-mail.
    """

    law: law.Law
    conversations: Mapping[int, models.Conversation]
    readable: bool = False
    inbound: Mapping[int, int] = field(default_factory=dict)
    informed: Mapping[int, datetime] = field(default_factory=dict)
    reviews: Mapping[int, datetime] = field(default_factory=dict)
    suppressed: Mapping[tuple[int, bool], Mapping[str, datetime]] = field(default_factory=dict)
    consents: Mapping[tuple[int, int], Mapping[str, models.Consent]] = field(default_factory=dict)
    receipts: Mapping[int, Sequence[tuple[int, datetime]]] = field(default_factory=dict)
    templates: Mapping[tuple[str, str, str], models.Template] = field(default_factory=dict)
    sent: Mapping[tuple[int, str], tuple[datetime, ...]] = field(default_factory=dict)
    cases: Mapping[tuple[int, int], Sequence[models.Case]] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()


def read(wishes: Sequence[Wish], *, at: datetime) -> Ground:
    """Read all that the wishes need; a constant number of queries for any number of them.

    Where the records cannot be read (broken table, lost permission) the ground says so; the caller's
    transaction goes on and can store the refusals.
    """
    rows = {
        row.id: row
        for row in models.Conversation.objects.select_related("number__branch", "person").filter(
            id__in={wish.conversation for wish in wishes}
        )
    }
    today = rechtsstand.on(at.astimezone(ZONE).date())
    try:
        with transaction.atomic():
            return _whole(wishes, rows, today)
    except DatabaseError:
        _LOG.exception("the gate's records cannot be read; nothing is sent")
        return Ground(law=today, conversations=rows)


def _whole(
    wishes: Sequence[Wish], rows: Mapping[int, models.Conversation], today: law.Law
) -> Ground:
    people = {row.person_id for row in rows.values()}
    roots = roots_of(people)
    return Ground(
        law=today,
        conversations=rows,
        readable=True,
        inbound=_newest_inbound(rows),
        informed=_informed(rows, today.notice.version),
        reviews=_open_reviews(people),
        suppressed=suppressed(roots),
        consents=_consents(roots),
        receipts=_receipts(people) if _confirms(wishes) else {},
        templates=_templates(wishes, rows),
        sent=_sent(people, {wish.purpose for wish in wishes}, today),
        cases=_cases(wishes, rows, roots, today),
        stopped=duties.stopped(),
    )


def roots_of(people: set[int]) -> dict[int, int]:
    """Return every row of these persons, those merged into them too, with the person it is now.

    Asked once and beforehand: an OR across the join would make the database read whole tables.
    """
    merged = models.Person.objects.filter(merged_into__in=people).values_list(
        "id", "merged_into_id"
    )
    return {person: person for person in people} | {row: root for row, root in merged if root}


def _cases(
    wishes: Iterable[Wish],
    rows: Mapping[int, models.Conversation],
    roots: Mapping[int, int],
    today: law.Law,
) -> dict[tuple[int, int], list[models.Case]]:
    """Return the cases by (person, branch) of those who are to be written to about one.

    The open ones come first, then those closed last.
    """
    asked = {
        rows[wish.conversation].person_id
        for wish in wishes
        if wish.purpose in today.purposes
        and today.purposes[wish.purpose].evidence is law.Evidence.CASE
    }
    if not asked:
        return {}
    found: dict[tuple[int, int], list[models.Case]] = {}
    cases = models.Case.objects.filter(
        person__in=[row for row, root in roots.items() if root in asked]
    ).order_by(F("closed_at").desc(nulls_first=True), "-changed_at", "-id")
    for row in cases:
        found.setdefault((roots[row.person_id], row.branch_id), []).append(row)
    return found


def _newest_inbound(conversations: Iterable[int]) -> dict[int, int]:
    rows = (
        models.Message.objects.filter(
            conversation__in=list(conversations), outgoing=False, historic=False
        )
        .order_by("conversation_id", "-at", "-id")
        .distinct("conversation_id")
        .values_list("conversation_id", "id")
    )
    return dict(rows)


def _informed(conversations: Iterable[int], version: str) -> dict[int, datetime]:
    """Return when the current notice last went out in a conversation, if it did not fail."""
    rows = (
        models.Message.objects.filter(
            conversation__in=list(conversations), notice_version=version, state__in=_IN_EFFECT
        )
        .order_by("conversation_id", "-at")
        .distinct("conversation_id")
        .values_list("conversation_id", "at")
    )
    return dict(rows)


def _open_reviews(people: set[int]) -> dict[int, datetime]:
    rows = models.IdentityReview.objects.filter(
        ~Q(kind=merging.PROPOSED), Q(previous__in=people) | Q(current__in=people), state="open"
    ).values_list("previous_id", "current_id", "created_at")
    found: dict[int, datetime] = {}
    for previous, current, created_at in rows:
        for person in (previous, current):
            found[person] = max(created_at, found.get(person, created_at))
    return found


def suppressed(roots: Mapping[int, int]) -> dict[tuple[int, bool], dict[str, datetime]]:
    """Return what is suppressed: a number for every channel, an e-mail address for e-mail alone."""
    prints = {
        bytes(fingerprint): (roots[person], scheme == _EMAIL)
        for person, fingerprint, scheme in models.Identity.objects.filter(
            person__in=list(roots)
        ).values_list("person_id", "fingerprint", "scheme")
    }
    rows = models.Suppression.objects.filter(fingerprint__in=list(prints)).values_list(
        "fingerprint", "scope", "created_at"
    )
    found: dict[tuple[int, bool], dict[str, datetime]] = {}
    for fingerprint, scope, created_at in rows:
        person, is_email = prints[bytes(fingerprint)]
        for by_mail in {True, is_email}:
            scopes = found.setdefault((person, by_mail), {})
            scopes[scope] = max(created_at, scopes.get(scope, created_at))
    return found


def _templates(
    wishes: Sequence[Wish], conversations: Mapping[int, models.Conversation]
) -> dict[tuple[str, str, str], models.Template]:
    names = {str(wish.template["name"]) for wish in wishes if wish.template}
    if not names:
        return {}
    accounts = {row.number.account_id for row in conversations.values()}
    rows = models.Template.objects.filter(account_id__in=accounts, name__in=names)
    return {(row.account_id, row.name, row.language): row for row in rows}


def _sent(
    people: set[int], purposes: set[str], today: law.Law
) -> dict[tuple[int, str], tuple[datetime, ...]]:
    """Return when each person was last sent what may only be sent so often, from any number."""
    capped = [code for code in purposes if code in today.purposes and today.purposes[code].caps]
    if not capped:
        return {}
    rows = models.Message.objects.filter(
        conversation__person__in=people,
        purpose__in=capped,
        state__in=_IN_EFFECT,
        role=law.Role.PLAIN,
    ).values_list("conversation__person_id", "purpose", "at")
    found: dict[tuple[int, str], tuple[datetime, ...]] = {}
    for person, purpose, at in rows:
        found[person, purpose] = (*found.get((person, purpose), ()), at)
    return found


def _consents(roots: Mapping[int, int]) -> dict[tuple[int, int], dict[str, models.Consent]]:
    """Return where consents stand by (person, branch) and purpose; of two, what was decided last.

    Two there are only where two persons turned out to be one and nothing has happened since.
    """
    rows = models.Consent.objects.filter(person__in=list(roots)).order_by(
        F("since").asc(nulls_first=True), "id"
    )
    found: dict[tuple[int, int], dict[str, models.Consent]] = {}
    for row in rows:
        found.setdefault((roots[row.person_id], row.branch_id), {})[row.purpose] = row
    return found


def _confirms(wishes: Iterable[Wish]) -> bool:
    return any(wish.role is law.Role.WITHDRAWAL_RECEIPT for wish in wishes)


def _receipts(people: set[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return the confirmations of withdrawals each person was sent: message and time."""
    rows = models.Message.objects.filter(
        conversation__person__in=people,
        role=law.Role.WITHDRAWAL_RECEIPT,
        state__in=_IN_EFFECT,
    ).values_list("conversation__person_id", "id", "at")
    found: dict[int, list[tuple[int, datetime]]] = {}
    for person, message, at in rows:
        found.setdefault(person, []).append((message, at))
    return found
