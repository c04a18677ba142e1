"""Writing down who did what: one chained entry, in the deed's own transaction."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
from django.db import connection

from werkbote.domain.events import Json
from werkbote.store import ids, models, scope

SYSTEM = "system"
"""The actor of deeds that no member asked for."""

_FIRST = bytes(32)
_LOCK = 0x57_42_01
_CHUNK = 2000
_BEGIN = """
SELECT pg_advisory_xact_lock(%s, hashint8(%s)), (
    SELECT max(id) FROM support_window
    WHERE member_id = %s AND ended_at IS NULL AND until > %s)
"""
"""Waits for the chain's turn; answers through which opening a support account acts, if it is one."""


def record(
    *,
    organisation: int,
    by: int | str,
    verb: str,
    object: str,  # noqa: A002 -- the grammar of an audit entry: who, verb, object
    at: datetime,
    detail: Mapping[str, Json] | None = None,
) -> int:
    """Append one entry and return its id; `detail` takes ids, codes and counts, never contents.

    What a support account does names the opening it came through. Must be called inside the deed's transaction, as its last step: the chain is locked until commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [_LOCK, organisation, by if isinstance(by, int) else 0, at])
        window = cursor.fetchone()[1]
    last = (
        models.AuditEntry.objects.filter(organisation_id=organisation)
        .order_by("-position")
        .values_list("position", "hash")
        .first()
    )
    position, previous = (last[0] + 1, bytes(last[1])) if last else (1, _FIRST)
    entry = models.AuditEntry(
        id=ids.new(),
        organisation_id=organisation,
        position=position,
        at=at,
        actor=by if isinstance(by, str) else f"member:{by}",
        verb=verb,
        object=object,
        detail={**(detail or {}), **({"support_window": window} if window else {})},
        previous=previous,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry.id


def note(
    *,
    organisation: int,
    by: int | str,
    verb: str,
    object: str,  # noqa: A002 -- as in `record`
    at: datetime,
    detail: Mapping[str, Json] | None = None,
) -> None:
    """Write down what changed nothing but must be known: protected contents read, something exported."""
    with scope.transaction(organisation=organisation):
        record(organisation=organisation, by=by, verb=verb, object=object, at=at, detail=detail)


def entry_hash(entry: models.AuditEntry) -> bytes:
    """Return SHA-256 over the previous hash and the entry's canonical JSON (keys sorted, UTC)."""
    content = {
        "organisation": entry.organisation_id,
        "position": entry.position,
        "at": entry.at.astimezone(UTC),
        "actor": entry.actor,
        "verb": entry.verb,
        "object": entry.object,
        "detail": entry.detail,
    }
    canonical = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
    return hashlib.sha256(bytes(entry.previous) + canonical).digest()


def first_broken(*, organisation: int) -> int | None:
    """Return the position of the first entry that does not fit its chain, None if all do."""
    with scope.looking(organisation=organisation):
        cut = models.AuditCut.objects.order_by("-position").first()
        begin, previous = (cut.position, bytes(cut.hash)) if cut else (0, _FIRST)
        rows = models.AuditEntry.objects.filter(position__gt=begin).order_by("position")
        entries = rows.iterator(chunk_size=_CHUNK)
        for position, entry in enumerate(entries, begin + 1):
            fits = entry.position == position and bytes(entry.previous) == previous
            if not fits or entry_hash(entry) != bytes(entry.hash):
                return position
            previous = bytes(entry.hash)
    return None


def cut(*, organisation: int, before: datetime, at: datetime) -> int:
    """End the oldest entries, those made before a moment, and return how many; the newest always stays.

    Where the chain then begins is a row of its own that nobody can change. Inside a transaction.
    """
    last = models.AuditEntry.objects.order_by("-position").values_list("position", flat=True)[:1]
    young = models.AuditEntry.objects.filter(at__gte=before).order_by("position")
    edge = young.values_list("position", flat=True).first() or last[0]
    end = models.AuditEntry.objects.filter(position__lt=edge).order_by("-position").first()
    if end is None:
        return 0
    models.AuditCut(
        id=ids.new(), organisation_id=organisation, position=end.position, hash=end.hash, at=at
    ).save(force_insert=True)
    count, _ = models.AuditEntry.objects.filter(position__lte=end.position).delete()
    return count


def head(*, organisation: int) -> tuple[int, str]:
    """Return position and hex hash of the newest entry; 0 and nothing where there is none."""
    with scope.looking(organisation=organisation):
        last = (
            models.AuditEntry.objects.order_by("-position").values_list("position", "hash").first()
        )
    return (last[0], bytes(last[1]).hex()) if last else (0, "")
