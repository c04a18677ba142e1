"""Renewing keys while everything runs: the installation's around the organisations', theirs around all else.

An organisation's key is renewed in steps, each its own deed and each repeatable: the new key is announced
(everybody can open with it), used (everybody seals with it), everything sealed with the old one is sealed
anew in batches, and only then the old one is forgotten. Between the steps every process must have read the
keys anew (keyring.REMEMBERED).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.apps import apps
from django.db.models import Model

from werkbote.actions import audit
from werkbote.store import keyring, models, personal_data, scope, vault

_BATCH = 500


class Step(StrEnum):
    """How far a rotation has come."""

    IDLE = ""
    ANNOUNCED = "announced"
    USED = "used"


class UnableToRotate(Exception):
    """Something does not open with the keys it should: the rotation stops, and both keys stay readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One sealed column: `place` is the column's name in the associated data."""

    model: type[Model]
    table: str
    field: str
    place: str


def rewrap(*, organisation: int, by: int | str, at: datetime) -> bool:
    """Wrap an organisation's keys with the installation's active key; False where they are already."""
    keys = keyring.installation()
    with scope.transaction(organisation=organisation):
        row = models.Organisation.objects.select_for_update().get(id=organisation)
        if row.key_name == keys.active:
            return False
        for column in (keyring.KEY_COLUMN, keyring.INDEX_COLUMN, keyring.OTHER_COLUMN):
            wrapped = getattr(row, column)
            if wrapped is None:
                continue
            secret = keys.unwrap(
                bytes(wrapped), organisation=organisation, column=column, name=row.key_name
            )
            setattr(row, column, keys.wrap(secret, organisation=organisation, column=column))
        row.key_name = keys.active
        row.save()
        _record(organisation, "keys.rewrapped", by=by, at=at)
    keyring.forget(organisation)
    return True


def step_of(*, organisation: int) -> Step:
    """Return how far an organisation's rotation has come."""
    with scope.looking(organisation=organisation):
        return Step(models.Organisation.objects.values_list("rotation", flat=True).get())


def announce(*, organisation: int, by: int | str, at: datetime) -> None:
    """Make a new key that opens but does not seal yet; does nothing when one is announced already."""
    keys = keyring.installation()
    with scope.transaction(organisation=organisation):
        row = models.Organisation.objects.select_for_update().get(id=organisation)
        if row.rotation != Step.IDLE:
            return
        if row.key_name != keys.active:
            raise UnableToRotate("Wrap the organisation's keys with the active key first.")
        row.other_wrapped = keys.wrap(
            vault.new_key().secret, organisation=organisation, column=keyring.OTHER_COLUMN
        )
        row.rotation = Step.ANNOUNCED
        row.save(update_fields=["other_wrapped", "rotation"])
        _record(organisation, "keys.announced", by=by, at=at)
    keyring.forget(organisation)


def use(*, organisation: int, by: int | str, at: datetime) -> None:
    """Let the announced key seal from now on; the old one still opens."""
    keys = keyring.installation()
    with scope.transaction(organisation=organisation):
        row = models.Organisation.objects.select_for_update().get(id=organisation)
        if row.rotation != Step.ANNOUNCED or row.other_wrapped is None:
            return

        def moved(wrapped: bytes, source: str, target: str) -> bytes:
            secret = keys.unwrap(
                bytes(wrapped), organisation=organisation, column=source, name=row.key_name
            )
            return keys.wrap(secret, organisation=organisation, column=target)

        old, new = bytes(row.key_wrapped), bytes(row.other_wrapped)
        row.key_wrapped = moved(new, keyring.OTHER_COLUMN, keyring.KEY_COLUMN)
        row.other_wrapped = moved(old, keyring.KEY_COLUMN, keyring.OTHER_COLUMN)
        row.rotation = Step.USED
        row.save(update_fields=["key_wrapped", "other_wrapped", "rotation"])
        _record(organisation, "keys.used", by=by, at=at)
    keyring.forget(organisation)


def reseal(*, organisation: int) -> int:
    """Seal anew, batch by batch, what the old key still seals; return how many values that were."""
    keys = keyring.organisation(organisation)
    return sum(_reseal(keys, column) for column in _columns())


def _columns() -> Iterator[_Column]:
    for table in personal_data.TABLES:
        for field in table.fields:
            if field.protection is not personal_data.Protection.ORGANISATION_KEY:
                continue
            model = apps.get_model(table.model)
            is_person = table.model == "store.Person" and field.kind is personal_data.Kind.KEY
            yield _Column(
                model=model,
                table=model._meta.db_table,  # noqa: SLF001 -- Django's documented interface
                field=field.name,
                place="key" if is_person else field.name,
            )


def _reseal(keys: vault.OrganisationKeys, column: _Column) -> int:
    """Go through one column by row number; every batch commits, so that a crash repeats little."""
    count, after = 0, 0
    while True:
        with scope.transaction(organisation=keys.organisation):
            rows = list(
                column.model._default_manager.select_for_update()  # noqa: SLF001 -- as above
                .filter(pk__gt=after)
                .order_by("pk")
                .only("pk", column.field)[:_BATCH]
            )
            count += sum(_reseal_row(keys, column, row) for row in rows)
        if not rows:
            return count
        after = rows[-1].pk


def _reseal_row(keys: vault.OrganisationKeys, column: _Column, row: Model) -> bool:
    sealed = getattr(row, column.field)
    if not sealed:
        return False
    place = {"table": column.table, "row": row.pk, "column": column.place}
    if _opens(vault.Key(keys.main.secret), sealed, place):
        return False
    try:
        plain = keys.main.open(sealed, **place)
    except vault.UnableToOpen:
        raise UnableToRotate(
            f"{column.table} {row.pk} ({column.field}) opens with neither key: restore it from a "
            "backup, then rotate again; until then both keys stay readable."
        ) from None
    fresh = keys.main.seal(plain, **place)
    column.model._default_manager.filter(pk=row.pk).update(  # noqa: SLF001 -- as above
        **{column.field: fresh}
    )
    return True


def _opens(key: vault.Key, sealed: bytes, place: dict[str, object]) -> bool:
    try:
        key.open(sealed, **place)  # type: ignore[arg-type]
    except vault.UnableToOpen:
        return False
    return True


def finish(*, organisation: int, by: int | str, at: datetime) -> None:
    """Forget the old key; raise UnableToRotate while it still seals anything."""
    left = reseal(organisation=organisation)
    if left:
        raise UnableToRotate(
            f"{left} values were still sealed with the old key: somebody works with keys read long "
            "ago; run “werkbote keys rotate” again."
        )
    with scope.transaction(organisation=organisation):
        row = models.Organisation.objects.select_for_update().get(id=organisation)
        if row.rotation != Step.USED:
            return
        row.other_wrapped, row.rotation = None, Step.IDLE
        row.save(update_fields=["other_wrapped", "rotation"])
        _record(organisation, "keys.rotated", by=by, at=at)
    keyring.forget(organisation)


def rotate(
    *, organisation: int, by: int | str, now: Callable[[], datetime], settle: Callable[[], None]
) -> int:
    """Take a rotation from wherever it stands to its end; `settle` waits until everybody read anew.

    Returns how many values were sealed anew.
    """
    announce(organisation=organisation, by=by, at=now())
    if step_of(organisation=organisation) is Step.ANNOUNCED:
        settle()
        use(organisation=organisation, by=by, at=now())
    settle()
    keyring.forget(organisation)
    count = reseal(organisation=organisation)
    finish(organisation=organisation, by=by, at=now())
    return count


def _record(organisation: int, verb: str, *, by: int | str, at: datetime) -> None:
    audit.record(
        organisation=organisation, by=by, verb=verb, object=f"organisation:{organisation}", at=at
    )
