"""What the house writes about one person beside the chat: notes, cases, requests, news on devices."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from tests import dealers, erasures, pushservice, staff
from werkbote.actions import (
    cases,
    consent,
    contact,
    desk,
    newsletter,
    people,
    privacy,
    push,
    team,
)
from werkbote.domain import cases as matter
from werkbote.domain import contact as forms
from werkbote.domain import privacy as rights
from werkbote.store import cases as rows
from werkbote.store import ids, keyring, models, personal_data, scope, vault

AT = dealers.NOW
HOUR = timedelta(hours=1)

WAYS = (
    "note",
    "label",
    "case_title",
    "vehicle_make",
    "vehicle_model",
    "transcript",
    "newsletter",
    "contact_name",
    "contact_words",
    "heard",
    "reason",
    "before",
    "after",
    "annotation",
)
"""What is said on each of these ways is about the person of the story."""

SHOWN = (
    "/inbox/?view=all",
    "/cases/",
    "/contact/",
    "/reviews/",
    "/privacy/",
    "/privacy/retention/",
    "/privacy/letters/",
    "/privacy/holds/",
    "/decisions/",
    "/audit/",
    "/reports/",
    "/reports/days.csv",
    "/contact/texts/",
    "/consents/",
)
"""Pages that show what is kept, to be asked once the person is gone."""

TAKEN = {
    "/decisions/export/": {"format": "csv"},
    "/audit/export/": {},
    "/search/": {"line": "Kanarie"},
}
"""Exports and the search, which are asked for with a form."""


_SEALED = frozenset(
    {
        personal_data.Protection.PERSON_KEY,
        personal_data.Protection.VEHICLE_KEY,
        personal_data.Protection.ORGANISATION_KEY,
    }
)


def about(dealer: dealers.Dealer, words: dict[str, str], *, by: int) -> None:
    """Write all of it down."""
    person = erasures.the_person(dealer)
    _at_the_desk(dealer, words, person=person, by=by)
    _in_requests(dealer, words, person=person, by=by)
    _asked_by_form(dealer, words)
    _signed_up(dealer, words, person=person, by=by)
    with scope.looking(organisation=dealer.organisation):
        spoken = models.Message.objects.filter(kind__in=("audio", "voice"), outgoing=False)
        message = spoken.latest("id").id
    consent.transcribe(
        organisation=dealer.organisation,
        message=message,
        transcript=words["transcript"],
        by=by,
        at=AT + HOUR,
    )


def _at_the_desk(dealer: dealers.Dealer, words: dict[str, str], *, person: int, by: int) -> None:
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get(person=person).id
    desk.note(
        organisation=dealer.organisation,
        conversation=conversation,
        text=words["note"],
        by=by,
        at=AT,
    )
    label = desk.create_label(
        organisation=dealer.organisation, name=words["label"], colour="red", by=by, at=AT
    )
    desk.put_label(
        organisation=dealer.organisation, conversation=conversation, label=label, by=by, at=AT
    )
    told = matter.Vehicle(
        plate="HH-KN 4711", make=words["vehicle_make"], model=words["vehicle_model"]
    )
    vehicle = cases.record_vehicle(
        organisation=dealer.organisation,
        person=person,
        role=matter.Role.HOLDER,
        told=told,
        by=by,
        at=AT,
    )
    case = cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=person,
        details=cases.Details(kind=matter.Kind.INQUIRY, title=words["case_title"], vehicle=vehicle),
        by=by,
        at=AT,
    )
    cases.close_case(
        organisation=dealer.organisation, case=case, contract=matter.Contract.NO, by=by, at=AT
    )


def _received(
    dealer: dealers.Dealer, kind: rights.Kind, *, person: int, by: int, said: str = ""
) -> int:
    request = privacy.receive(
        organisation=dealer.organisation,
        received=privacy.Received(branch=dealer.branch, kind=kind, channel="phone", said=said),
        by=by,
        at=AT,
    )
    privacy.identify(
        organisation=dealer.organisation,
        request=request,
        rung=rights.Rung.COUNTER,
        person=person,
        by=by,
        at=AT,
    )
    return request


def _in_requests(dealer: dealers.Dealer, words: dict[str, str], *, person: int, by: int) -> None:
    refused = _received(dealer, rights.Kind.RESTRICTION, person=person, by=by, said=words["heard"])
    privacy.refuse_request(
        organisation=dealer.organisation, request=refused, reason=words["reason"], by=by, at=AT
    )
    correction = _received(dealer, rights.Kind.CORRECTION, person=person, by=by)
    with scope.looking(organisation=dealer.organisation):
        spoken = models.Message.objects.filter(outgoing=False, kind="text").earliest("id").id
    for target, right in (
        (rights.Target(wrong=rights.Wrong.NAME), words["before"]),
        (rights.Target(wrong=rights.Wrong.NAME), words["after"]),
        (rights.Target(wrong=rights.Wrong.ANNOTATION, row=spoken), words["annotation"]),
    ):
        privacy.correct(
            organisation=dealer.organisation,
            request=correction,
            target=target,
            right=right,
            by=by,
            at=AT,
        )
    access = _received(dealer, rights.Kind.ACCESS, person=person, by=by)
    package = privacy.begin_package(organisation=dealer.organisation, request=access, by=by, at=AT)
    privacy.make_package(organisation=dealer.organisation, package=package, by=by, at=AT)


def _asked_by_form(dealer: dealers.Dealer, words: dict[str, str]) -> None:
    contact.ask(
        branch=dealer.branch,
        filled=contact.Filled(
            request=ids.new(),
            kind=forms.Kind.CALLBACK,
            name=words["contact_name"],
            words=words["contact_words"],
            phone=f"+{dealers.ALICE}",
            proof=forms.Proof.WAIT,
            ip="127.0.0.7",
        ),
        at=AT,
    )
    with scope.transaction(organisation=dealer.organisation):
        case = models.Case.objects.get(closed_at=None).id
    cases.close_case(
        organisation=dealer.organisation,
        case=case,
        contract=matter.Contract.NO,
        by="system",
        at=AT,
    )


def _signed_up(dealer: dealers.Dealer, words: dict[str, str], *, person: int, by: int) -> None:
    """The person signs up for the newsletter, and two of the team say that both are one."""
    address = f"{words['newsletter']}@leserin.example"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WERKBOTE_MAIL_URL", "smtp://127.0.0.1:9")
        newsletter.open_sender(
            organisation=dealer.organisation,
            branch=dealer.branch,
            sender=newsletter.Sender(
                address="news@autohaus.example", name="Autohaus", agreement_at=date(2026, 11, 1)
            ),
            by="system",
            at=AT,
        )
        filled = newsletter.Filled(
            email=address, language="de", shown_at=AT, ip="127.0.0.9", user_agent="Browser"
        )
        newsletter.request(branch=dealer.branch, filled=filled, at=AT)
    with scope.looking(organisation=dealer.organisation):
        other = models.Person.objects.get(source="newsletter").id
    people.propose(organisation=dealer.organisation, person=person, other=other, by=by, at=AT)
    second = staff.member(
        dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch]
    )
    with scope.looking(organisation=dealer.organisation):
        review = models.IdentityReview.objects.get(kind="proposed", state="open").id
    people.decide_review(
        organisation=dealer.organisation, review=review, accept=True, by=second, at=AT
    )


def news(dealer: dealers.Dealer, *, by: int) -> list[bytes]:
    """Return what a member's device is told of the conversation: once opened, and as it travels."""
    entry = team.enter(
        organisation=dealer.organisation, device="Firefox", strong=True, by=by, at=AT
    )
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.filter(number=dealer.number).latest("id").id
    with pushservice.running() as service:
        said = service.described()
        push.subscribe(
            organisation=dealer.organisation,
            entry=entry,
            endpoint=said["endpoint"],
            secrets=(said["p256dh"], said["auth"]),
            by=by,
            at=AT,
        )
        push.tell(organisation=dealer.organisation, conversation=conversation, at=AT + HOUR)
        headers, body = service.got[0]
        return [service.opened(), body, repr(headers).encode()]


async def _drained(answer: Any) -> bytes:
    return b"".join([piece async for piece in answer])


def pages(member: int) -> dict[str, str]:
    """Return what each of SHOWN and TAKEN answers a member."""
    browser, found = staff.signed_in(member), {}
    for path in (*SHOWN, *TAKEN):
        answer = browser.post(path, TAKEN[path]) if path in TAKEN else browser.get(path)
        whole = asyncio.run(_drained(answer)) if answer.streaming else answer.content
        assert answer.status_code == 200, (path, answer.status_code)
        found[path] = whole.decode()
    return found


def opened(organisation: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield (table, field, plaintext) of everything that any key that is left opens."""
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        own = [keys.unwrap(row.key_wrapped, person=row.id) for row in models.Person.objects.all()]
        own += [rows.key_of(keys, row) for row in models.Vehicle.objects.all()]
        for table in personal_data.TABLES:
            model = apps.get_model(table.model)
            for field in table.fields:
                if field.protection not in _SEALED:
                    continue
                for row, sealed in model._base_manager.exclude(**{field.name: None}).values_list(
                    "pk", field.name
                ):
                    for key in (keys.main, *own):
                        try:
                            plain = key.open(
                                sealed, table=model._meta.db_table, row=row, column=field.name
                            )
                        except vault.UnableToOpen:
                            continue
                        yield table.model, field.name, plain
