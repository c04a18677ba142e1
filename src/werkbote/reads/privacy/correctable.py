"""What a request for correction can put right, as it stands now, and what it has put right so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from werkbote.domain import privacy
from werkbote.store import cases, ledger, models, vault

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that can be put right: the word a form sends, what it is, and how it stands."""

    target: str
    wrong: str
    value: str


def choices(keys: vault.OrganisationKeys, row: models.PersonRequest) -> tuple[Choice, ...]:
    """Return what is kept of the person and can be corrected. Inside a scope."""
    group = ledger.group(row.subject or 0)
    people = {one.id: one for one in models.Person.objects.filter(id__in=group)}
    own = {number: keys.unwrap(one.key_wrapped, person=number) for number, one in people.items()}
    root = people[group[0]]
    name = own[root.id].open_text(
        root.name_sealed, table="person", row=root.id, column="name_sealed"
    )
    return (
        _choice(privacy.Wrong.NAME, 0, name),
        *_numbers(own, group),
        *_vehicles(keys, group),
        *_titles(own, group),
        _choice(privacy.Wrong.ANNOTATION, 0, ""),
    )


def _choice(wrong: privacy.Wrong, row: int, value: str) -> Choice:
    return Choice(target=str(privacy.Target(wrong=wrong, row=row)), wrong=wrong.value, value=value)


def _numbers(own: Mapping[int, vault.Key], group: list[int]) -> Iterator[Choice]:
    rows = models.Identity.objects.filter(person__in=group, replaced_at=None).order_by("id")
    for row in rows[:_MOST]:
        value = own[row.person_id].open_text(
            row.value_sealed, table="identity", row=row.id, column="value_sealed"
        )
        yield _choice(privacy.Wrong.NUMBER, row.id, value)


def _vehicles(keys: vault.OrganisationKeys, group: list[int]) -> Iterator[Choice]:
    roles = models.VehicleRole.objects.filter(person__in=group).values("vehicle")
    for row in models.Vehicle.objects.filter(id__in=roles).order_by("id")[:_MOST]:
        known = cases.opened(keys, row)
        for wrong, value in (
            (privacy.Wrong.PLATE, known.plate),
            (privacy.Wrong.VIN, known.vin),
            (privacy.Wrong.MAKE, known.make),
            (privacy.Wrong.MODEL, known.model),
            (privacy.Wrong.REGISTERED, known.first_registration),
            (privacy.Wrong.HU, known.hu_due_on),
            (privacy.Wrong.MILEAGE, known.mileage),
        ):
            yield _choice(wrong, row.id, str(value or ""))


def _titles(own: Mapping[int, vault.Key], group: list[int]) -> Iterator[Choice]:
    rows = models.Case.objects.filter(person__in=group).order_by("-changed_at", "-id")
    for row in rows[:_MOST]:
        title = own[row.person_id].open_text(
            row.title_sealed, table="customer_case", row=row.id, column="title_sealed"
        )
        yield _choice(privacy.Wrong.TITLE, row.id, title)


def changes(
    keys: vault.OrganisationKeys, row: models.PersonRequest
) -> tuple[Mapping[str, Any], ...]:
    """Return what was corrected, before and after; nothing once the person is erased."""
    if row.changes_sealed is None:
        return ()
    plain = keys.main.open(
        row.changes_sealed, table="person_request", row=row.id, column="changes_sealed"
    )
    return tuple(orjson.loads(plain))
