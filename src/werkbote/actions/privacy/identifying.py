"""Making sure who asks without meeting them: a code or a question to the number that is known, a fact of a case.

Each step is written into the request with its time and rows (`proof`): that is the evidence.
"""

import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from werkbote.actions import drafts
from werkbote.actions.consent import answers, wording
from werkbote.actions.consent.attending import Arrival
from werkbote.actions.inbox import Batch
from werkbote.actions.privacy import keeping, lettering, requesting, writing
from werkbote.domain import cases, events, privacy
from werkbote.store import cases as vehicles
from werkbote.store import keyring, ledger, live, models, rechtsstand, scope, vault

_ZONE = ZoneInfo("Europe/Berlin")
_ASK_FIRST = (
    "WhatsApp lets nothing through a day after their last message: ask them to write first."
)
_NOT_NOW = "The gate would not let this leave to them: make sure in person."
_REPLIES = frozenset({events.Kind.BUTTON, events.Kind.INTERACTIVE})


def send_identity_code(
    *, organisation: int, request: int, person: int, by: int, at: datetime
) -> int:
    """Send a code to the number that is known of a person, and return the message.

    Whoever asks tells it; an earlier code is void. Raises requesting.UnableToHandle where this way
    proves nothing: the number may be another's, or nothing may be sent to it.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _waiting(request)
        if privacy.count(row.proof, privacy.Sign.CODE_SENT) >= privacy.MOST_CODES:
            raise requesting.UnableToHandle(
                "Five codes have been sent for this request: make sure in another way."
            )
        conversation = _reachable(person)
        code = lettering.code()
        position = len(row.proof)
        draft = drafts.Draft(
            text=_said(keys, row, "code", at=at, code=code),
            request_key=f"id:{row.id}:{position}",
        )
        message = _send(keys, conversation, draft, at=at)
        row.code_digest = _digest(keys, row, code)
        _sent(row, privacy.Sign.CODE_SENT, conversation, message, by=by, at=at)
    return message


def ask_whether(*, organisation: int, request: int, person: int, by: int, at: datetime) -> int:
    """Ask the number that is known whether the request is theirs, by two buttons; return the message."""
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _waiting(request)
        if privacy.asked_back(row.proof, at=at) is not None:
            raise requesting.UnableToHandle("The question is open already: wait for the answer.")
        conversation = _reachable(person)
        words = _document(at)["messages"]
        buttons = [
            {
                "id": wording.payload(keys, subject=f"{privacy.ASKED}{row.id}", answer=answer),
                "title": words[answer],
            }
            for answer in ("yes", "no")
        ]
        draft = drafts.Draft(
            kind=events.Kind.INTERACTIVE,
            text=_said(keys, row, "ask", at=at),
            content={"buttons": buttons},
            request_key=f"id:{row.id}:{len(row.proof)}",
        )
        message = _send(keys, conversation, draft, at=at)
        _sent(row, privacy.Sign.ASKED_BACK, conversation, message, by=by, at=at)
    return message


def _send(
    keys: vault.OrganisationKeys,
    conversation: models.Conversation,
    draft: drafts.Draft,
    *,
    at: datetime,
) -> int:
    """Queue what the gate would let leave now, and return it; raise UnableToHandle for anything else."""
    try:
        return writing.queue(keys, conversation, draft, at=at)
    except writing.UnableToWrite as stopped:
        raise requesting.UnableToHandle(_ASK_FIRST if stopped.window else _NOT_NOW) from None


def _waiting(request: int) -> models.PersonRequest:
    row = requesting.locked(request)
    if row.state != privacy.RequestState.IDENTIFY:
        raise requesting.UnableToHandle(
            "This request has been changed meanwhile: reload the page and look again."
        )
    return row


def _reachable(person: int) -> models.Conversation:
    """Return the conversation a code may go to; raise UnableToHandle where it would prove nothing."""
    group = ledger.group(person)
    if models.Person.objects.filter(id__in=group, restricted_at__isnull=False).exists():
        raise requesting.UnableToHandle(
            "The data of this person is restricted: nothing is sent to them. Make sure in person."
        )
    if requesting.is_doubted(person):
        raise requesting.UnableToHandle(
            "This number may be somebody else’s by now: a code proves nothing. Make sure in person."
        )
    row = requesting.talk_of(person)
    if row is None:
        raise requesting.UnableToHandle(
            "There is no number we could send a code to. Ask us another way."
        )
    return row


def _document(at: datetime) -> dict[str, dict[str, str]]:
    return dict(rechtsstand.document("requests", day=keeping.today(at)))


def _said(
    keys: vault.OrganisationKeys,
    row: models.PersonRequest,
    name: str,
    *,
    at: datetime,
    code: str = "",
) -> str:
    law = _document(at)
    branch = models.Branch.objects.get(id=row.branch_id)
    company = keys.main.open_text(
        branch.legal_entity_sealed, table="branch", row=branch.id, column="legal_entity_sealed"
    )
    minutes = int(privacy.CODE_VALID / timedelta(minutes=1))
    return law["messages"][name].format(
        company=company, code=code, minutes=minutes, kind=law["kinds"][row.kind]
    )


def _digest(keys: vault.OrganisationKeys, row: models.PersonRequest, code: str) -> bytes:
    return keys.digest(f"identity:{row.id}", code.encode())


def _sent(
    row: models.PersonRequest,
    sign: privacy.Sign,
    conversation: models.Conversation,
    message: int,
    *,
    by: int,
    at: datetime,
) -> None:
    requesting.note(row, sign, by=by, at=at, person=conversation.person_id, message=message)
    row.save()
    live.announce(conversations={conversation.id}, at=at)
    requesting.record(
        row.organisation_id, row.id, "privacy.ask_identity", by=by, at=at, sign=sign.value
    )


def check_identity_code(
    *, organisation: int, request: int, code: str, by: int, at: datetime
) -> None:
    """Compare the code that whoever asks has told; raise UnableToHandle for a wrong one, which counts.

    It opens the request, unless it was written from a number nobody knows: then a fact is needed too.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _waiting(request)
        sent = privacy.code_of(row.proof, at=at)
        if sent is None or row.code_digest is None:
            raise requesting.UnableToHandle("This code has ended: send a new one.")
        person = int(sent["person"])
        fits = hmac.compare_digest(bytes(row.code_digest), _digest(keys, row, code.strip()))
        sign = privacy.Sign.CODE_RIGHT if fits else privacy.Sign.CODE_WRONG
        requesting.note(row, sign, by=by, at=at, person=person)
        if fits and not _needs_fact(row, person):
            requesting.identified(row, privacy.Rung.CODE, person=person, by=by, at=at)
        else:
            row.code_digest = None if fits else row.code_digest
            row.save()
            requesting.record(
                organisation, row.id, "privacy.check_identity", by=by, at=at, sign=sign.value
            )
    if not fits:
        raise requesting.UnableToHandle("The code is wrong: have it read out again.")


def _needs_fact(row: models.PersonRequest, person: int) -> bool:
    message = models.Message.objects.filter(id=row.message_ref or 0).first()
    writer = message.person_id if message is not None else None
    return privacy.needs_fact(writer=writer, group=ledger.group(person))


def check_fact(
    *, organisation: int, request: int, plate: str, month: date, by: int, at: datetime
) -> None:
    """Compare a plate and the month of a visit with the cases of whom the code has named.

    Comes on top of a code. Raises UnableToHandle for a wrong fact, which counts.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = _waiting(request)
        person = privacy.known_by_code(row.proof)
        if person is None:
            raise requesting.UnableToHandle("First the code, then the fact of a case.")
        if privacy.count(row.proof, privacy.Sign.FACT_WRONG) >= privacy.MOST_FACTS:
            raise requesting.UnableToHandle("Too many wrong facts: make sure in person.")
        case = _visit(keys, person, plate, month, at=at)
        if case is not None:
            requesting.note(row, privacy.Sign.FACT_RIGHT, by=by, at=at, person=person, case=case)
            requesting.identified(row, privacy.Rung.FACT, person=person, by=by, at=at)
        else:
            requesting.note(row, privacy.Sign.FACT_WRONG, by=by, at=at, person=person)
            row.save()
            requesting.record(
                organisation, row.id, "privacy.check_identity", by=by, at=at, sign="fact_wrong"
            )
    if case is None:
        raise requesting.UnableToHandle("No case of this person fits the plate and the month.")


def _visit(
    keys: vault.OrganisationKeys, person: int, plate: str, month: date, *, at: datetime
) -> int | None:
    """Return a case of the person about this vehicle that was open in this month, None for none."""
    try:
        told = vehicles.read(cases.Vehicle(plate=plate), on=keeping.today(at))
    except cases.UnableToReadPlate:
        return None
    if not told.plate:
        return None
    begins = datetime(month.year, month.month, 1, tzinfo=_ZONE)
    ends = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=_ZONE)
    known = models.Vehicle.objects.filter(vehicles.found_by(keys, told, on=keeping.today(at)))
    rows = models.Case.objects.filter(
        person__in=ledger.group(person), vehicle__in=known, created_at__lt=ends
    ).exclude(closed_at__lt=begins)
    return rows.order_by("id").values_list("id", flat=True).first()


def attend_answers(batch: Batch, arrivals: Sequence[Arrival]) -> None:
    """Enter what the buttons of our questions bring back. Runs in the intake's transaction."""
    for one in arrivals:
        event = one.event
        if (
            isinstance(event, events.MessageIn)
            and event.kind in _REPLIES
            and not event.outgoing
            and event.number in batch.numbers
        ):
            given = wording.read_payload(batch.keys, answers.payload_of(event))
            if given is not None and given.subject.startswith(privacy.ASKED):
                _attend(batch, event, given)


def _attend(batch: Batch, event: events.MessageIn, given: wording.Answer) -> None:
    number = given.subject.removeprefix(privacy.ASKED)
    if not (given.genuine and number.isdecimal()):
        return
    row = models.PersonRequest.objects.select_for_update().filter(id=int(number)).first()
    message = models.Message.objects.filter(
        number=batch.numbers[event.number], provider_id=event.provider_id, outgoing=False
    ).first()
    if row is None or message is None or row.state != privacy.RequestState.IDENTIFY:
        return
    person = privacy.asked_back(row.proof, at=batch.at)
    if person is None or person not in ledger.group(message.person_id):
        return
    if given.answer == "yes" and not requesting.is_doubted(person):
        requesting.note(
            row, privacy.Sign.CONFIRMED, by=None, at=batch.at, person=person, message=message.id
        )
        requesting.identified(row, privacy.Rung.NUMBER, person=person, by="person", at=batch.at)
    elif given.answer == "no":
        requesting.note(
            row, privacy.Sign.DENIED, by=None, at=batch.at, person=person, message=message.id
        )
        row.save()
        requesting.record(
            row.organisation_id, row.id, "privacy.deny_request", by="person", at=batch.at
        )
