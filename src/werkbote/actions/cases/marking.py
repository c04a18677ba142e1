"""What a message is beside its case: marked by a member, or by the house when a case is closed."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import orjson

from werkbote.actions import audit
from werkbote.actions.cases import unasked
from werkbote.domain import privacy
from werkbote.store import keyring, live, models, rechtsstand, scope, vault

_ZONE = ZoneInfo("Europe/Berlin")


class UnableToMark(Exception):
    """The message cannot be marked like that; the sentence says why."""


def mark_message(*, organisation: int, message: int, tag: str, by: int, at: datetime) -> None:
    """Mark what a message or its file is, or take the mark off with an empty one.

    The mark decides how long the message is kept, and whether its sender is told that it goes. Raises UnableToMark with the reason.
    """
    with scope.transaction(organisation=organisation):
        rows = models.Message.objects.select_related("person", "number").filter(id=message)
        row = rows.select_for_update(of=("self",), no_key=True).first()
        if row is None:
            raise UnableToMark("This message is not here any more; reload the page.")
        if row.archived_at is not None:
            raise UnableToMark("This letter is in the archive: nothing about it is changed.")
        before = row.tag
        try:
            chosen = rechtsstand.retention(_day(at)).tag(tag) if tag else None
        except privacy.UnableToTag as error:
            raise UnableToMark(str(error)) from None
        row.tag = chosen.name if chosen else ""
        row.tagged_by_id = by if row.tag else None
        row.save(update_fields=["tag", "tagged_by"])
        if before != row.tag:
            unasked.take_back_notice(row, by=by, at=at)
        if chosen is not None and chosen.notice_de:
            unasked.owe_notice(row, chosen, at=at)
        live.announce(conversations={row.conversation_id}, at=at)
        audit.record(
            organisation=organisation,
            by=by,
            verb="cases.mark_message",
            object=f"message:{message}",
            detail={"tag": row.tag},
            at=at,
        )


def mark_by_rule(case: models.Case, *, at: datetime) -> int:
    """Let the house mark the messages of a case as the law file says; return how many changed.

    What a member marked stays, and so does what is in the archive. Inside a transaction.
    """
    law = rechtsstand.retention(_day(at))
    own = {one.tag for one in law.automatic} | {""}
    kinds = frozenset[str]().union(*(one.messages for one in law.automatic))
    rows = models.Message.objects.filter(
        case=case.id, kind__in=kinds, tag__in=own, tagged_by=None, archived_at=None
    )
    keys, changed = keyring.organisation(case.organisation_id), 0
    for row in rows.select_related("person"):
        tag = privacy.automatic(
            law.automatic,
            case=case.kind,
            contract=case.contract,
            message=row.kind,
            has_words=_has_words(keys, row),
        )
        if tag != row.tag:
            changed += models.Message.objects.filter(id=row.id).update(tag=tag)
    return changed


def unmark(row: models.Message, *, at: datetime) -> None:
    """Take off what the house marked, since the message left its case. Inside a transaction."""
    own = {one.tag for one in rechtsstand.retention(_day(at)).automatic}
    if row.tag in own and row.tagged_by_id is None and row.archived_at is None:
        models.Message.objects.filter(id=row.id).update(tag="")


def _has_words(keys: vault.OrganisationKeys, row: models.Message) -> bool:
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    parsed: Mapping[str, object] = orjson.loads(
        key.open(row.body, table="message", row=row.id, column="body")
    )
    return bool(str(parsed.get("text") or "").strip())


def _day(at: datetime) -> date:
    return at.astimezone(_ZONE).date()
