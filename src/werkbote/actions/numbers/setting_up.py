"""Setting a number up, step by step in the lawful order: looked at before each deed and after it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from werkbote.actions import audit
from werkbote.actions.numbers import asking, looking, templates
from werkbote.channels import registry
from werkbote.domain import numbers
from werkbote.store import keyring, models, notice, scope

CONFIRMED = frozenset(
    {
        numbers.Condition.CONTACT_BOOK,
        numbers.Condition.TRANSFER,
        numbers.Condition.WORKS_COUNCIL,
        numbers.Condition.ADMINISTRATORS,
    }
)
"""What no interface of Meta's tells: a person confirms it with its date."""

_ABOUT, _DESCRIPTION, _ADDRESS, _EMAIL = 139, 512, 256, 128
_MOST_WEBSITES = 2


def confirm(
    *, organisation: int, number: int, what: str, on_day: date, by: int, at: datetime
) -> None:
    """Write down that a person saw to something on a day; raise numbers.UnableToStep for a day to come."""
    if on_day > at.date():
        raise numbers.UnableToStep("This day is still to come: confirm it once it is done.")
    condition = numbers.Condition(what)
    if condition not in CONFIRMED:
        raise numbers.UnableToStep("This is checked by itself: nobody needs to confirm it.")
    with scope.transaction(organisation=organisation):
        row = models.Number.objects.get(id=number)
        models.NumberCheck.objects.update_or_create(
            number=row,
            step=condition,
            defaults={
                "organisation_id": organisation,
                "state": numbers.State.PASSED,
                "how": numbers.How.PERSON,
                "detail": "",
                "on_day": on_day,
                "by": by,
                "at": at,
            },
        )
        _record(organisation, number, f"confirm_{condition}", by=by, at=at)


def take(
    *, organisation: int, number: int, step: numbers.Step, by: int, at: datetime, pin: str = ""
) -> None:
    """Take one step at Meta, then look whether it holds.

    Raises numbers.UnableToStep out of turn or for what is missing here, asking.UnableToAsk where Meta
    refuses.
    """
    if step is numbers.Step.REGISTRATION:
        numbers.check_pin(pin)
    passed = looking.look(organisation=organisation, number=number, at=at)
    numbers.check_turn(step, passed=passed)
    here = looking.place(organisation=organisation, number=number)
    if step is numbers.Step.TEMPLATES:
        templates.hand_in_first_set(organisation=organisation, number=number, by=by, at=at)
    else:
        asking.ask(_deed(step, here, organisation=organisation, pin=pin))
    with scope.transaction(organisation=organisation):
        if step is numbers.Step.REGISTRATION:
            keep_pin(organisation=organisation, number=number, pin=pin)
        _record(organisation, number, f"step_{step}", by=by, at=at)
    looking.look(organisation=organisation, number=number, at=at)


def _deed(
    step: numbers.Step, here: looking.Place, *, organisation: int, pin: str
) -> Callable[[], Awaitable[object]]:
    manage, access = registry.management, here.access
    if step is numbers.Step.REGION:
        return lambda: manage.store_in(access, "DE")
    if step is numbers.Step.REGISTRATION:
        return lambda: manage.register(access, pin=pin)
    if step is numbers.Step.WEBHOOK:
        token = _verify_token(organisation, here.number)
        return lambda: manage.subscribe(access, callback_url=here.callback, verify_token=token)
    if step is numbers.Step.PROFILE:
        wanted = _profile(organisation, here)
        return lambda: _write_profile(here, wanted)
    raise numbers.UnableToStep(
        "Meta has no interface for the contact book: switch it off there, and confirm it here."
    )


async def _write_profile(here: looking.Place, wanted: dict[str, str]) -> None:
    """Write the profile; one website of their own stays beside the imprint."""
    known = (await registry.management.profile(here.access)).get("websites")
    others = [str(one) for one in known if one != here.imprint] if isinstance(known, list) else []
    sites = [here.imprint, *others][:_MOST_WEBSITES]
    await registry.management.change_profile(here.access, {**wanted, "websites": [*sites]})


def _profile(organisation: int, here: looking.Place) -> dict[str, str]:
    """Return what people see of the business, from what is entered about the branch."""
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        found = notice.details(keys, models.Branch.objects.get(id=here.number.branch_id))
    if found.missing():
        raise numbers.UnableToStep(
            "Enter the branch's street, town and e-mail address first: the imprint needs them."
        )
    told = f"{found.company}. Impressum: {here.imprint}"
    return {
        "about": found.company[:_ABOUT],
        "description": told[:_DESCRIPTION],
        "address": f"{found.street}, {found.place}"[:_ADDRESS],
        "email": found.email[:_EMAIL],
        "vertical": "AUTO",
    }


def deregister(*, organisation: int, number: int, by: int, at: datetime) -> None:
    """Take a number off the Cloud API, so that its place of storage can be changed."""
    here = looking.place(organisation=organisation, number=number)
    asking.ask(lambda: registry.management.deregister(here.access))
    with scope.transaction(organisation=organisation):
        _record(organisation, number, "deregister", by=by, at=at)
    looking.look(organisation=organisation, number=number, at=at)


def keep_pin(*, organisation: int, number: int, pin: str) -> None:
    """Seal a number's PIN; it is never shown again. In a transaction."""
    sealed = keyring.organisation(organisation).main.seal_text(
        pin, table="number", row=number, column="pin_sealed"
    )
    models.Number.objects.filter(id=number).update(pin_sealed=sealed)


def _verify_token(organisation: int, row: models.Number) -> str:
    return keyring.organisation(organisation).main.open_text(
        row.verify_token_sealed, table="number", row=row.id, column="verify_token_sealed"
    )


def _record(organisation: int, number: int, verb: str, *, by: int, at: datetime) -> None:
    audit.record(
        organisation=organisation, by=by, verb=f"numbers.{verb}", object=f"number:{number}", at=at
    )
