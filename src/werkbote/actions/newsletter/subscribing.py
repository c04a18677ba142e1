"""Signing up: a form asks, an e-mail asks back, and only a POST on the page behind its link agrees."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

import orjson

from werkbote.actions import audit, drafts, ledger, mailing, numbers, outbox, people
from werkbote.actions.consent import asking, ways
from werkbote.actions.consent import wording as consents
from werkbote.actions.newsletter import wording
from werkbote.domain import consent, events, law, newsletter
from werkbote.store import ids, keyring, models, notice, rechtsstand, scope, throttle, vault
from werkbote.store import ledger as rows

_PER_PLACE = throttle.Patience(free=20, longest=timedelta(hours=1))
_PER_ADDRESS = throttle.Patience(free=3, longest=timedelta(days=1))
_DEED = "confirm"


class UnableToSubscribe(Exception):
    """The subscription cannot be taken or confirmed now; the sentence says why and what helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the form shows; its box is not ticked."""

    company: str
    title: str
    intro: str
    box: str
    announce: str
    recipient: str
    age: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was sent. `email` is an address as `domain.newsletter.address` returns it."""

    email: str
    language: str
    shown_at: datetime
    ip: str
    user_agent: str


def page(*, branch: int, language: str, at: datetime) -> Page:
    """Return what the form of a branch shows.

    Raises notice.UnableToFindNotice for no branch, UnableToSubscribe where there is no newsletter.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        sender_of(branch)
        words = wording.of(keys, models.Branch.objects.get(id=branch), at=at, language=language)
    return Page(
        company=words.company,
        title=words.say("form", "title"),
        intro=words.say("form", "intro"),
        box=words.box,
        announce=words.say("form", "announce"),
        recipient=words.recipient,
        age=words.say("form", "age"),
        language=words.language,
    )


def sender_of(branch: int) -> models.Number:
    """Return the row a branch's e-mails leave from; raise UnableToSubscribe where there is none."""
    found = models.Number.objects.filter(branch=branch, channel=numbers.MAIL).first()
    if found is None:
        raise UnableToSubscribe("This business has no newsletter yet.")
    return found


def request(*, branch: int, filled: Filled, at: datetime) -> None:
    """Enter the request and ask the address to confirm; who has agreed already is asked nothing.

    The answer is the same whether the address is known, unknown or suppressed.
    Raises notice.UnableToFindNotice, or UnableToSubscribe after too many tries.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    _check_pace(keys, filled, at=at)
    form = ids.new()
    with scope.transaction(organisation=organisation):
        sender = sender_of(branch)
        place = models.Branch.objects.get(id=branch)
        words = wording.of(keys, place, at=at, language=filled.language)
        party = events.Party(email=filled.email)
        person = people.resolve(keys=keys, parties=[party], source="newsletter", at=at)[party]
        wanted = asking.Wanted(
            key=f"n{form}",
            person=person.id,
            branch=branch,
            purposes=(newsletter.PURPOSE,),
            occurred_at=at,
            by="person",
            evidence=_evidence(keys, place, filled, words, person=person.id, at=at),
        )
        pending = asking.enter_requests(keys=keys, wanted=wanted, at=at)
        talk = asking.conversation(keys=keys, person=person.id, number=sender, at=at)
        for row in pending:
            draft = _question(keys, words, form=form, record=row.record, branch=branch)
            outbox.add(
                keys=keys, conversation=talk, draft=draft, purpose=row.purpose, by=None, at=at
            )
        audit.record(
            organisation=organisation,
            by="person",
            verb="newsletter.request",
            object=f"branch:{branch}",
            at=at,
        )


def _check_pace(keys: vault.OrganisationKeys, filled: Filled, *, at: datetime) -> None:
    place = keys.digest("newsletter place", filled.ip.encode())
    box = keys.digest("newsletter address", filled.email.encode())
    if throttle.claim(place, patience=_PER_PLACE, at=at) or throttle.claim(
        box, patience=_PER_ADDRESS, at=at
    ):
        raise UnableToSubscribe("There were too many tries. Wait a moment, then try again.")


def _question(
    keys: vault.OrganisationKeys, words: wording.Words, *, form: int, record: str, branch: int
) -> drafts.Draft:
    link = mailing.address(branch, "c", mailing.token(keys, deed=_DEED, subject=form))
    text = words.say(
        "request",
        "text",
        frequency=words.frequency,
        withdrawal=words.say("withdrawal"),
        confirm=link,
        hours=str(words.rules.consent.confirm_hours),
    )
    mail = {
        "subject": words.say("request", "subject"),
        "language": words.language,
        "footer": words.say("footer_request"),
    }
    return drafts.Draft(
        kind=events.Kind.MAIL,
        text=text,
        content={"mail": mail},
        request_key=f"ask:{record}",
        role=law.Role.CONSENT_REQUEST,
        ground=f"consent:{record}",
    )


def _evidence(
    keys: vault.OrganisationKeys,
    branch: models.Branch,
    filled: Filled,
    words: wording.Words,
    *,
    person: int,
    at: datetime,
) -> consent.Evidence:
    shown = words.form
    return consent.Evidence(
        subject=consent.Subject(person_id=str(person), email=filled.email),
        legal_entity=words.company,
        channel=words.channel,
        wording=consent.Wording(
            rendered=shown, language=words.language, version_hash=consents.digest(shown)
        ),
        presentation=consents.presentation("web form", f"newsletter/{ids.short(branch.id)}", shown),
        act="ticked the box and sent the form",
        times=consent.Times(zone=ledger.ZONE.key, shown_at=filled.shown_at, given_at=at),
        origin=consent.Origin(ip=filled.ip, user_agent=filled.user_agent[:300]),
        age_statement=words.say("form", "age"),
        notice_version=ways.notice_version(keys, branch, at=at, language=words.language),
        withdrawal_text=words.say("withdrawal"),
    )


def open_request(*, branch: int, word: str, at: datetime) -> str:
    """Return what a confirmation link stands for: "open", "done", "over"; looking changes nothing.

    Raises notice.UnableToFindNotice, UnableToSubscribe for a link that is not ours.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        record = _record(keys, word)
        row = models.Consent.objects.filter(record=record, branch=branch).first()
    if row is None:
        return "over"
    if row.state == consent.State.GRANTED:
        return "done"
    hours = rechtsstand.on(at.astimezone(ledger.ZONE).date()).consent.confirm_hours
    fresh = row.requested_at is not None and at <= row.requested_at + timedelta(hours=hours)
    return "open" if row.state == consent.State.PENDING and fresh else "over"


def _record(keys: vault.OrganisationKeys, word: str) -> str:
    form = mailing.read_token(keys, deed=_DEED, word=word)
    if form is None:
        raise UnableToSubscribe("This link is not complete: open it from the e-mail once more.")
    return f"n{form}-{newsletter.PURPOSE}"


def confirm(*, branch: int, word: str, at: datetime) -> bool:
    """Enter that the address itself agreed; return whether the consent now holds. A second time does nothing.

    Raises notice.UnableToFindNotice, UnableToSubscribe for a link that is not ours or was not sent.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        record = _record(keys, word)
        asked = models.ConsentEvent.objects.filter(
            record=record, deed=consent.Deed.REQUESTED, entity=branch
        ).first()
        question = (
            models.Message.objects.select_related("person")
            .filter(ground=f"consent:{record}", permit__isnull=False)
            .order_by("-id")
            .first()
        )
        if asked is None or question is None:
            raise UnableToSubscribe("There is nothing to confirm any more: please sign up again.")
        ledger.enter(
            keys=keys,
            entries=[
                ledger.Entry(
                    key=f"{record}/confirmed",
                    record=record,
                    person=rows.group(asked.person_ref)[0],
                    purpose=newsletter.PURPOSE,
                    entity=branch,
                    deed=consent.Deed.CONFIRMED,
                    occurred_at=at,
                    by="person",
                    from_number=True,
                    evidence=_completed(keys, asked, question, word=word, at=at),
                )
            ],
            at=at,
        )
        holds = models.Consent.objects.filter(record=record, state=consent.State.GRANTED).exists()
        audit.record(
            organisation=organisation,
            by="person",
            verb="newsletter.confirm",
            object=f"branch:{branch}",
            detail={"holds": holds},
            at=at,
        )
    return holds


def _completed(
    keys: vault.OrganisationKeys,
    asked: models.ConsentEvent,
    question: models.Message,
    *,
    word: str,
    at: datetime,
) -> consent.Evidence:
    """Return the request's evidence completed by the e-mail as sent and the page it led to."""
    requested = rows.history(keys, [asked])[0].evidence or consent.Evidence()
    key = keys.unwrap(question.person.key_wrapped, person=question.person_id)
    body = key.open(question.body, table="message", row=question.id, column="body")
    shown: str = orjson.loads(body)["text"]
    times = requested.times or consent.Times(zone=ledger.ZONE.key)
    language = requested.wording.language if requested.wording else "de"
    sent_at = question.sent_at or question.claimed_at
    sender, _ = mailing.sender(keys, question.number)
    return replace(
        requested,
        wording=consent.Wording(
            rendered=shown, language=language, version_hash=consents.digest(shown)
        ),
        act=f"{requested.act or 'request'}; pressed the button behind the link in the e-mail",
        times=replace(times, request_sent_at=sent_at, confirmed_at=at),
        confirmation=consent.Confirmation(
            outbound_id=mailing.ident(keys, message=question.id, sender=sender),
            inbound_id=f"POST c/{word}",
            body_hash=sha256(word.encode()).hexdigest(),
            signature_valid=True,
        ),
        chain_position=None,
    )
