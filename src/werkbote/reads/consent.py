"""Consents as screens and certificates show them: one person's, and the figures of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from werkbote.domain import consent, law, team
from werkbote.reads import access, consent_tasks
from werkbote.reads.inbox import people
from werkbote.store import keyring, ledger, models, scope, vault

_STOPS = (consent.Deed.WITHDRAWN, consent.Deed.META_STOPPED, consent.Deed.OBJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event with what it rests on; `evidence` is None where none belongs to it or it is gone."""

    deed: str
    at: datetime
    by: str
    record: str
    position: int
    evidence: consent.Evidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Where one purpose stands, and how it came to that, the newest first."""

    purpose: str
    state: str
    since: datetime | None
    last_used_at: datetime | None
    record: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A first-contact notice that was sent; `delivered_at` None leaves the duty open."""

    version: str
    sent_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message the gate held back."""

    message: int
    purpose: str
    sentence_de: str
    sentence_en: str
    article: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A signed form as it was taken; `taken_by` is the member's name, empty where they are gone."""

    id: int
    taken_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Everything about one person's consents at one branch."""

    conversation: int
    contact: people.Contact
    suppressed: frozenset[str]
    minor_since: datetime | None
    scans: tuple[Scan, ...]
    consents: tuple[Held, ...]
    notices: tuple[Notice, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of all consents the viewer may see. `sent_after` must be 0."""

    granted: int
    pending: int
    requested: int
    confirmed: int
    withdrawals: int
    median: timedelta | None
    sent_after: int
    refresh_due: int
    open_notices: int

    @property
    def confirmed_percent(self) -> int | None:
        """How many of a hundred requests were confirmed from the number."""
        return round(100 * self.confirmed / self.requested) if self.requested else None


def person(*, viewer: access.Viewer, conversation: int) -> Person:
    """Return a person's consents; raise access.UnableToSee where the conversation is not the viewer's."""
    access.check_conversation(viewer, conversation)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = models.Conversation.objects.select_related("person", "number").get(id=conversation)
        group = ledger.group(row.person_id)
        contact = people.contacts([row.person], people.Keyhole(keys))[row.person_id]
        scopes = models.Suppression.objects.filter(
            fingerprint__in=ledger.fingerprints(group)
        ).values_list("scope", flat=True)
        return Person(
            conversation=conversation,
            contact=contact,
            suppressed=frozenset(scopes),
            minor_since=row.person.minor_suspected_at,
            scans=tuple(_scans(keys, group, row.number.branch_id)),
            consents=tuple(_consents(keys, group, row.number.branch_id)),
            notices=tuple(_notices(conversation)),
            refused=tuple(_refused(conversation)),
        )


def _consents(keys: vault.OrganisationKeys, group: Sequence[int], branch: int) -> list[Held]:
    found = []
    rows = models.Consent.objects.filter(person__in=group, branch=branch).order_by("purpose")
    for row in rows:
        events = ledger.events(group, purpose=row.purpose, entity=branch)
        history = ledger.history(keys, events)
        steps = tuple(
            Step(
                deed=event.deed,
                at=event.occurred_at,
                by=event.by,
                record=event.record_id,
                position=entry.position,
                evidence=event.evidence,
            )
            for event, entry in zip(history, events, strict=True)
        )
        found.append(
            Held(
                purpose=row.purpose,
                state=row.state,
                since=row.since,
                last_used_at=row.last_used_at,
                record=row.record,
                steps=steps[::-1],
            )
        )
    return found


def _scans(keys: vault.OrganisationKeys, group: Sequence[int], branch: int) -> list[Scan]:
    rows = (
        models.ConsentScan.objects.select_related("taken_by")
        .filter(person__in=group, branch=branch)
        .defer("body")
        .order_by("-created_at")
    )
    return [
        Scan(
            id=row.id,
            taken_by=""
            if row.taken_by is None
            else keys.main.open_text(
                row.taken_by.name_sealed,
                table="member",
                row=row.taken_by.id,
                column="name_sealed",
            ),
            at=row.created_at,
        )
        for row in rows
    ]


def scan(*, viewer: access.Viewer, scan: int) -> tuple[bytes, str]:
    """Return a signed form and its kind; raise access.UnableToSee where it is not the viewer's."""
    access.check_right(viewer, team.Right.READ_CHATS)
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.ConsentScan.objects.select_related("person")
            .filter(id=scan, branch__in=viewer.branches)
            .first()
        )
    if row is None:
        raise access.UnableToSee("There is no such form.")
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    return key.open(row.body, table="consent_scan", row=row.id, column="body"), row.mime


def _notices(conversation: int) -> list[Notice]:
    rows = models.Message.objects.filter(conversation=conversation).exclude(notice_version="")
    return [
        Notice(
            version=row.notice_version,
            sent_at=row.sent_at,
            delivered_at=row.delivered_at or row.read_at,
        )
        for row in rows.order_by("-at")[:20]
    ]


def _refused(conversation: int) -> list[Refused]:
    rows = models.Message.objects.filter(
        conversation=conversation, refusal__isnull=False
    ).select_related("refusal")
    return [
        Refused(
            message=row.id,
            purpose=row.purpose,
            sentence_de=row.refusal.sentence_de,
            sentence_en=row.refusal.sentence_en,
            article=row.refusal.article,
            at=row.refusal.decided_at,
        )
        for row in rows.order_by("-at")[:20]
        if row.refusal is not None
    ]


def overview(*, viewer: access.Viewer, rules: law.Law) -> Overview:
    """Return the figures of the viewer's branches."""
    access.check_right(viewer, team.Right.READ_DECISIONS)
    branches = sorted(viewer.branches)
    with scope.looking(organisation=viewer.organisation):
        states = models.Consent.objects.filter(branch__in=branches)
        events = models.ConsentEvent.objects.filter(entity__in=branches)
        withdrawals, median = _withdrawals(branches)
        return Overview(
            granted=states.filter(state=consent.State.GRANTED).count(),
            pending=states.filter(state=consent.State.PENDING).count(),
            requested=_records(events, consent.Deed.REQUESTED),
            confirmed=_records(events, consent.Deed.CONFIRMED),
            withdrawals=withdrawals,
            median=median,
            sent_after=_sent_after(branches, ledger.advertising(rules)),
            refresh_due=states.filter(state=consent.State.REFRESH_DUE).count(),
            open_notices=consent_tasks.uninformed(branches).count(),
        )


def _records(events: Any, deed: consent.Deed) -> int:
    count: int = events.filter(deed=deed).values("record").distinct().count()
    return count


_WITHDRAWALS = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FROM (
    SELECT DISTINCT person_ref, occurred_at, recorded_at - occurred_at AS took FROM consent_event
    WHERE entity = ANY(%s) AND deed = ANY(%s)) AS stops
"""


def _withdrawals(branches: Sequence[int]) -> tuple[int, timedelta | None]:
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAWALS, [list(branches), list(_STOPS)])
        count, median = cursor.fetchone()
    return int(count), median


_SENT_AFTER = """
SELECT count(*) FROM message m
JOIN decision d ON d.id = m.permit_id
JOIN conversation c ON c.id = m.conversation_id
JOIN number n ON n.id = m.number_id
WHERE m.role = 'plain' AND m.purpose = ANY(%(codes)s) AND n.branch_id = ANY(%(branches)s)
  AND EXISTS (
    SELECT 1 FROM consent_event e JOIN person p ON p.id = e.person_ref
    WHERE COALESCE(p.merged_into_id, p.id) = c.person_id AND e.purpose = m.purpose
      AND e.entity = n.branch_id AND e.deed = ANY(%(stops)s) AND e.recorded_at < d.decided_at
      AND NOT EXISTS (
        SELECT 1 FROM consent_event g JOIN person q ON q.id = g.person_ref
        WHERE COALESCE(q.merged_into_id, q.id) = c.person_id AND g.purpose = m.purpose
          AND g.entity = n.branch_id AND g.deed IN ('confirmed', 'imported')
          AND g.occurred_at > e.occurred_at AND g.recorded_at <= d.decided_at))
"""


def _sent_after(branches: Sequence[int], codes: Sequence[str]) -> int:
    """Return how many advertising messages were permitted after a withdrawal was entered."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SENT_AFTER,
            {"codes": list(codes), "branches": list(branches), "stops": list(_STOPS)},
        )
        return int(cursor.fetchone()[0])
