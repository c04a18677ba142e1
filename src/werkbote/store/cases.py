"""Vehicles as rows: sealed with a key of their own, found by keyed hashes of plate and FIN."""

from datetime import date

import orjson
from django.db.models import Q

from werkbote.domain import cases
from werkbote.store import models, rechtsstand, vault

_TABLE = "vehicle"
_PLATE, _VIN = "plate", "vin"


def read(told: cases.Vehicle, *, on: date) -> cases.Vehicle:
    """Return a vehicle with plate and FIN as they are written.

    Raises:
        cases.UnableToReadPlate: if a German plate is none.
        cases.UnableToReadVin: if the FIN is none.
    """
    plate = " ".join(told.plate.upper().split())
    if plate and told.country == cases.GERMANY:
        plate = str(cases.read_plate(plate, districts=rechtsstand.plate_districts(on)))
    return cases.Vehicle(
        plate=plate,
        country=told.country,
        vin=cases.read_vin(told.vin) if told.vin.strip() else "",
        make=told.make.strip(),
        model=told.model.strip(),
        first_registration=told.first_registration,
        hu_due_on=told.hu_due_on,
        mileage=told.mileage,
    )


def found_by(keys: vault.OrganisationKeys, vehicle: cases.Vehicle, *, on: date) -> Q:
    """Return the condition on vehicles with the plate or the FIN of a `read` one; none: none."""
    condition = Q(pk__in=[])
    if vehicle.plate:
        condition |= Q(plate_hash=_plate_hash(keys, vehicle, on=on))
    if vehicle.vin:
        condition |= Q(vin_hash=keys.fingerprint(_VIN, vehicle.vin))
    return condition


def seal(
    keys: vault.OrganisationKeys, row: models.Vehicle, vehicle: cases.Vehicle, *, on: date
) -> None:
    """Write a `read` vehicle into its row, with a new key where the row has none."""
    if not row.key_wrapped:
        row.key_wrapped = keys.main.seal(
            vault.new_key().secret, table=_TABLE, row=row.id, column="key_wrapped"
        )
    key = key_of(keys, row)
    row.country, row.hu_due_on = vehicle.country, vehicle.hu_due_on
    row.plate_sealed = _sealed(key, row, "plate_sealed", vehicle.plate)
    row.plate_hash = _plate_hash(keys, vehicle, on=on) if vehicle.plate else None
    row.vin_sealed = _sealed(key, row, "vin_sealed", vehicle.vin)
    row.vin_hash = keys.fingerprint(_VIN, vehicle.vin) if vehicle.vin else None
    details = {
        "make": vehicle.make,
        "model": vehicle.model,
        "first_registration": vehicle.first_registration,
        "mileage": vehicle.mileage,
    }
    row.details_sealed = key.seal(
        orjson.dumps(details), table=_TABLE, row=row.id, column="details_sealed"
    )


def opened(keys: vault.OrganisationKeys, row: models.Vehicle) -> cases.Vehicle:
    """Return what a vehicle's row holds."""
    key = key_of(keys, row)
    details = orjson.loads(
        key.open(row.details_sealed, table=_TABLE, row=row.id, column="details_sealed")
    )
    registered = details["first_registration"]
    return cases.Vehicle(
        plate=key.open_text(row.plate_sealed, table=_TABLE, row=row.id, column="plate_sealed"),
        country=row.country,
        vin=key.open_text(row.vin_sealed, table=_TABLE, row=row.id, column="vin_sealed"),
        make=details["make"],
        model=details["model"],
        first_registration=date.fromisoformat(registered) if registered else None,
        hu_due_on=row.hu_due_on,
        mileage=details["mileage"],
    )


def key_of(keys: vault.OrganisationKeys, row: models.Vehicle) -> vault.Key:
    """Return the key a vehicle is sealed with."""
    return vault.Key(
        keys.main.open(row.key_wrapped, table=_TABLE, row=row.id, column="key_wrapped")
    )


def _plate_hash(keys: vault.OrganisationKeys, vehicle: cases.Vehicle, *, on: date) -> bytes:
    if vehicle.country == cases.GERMANY:
        found = cases.read_plate(vehicle.plate, districts=rechtsstand.plate_districts(on)).key
    else:
        signs = "".join(sign for sign in vehicle.plate if sign.isalnum())
        found = f"{vehicle.country} {signs}"
    return keys.fingerprint(_PLATE, found)


def _sealed(key: vault.Key, row: models.Vehicle, column: str, value: str) -> bytes | None:
    if not value:
        return None
    return key.seal_text(value, table=_TABLE, row=row.id, column=column)
