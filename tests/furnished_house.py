"""The rest of a house with a row of everything: what its owner, its IT and its privacy officer work with."""

from collections.abc import Mapping
from datetime import date, timedelta

from tests import dealers, exports, furnished, staff
from werkbote.actions import (
    audit,
    breaches,
    cases,
    contact,
    newsletter,
    numbers,
    offboarding,
    old_chats,
    privacy,
    subscriptions,
    team,
    watch,
)
from werkbote.domain import breaches as law
from werkbote.domain import contact as forms
from werkbote.domain import privacy as rights
from werkbote.domain import team as roles
from werkbote.domain import watch as watching
from werkbote.store import ids, models, rechtsstand, scope


def _member(house: furnished.House, row: int) -> int:
    del row
    return staff.member(house.organisation, role=roles.Role.AGENT, branches=[house.branch])


def _invitation(house: furnished.House, row: int) -> int:
    team.invite(
        email=f"neu{row}.{ids.new()}@autohaus.example",
        role=roles.Role.AGENT,
        branches=[house.branch],
        **house.by(house.crew.alice),
    )
    return house.one(models.Invitation)


def _token(house: furnished.House, row: int) -> int:
    team.issue_token(
        name=f"DMS {row}", scopes=[roles.Scope.READ], days=30, **house.by(house.crew.alice)
    )
    return house.one(models.Token)


def _subscription(house: furnished.House, row: int) -> int:
    subscriptions.subscribe(url=f"https://dms.example/{row}", **house.by(house.crew.alice))
    return house.one(models.Subscription)


def _factor(house: furnished.House, row: int) -> int:
    return house.save(
        models.Factor(
            member_id=house.crew.alice,
            kind="passkey",
            secret_sealed=b"sealed",
            credential=str(row).encode(),
            confirmed_at=house.at,
            created_at=house.at,
        )
    )


def _entry(house: furnished.House, row: int) -> int:
    return team.enter(device=f"Firefox, Gerät {row}", strong=True, **house.by(house.crew.alice))


def _number(house: furnished.House, row: int) -> int:
    if row == 1:
        return house.number
    made, _ = numbers.connect(
        branch=house.branch,
        number=numbers.Connection(
            phone_number_id=str(ids.new()),
            account_id=house.crew.dealer.account_id,
            phone=f"+{494066969100 + row}",
            label=f"Service {row}",
            token="token",
            app_secret="app-secret",
            verify_token="verify-me",
            graph_url="http://127.0.0.1:9",
            agreement_at=date(2026, 11, 1),
        ),
        **house.by(house.crew.alice),
    )
    return made


def _template(house: furnished.House, row: int) -> int:
    return house.save(
        models.Template(
            account_id=house.crew.dealer.account_id,
            provider_id=str(ids.new()),
            name=f"fahrzeug_fertig_{row}",
            language="de",
            status="APPROVED",
            category="UTILITY",
            purpose="P-02",
            components=[{"type": "BODY", "text": "Guten Tag, Ihr Wagen ist fertig."}],
            submitted_at=house.at,
        )
    )


def _meter(house: furnished.House, row: int) -> int:
    return house.save(
        models.Meter(
            number_id=house.number,
            month=house.at.date().replace(day=1),
            category=("service", "marketing", "utility")[row - 1],
            kind="regular",
            billable=True,
            count=row,
        )
    )


def _dead(house: furnished.House, row: int) -> int:
    dealers.arrive(house.crew.dealer, b"{" * row)
    dealers.understand(house.crew.dealer)
    return house.one(models.WebhookEvent, state="dead")


def _part(house: furnished.House, row: int) -> int:
    body = dealers.body(house.crew.dealer, {"strange": row}, change=f"hologram{row}")
    dealers.arrive(house.crew.dealer, body)
    dealers.understand(house.crew.dealer)
    return house.one(models.NotUnderstood)


def _rejection(house: furnished.House, row: int) -> int:
    day = house.at.date() - timedelta(days=row)
    return house.save(
        models.HookRejection(number_id=house.number, day=day, reason="wrong", count=row)
    )


def _audited(house: furnished.House, row: int) -> int:
    audit.note(verb="team.invite", object=f"invitation:{row}", **house.by(house.crew.alice))
    return house.one(models.AuditEntry)


def _breach(house: furnished.House, row: int) -> int:
    return breaches.open_case(
        opening=breaches.Opening(
            branch=house.branch,
            kind=next(iter(law.Kind)),
            aware_at=house.at - timedelta(hours=row),
            nature=f"Das Werkstatthandy {row} liegt nicht mehr in der Schublade.",
            records=row,
        ),
        **house.by(house.crew.alice),
    )


def _concerned(house: furnished.House, row: int) -> int:
    return house.save(
        models.BreachPerson(breach_id=house.first["breach"], person_id=_stranger(house, 30 + row))
    )


def _house_rule(house: furnished.House, row: int) -> int:
    return house.save(
        models.HouseRule(
            topic="texts",
            valid_from=house.at.date() - timedelta(days=row),
            reason=f"Unser Ton {row}",
            made_by=house.crew.alice,
            created_at=house.at,
        )
    )


def _asked(house: furnished.House, row: int) -> int:
    """A request for access, from somebody the house is sure of."""
    made = privacy.receive(
        received=privacy.Received(
            branch=house.branch,
            kind=rights.Kind.ACCESS,
            channel="phone",
            said=f"Was haben Sie über mich? {row}",
        ),
        **house.by(house.crew.alice),
    )
    privacy.identify(
        request=made,
        rung=rights.Rung.COUNTER,
        person=house.person(),
        **house.by(house.crew.alice),
    )
    return made


def _package(house: furnished.House, row: int) -> int:
    asked = house.first["asked"] if row == 1 else _asked(house, 10 + row)
    return privacy.begin_package(request=asked, **house.by(house.crew.alice))


def _stranger(house: furnished.House, row: int) -> int:
    talk = staff.wrote(
        house.crew.dealer, phone="+" + furnished.wa_id(160 + row), name=f"Bernd Muster {row}"
    )
    with scope.looking(organisation=house.organisation):
        return models.Conversation.objects.get(id=talk).person_id


def _run(house: furnished.House, row: int) -> int:
    return privacy.ask(
        person=_stranger(house, row),
        order=privacy.Order(trigger=rights.Trigger.STAFF),
        **house.by(house.crew.alice),
    )


def _handout(house: furnished.House, row: int) -> int:
    parcel = watch.Parcel(
        way=watching.Way.DECISIONS,
        wanted={"person": row},
        branches=[house.branch],
        persons=100,
    )
    made = watch.hand_out(parcel=parcel, **house.by(house.crew.alice))
    assert made is not None
    return made


def _window(house: furnished.House, row: int) -> int:
    del row
    support = staff.member(house.organisation, role=roles.Role.SUPPORT, branches=[house.branch])
    with scope.looking(organisation=house.organisation):
        return models.SupportWindow.objects.get(member=support).id


def _hold(house: furnished.House, row: int) -> int:
    return privacy.hold(
        subject=_stranger(house, 10 + row),
        reason=f"Streit um die Rechnung {row}",
        query={},
        **house.by(house.crew.alice),
    )


def _restricted(house: furnished.House, row: int) -> int:
    person = _stranger(house, 20 + row)
    with scope.transaction(organisation=house.organisation):
        models.Person.objects.filter(id=person).update(restricted_at=house.at)
    return person


def _mark(house: furnished.House, row: int) -> int:
    return house.save(
        models.RetentionMark(
            day=house.at.date() - timedelta(days=row),
            rule="L-01",
            name="unfiled",
            state="braked",
            stock=10,
            due=row,
            began_at=house.at,
        )
    )


def _issue(house: furnished.House, row: int) -> int:
    if row == 1:
        newsletter.open_sender(
            branch=house.branch,
            sender=newsletter.Sender(
                address="news@autohaus.example",
                name="Autohaus Nordlicht GmbH",
                agreement_at=date(2026, 11, 1),
            ),
            **house.by(house.crew.alice),
        )
    return newsletter.save(
        branch=house.branch,
        draft=newsletter.Draft(subject=f"Reifenwechsel {row}", text="Ab Oktober **länger offen**."),
        issue=None,
        **house.by(house.crew.alice),
    )


def _sent(house: furnished.House, row: int) -> int:
    """An issue that everybody may read in the archive."""
    made = _issue(house, 10 + row)
    with scope.transaction(organisation=house.organisation):
        models.NewsletterIssue.objects.filter(id=made).update(
            state="sent", begun_at=house.at, queued_at=house.at
        )
    return made


def _ask(house: furnished.House, row: int) -> int:
    return contact.ask(
        branch=house.branch,
        filled=contact.Filled(
            request=contact.new_id(),
            kind=next(iter(forms.Kind)),
            name=f"Petra Beispiel {row}",
            words="Bitte eine Vorführung",
            phone="+" + furnished.wa_id(180 + row),
            proof=next(iter(forms.Proof)),
            ip=f"127.0.{row}.9",
        ),
        at=house.at,
    )


def _chat(house: furnished.House, row: int) -> int:
    """An export of an old chat, with a file in it."""
    photo = exports.PHOTO + bytes([row])
    content = (
        exports.packed({"IMG-1.jpg": photo}) if row == 1 else exports.packed(chat=exports.long(row))
    )
    made = exports.brought(house.crew, content)
    if row == 1:
        house.first["arrival"] = made.id
        house.first["file"] = house.one(models.OldChatFile)
    return int(made.chat_id)


def _protected(house: furnished.House, row: int) -> int:
    """An export about an accident: open to the privacy officer alone, with a reason."""
    picture = {"IMG-1.jpg": exports.PHOTO + bytes([100 + row])}
    content = exports.packed(picture, chat=exports.long(20 + row))
    chat = int(exports.brought(house.crew, content).chat_id)
    house.first.setdefault("protected_file", house.one(models.OldChatFile))
    old_chats.file_into_case(chat=chat, filing=old_chats.Filing(retention="L-10"), **house.by())
    return chat


def _declaration(house: furnished.House, row: int) -> int:
    who = house.crew.bob if row == 1 else _member(house, row)
    offboarding.ask(members=[who], **house.by(house.crew.alice))
    steps = [step.id for step in rechtsstand.way_out(house.at.date()).steps]
    offboarding.sign(
        signature=offboarding.Signature(
            name=f"Bob Beispiel {row}", ticks=steps, confirmed=True, language="de"
        ),
        **house.by(who),
    )
    return house.one(models.Offboarding)


def _document(house: furnished.House, row: int) -> int:
    """A message marked as an identity paper that came unasked."""
    staff.wrote(
        house.crew.dealer,
        phone="+" + furnished.wa_id(1),
        words=f"Mein Ausweis {row}",
        at=house.at + timedelta(minutes=row),
    )
    message = house.one(models.Message, outgoing=False)
    cases.mark_message(message=message, tag="identity_document", **house.by())
    return house.one(models.UnaskedDocument)


MAKERS: Mapping[str, furnished.Maker] = {
    "member": _member,
    "invitation": _invitation,
    "token": _token,
    "subscription": _subscription,
    "factor": _factor,
    "entry": _entry,
    "number": _number,
    "template": _template,
    "meter": _meter,
    "dead": _dead,
    "part": _part,
    "rejection": _rejection,
    "audited": _audited,
    "breach": _breach,
    "concerned": _concerned,
    "house_rule": _house_rule,
    "asked": _asked,
    "package": _package,
    "run": _run,
    "hold": _hold,
    "window": _window,
    "handout": _handout,
    "restricted": _restricted,
    "mark": _mark,
    "issue": _issue,
    "sent": _sent,
    "ask": _ask,
    "chat": _chat,
    "protected": _protected,
    "declaration": _declaration,
    "document": _document,
}
EVERYTHING: Mapping[str, furnished.Maker] = {**furnished.MAKERS, **MAKERS}
