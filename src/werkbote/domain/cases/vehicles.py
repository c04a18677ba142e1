"""What is known of a vehicle, who somebody is to it, and what they may therefore be told.

Contact, holder, driver, client and payer are often four people (recht.md 3.7, proxies).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

GERMANY = "D"
"""The sign of the country whose plates are checked."""


class Role(StrEnum):
    """Halter, Fahrer, Auftraggeber, Zahler: often four different people."""

    HOLDER = "holder"
    DRIVER = "driver"
    CLIENT = "client"
    PAYER = "payer"


class Matter(StrEnum):
    """What a message may be about that is not everybody's business."""

    APPOINTMENT = "appointment"
    DEFECTS = "defects"
    PRICE = "price"
    DOCUMENTS = "documents"


TOLD: Mapping[Matter, frozenset[Role]] = MappingProxyType(
    {
        Matter.APPOINTMENT: frozenset(Role),
        Matter.DEFECTS: frozenset({Role.HOLDER, Role.CLIENT}),
        Matter.PRICE: frozenset({Role.CLIENT, Role.PAYER}),
        Matter.DOCUMENTS: frozenset({Role.HOLDER, Role.CLIENT}),
    }
)
"""Who may be told what: the contract is the client's, the bill the payer's, the car the holder's."""


def may_be_told(*, roles: Collection[Role], matter: Matter) -> bool:
    """Return whether somebody with these roles may be told about a matter of the vehicle."""
    return not TOLD[matter].isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """What is known of a vehicle; empty where nothing is. Mileage in kilometres.

    `country` is the sign of the country of registration; `hu_due_on` the first day of the month in
    which the inspection (Hauptuntersuchung) is due.
    """

    plate: str = ""
    country: str = GERMANY
    vin: str = ""
    make: str = ""
    model: str = ""
    first_registration: date | None = None
    hu_due_on: date | None = None
    mileage: int | None = None

    @property
    def name(self) -> str:
        """Make and model as people say them, or nothing."""
        return f"{self.make} {self.model}".strip()


def joined(known: Vehicle, told: Vehicle) -> Vehicle:
    """Return what is known with what was told where nothing was known.

    Plate and inspection change with the years, so there the newer word counts; the mileage grows.
    """
    mileages = [one for one in (known.mileage, told.mileage) if one is not None]
    return Vehicle(
        plate=told.plate or known.plate,
        country=told.country if told.plate else known.country,
        vin=known.vin or told.vin,
        make=known.make or told.make,
        model=known.model or told.model,
        first_registration=known.first_registration or told.first_registration,
        hu_due_on=told.hu_due_on or known.hu_due_on,
        mileage=max(mileages, default=None),
    )
