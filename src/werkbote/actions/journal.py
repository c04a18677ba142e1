"""Writing erasures down before they happen, and erasing again what a restored database brought back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from werkbote.store import ids, journal, models, scope

PERSON = "person"
"""The scope of an erasure that leaves nothing of a person."""

Erase = Callable[[journal.Entry], None]
"""Erases what an entry names and settles it; must do nothing where there is nothing left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What replaying found: entries in the journal, those this database had not met, those erased anew."""

    entries: int
    missing: int
    erased: int


def folder() -> Path:
    """Return where the journal lies: outside the database, on a directory that all hosts share."""
    return Path(settings.WERKBOTE_JOURNAL)


def begin(*, organisation: int, subject: int, of: str, at: datetime) -> int:
    """Write down that `subject` is being erased, and return the entry's id once it is on the disk.

    Call it outside any transaction and before the first row goes; a repetition after a crash returns
    the entry that is still open. Raises journal.UnableToWriteJournal: then nothing may be erased.
    """
    scope.durable()
    entry = _announce(organisation=organisation, subject=subject, of=of, at=at)
    if entry.id not in {known.id for known in journal.read(folder())}:
        journal.append(folder(), entry)
    return entry.id


def _announce(*, organisation: int, subject: int, of: str, at: datetime) -> journal.Entry:
    with scope.transaction(organisation=organisation):
        mark, _ = models.ErasureMark.objects.get_or_create(
            organisation_id=organisation,
            subject_ref=subject,
            scope=of,
            settled_at=None,
            defaults={"id": ids.new(), "announced_at": at},
        )
    return journal.Entry(
        id=mark.id, organisation=organisation, subject=subject, scope=of, at=mark.announced_at
    )


def settle(*, entry: int, at: datetime) -> None:
    """Note in the erasing transaction that the entry's subject is gone."""
    models.ErasureMark.objects.filter(id=entry, settled_at__isnull=True).update(settled_at=at)


def missing(*, organisations: Iterable[int]) -> list[journal.Entry]:
    """Return the journal's entries that the database of these organisations has never met."""
    known = _marks(organisations)
    return [entry for entry in _entries(known) if entry.id not in known[entry.organisation]]


def replay(*, organisations: Iterable[int], erase: Erase, at: datetime) -> Replay:
    """Erase again whatever the journal names and this database has not settled, oldest first.

    Each entry is its own deed, marked only when its subject is gone: after a crash, call again.
    """
    known = _marks(organisations)
    entries = _entries(known)
    lacking = sum(entry.id not in known[entry.organisation] for entry in entries)
    pending = [entry for entry in entries if not known[entry.organisation].get(entry.id)]
    for entry in pending:
        erase(entry)
        with scope.transaction(organisation=entry.organisation):
            _mark_settled(entry, at=at)
    return Replay(entries=len(entries), missing=lacking, erased=len(pending))


def _marks(organisations: Iterable[int]) -> dict[int, dict[int, bool]]:
    """Return for each organisation the entries it has met, and whether they are settled."""
    found = {}
    for organisation in organisations:
        with scope.looking(organisation=organisation):
            rows = models.ErasureMark.objects.values_list("id", "settled_at")
            found[organisation] = {row: settled is not None for row, settled in rows}
    return found


def _entries(known: Mapping[int, object]) -> list[journal.Entry]:
    return [entry for entry in journal.read(folder()) if entry.organisation in known]


def _mark_settled(entry: journal.Entry, *, at: datetime) -> None:
    models.ErasureMark.objects.update_or_create(
        id=entry.id,
        organisation_id=entry.organisation,
        defaults={"settled_at": at},
        create_defaults={
            "subject_ref": entry.subject,
            "scope": entry.scope,
            "announced_at": entry.at,
            "settled_at": at,
        },
    )
