"""Vehicles: recorded for a person, corrected, and who is what to them for how long."""

from dataclasses import replace
from datetime import datetime, timedelta

from werkbote.actions import audit
from werkbote.domain import cases
from werkbote.store import cases as rows
from werkbote.store import ids, keyring, models, scope, vault

_DAY = timedelta(days=1)


class UnableToRecord(Exception):
    """The vehicle or the role cannot be recorded; the sentence says why."""


def record_vehicle(
    *,
    organisation: int,
    person: int,
    role: cases.Role,
    told: cases.Vehicle,
    by: int | str,
    at: datetime,
) -> int:
    """Record a vehicle for a person and return its id; a known plate or FIN is the known vehicle.

    A known vehicle keeps what is known of it and learns the rest; a plate that another vehicle
    carries by now is taken from the one that had it. Raises UnableToRecord.
    """
    read = _read(told, at=at)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        _check_person(person)
        meant = _meant(keys, read, at=at)
        if meant is None:
            row = models.Vehicle(id=ids.new(), organisation_id=organisation, created_at=at)
            _write(keys, row, read, at=at)
        else:
            row = meant[0]
            _write(keys, row, cases.joined(meant[1], read), at=at)
        _give(row, person, role, at=at)
        _record(row, "cases.record_vehicle", by=by, at=at, person=person, role=role)
    return row.id


def correct_vehicle(
    *, organisation: int, vehicle: int, told: cases.Vehicle, by: int | str, at: datetime
) -> None:
    """Say anew what is known of a vehicle; raise UnableToRecord with the reason."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(vehicle)
        rewrite_vehicle(keys, row, told, at=at)
        _record(row, "cases.correct_vehicle", by=by, at=at)


def rewrite_vehicle(
    keys: vault.OrganisationKeys, row: models.Vehicle, told: cases.Vehicle, *, at: datetime
) -> None:
    """Say anew what is known of a locked vehicle as part of another deed; raise UnableToRecord."""
    read = _read(told, at=at)
    if _known(keys, read, at=at, besides=row.id):
        raise UnableToRecord(
            "Another vehicle has this plate or identification number: look that one up instead."
        )
    _write(keys, row, read, at=at)


def give_role(
    *,
    organisation: int,
    vehicle: int,
    person: int,
    role: cases.Role,
    by: int | str,
    at: datetime,
) -> None:
    """Make a person holder, driver, client or payer of a vehicle from today; again changes nothing."""
    with scope.transaction(organisation=organisation):
        row = _locked(vehicle)
        _check_person(person)
        _give(row, person, role, at=at)
        _record(row, "cases.give_role", by=by, at=at, person=person, role=role)


def end_role(*, organisation: int, role: int, by: int | str, at: datetime) -> None:
    """Let a role end with yesterday; raise UnableToRecord if it has ended already."""
    with scope.transaction(organisation=organisation):
        row = models.VehicleRole.objects.select_for_update().filter(id=role, valid_to=None).first()
        if row is None:
            raise UnableToRecord("This role has ended already; reload the page.")
        row.valid_to = max(row.valid_from, at.date() - _DAY)
        row.save(update_fields=["valid_to"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="cases.end_role",
            object=f"vehicle:{row.vehicle_id}",
            detail={"person": row.person_id, "role": row.role},
            at=at,
        )


def _read(told: cases.Vehicle, *, at: datetime) -> cases.Vehicle:
    try:
        read = rows.read(told, on=at.date())
    except (cases.UnableToReadPlate, cases.UnableToReadVin) as error:
        raise UnableToRecord(str(error)) from None
    if not (read.plate or read.vin or read.name):
        raise UnableToRecord("Say at least the plate, the identification number or the make.")
    return read


def _check_person(person: int) -> None:
    if not models.Person.objects.filter(id=person).exists():
        raise UnableToRecord("This person is not here any more; go back to the list.")


def _locked(vehicle: int) -> models.Vehicle:
    row = models.Vehicle.objects.select_for_update().filter(id=vehicle).first()
    if row is None:
        raise UnableToRecord("This vehicle is not here any more; go back to the list.")
    return row


def _known(
    keys: vault.OrganisationKeys, read: cases.Vehicle, *, at: datetime, besides: int = 0
) -> list[tuple[models.Vehicle, cases.Vehicle]]:
    """Return the vehicles with this plate or FIN, opened; at most one of each."""
    same = models.Vehicle.objects.select_for_update().exclude(id=besides)
    found = same.filter(rows.found_by(keys, read, on=at.date())).order_by("id")
    return [(row, rows.opened(keys, row)) for row in found]


def _meant(
    keys: vault.OrganisationKeys, read: cases.Vehicle, *, at: datetime
) -> tuple[models.Vehicle, cases.Vehicle] | None:
    """Return the vehicle that is meant: the FIN decides, a plate moves on to another vehicle."""
    found = _known(keys, read, at=at)
    same_vin = [pair for pair in found if read.vin and pair[1].vin == read.vin]
    fitting = [pair for pair in found if not (read.vin and pair[1].vin)]
    meant = next(iter(same_vin or fitting), None)
    for row, known in found:
        if meant is None or row is not meant[0]:
            _write(keys, row, replace(known, plate=""), at=at)
    return meant


def _write(
    keys: vault.OrganisationKeys, row: models.Vehicle, vehicle: cases.Vehicle, *, at: datetime
) -> None:
    rows.seal(keys, row, vehicle, on=at.date())
    row.changed_at = at
    row.save()


def _give(row: models.Vehicle, person: int, role: cases.Role, *, at: datetime) -> None:
    held = models.VehicleRole.objects.filter(vehicle=row, person_id=person, role=role)
    if not held.filter(valid_to=None).exists():
        models.VehicleRole.objects.create(
            organisation_id=row.organisation_id,
            vehicle=row,
            person_id=person,
            role=role,
            valid_from=at.date(),
            created_at=at,
        )


def _record(
    row: models.Vehicle, verb: str, *, by: int | str, at: datetime, **detail: int | str
) -> None:
    audit.record(
        organisation=row.organisation_id,
        by=by,
        verb=verb,
        object=f"vehicle:{row.id}",
        detail={key: str(value) for key, value in detail.items()},
        at=at,
    )
