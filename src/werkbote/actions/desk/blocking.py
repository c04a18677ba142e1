"""Blocking at WhatsApp: Meta's list is told first, and only what it took is written down."""

import asyncio
from datetime import datetime

from django.db.models import Q

from werkbote.actions import numbers
from werkbote.actions.desk import doing
from werkbote.channels import driver, registry, sessions
from werkbote.domain import desk
from werkbote.store import keyring, models, scope, vault

_SCHEMES = ("bsuid", "phone")


def block(*, organisation: int, conversation: int, by: doing.By, at: datetime) -> None:
    """Block the person at the number, so that WhatsApp delivers nothing of theirs any more.

    Meta takes only whoever wrote within 24 hours. Raises doing.UnableToDo with the reason.
    """
    _tell_meta(organisation, conversation, blocked=True)
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        row.blocked_at = row.blocked_at or at
        row.save(update_fields=["blocked_at"])
        doing.enter(row, desk.Event.BLOCKED, by=by, at=at)


def unblock(*, organisation: int, conversation: int, by: doing.By, at: datetime) -> None:
    """Let the person write again; raise doing.UnableToDo with the reason."""
    _tell_meta(organisation, conversation, blocked=False)
    with doing.conversation(organisation=organisation, conversation=conversation, at=at) as row:
        row.blocked_at = None
        row.save(update_fields=["blocked_at"])
        doing.enter(row, desk.Event.UNBLOCKED, by=by, at=at)


def _tell_meta(organisation: int, conversation: int, *, blocked: bool) -> None:
    scope.durable()
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        row = models.Conversation.objects.select_related("number").filter(id=conversation).first()
        if row is None:
            raise doing.UnableToDo("This conversation is not here any more; go back to the list.")
        if (row.blocked_at is not None) is blocked:
            raise doing.UnableToDo(
                "This person is blocked already; reload the page."
                if blocked
                else "This person is not blocked; reload the page."
            )
        address = _address(keys, row)
        try:
            access = numbers.access(keys, row.number)
        except numbers.UnableToSpeak as error:
            raise doing.UnableToDo(str(error)) from None
    try:
        asyncio.run(_call(address, access, blocked=blocked))
    except driver.Unable as error:
        raise doing.UnableToDo(
            "WhatsApp did not do it: blocking is possible within 24 hours after the person wrote. "
            "Try again after their next message."
        ) from error


async def _call(address: str, access: driver.Access, *, blocked: bool) -> None:
    try:
        deed = registry.client.block if blocked else registry.client.unblock
        await deed(address, access=access)
    finally:
        await sessions.close()


def _address(keys: vault.OrganisationKeys, row: models.Conversation) -> str:
    """Return how WhatsApp knows the person: their number, else their business-scoped id."""
    found = {
        one.scheme: keys.unwrap(one.person.key_wrapped, person=one.person_id).open_text(
            one.value_sealed, table="identity", row=one.id, column="value_sealed"
        )
        for one in models.Identity.objects.select_related("person").filter(
            Q(person_id=row.person_id) | Q(person__merged_into_id=row.person_id),
            replaced_at=None,
            scheme__in=_SCHEMES,
        )
    }
    address = found.get("phone") or found.get("bsuid")
    if address is None:
        raise doing.UnableToDo("No number of this person is known: there is nothing to block.")
    return address
