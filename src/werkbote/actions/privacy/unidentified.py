"""Who cannot be identified (Art. 11(2)): they are told so, and may show who they are from the very chat they wrote in.

Somebody who hides their number is known here by Meta's user id alone: no number can be asked for, and
none can be compared. What they hold is their chat, and a code that names the request.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from werkbote.actions import drafts
from werkbote.actions.consent.attending import Arrival
from werkbote.actions.inbox import Batch
from werkbote.actions.privacy import keeping, lettering, requesting, writing
from werkbote.domain import events, privacy, withdrawal
from werkbote.store import ids, keyring, ledger, live, models, rechtsstand, scope, vault

_CODE = re.compile(r"(?:antrag|request) ([0-9a-z]{6,13})")
_LONGEST = 40


def tell_unidentified(*, organisation: int, request: int, by: int, at: datetime) -> int | None:
    """Note that nobody here fits the request and how they can show who they are; return the message, if one leaves.

    Where the request came by WhatsApp they are told in that chat, if the gate lets it leave; otherwise
    by the letter. Raises requesting.UnableToHandle unless it waits for the person to be made sure of.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = requesting.locked(request)
        if row.state != privacy.RequestState.IDENTIFY:
            raise requesting.UnableToHandle(
                "This request has been changed meanwhile: reload the page and look again."
            )
        message = _write(keys, row, at=at)
        told = {"message": message} if message is not None else {}
        requesting.note(row, privacy.Sign.UNIDENTIFIED, by=by, at=at, **told)
        row.save()
        requesting.record(organisation, request, "privacy.tell_unidentified", by=by, at=at)
    return message


def code(request: int) -> str:
    """Return what somebody sends from their chat to show that a request is theirs."""
    return f"ANTRAG {ids.short(request)}"


def _write(keys: vault.OrganisationKeys, row: models.PersonRequest, *, at: datetime) -> int | None:
    asked = models.Message.objects.filter(id=row.message_ref or 0).first()
    talk = None if asked is None else requesting.talk_of(asked.person_id)
    if talk is None or talk.person.restricted_at is not None:
        return None
    words = rechtsstand.document("requests", day=keeping.today(at))["messages"]["unidentified"]
    draft = drafts.Draft(
        text=words.format(code=code(row.id)), request_key=f"id:{row.id}:{len(row.proof)}"
    )
    try:
        message = writing.queue(keys, talk, draft, at=at)
    except writing.UnableToWrite:
        return None
    live.announce(conversations={talk.id}, at=at)
    return message


def unidentified_paper(*, organisation: int, request: int, by: int, at: datetime) -> bytes:
    """Return the letter that says so; raise requesting.UnableToHandle where it was not said."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = requesting.locked(request)
        if not privacy.count(row.proof, privacy.Sign.UNIDENTIFIED):
            raise requesting.UnableToHandle("There is no letter for this request.")
        paper = lettering.unidentified(keys, row, code=code(row.id), at=at)
        requesting.record(
            organisation, request, "privacy.hand_out", by=by, at=at, paper="unidentified"
        )
    return paper


def attend_codes(batch: Batch, arrivals: Sequence[Arrival]) -> None:
    """Open the request whose code comes from a chat, for whoever writes there. In the intake's transaction."""
    for one in arrivals:
        event = one.event
        if not isinstance(event, events.MessageIn) or event.outgoing or event.historic:
            continue
        if not event.text or len(event.text) > _LONGEST or event.number not in batch.numbers:
            continue
        found = _CODE.fullmatch(withdrawal.normalise(event.text).strip(" ."))
        request = ids.long(found.group(1)) if found else None
        if request is not None:
            _attend(batch, event, request)


def _attend(batch: Batch, event: events.MessageIn, request: int) -> None:
    row = models.PersonRequest.objects.select_for_update().filter(id=request).first()
    message = models.Message.objects.filter(
        number=batch.numbers[event.number], provider_id=event.provider_id, outgoing=False
    ).first()
    if row is None or message is None or row.state != privacy.RequestState.IDENTIFY:
        return
    if not privacy.count(row.proof, privacy.Sign.UNIDENTIFIED):
        return
    person = ledger.group(message.person_id)[0]
    if requesting.is_doubted(person):
        return
    requesting.note(
        row, privacy.Sign.SAME_CHAT, by=None, at=batch.at, person=person, message=message.id
    )
    requesting.identified(row, privacy.Rung.NUMBER, person=person, by="person", at=batch.at)
