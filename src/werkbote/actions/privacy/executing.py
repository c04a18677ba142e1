"""Erasing: store by store, each step committed and counted, repeatable after any crash, honest when it fails."""

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q

from werkbote.actions import journal
from werkbote.actions.privacy import erasing as asking
from werkbote.actions.privacy import keeping, outside, proving, targeting
from werkbote.domain import delivery, privacy
from werkbote.store import erasing, ids, keyring, ledger, models, scope, vault
from werkbote.store.journal import Entry

_LOG = logging.getLogger(__name__)
_BATCH = 2000
_ALONE = timedelta(minutes=5)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
_RUNNABLE = (privacy.State.READY, privacy.State.FAILED)
BUT_KEPT = "person_but_kept"
"""The scope of an erasure that leaves what a rule keeps."""


class Halted(Exception):
    """The erasure cannot go on now; the code says why, and it is tried again."""

    def __init__(self, problem: str) -> None:
        """Keep the code."""
        self.problem = problem
        super().__init__(problem)


def due(*, organisation: int, at: datetime) -> list[int]:
    """Return the erasures whose turn it is: new ones, failed ones, and those whose worker died.

    A turn further off than any pause was set by a clock that was ahead: it has come.
    """
    with scope.looking(organisation=organisation):
        rows = models.ErasureRun.objects.filter(
            Q(next_at__lte=at) | Q(next_at__gt=at + _LONGEST_PAUSE)
        ).filter(Q(state__in=_RUNNABLE) | _is_dead(at, _ALONE))
        return list(rows.order_by("asked_at", "id").values_list("id", flat=True))


def _is_dead(at: datetime, alone: timedelta) -> Q:
    """Return the condition on runs whose worker died: its claim is old, or of a clock that was ahead."""
    claimed = Q(claimed_at__lte=at - alone) | Q(claimed_at__gt=at + alone)
    return Q(state=privacy.State.RUNNING) & claimed


def execute(
    *, organisation: int, run: int, at: datetime, alone: timedelta = _ALONE
) -> privacy.State | None:
    """Erase, and return where the erasure stands then; None where another worker is at it.

    May be called again at any time and after any crash: what is done is not done twice, and what
    failed is tried again. `alone` is how long a claim of another worker is respected.
    """
    scope.durable()
    keys = keyring.organisation(organisation)
    row = _claim(organisation, run, at=at, alone=alone)
    if row is None:
        return None
    try:
        if not _erase_here(keys, row, at=at):
            return privacy.State.HELD
        outside.erase(keys, row, at=at)
        proving.verify(keys, row, at=at)
    except Halted as halt:
        _fail(row, halt.problem, at=at)
        return privacy.State.FAILED
    except outside.UnableToReach:
        _fail(row, "outside", at=at)
        return privacy.State.FAILED
    except proving.FoundAgain:
        _fail(row, "found_again", at=at)
        return privacy.State.FAILED
    proving.finish(keys, row, at=at)
    return privacy.State.DONE


def erase_again(entry: Entry, *, at: datetime) -> None:
    """Erase what a journal's entry names, because a restored database brought it back.

    Does nothing where there is nothing left. What is outside is called later, by the erasure's job.
    A hold in the restored data stops it: then a person decides.
    """
    with scope.looking(organisation=entry.organisation):
        people = ledger.group(entry.subject)
        is_here = bool(erasing.counts(people))
    if not is_here:
        return
    run = _again(entry, at=at)
    keys = keyring.organisation(entry.organisation)
    row = _claim(entry.organisation, run, at=at, alone=timedelta(0))
    if row is not None:
        _erase_here(keys, row, at=at, whole=entry.scope == journal.PERSON)
        with scope.transaction(organisation=entry.organisation):
            models.ErasureRun.objects.filter(id=run, state=privacy.State.RUNNING).update(
                state=privacy.State.FAILED, problem="outside", next_at=at
            )


def _again(entry: Entry, *, at: datetime) -> int:
    with scope.transaction(organisation=entry.organisation):
        row, _ = models.ErasureRun.objects.get_or_create(
            organisation_id=entry.organisation,
            subject=entry.subject,
            state__in=sorted(privacy.OPEN),
            defaults={
                "id": ids.new(),
                "trigger": privacy.Trigger.REPLAY,
                "state": privacy.State.READY,
                "asked_at": entry.at,
                "next_at": at,
            },
        )
        if row.state == privacy.State.WAITING:
            models.ErasureRun.objects.filter(id=row.id).update(state=privacy.State.READY)
    return row.id


def _claim(
    organisation: int, run: int, *, at: datetime, alone: timedelta
) -> models.ErasureRun | None:
    with scope.transaction(organisation=organisation):
        free = models.ErasureRun.objects.filter(id=run).filter(
            Q(state__in=_RUNNABLE) | _is_dead(at, alone)
        )
        claimed = free.update(
            state=privacy.State.RUNNING, claimed_at=at, attempts=F("attempts") + 1, problem=""
        )
        if not claimed:
            return None
        models.ErasureRun.objects.filter(id=run, started_at=None).update(started_at=at)
        return models.ErasureRun.objects.get(id=run)


def _fail(row: models.ErasureRun, problem: str, *, at: datetime) -> None:
    pause = min(_FIRST_PAUSE * 2 ** min(row.attempts, 10), _LONGEST_PAUSE)
    _LOG.warning("erasure %d is not complete: %s", row.id, problem)
    with scope.transaction(organisation=row.organisation_id):
        models.ErasureRun.objects.filter(id=row.id, state=privacy.State.RUNNING).update(
            state=privacy.State.FAILED, problem=problem, next_at=at + pause
        )


def _erase_here(
    keys: vault.OrganisationKeys, row: models.ErasureRun, *, at: datetime, whole: bool = False
) -> bool:
    """Erase what is in this database; return False where a hold stopped it before or on the way."""
    found = targeting.prepare(keys, row, at=at)
    if found is None:
        return False
    if _is_done(row, found):
        return True
    keeps = bool(found.kept) and not whole
    entry = journal.begin(
        organisation=row.organisation_id,
        subject=row.subject,
        of=BUT_KEPT if keeps else journal.PERSON,
        at=at,
    )
    if _is_on_its_way(row, found):
        raise Halted("on_its_way")
    for label in erasing.stages():
        if label != privacy.Store.PERSON and not _empty(row, found, label, at=at, whole=whole):
            return False
    targeting.empty_searched(keys, row, found, at=at)
    return _finish_here(row, found, entry=entry, at=at, whole=whole)


def _is_done(row: models.ErasureRun, found: targeting.Targets) -> bool:
    """Return whether an earlier try has erased all that is here."""
    with scope.looking(organisation=row.organisation_id):
        return row.erased_at is not None and not erasing.counts(found.people, kept=found.kept)


def _is_on_its_way(row: models.ErasureRun, found: targeting.Targets) -> bool:
    with scope.looking(organisation=row.organisation_id):
        return models.Message.objects.filter(
            person__in=found.people, state=delivery.State.SENDING
        ).exists()


def _empty(
    row: models.ErasureRun, found: targeting.Targets, label: str, *, at: datetime, whole: bool
) -> bool:
    """Delete one table's rows batch by batch; return False where a hold was set meanwhile."""
    while True:
        with scope.transaction(organisation=row.organisation_id):
            _hold_together(row, found)
            now = keeping.find(found.people, at=at)
            if now.held:
                targeting.stop(row, at=at)
                return False
            kept = erasing.NOTHING if whole else now.kept
            gone = erasing.delete(label, found.people, kept=kept, most=_BATCH)
            targeting.count(row, gone)
        if not gone:
            targeting.done(row, label, at=at)
            return True


def _hold_together(
    row: models.ErasureRun, found: targeting.Targets, *, open_to_new: bool = True
) -> None:
    """Keep the persons from being merged meanwhile; raise Halted where one has been. In a transaction.

    The next try takes whoever joined along. Rows of theirs may still come while it is open to new ones.
    """
    rows = models.Person.objects.select_for_update(no_key=open_to_new).filter(id__in=found.people)
    list(rows.order_by("id").values_list("id", flat=True))
    if not {*ledger.group(row.subject)} <= {*found.people}:
        raise Halted("merged")


def _finish_here(
    row: models.ErasureRun,
    found: targeting.Targets,
    *,
    entry: int,
    at: datetime,
    whole: bool,
) -> bool:
    """Take the last of it in one transaction: what came meanwhile, the persons, their keys."""
    with scope.transaction(organisation=row.organisation_id):
        _hold_together(row, found, open_to_new=False)
        now = keeping.find(found.people, at=at)
        if now.held:
            targeting.stop(row, at=at)
            return False
        kept = erasing.NOTHING if whole else now.kept
        here = set(models.Person.objects.filter(id__in=found.people).values_list("id", flat=True))
        for label in erasing.stages():
            _all(row, found, label, kept)
        targeting.count(row, {privacy.Store.SEARCH: targeting.forget_words(found)})
        left = set(models.Person.objects.filter(id__in=found.people).values_list("id", flat=True))
        targeting.detach(left)
        models.PersonRequest.objects.filter(subject__in=found.people).update(
            said_sealed=None, reason_sealed=None, changes_sealed=None, code_digest=None
        )
        models.LegalHold.objects.filter(subject__in=found.people).update(reason_sealed=None)
        models.ErasureRun.objects.filter(id=row.id).update(
            erased_at=row.erased_at or at,
            blocks=asking.plain(now.blocks if kept else ()),
            keys_destroyed=sorted({*row.keys_destroyed, *(here - left)}),
        )
        for store in (privacy.Store.PERSON, privacy.Store.SEARCH):
            targeting.done(row, store, at=at)
        journal.settle(entry=entry, at=at)
    return True


def _all(row: models.ErasureRun, found: targeting.Targets, label: str, kept: erasing.Kept) -> None:
    while gone := erasing.delete(label, found.people, kept=kept, most=_BATCH):
        targeting.count(row, gone)
