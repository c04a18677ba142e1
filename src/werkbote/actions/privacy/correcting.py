"""Correcting what is kept of a person (Art. 16): before and after stand sealed in the request."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson

from werkbote.actions import cases as cases_deeds
from werkbote.actions import desk
from werkbote.actions.privacy import answering, informing, requesting
from werkbote.domain import privacy
from werkbote.store import cases as vehicles
from werkbote.store import keyring, ledger, models, scope, search_names, vault

_TABLE = "person_request"
_NOTHING = "There is nothing of this kind to correct here; reload the page."
_VEHICLE = {
    privacy.Wrong.PLATE: "plate",
    privacy.Wrong.VIN: "vin",
    privacy.Wrong.MAKE: "make",
    privacy.Wrong.MODEL: "model",
    privacy.Wrong.REGISTERED: "first_registration",
    privacy.Wrong.HU: "hu_due_on",
    privacy.Wrong.MILEAGE: "mileage",
}
_DAYS = frozenset({privacy.Wrong.REGISTERED, privacy.Wrong.HU})


def correct(
    *, organisation: int, request: int, target: privacy.Target, right: str, by: int, at: datetime
) -> None:
    """Put one value right, and write down what it was before; the request stays open for more.

    Raises requesting.UnableToHandle for a value that cannot be, or that is not this person's.
    """
    value = right.strip()
    if len(value) > privacy.LONGEST:
        raise requesting.UnableToHandle("That is too long: at most 1000 characters.")
    if not value and target.wrong is not privacy.Wrong.NUMBER:
        raise requesting.UnableToHandle("Say what is right.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row, person = answering.open_request(request, {privacy.Kind.CORRECTION})
        group = ledger.group(person.id)
        before = _put_right(
            _Right(keys=keys, person=person, group=group, target=target, value=value, by=by, at=at)
        )
        made = changes(keys, row)
        made.append(
            {"wrong": target.wrong.value, "row": target.row, "before": before, "after": value}
        )
        row.changes_sealed = keys.main.seal(
            orjson.dumps(made), table=_TABLE, row=row.id, column="changes_sealed"
        )
        row.save(update_fields=["changes_sealed"])
        requesting.record(
            organisation, request, "privacy.correct", by=by, at=at, wrong=target.wrong.value
        )


def changes(keys: vault.OrganisationKeys, row: models.PersonRequest) -> list[dict[str, Any]]:
    """Return what a request has corrected so far, before and after."""
    if row.changes_sealed is None:
        return []
    plain = keys.main.open(row.changes_sealed, table=_TABLE, row=row.id, column="changes_sealed")
    found: list[dict[str, Any]] = orjson.loads(plain)
    return found


def finish_correction(*, organisation: int, request: int, by: int, at: datetime) -> None:
    """Answer a request whose corrections are made, and note who has to hear of them."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row, person = answering.open_request(request, {privacy.Kind.CORRECTION})
        made = changes(keys, row)
        if not made:
            raise requesting.UnableToHandle("Nothing has been corrected yet.")
        number = any(one["wrong"] == privacy.Wrong.NUMBER for one in made)
        row.notices = informing.recipients(row, ledger.group(person.id), at=at, number=number)
        result: dict[str, int | str] = {"corrected": len(made), "recipients": len(row.notices)}
        requesting.answered(row, result=result, by=by, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Right:
    """What is right, of whom, and who says so."""

    keys: vault.OrganisationKeys
    person: models.Person
    group: list[int]
    target: privacy.Target
    value: str
    by: int
    at: datetime


def _put_right(told: _Right) -> str:
    """Change the value and return what it was before."""
    wrong = told.target.wrong
    if wrong is privacy.Wrong.NAME:
        return _name(told.keys, told.person, told.value)
    if wrong is privacy.Wrong.NUMBER:
        return _number(told.keys, told.group, told.target.row, at=told.at)
    if wrong is privacy.Wrong.TITLE:
        return _title(told.keys, told.group, told.target.row, told.value, at=told.at)
    if wrong is privacy.Wrong.ANNOTATION:
        return _annotation(told.group, told.value, by=told.by, at=told.at)
    return _vehicle(told.keys, told.group, told.target, told.value, at=told.at)


def _name(keys: vault.OrganisationKeys, person: models.Person, value: str) -> str:
    key = keys.unwrap(person.key_wrapped, person=person.id)
    before = _called(key, person)
    person.name_sealed = key.seal_text(
        value[:200], table="person", row=person.id, column="name_sealed"
    )
    person.save(update_fields=["name_sealed"])
    search_names.index_person(
        keys=keys, person=person.id, name=value[:200], phones=search_names.phones_of(person, key)
    )
    return before


def _called(key: vault.Key, person: models.Person) -> str:
    """Return a person's name, empty where none is known."""
    if person.name_sealed is None:
        return ""
    return key.open_text(person.name_sealed, table="person", row=person.id, column="name_sealed")


def _number(keys: vault.OrganisationKeys, group: list[int], row: int, *, at: datetime) -> str:
    """Let a number end that is not the person's (any more); the new one comes by writing from it."""
    found = (
        models.Identity.objects.select_related("person")
        .select_for_update(of=("self",))
        .filter(id=row, person__in=group, replaced_at=None)
        .first()
    )
    if found is None:
        raise requesting.UnableToHandle(_NOTHING)
    found.replaced_at = at
    found.save(update_fields=["replaced_at"])
    key = keys.unwrap(found.person.key_wrapped, person=found.person_id)
    search_names.index_person(
        keys=keys,
        person=found.person_id,
        name=_called(key, found.person),
        phones=search_names.phones_of(found.person, key),
    )
    return key.open_text(found.value_sealed, table="identity", row=row, column="value_sealed")


def _title(
    keys: vault.OrganisationKeys, group: list[int], row: int, value: str, *, at: datetime
) -> str:
    found = (
        models.Case.objects.select_related("person")
        .select_for_update(of=("self",), no_key=True)
        .filter(id=row, person__in=group)
        .first()
    )
    if found is None:
        raise requesting.UnableToHandle(_NOTHING)
    key = keys.unwrap(found.person.key_wrapped, person=found.person_id)
    table, column = "customer_case", "title_sealed"
    before = key.open_text(found.title_sealed, table=table, row=row, column=column)
    found.title_sealed = key.seal_text(
        value[: cases_deeds.LONGEST_TITLE], table=table, row=row, column=column
    )
    found.changed_at = at
    found.save(update_fields=["title_sealed", "changed_at"])
    search_names.index_case(
        keys=keys,
        person=found.person_id,
        case=row,
        title=value[: cases_deeds.LONGEST_TITLE],
    )
    return before


def _annotation(group: list[int], value: str, *, by: int, at: datetime) -> str:
    """Write what is right beside what was said; that stays, since it happened."""
    found = (
        models.Conversation.objects.select_related("person", "number")
        .select_for_update(of=("self",), no_key=True)
        .filter(person__in=group)
        .order_by("-last_message_at", "id")
        .first()
    )
    if found is None:
        raise requesting.UnableToHandle(_NOTHING)
    desk.do_note(found, f"Berichtigung (Art. 16 DSGVO): {value}", by=by, at=at)
    return ""


def _vehicle(
    keys: vault.OrganisationKeys,
    group: list[int],
    target: privacy.Target,
    value: str,
    *,
    at: datetime,
) -> str:
    found = (
        models.Vehicle.objects.select_for_update()
        .filter(id__in=models.VehicleRole.objects.filter(person__in=group).values("vehicle"))
        .filter(id=target.row)
        .first()
    )
    if found is None:
        raise requesting.UnableToHandle(_NOTHING)
    known = vehicles.opened(keys, found)
    name = _VEHICLE[target.wrong]
    given: Any = _read(target.wrong, value)
    told = replace(known, **{name: given})
    try:
        cases_deeds.rewrite_vehicle(keys, found, told, at=at)
    except cases_deeds.UnableToRecord as error:
        raise requesting.UnableToHandle(str(error)) from None
    return str(getattr(known, name) or "")


def _read(wrong: privacy.Wrong, value: str) -> str | int | date:
    """Return a value as a vehicle holds it; raise UnableToHandle for one that cannot be."""
    if wrong is privacy.Wrong.MILEAGE:
        plain = value.replace(".", "").replace(" ", "").removesuffix("km")
        if not (plain.isascii() and plain.isdecimal()) or len(plain) > 7:  # noqa: PLR2004 -- no vehicle drives further
            raise requesting.UnableToHandle("Enter the kilometres as a number.")
        return int(plain)
    if wrong in _DAYS:
        return _day(value)
    return value


def _day(value: str) -> date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%m.%Y", "%m/%Y", "%Y-%m"):
        try:
            return datetime.strptime(value, pattern).date()  # noqa: DTZ007 -- a day, no moment
        except ValueError:
            continue
    raise requesting.UnableToHandle("Enter a day or a month, such as 24.11.2026 or 11.2026.")
