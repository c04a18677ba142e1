"""The consent ledger: events entered once, chained, with sealed evidence; standings follow at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from werkbote.domain import consent, delivery, law, policy
from werkbote.store import ids, ledger, models, rechtsstand, scope, vault

ZONE = ZoneInfo("Europe/Berlin")

_CHUNK = 2000
_ROW = ("state", "record", "since", "requested_at", "granted_at", "last_used_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event to enter. `key` names what it came from: the same key again changes nothing."""

    key: str
    record: str
    person: int
    purpose: str
    entity: int
    deed: consent.Deed
    occurred_at: datetime
    by: str
    from_number: bool = False
    evidence: consent.Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A withdrawal or objection. `branch` is where it was said, `text` what was said.

    `key` names what it came from; `everything` also ends messages about open cases. `purposes` are
    the ones it is about: none named means all advertising, and the suppression list. A `scheme`
    suppresses addresses of that kind alone, whatever it is about.
    """

    person: int
    branch: int
    key: str
    deed: consent.Deed
    reason: str
    channel: str
    occurred_at: datetime
    by: str
    text: str = ""
    everything: bool = False
    from_number: bool = False
    purposes: tuple[str, ...] = ()
    scheme: str = ""


def enter(*, keys: vault.OrganisationKeys, entries: Sequence[Entry], at: datetime) -> int:
    """Append events and bring standings up to date; return how many were new.

    Inside a transaction, as late in it as possible: the chain is locked until it commits.
    """
    _lock(keys)
    known = set(
        models.ConsentEvent.objects.filter(key__in=[entry.key for entry in entries]).values_list(
            "key", flat=True
        )
    )
    fresh = [
        entry for entry in {one.key: one for one in entries}.values() if entry.key not in known
    ]
    if not fresh:
        return 0
    _append(keys, fresh, at=at)
    if all(entry.deed is consent.Deed.USED for entry in fresh):
        _use(fresh)
    else:
        for person, purpose, entity in dict.fromkeys(
            (entry.person, entry.purpose, entry.entity) for entry in fresh
        ):
            refresh(keys=keys, person=person, purpose=purpose, entity=entity, at=at)
    return len(fresh)


def _lock(keys: vault.OrganisationKeys) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [ledger.LOCK, keys.organisation]
        )


def _append(keys: vault.OrganisationKeys, entries: Sequence[Entry], *, at: datetime) -> None:
    last = models.ConsentEvent.objects.order_by("-position").values_list("position", "hash").first()
    position, previous = last or (0, consent.GENESIS)
    persons = {
        row.id: keys.unwrap(row.key_wrapped, person=row.id)
        for row in models.Person.objects.filter(id__in={entry.person for entry in entries})
    }
    rows: list[models.ConsentEvent] = []
    proofs: list[models.ConsentEvidence] = []
    for entry in entries:
        position += 1
        row = _row(keys, entry, position=position, previous=previous, at=at)
        if entry.evidence is not None:
            proof = models.ConsentEvidence(
                id=ids.new(),
                organisation_id=keys.organisation,
                event=row,
                person_id=entry.person,
            )
            numbered = replace(entry.evidence, chain_position=position)
            proof.body, row.evidence_digest = ledger.seal(
                persons[entry.person], numbered, row=proof.id
            )
            proofs.append(proof)
        row.hash = previous = consent.link(previous, ledger.content(row))
        rows.append(row)
    models.ConsentEvent.objects.bulk_create(rows)
    models.ConsentEvidence.objects.bulk_create(proofs)


def _row(
    keys: vault.OrganisationKeys, entry: Entry, *, position: int, previous: str, at: datetime
) -> models.ConsentEvent:
    return models.ConsentEvent(
        id=ids.new(),
        organisation_id=keys.organisation,
        position=position,
        key=entry.key,
        record=entry.record,
        person_ref=entry.person,
        purpose=entry.purpose,
        entity=entry.entity,
        deed=entry.deed,
        occurred_at=entry.occurred_at,
        recorded_at=at,
        by=entry.by,
        from_number=entry.from_number,
        previous=previous,
    )


_USE = """
UPDATE consent c SET last_used_at = GREATEST(c.last_used_at, u.at)
FROM (SELECT p.id AS person, n.record, n.branch, max(n.at) AS at
      FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[])
           AS n (person, record, branch, at)
      CROSS JOIN LATERAL (SELECT n.person UNION ALL
                          SELECT m.id FROM person m WHERE m.merged_into_id = n.person) AS p (id)
      GROUP BY p.id, n.record, n.branch) AS u
WHERE c.person_id = u.person AND c.record = u.record AND c.branch_id = u.branch
    AND c.state = %s AND c.since <= u.at
"""


def _use(entries: Sequence[Entry]) -> None:
    """Note uses without reading whole histories: a use of a grant changes nothing but its time."""
    with connection.cursor() as cursor:
        cursor.execute(
            _USE,
            [
                [entry.person for entry in entries],
                [entry.record for entry in entries],
                [entry.entity for entry in entries],
                [entry.occurred_at for entry in entries],
                consent.State.GRANTED,
            ],
        )


def note_use(
    *,
    keys: vault.OrganisationKeys,
    permits: Sequence[tuple[policy.Permit, models.Message]],
    entity: int,
    at: datetime,
) -> None:
    """Enter that consents let messages out (field 16): each message once. Late in a transaction."""
    entries = [
        Entry(
            key=f"u{row.id}",
            record=proof.id,
            person=row.conversation.person_id,
            purpose=permit.purpose,
            entity=entity,
            deed=consent.Deed.USED,
            occurred_at=permit.decided_at,
            by="system",
        )
        for permit, row in permits
        if row.role == law.Role.PLAIN
        for proof in permit.evidence
        if proof.kind is policy.Proof.CONSENT
    ]
    if entries:
        enter(keys=keys, entries=entries, at=at)


def refresh(
    *, keys: vault.OrganisationKeys, person: int, purpose: str, entity: int, at: datetime
) -> consent.Standing:
    """Recompute where one consent stands from the whole ledger, and store it. In a transaction."""
    people = ledger.group(person)
    rows = ledger.events(people, purpose=purpose, entity=entity)
    periods = rechtsstand.on(at.astimezone(ZONE).date()).consent
    standing = consent.project(ledger.history(keys, rows), periods=periods)
    asked = any(
        row.from_number and row.deed == consent.Deed.REQUESTED and row.record == standing.record_id
        for row in rows
    )
    models.Consent.objects.bulk_create(
        [
            models.Consent(
                organisation_id=keys.organisation,
                person_id=people[0],
                branch_id=entity,
                purpose=purpose,
                state=standing.state,
                record=standing.record_id or "",
                since=standing.since,
                requested_at=standing.requested_at,
                granted_at=standing.granted_at,
                last_used_at=standing.last_used_at,
                asked_from_number=asked,
            )
        ],
        update_conflicts=True,
        unique_fields=["person", "purpose", "branch"],
        update_fields=[*_ROW, "asked_from_number"],
    )
    models.Consent.objects.filter(person__in=people[1:], purpose=purpose, branch=entity).delete()
    return standing


def stop(*, keys: vault.OrganisationKeys, stop: Stop, at: datetime) -> bool:
    """End advertising to a person, on all numbers; return whether that was news: of two at once, one is.

    Suppresses, enters the withdrawal for every advertising purpose, and hastens what is queued to
    the gate, which refuses it. A stop that names its purposes ends these and suppresses nothing.
    Inside a transaction, as late as possible.
    """
    people = ledger.group(stop.person)
    codes = stop.purposes or ledger.advertising(rechtsstand.on(at.astimezone(ZONE).date()))
    held = models.Consent.objects.filter(person__in=people, purpose__in=codes)
    stopped = {consent.State.WITHDRAWN, consent.State.OBJECTED}
    news = False
    if stop.scheme or not stop.purposes:
        prints = ledger.fingerprints(people, scheme=stop.scheme)
        scopes = ["advertising", "everything"] if stop.everything else ["advertising"]
        news = suppress(
            keys=keys, prints=prints, scopes=scopes, reason=stop.reason, at=stop.occurred_at
        )
    _lock(keys)
    news |= held.exclude(state__in=stopped).exists()
    branches = {stop.branch, *held.values_list("branch_id", flat=True)}
    enter(
        keys=keys,
        entries=[
            _withdrawn(keys, stop, purpose=code, entity=branch, at=at)
            for branch in sorted(branches)
            for code in codes
        ],
        at=at,
    )
    _hasten(people, codes, everything=stop.everything, at=at)
    return news


def _withdrawn(
    keys: vault.OrganisationKeys, stop: Stop, *, purpose: str, entity: int, at: datetime
) -> Entry:
    evidence = consent.Evidence(
        subject=consent.Subject(person_id=str(stop.person), **addresses(keys, stop.person)),
        legal_entity=str(entity),
        purposes=(purpose,),
        channel=stop.channel,
        withdrawal=consent.Withdrawal(
            at=stop.occurred_at,
            channel=stop.channel,
            raw_text=stop.text,
            handled_by=stop.by,
            effective_at=at,
        ),
    )
    return Entry(
        key=f"{stop.key}/{stop.deed}/{purpose}/{entity}",
        record="",
        person=stop.person,
        purpose=purpose,
        entity=entity,
        deed=stop.deed,
        occurred_at=stop.occurred_at,
        by=stop.by,
        from_number=stop.from_number,
        evidence=evidence,
    )


def addresses(keys: vault.OrganisationKeys, person: int) -> dict[str, str]:
    """Return the person's number, BSUID and e-mail address as they are now, as evidence names them."""
    names = {"phone": "number", "bsuid": "bsuid", "email": "email"}
    rows = (
        models.Identity.objects.select_related("person")
        .filter(
            Q(person=person) | Q(person__merged_into=person),
            replaced_at=None,
            scheme__in=list(names),
        )
        .order_by("created_at", "id")
    )
    return {
        names[row.scheme]: keys.unwrap(row.person.key_wrapped, person=row.person_id).open_text(
            row.value_sealed, table="identity", row=row.id, column="value_sealed"
        )
        for row in rows
    }


_SUPPRESS = """
INSERT INTO suppression (id, organisation_id, fingerprint, scope, reason, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (organisation_id, fingerprint, scope)
DO UPDATE SET created_at = GREATEST(suppression.created_at, EXCLUDED.created_at)
RETURNING xmax = 0
"""


def suppress(
    *,
    keys: vault.OrganisationKeys,
    prints: Sequence[bytes],
    scopes: Sequence[str],
    reason: str,
    at: datetime,
) -> bool:
    """Put identities on the suppression list; the newest stop counts. Return whether one is new."""
    news = False
    with connection.cursor() as cursor:
        for fingerprint in prints:
            for scope in scopes:
                cursor.execute(
                    _SUPPRESS, [ids.new(), keys.organisation, fingerprint, scope, reason, at]
                )
                news |= bool(cursor.fetchone()[0])
    return news


def freeze_undeliverable(
    *, keys: vault.OrganisationKeys, person: int, purpose: str, message: int, at: datetime
) -> int:
    """Hold a consent whose address takes nothing any more, until it signs up anew; return how many.

    Inside a transaction, as late as possible.
    """
    held = models.Consent.objects.filter(person__in=ledger.group(person), purpose=purpose)
    entries = [
        Entry(
            key=f"b{message}/{branch}",
            record=record,
            person=person,
            purpose=purpose,
            entity=branch,
            deed=consent.Deed.WRONG_NUMBER,
            occurred_at=at,
            by="system",
        )
        for branch, record in held.order_by("branch").values_list("branch", "record")
    ]
    return enter(keys=keys, entries=entries, at=at) if entries else 0


def _hasten(people: Sequence[int], codes: Sequence[str], *, everything: bool, at: datetime) -> None:
    """Let the gate answer now about what waits: it refuses, and the refusal is stored."""
    waiting = models.Message.objects.filter(
        conversation__person__in=people, state=delivery.State.QUEUED, due_at__gt=at
    )
    if not everything:
        waiting = waiting.filter(purpose__in=codes)
    waiting.update(due_at=at)


def first_broken(*, organisation: int) -> int | None:
    """Return the position of the first event that does not fit its chain, None if all do."""
    with scope.looking(organisation=organisation):
        rows = models.ConsentEvent.objects.select_related("evidence").order_by("position")
        return ledger.first_broken(rows.iterator(chunk_size=_CHUNK))


def head(*, organisation: int) -> tuple[int, str]:
    """Return position and hash of the newest event; 0 and nothing where there is none."""
    with scope.looking(organisation=organisation):
        last = (
            models.ConsentEvent.objects.order_by("-position")
            .values_list("position", "hash")
            .first()
        )
    return last or (0, "")
