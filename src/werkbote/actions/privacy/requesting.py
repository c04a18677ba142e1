"""Requests of persons: received on any channel, the person made sure of, extended, refused, answered in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import holidays
from django.db import IntegrityError
from django.db import transaction as django_transaction
from django.db.models import F

from werkbote.actions import audit
from werkbote.actions.consent.attending import Arrival
from werkbote.actions.inbox import Batch
from werkbote.actions.privacy import keeping
from werkbote.domain import consent, events, privacy
from werkbote.store import ids, keyring, ledger, models, rechtsstand, scope, vault

_TABLE = "person_request"
_LONGEST = 4000


class UnableToHandle(Exception):
    """The request cannot be entered or changed like that; the sentence says why."""


NOBODY = "Nobody here is known by this number: ask which number they wrote from."
"""Said of a number that nobody has, and of one that another branch knows: the two look alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it came in. `person` is None while nobody knows who asks."""

    branch: int
    kind: privacy.Kind
    channel: str
    said: str = ""
    person: int | None = None
    message: int | None = None
    received_on: date | None = None


def attend(batch: Batch, arrivals: Sequence[Arrival]) -> None:
    """Enter what a batch of arrivals asks for as questions to the team: each message once.

    Runs in the intake's transaction. Words of history are of another time, and are not requests.
    """
    phrases = rechtsstand.requests(keeping.today(batch.at))
    for one in arrivals:
        event = one.event
        if not isinstance(event, events.MessageIn) or event.outgoing or event.historic:
            continue
        kind = privacy.recognise(event.text, phrases) if event.text else None
        if kind is None or event.number not in batch.numbers:
            continue
        message = models.Message.objects.filter(
            number=batch.numbers[event.number], provider_id=event.provider_id, outgoing=False
        ).first()
        if message is not None:
            _notice(batch, message, kind, event)


def _notice(
    batch: Batch, message: models.Message, kind: privacy.Kind, event: events.MessageIn
) -> None:
    number = batch.numbers[event.number]
    received = Received(
        branch=number.branch_id,
        kind=kind,
        channel="whatsapp",
        person=ledger.group(message.person_id)[0],
        message=message.id,
        received_on=keeping.today(event.at),
    )
    try:
        with django_transaction.atomic():
            add(batch.keys, received, state=privacy.RequestState.REVIEW, at=batch.at)
    except IntegrityError:
        return


def receive(*, organisation: int, received: Received, by: int | str, at: datetime) -> int:
    """Enter a request that somebody heard, read or sent by the own page; return its id.

    Raises UnableToHandle for an unknown channel, an unknown person or a day to come.
    """
    if received.channel not in privacy.CHANNELS:
        raise UnableToHandle("Say on which way the request came.")
    if received.received_on is not None and received.received_on > keeping.today(at):
        raise UnableToHandle("The day of receipt is still to come: check it.")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        if received.person is not None:
            _check_person(received.person)
        request = add(keys, received, state=privacy.RequestState.IDENTIFY, at=at)
        record(organisation, request, "privacy.receive_request", by=by, at=at, kind=received.kind)
    return request


def _check_person(person: int) -> None:
    if not models.Person.objects.filter(id=person).exists():
        raise UnableToHandle("This person is not here any more; go back to the list.")


def add(
    keys: vault.OrganisationKeys,
    received: Received,
    *,
    state: privacy.RequestState,
    at: datetime,
) -> int:
    """Enter a request as part of another deed and return its id. In a transaction."""
    row, day = ids.new(), received.received_on or keeping.today(at)
    said = received.said.strip()[:_LONGEST]
    models.PersonRequest(
        id=row,
        organisation_id=keys.organisation,
        branch_id=received.branch,
        subject=received.person,
        message_ref=received.message,
        kind=received.kind,
        channel=received.channel,
        state=state,
        said_sealed=keys.main.seal_text(said, table=_TABLE, row=row, column="said_sealed")
        if said
        else None,
        received_on=day,
        due_on=_deadline(received.branch, day).due,
        created_at=at,
    ).save(force_insert=True)
    return row


def _deadline(branch: int, day: date) -> privacy.Deadline:
    state = models.Branch.objects.values_list("state_code", flat=True).get(id=branch)
    return privacy.deadline(day, is_free=lambda one: one in _holidays(state, one.year))


@lru_cache(maxsize=64)
def _holidays(state_code: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=state_code, years=[year]))


def person_of(*, organisation: int, phone: str) -> int:
    """Return whose number this is; raise UnableToHandle for one that nobody has written from."""
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        found = models.Identity.objects.filter(
            fingerprint=keys.fingerprint("phone", phone)
        ).values_list("person_id", flat=True)
        person = found.first()
        if person is None:
            raise UnableToHandle(NOBODY)
        return ledger.group(person)[0]


def locked(request: int) -> models.PersonRequest:
    """Return a request, locked; raise UnableToHandle where there is none. In a transaction."""
    row = models.PersonRequest.objects.select_for_update().filter(id=request).first()
    if row is None:
        raise UnableToHandle("There is no such request.")
    return row


def moved(row: models.PersonRequest, cause: str) -> privacy.RequestState:
    """Return the state a cause leads a request to; raise UnableToHandle where it leads nowhere."""
    try:
        return privacy.move_request(privacy.RequestState(row.state), cause)
    except privacy.UnableToMoveRequest as error:
        raise UnableToHandle(str(error)) from None


def review(
    *, organisation: int, request: int, is_one: bool, by: int, at: datetime, doubt: bool = False
) -> None:
    """Say whether a message is a request. It came from the number itself: that identifies the person.

    A person whose number is frozen (changed, or somebody else's) has to be made sure of otherwise, and
    so has whoever asks for somebody else's data or shares the phone (`doubt`).
    """
    with scope.transaction(organisation=organisation):
        row = locked(request)
        doubted = doubt or (row.subject is not None and is_doubted(row.subject))
        cause = "drop" if not is_one else "doubt" if doubted else "accept"
        row.state = moved(row, cause)
        if row.state == privacy.RequestState.OPEN:
            row.identified_by, row.identified_at = privacy.Rung.NUMBER, at
        if row.state == privacy.RequestState.DROPPED:
            row.answered_at, row.answered_by_id = at, by
        row.save()
        record(organisation, request, "privacy.review_request", by=by, at=at, cause=cause)


def talk_of(person: int) -> models.Conversation | None:
    """Return the chat that somebody wrote in last on WhatsApp, under whichever number they are known."""
    rows = models.Conversation.objects.select_related("person", "number__branch").filter(
        person__in=ledger.group(person), number__channel="whatsapp"
    )
    return rows.order_by(F("last_inbound_at").desc(nulls_last=True), "id").first()


_OTHERS = (consent.Deed.NUMBER_CHANGED, consent.Deed.WRONG_NUMBER)


def is_doubted(person: int) -> bool:
    """Return whether the number may be another's: it was reported so, or a question about it is open."""
    people = ledger.group(person)
    frozen = models.Consent.objects.filter(person__in=people, state=consent.State.FROZEN)
    reported = models.ConsentEvent.objects.filter(person_ref__in=people, deed__in=_OTHERS)
    asked = models.IdentityReview.objects.filter(state="open", previous__in=people)
    return (frozen.exists() and reported.exists()) or asked.exists()


def identify(
    *, organisation: int, request: int, rung: privacy.Rung, person: int, by: int, at: datetime
) -> None:
    """Enter how it was made sure who asks, and who it is; raise UnableToHandle where that cannot be.

    A copy of a document is only looked at: nothing of it is stored.
    """
    if rung is privacy.Rung.NUMBER:
        raise UnableToHandle("A number identifies whoever writes from it, and nobody else.")
    if not privacy.by_hand(rung):
        raise UnableToHandle("A code and a fact are checked here: send the code, then enter it.")
    with scope.transaction(organisation=organisation):
        row = locked(request)
        _check_person(person)
        note(row, privacy.Sign(rung.value), by=by, at=at, person=person)
        identified(row, rung, person=person, by=by, at=at)


def note(
    row: models.PersonRequest, sign: privacy.Sign, *, by: int | None, at: datetime, **told: int
) -> None:
    """Add a step to what was done to make sure who asks; saved with the row."""
    step = {"sign": sign.value, "at": at.isoformat(), **told}
    row.proof = [*row.proof, step | ({"by": by} if by is not None else {})]


def identified(
    row: models.PersonRequest, rung: privacy.Rung, *, person: int, by: int | str, at: datetime
) -> None:
    """Open a locked request for whom it is: made sure by a rung. In a transaction."""
    row.state = moved(row, "identify")
    row.subject = ledger.group(person)[0]
    row.identified_by, row.identified_at, row.code_digest = rung, at, None
    row.save()
    record(row.organisation_id, row.id, "privacy.identify", by=by, at=at, rung=rung)


def extend(*, organisation: int, request: int, reason: str, by: int, at: datetime) -> None:
    """Extend the month by two more; only with a reason, and only while it has not run out."""
    if not reason.strip():
        raise UnableToHandle("Say why it takes longer: the person must be told (Art. 12(3)).")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = locked(request)
        if row.state not in privacy.UNANSWERED or row.extended_on is not None:
            raise UnableToHandle("This request is answered, or has been extended already.")
        if keeping.today(at) > row.due_on:
            raise UnableToHandle("The month has run out: it can no longer be extended. Answer now.")
        row.extended_on = keeping.today(at)
        row.due_on = _deadline(row.branch_id, row.received_on).extended_due
        _reason(keys, row, reason)
        row.save()
        record(organisation, request, "privacy.extend_request", by=by, at=at)


def refuse_request(*, organisation: int, request: int, reason: str, by: int, at: datetime) -> None:
    """Refuse a request with the reasons the letter tells (Art. 12(4))."""
    if not reason.strip():
        raise UnableToHandle("Say why: the person must be told the reasons (Art. 12(4)).")
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = locked(request)
        row.state = moved(row, "refuse")
        row.answered_at, row.answered_by_id = at, by
        _reason(keys, row, reason)
        row.save()
        record(organisation, request, "privacy.refuse_request", by=by, at=at)


def _reason(keys: vault.OrganisationKeys, row: models.PersonRequest, reason: str) -> None:
    row.reason_sealed = keys.main.seal_text(
        reason.strip()[:_LONGEST], table=_TABLE, row=row.id, column="reason_sealed"
    )


def answered(
    row: models.PersonRequest, *, result: dict[str, int | str], by: int | str, at: datetime
) -> None:
    """Close a locked request as answered, with codes of what was done. In a transaction."""
    row.state = moved(row, "answer")
    row.answered_at = at
    row.answered_by_id = by if isinstance(by, int) else None
    row.result = result
    row.save()
    record(row.organisation_id, row.id, "privacy.answer_request", by=by, at=at, **result)


def record(
    organisation: int, request: int, verb: str, *, by: int | str, at: datetime, **detail: int | str
) -> None:
    """Write a deed about a request into the audit chain, as the last step of its transaction."""
    audit.record(
        organisation=organisation,
        by=by,
        verb=verb,
        object=f"person_request:{request}",
        detail=detail,
        at=at,
    )
