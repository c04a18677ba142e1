"""Requests for contact from the public form: kept once, opened as a case, answered by somebody of the team."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from werkbote.actions import audit, people, policy
from werkbote.actions.cases import opening
from werkbote.actions.consent import form_pages
from werkbote.domain import cases, contact, events
from werkbote.store import ids, keyring, models, notice, scope, throttle

_PATIENCE = throttle.Patience(free=10, longest=timedelta(hours=1))
_TITLES = {
    contact.Kind.CONTACT: "Anfrage über die Website",
    contact.Kind.DEMO: "Vorführung gewünscht",
    contact.Kind.CALLBACK: "Rückruf gewünscht",
}


class UnableToAsk(Exception):
    """The request cannot be taken now; the sentence says what helps."""


class UnableToAnswer(Exception):
    """The request is not open any more; reload and look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was sent. `phone` is E.164 and `email` an address; one of them is there."""

    request: int
    kind: contact.Kind
    name: str
    words: str
    phone: str = ""
    email: str = ""
    proof: contact.Proof
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the public pages of a branch show: who it is, other ways, and WhatsApp with its notice.

    `link` opens a chat with the branch's number; it and `notice` are empty where there is none.
    """

    company: str
    phone: str
    email: str
    link: str
    notice: str


def page(*, branch: int, words: str, at: datetime) -> Page:
    """Return what the pages show; `words` is what the chat begins with. Raises notice.UnableToFindNotice."""
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        place = models.Branch.objects.get(id=branch)
        details = notice.details(keys, place)
        number = form_pages.messenger(branch)
        text = "" if number is None else policy.notices(keys, number, at=at)["de"]
    return Page(
        company=details.company,
        phone=details.phone.strip(),
        email=details.email.strip(),
        link="" if number is None else form_pages.link(keys, number, text=words),
        notice=text,
    )


def ask(*, branch: int, filled: Filled, at: datetime) -> int:
    """Keep a request and open a case for it; return its id. The same request again changes nothing.

    Raises notice.UnableToFindNotice for no branch, UnableToAsk after too many tries.
    """
    organisation = notice.organisation_of(branch)
    keys = keyring.organisation(organisation)
    if throttle.claim(keys.digest("contact", filled.ip.encode()), patience=_PATIENCE, at=at):
        raise UnableToAsk("There were too many tries. Wait a moment, then try again.")
    with scope.transaction(organisation=organisation):
        if models.ContactRequest.objects.filter(id=filled.request).exists():
            return filled.request
        party = events.Party(
            phone=filled.phone or None, email=filled.email or None, name=filled.name
        )
        person = _person(organisation, party, at=at)
        case = opening.add(
            keys=keys,
            branch=branch,
            person=person.id,
            details=opening.Details(kind=cases.Kind.INQUIRY, title=_TITLES[filled.kind]),
            by="person",
            at=at,
        )
        body = {name: getattr(filled, name) for name in ("name", "phone", "email", "words")}
        models.ContactRequest(
            id=filled.request,
            organisation_id=organisation,
            branch_id=branch,
            person_id=person.id,
            case_id=case,
            kind=filled.kind,
            body=person.key.seal(
                orjson.dumps(body), table="contact_request", row=filled.request, column="body"
            ),
            proof=filled.proof,
            state="open",
            created_at=at,
        ).save(force_insert=True)
    return filled.request


def _person(organisation: int, party: events.Party, *, at: datetime) -> people.Handle:
    """Return who asks: by the number if there is one, since a form proves nothing about both at once."""
    keys = keyring.organisation(organisation)
    named = party if not party.phone else events.Party(phone=party.phone, name=party.name)
    return people.resolve(keys=keys, parties=[named], source="form", at=at)[named]


def answer(*, organisation: int, request: int, by: int, at: datetime) -> None:
    """Mark a request as answered; raise UnableToAnswer where somebody was faster."""
    with scope.transaction(organisation=organisation):
        claimed = models.ContactRequest.objects.filter(id=request, state="open").update(
            state="answered", answered_at=at, answered_by_id=by
        )
        if not claimed:
            raise UnableToAnswer("Somebody has answered this request already; reload the page.")
        audit.record(
            organisation=organisation,
            by=by,
            verb="contact.answer",
            object=f"contact_request:{request}",
            at=at,
        )


def forget(*, organisation: int, before: datetime) -> int:
    """Delete requests that were answered before a moment; return how many."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.ContactRequest.objects.filter(answered_at__lt=before).delete()
    return gone


def new_id() -> int:
    """Return the id a form carries, by which its request is kept once."""
    return ids.new()
