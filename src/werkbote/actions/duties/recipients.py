"""Recording who receives data and on which ground, and stopping a recipient at once."""

from dataclasses import replace
from datetime import date, datetime

from werkbote.actions import audit, ledger
from werkbote.domain import duties, events
from werkbote.domain.duties.recipients import UnableToRecord as UnableToRecord
from werkbote.domain.duties.recipients import UnableToSwitch as UnableToSwitch
from werkbote.store import duties as store
from werkbote.store import ids, keyring, models, rechtsstand, scope, vault

_MOST_CODE = 280


def record(
    *, organisation: int, code: str, entry: duties.recipients.Entry, by: int, at: datetime
) -> str:
    """Record what holds for a recipient, and return its code; "" makes one without a connection of ours.

    Raises UnableToRecord, with the remedy, for an entry that could not stand, and for a code that is
    neither in use here nor recorded.
    """
    today = at.astimezone(ledger.ZONE).date()
    entry = replace(
        entry, **{name: getattr(entry, name).strip() for name in duties.recipients.WORDS}
    )
    duties.recipients.check(entry, rules=rechtsstand.transfers(today), today=today)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _row(keys, code, today, at=at)
        said = {name: getattr(entry, name) for name in duties.recipients.WORDS}
        row.body_sealed = store.sealed(keys, row.id, {**store.body(keys, row), **said})
        row.country, row.onward, row.basis = entry.country, entry.onward, entry.basis
        row.agreement_on, row.changed_at = entry.agreement_on, at
        row.checked_on, row.assessed_on = entry.checked_on, entry.assessed_on
        row.save()
        _note(row, "processors.record", by=by, at=at, basis=entry.basis)
    return row.code


def stop(*, organisation: int, code: str, reason: str, by: int, at: datetime) -> None:
    """Let nothing go to a recipient from now on; raise UnableToSwitch where that cannot be.

    What is permitted and not yet handed over goes back in the queue, where the gate refuses it; what
    waits for other programs goes on waiting.
    """
    duties.recipients.check_reason(reason)
    if not duties.recipients.is_ours_to_stop(code):
        raise UnableToSwitch(
            "The operator of the installation sets this connection up and ends it."
        )
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _row(keys, code, at.astimezone(ledger.ZONE).date(), at=at)
        if row.stopped_at is not None:
            raise UnableToSwitch("This recipient is stopped already: reload the page.")
        row.stopped_at = at
        row.body_sealed = store.sealed(
            keys, row.id, {**store.body(keys, row), "reason": reason.strip()}
        )
        row.save()
        _note(row, "processors.stop", by=by, at=at)


def release(*, organisation: int, code: str, by: int, at: datetime) -> None:
    """Let a stopped recipient receive again; raise UnableToSwitch unless it is stopped."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = models.Processor.objects.select_for_update().filter(code=code).first()
        if row is None or row.stopped_at is None:
            raise UnableToSwitch("This recipient is not stopped: reload the page.")
        row.stopped_at = None
        row.body_sealed = store.sealed(keys, row.id, {**store.body(keys, row), "reason": ""})
        row.save()
        _note(row, "processors.release", by=by, at=at)


def _row(keys: vault.OrganisationKeys, code: str, day: date, *, at: datetime) -> models.Processor:
    """Return the locked row of a recipient, a new one where nothing is recorded yet."""
    row = models.Processor.objects.select_for_update().filter(code=code).first()
    if row is not None:
        return row
    if code and code not in store.in_use(organisation=keys.organisation, day=day):
        raise UnableToRecord("There is no such recipient: reload the page.")
    new = ids.new()
    row = models.Processor(
        id=new,
        organisation_id=keys.organisation,
        code=code or duties.recipients.other(new),
        body_sealed=store.sealed(keys, new, {}),
        changed_at=at,
    )
    row.save(force_insert=True)
    return row


def _note(
    row: models.Processor, verb: str, *, by: int, at: datetime, **detail: events.Json
) -> None:
    audit.record(
        organisation=row.organisation_id,
        by=by,
        verb=verb,
        object=f"processor:{row.id}",
        detail={"recipient": row.code, **detail},
        at=at,
    )
