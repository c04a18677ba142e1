"""The ledger's rows as the domain sees them: packed evidence, hashed content, events, standings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db.models import Q

from werkbote.domain import consent, law
from werkbote.store import models, vault

LOCK = 0x57_42_03
"""First number of the lock that is held while a house's chain grows; the second is of the house."""

_PARTS: Mapping[str, type[Any]] = {
    "subject": consent.Subject,
    "wording": consent.Wording,
    "presentation": consent.Presentation,
    "times": consent.Times,
    "confirmation": consent.Confirmation,
    "origin": consent.Origin,
    "withdrawal": consent.Withdrawal,
}
_MOMENTS = frozenset(
    {
        "at",
        "confirmed_at",
        "effective_at",
        "given_at",
        "last_used_at",
        "request_sent_at",
        "shown_at",
    }
)


def pack(evidence: consent.Evidence) -> bytes:
    """Return evidence as canonical JSON."""
    return consent.canonical(asdict(evidence))


def unpack(packed: bytes) -> consent.Evidence:
    """Return the evidence that was packed."""
    plain = _timed(orjson.loads(packed))
    plain["purposes"] = tuple(plain["purposes"])
    for name, part in _PARTS.items():
        if plain[name] is not None:
            plain[name] = part(**_timed(plain[name]))
    return consent.Evidence(**plain)


def _timed(plain: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
        for name, value in plain.items()
    }


def seal(key: vault.Key, evidence: consent.Evidence, *, row: int) -> tuple[bytes, str]:
    """Return the sealed evidence of the row and the digest the chain covers (hex SHA-256)."""
    sealed = key.seal(pack(evidence), table="consent_evidence", row=row, column="body")
    return sealed, sha256(sealed).hexdigest()


def opened(key: vault.Key, row: models.ConsentEvidence) -> consent.Evidence:
    """Return the evidence of a row; raise vault.UnableToOpen where the key is not the person's."""
    return unpack(key.open(row.body, table="consent_evidence", row=row.id, column="body"))


def content(row: models.ConsentEvent) -> dict[str, object]:
    """Return what the chain covers of an event's row."""
    return {
        "organisation": row.organisation_id,
        "position": row.position,
        "key": row.key,
        "record": row.record,
        "person": row.person_ref,
        "purpose": row.purpose,
        "entity": row.entity,
        "deed": row.deed,
        "occurred_at": row.occurred_at,
        "recorded_at": row.recorded_at,
        "by": row.by,
        "from_number": row.from_number,
        "evidence": row.evidence_digest,
    }


def group(person: int) -> list[int]:
    """Return the ids under which one human being is known, the surviving row first.

    A person who was erased is known under the one number that is left.
    """
    known = models.Person.objects.filter(id=person).values_list("merged_into_id", flat=True)
    root = known.first() or person
    merged = models.Person.objects.filter(merged_into=root).order_by("id")
    return [root, *merged.values_list("id", flat=True)]


def history(
    keys: vault.OrganisationKeys, rows: Sequence[models.ConsentEvent]
) -> list[consent.Event]:
    """Return rows as events with their evidence, as far as it is still there. Inside `looking`."""
    held = {
        row.event_id: row
        for row in models.ConsentEvidence.objects.select_related("person").filter(event__in=rows)
    }

    def evidence(row: models.ConsentEvent) -> consent.Evidence | None:
        found = held.get(row.id)
        if found is None:
            return None
        return opened(keys.unwrap(found.person.key_wrapped, person=found.person_id), found)

    return [
        consent.Event(
            event_id=row.key,
            record_id=row.record,
            deed=consent.Deed(row.deed),
            occurred_at=row.occurred_at,
            by=row.by,
            from_number=row.from_number,
            evidence=evidence(row),
        )
        for row in rows
    ]


def events(people: Iterable[int], *, purpose: str, entity: int) -> list[models.ConsentEvent]:
    """Return the rows about one person, purpose and branch, in the order of the chain."""
    return list(
        models.ConsentEvent.objects.filter(
            person_ref__in=list(people), purpose=purpose, entity=entity
        ).order_by("position")
    )


def first_broken(rows: Iterable[models.ConsentEvent]) -> int | None:
    """Return the position of the first event that does not fit, None if all do.

    The rows come in the order of the chain with their evidence, if it is still there: evidence that
    was erased leaves the chain whole, evidence that was changed breaks it.
    """
    previous = consent.GENESIS
    for position, row in enumerate(rows, 1):
        fits = row.position == position and row.previous == previous
        if not fits or row.hash != consent.link(previous, content(row)) or not _holds(row):
            return position
        previous = row.hash
    return None


def _holds(row: models.ConsentEvent) -> bool:
    try:
        body = bytes(row.evidence.body)
    except models.ConsentEvidence.DoesNotExist:
        return True
    return sha256(body).hexdigest() == row.evidence_digest


def fingerprints(people: Iterable[int], *, scheme: str = "") -> list[bytes]:
    """Return the keyed hashes of these persons' identities, former ones too; of one scheme or of all."""
    rows = models.Identity.objects.filter(Q(person__in=list(people))).order_by("id")
    if scheme:
        rows = rows.filter(scheme=scheme)
    return [bytes(fingerprint) for fingerprint in rows.values_list("fingerprint", flat=True)]


def advertising(rules: law.Law) -> tuple[str, ...]:
    """Return the codes of the purposes that are advertising in German law."""
    return tuple(code for code, purpose in rules.purposes.items() if purpose.advertising)
