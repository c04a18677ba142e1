"""People who may be under 16: told by themselves or noticed by the team, and cleared by the team (Art. 8 DSGVO)."""

from collections.abc import Mapping
from datetime import datetime

from werkbote.actions import audit, freezing, inbox, ledger
from werkbote.domain import consent, events
from werkbote.store import keyring, live, models, rechtsstand, scope, vault


class UnableToMark(Exception):
    """The mark cannot be set or taken away; the sentence says why."""


def attend(batch: inbox.Batch) -> None:
    """Mark who says in a new message that they are too young to agree. Late in the intake's transaction."""
    sentences = rechtsstand.youth(batch.at.astimezone(ledger.ZONE).date())
    told = {
        one.conversation: one.message
        for one in batch.fresh
        if not one.outgoing and consent.tells_youth(one.text, sentences)
    }
    rows = models.Conversation.objects.select_related("person").filter(
        id__in=list(told), person__minor_suspected_at=None
    )
    found = {row.person_id: row for row in rows.order_by("id")}
    for row in found.values():
        _mark(batch.keys, row, key=f"m{told[row.id]}", by="person", at=batch.at)
        batch.touched.add(row.id)
    for row in found.values():
        told_in = {"message": told[row.id]}
        _record(row, audit.SYSTEM, "consent.suspect_minor", told_in, at=batch.at)


def suspect_minor(*, organisation: int, conversation: int, by: int, at: datetime) -> None:
    """Mark somebody as perhaps under 16; raise UnableToMark where they are.

    Their consents are held, and the gate lets out neither advertising nor a question for consent.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(conversation)
        if row.person.minor_suspected_at is not None:
            raise UnableToMark("This person is marked already.")
        key = f"y{row.id}.{int(at.timestamp() * 1000)}"
        _mark(keys, row, key=key, by=f"member:{by}", at=at)
        _record(row, by, "consent.suspect_minor", {}, at=at)
        live.announce(conversations={row.id}, at=at)


def clear_minor(*, organisation: int, conversation: int, by: int, at: datetime) -> None:
    """Take the mark away because the person is 16 or older; raise UnableToMark where there is none."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _locked(conversation)
        if row.person.minor_suspected_at is None:
            raise UnableToMark("This person is not marked any more.")
        models.Person.objects.filter(id=row.person_id).update(minor_suspected_at=None)
        freezing.thaw(
            keys=keys,
            person=row.person_id,
            key=f"y{row.id}.{int(at.timestamp() * 1000)}",
            by=f"member:{by}",
            occurred_at=at,
            at=at,
        )
        _record(row, by, "consent.clear_minor", {}, at=at)
        live.announce(conversations={row.id}, at=at)


def _locked(conversation: int) -> models.Conversation:
    return (
        models.Conversation.objects.select_related("person")
        .select_for_update(of=("person",), no_key=True)
        .get(id=conversation)
    )


def _mark(
    keys: vault.OrganisationKeys, row: models.Conversation, *, key: str, by: str, at: datetime
) -> None:
    models.Person.objects.filter(id=row.person_id).update(minor_suspected_at=at)
    freezing.freeze(
        keys=keys,
        person=row.person_id,
        deed=consent.Deed.MINOR_SUSPECTED,
        key=key,
        by=by,
        occurred_at=at,
        at=at,
    )


def _record(
    row: models.Conversation,
    by: int | str,
    verb: str,
    detail: Mapping[str, events.Json],
    *,
    at: datetime,
) -> None:
    audit.record(
        organisation=row.organisation_id,
        by=by,
        verb=verb,
        object=f"person:{row.person_id}",
        detail=detail,
        at=at,
    )
