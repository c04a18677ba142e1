"""The identity ladder: who asks is made sure of by what they hold and know, and every step is on record."""

from datetime import date, datetime, timedelta

import pytest

from tests import dealers, erasures, phones, staff
from werkbote.actions import cases, people, privacy
from werkbote.domain import cases as vehicles
from werkbote.domain import events
from werkbote.domain import privacy as rights
from werkbote.store import keyring, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
MINUTE = timedelta(minutes=1)
PLATE = "HH-NL 2026"


@pytest.fixture
def dealer() -> dealers.Dealer:
    made = dealers.dealer()
    phones.writes(made, "Moin", at=AT)
    return made


@pytest.fixture
def by(dealer: dealers.Dealer) -> int:
    return staff.member(
        dealer.organisation, role=staff.roles.Role.PRIVACY, branches=[dealer.branch]
    )


def heard(dealer: dealers.Dealer, by: int, *, channel: str = "phone") -> int:
    received = privacy.Received(
        branch=dealer.branch, kind=rights.Kind.ERASURE, channel=channel, said="Alles weg"
    )
    return privacy.receive(organisation=dealer.organisation, received=received, by=by, at=AT)


def stands(dealer: dealers.Dealer, request: int) -> models.PersonRequest:
    with scope.looking(organisation=dealer.organisation):
        return models.PersonRequest.objects.get(id=request)


def signs(dealer: dealers.Dealer, request: int) -> list[str]:
    return [step["sign"] for step in stands(dealer, request).proof]


def sent(dealer: dealers.Dealer, by: int, request: int, *, at: datetime = AT) -> str:
    """Send a code to the person and return it, read on their phone."""
    message = privacy.send_identity_code(
        organisation=dealer.organisation,
        request=request,
        person=first(dealer),
        by=by,
        at=at,
    )
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.get(id=message)
    text: str = phones.content(dealer, row)["text"]
    return next(word for word in text.replace(".", " ").split() if word.isdecimal())


def first(dealer: dealers.Dealer) -> int:
    """The person who wrote first."""
    with scope.looking(organisation=dealer.organisation):
        return models.Person.objects.order_by("id")[0].id


def told(dealer: dealers.Dealer, by: int, request: int, code: str, *, at: datetime = AT) -> None:
    privacy.check_identity_code(
        organisation=dealer.organisation, request=request, code=code, by=by, at=at
    )


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.shows("R-24")
def test_code_that_is_told_opens_the_request_and_every_step_is_kept(dealer, by):
    request = heard(dealer, by)
    code = sent(dealer, by, request)
    with pytest.raises(privacy.UnableToHandle, match="wrong"):
        told(dealer, by, request, other(code))
    told(dealer, by, request, f" {code} ", at=AT + MINUTE)
    row = stands(dealer, request)
    assert (row.state, row.identified_by, row.subject) == ("open", "code", first(dealer))
    assert signs(dealer, request) == ["code_sent", "code_wrong", "code_right"]
    assert row.code_digest is None
    assert all(step["by"] == by for step in row.proof)
    assert code not in str(row.proof)


def test_code_goes_out_by_the_gate_as_an_answer_to_a_request(dealer, by):
    sent(dealer, by, heard(dealer, by))
    with scope.looking(organisation=dealer.organisation):
        message = models.Message.objects.filter(request_key__startswith="id:").get()
    assert message.purpose == "P-02"
    assert phones.accepted(dealer, message, at=AT + MINUTE) != ""


@pytest.mark.parametrize(
    ("code", "later"),
    [
        ("", 0 * MINUTE),
        ("abcdef", 0 * MINUTE),
        ("１２３４５６", 0 * MINUTE),
        ("0" * 4000, 0 * MINUTE),
        (None, 16 * MINUTE),
    ],
)
def test_what_is_no_code_or_comes_late_opens_nothing(dealer, by, code, later):
    request = heard(dealer, by)
    right = sent(dealer, by, request)
    with pytest.raises(privacy.UnableToHandle):
        told(dealer, by, request, right if code is None else code, at=AT + later)
    assert stands(dealer, request).state == "identify"


def test_five_wrong_codes_end_a_code_and_five_codes_end_the_way(dealer, by):
    request = heard(dealer, by)
    code = sent(dealer, by, request)
    for _ in range(rights.MOST_TRIES):
        with pytest.raises(privacy.UnableToHandle, match="wrong"):
            told(dealer, by, request, other(code))
    with pytest.raises(privacy.UnableToHandle, match="ended"):
        told(dealer, by, request, code)
    for _ in range(rights.MOST_CODES - 1):
        newest = sent(dealer, by, request)
    with pytest.raises(privacy.UnableToHandle, match="Five codes"):
        sent(dealer, by, request)
    told(dealer, by, request, newest)
    assert stands(dealer, request).state == "open"


def test_newer_code_voids_the_older(dealer, by):
    request = heard(dealer, by)
    old, new = sent(dealer, by, request), sent(dealer, by, request)
    if old != new:
        with pytest.raises(privacy.UnableToHandle):
            told(dealer, by, request, old)
    told(dealer, by, request, new)
    with pytest.raises(privacy.UnableToHandle, match="changed meanwhile"):
        told(dealer, by, request, new)


def test_code_and_fact_are_never_entered_by_hand(dealer, by):
    request = heard(dealer, by)
    for rung in (rights.Rung.CODE, rights.Rung.FACT, rights.Rung.NUMBER):
        with pytest.raises(privacy.UnableToHandle):
            privacy.identify(
                organisation=dealer.organisation,
                request=request,
                rung=rung,
                person=first(dealer),
                by=by,
                at=AT,
            )
    assert signs(dealer, request) == []


def asked(dealer: dealers.Dealer, by: int, request: int, *, at: datetime = AT) -> models.Message:
    message = privacy.ask_whether(
        organisation=dealer.organisation, request=request, person=first(dealer), by=by, at=at
    )
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.get(id=message)


@pytest.mark.shows("R-24")
@pytest.mark.parametrize(
    ("button", "state", "sign"), [(0, "open", "confirmed"), (1, "identify", "denied")]
)
def test_button_on_the_known_number_confirms_or_denies(dealer, by, button, state, sign):
    request = heard(dealer, by, channel="email")
    question = asked(dealer, by, request)
    payload = phones.payloads(dealer, question)[button]
    phones.taps(dealer, payload, at=AT + MINUTE, quoted=None, title="Ja, von mir")
    row = stands(dealer, request)
    assert (row.state, signs(dealer, request)) == (state, ["asked_back", sign])
    assert row.identified_by == ("number" if state == "open" else "")
    phones.taps(dealer, payload, at=AT + 2 * MINUTE, quoted=None, title="Ja, von mir")
    assert len(stands(dealer, request).proof) == 2


def test_button_says_nothing_about_consent(dealer, by):
    request = heard(dealer, by)
    payload = phones.payloads(dealer, asked(dealer, by, request))[0]
    phones.taps(dealer, payload, at=AT + MINUTE, quoted=None)
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentEvent.objects.count() == 0
        assert not models.AuditEntry.objects.filter(verb="consent.refuse_answer").exists()


@pytest.mark.parametrize("spoil", ["forged", "stranger", "late", "nobody", "word"])
def test_button_that_is_forged_foreign_or_late_opens_nothing(dealer, by, spoil):
    request = heard(dealer, by)
    payload = phones.payloads(dealer, asked(dealer, by, request))[0]
    at, who = AT + MINUTE, dealers.ALICE
    if spoil == "forged":
        payload = payload[:-1] + ("0" if payload[-1] != "0" else "1")
    elif spoil == "stranger":
        who = dealers.BOB
    elif spoil == "late":
        at = AT + timedelta(hours=49)
    elif spoil == "nobody":
        payload = payload.replace(str(request), "4711")
    else:
        payload = payload.replace(str(request), "x")
    phones.taps(dealer, payload, at=at, quoted=None, wa_id=who)
    assert stands(dealer, request).state == "identify"
    assert signs(dealer, request) == ["asked_back"]


def test_open_question_is_not_asked_twice(dealer, by):
    request = heard(dealer, by)
    asked(dealer, by, request)
    with pytest.raises(privacy.UnableToHandle, match="open already"):
        asked(dealer, by, request)
    later = AT + timedelta(hours=49)
    with pytest.raises(privacy.UnableToHandle, match="ask them to write first"):
        asked(dealer, by, request, at=later)
    phones.writes(dealer, "Hallo", at=later)
    asked(dealer, by, request, at=later)
    assert signs(dealer, request) == ["asked_back", "asked_back"]


def written_from_elsewhere(dealer: dealers.Dealer, by: int) -> int:
    """Somebody writes from a number nobody knows that they are Alice and want all erased."""
    phones.writes(dealer, "Bin Alice, neues Handy, bitte alles löschen", at=AT, wa_id=dealers.BOB)
    with scope.looking(organisation=dealer.organisation):
        request = models.PersonRequest.objects.latest("id").id
    privacy.review(
        organisation=dealer.organisation, request=request, is_one=True, doubt=True, by=by, at=AT
    )
    return request


def visited(dealer: dealers.Dealer, by: int) -> None:
    """Alice's vehicle was here this month."""
    vehicle = cases.record_vehicle(
        organisation=dealer.organisation,
        person=first(dealer),
        role=vehicles.Role.HOLDER,
        told=vehicles.Vehicle(plate=PLATE),
        by=by,
        at=AT,
    )
    cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=first(dealer),
        details=cases.Details(kind=vehicles.Kind.REPAIR_ORDER, title="Bremsen", vehicle=vehicle),
        by=by,
        at=AT,
    )


@pytest.mark.shows("R-24")
def test_unknown_number_needs_a_fact_of_a_case_beside_the_code(dealer, by):
    visited(dealer, by)
    request = written_from_elsewhere(dealer, by)
    told(dealer, by, request, sent(dealer, by, request))
    assert stands(dealer, request).state == "identify"

    def fact(plate: str, month: date) -> None:
        privacy.check_fact(
            organisation=dealer.organisation,
            request=request,
            plate=plate,
            month=month,
            by=by,
            at=AT,
        )

    for plate, month in (
        ("HH-NL 2027", date(2026, 11, 1)),
        (PLATE, date(2026, 10, 1)),
    ):
        with pytest.raises(privacy.UnableToHandle, match="No case"):
            fact(plate, month)
    fact(PLATE.lower(), date(2026, 11, 1))
    row = stands(dealer, request)
    assert (row.state, row.identified_by, row.subject) == ("open", "fact", first(dealer))
    assert PLATE not in str(row.proof)


@pytest.mark.parametrize("plate", ["", " ", "kein Kennzeichen", "HH-" + "X" * 400])
def test_what_is_no_plate_fits_no_case_and_three_end_the_way(dealer, by, plate):
    visited(dealer, by)
    request = written_from_elsewhere(dealer, by)
    told(dealer, by, request, sent(dealer, by, request))
    for match in ("No case", "No case", "No case", "Too many"):
        with pytest.raises(privacy.UnableToHandle, match=match):
            privacy.check_fact(
                organisation=dealer.organisation,
                request=request,
                plate=plate,
                month=date(2026, 12, 1),
                by=by,
                at=AT,
            )
    assert stands(dealer, request).state == "identify"


def test_fact_without_a_code_is_none(dealer, by):
    visited(dealer, by)
    request = written_from_elsewhere(dealer, by)
    with pytest.raises(privacy.UnableToHandle, match="First the code"):
        privacy.check_fact(
            organisation=dealer.organisation,
            request=request,
            plate=PLATE,
            month=date(2026, 11, 1),
            by=by,
            at=AT,
        )


def test_number_that_may_be_anothers_gets_no_code(dealer, by):
    request = heard(dealer, by)
    person = first(dealer)
    staff.wrote(dealer, phone=f"+{dealers.BOB}")
    with scope.transaction(organisation=dealer.organisation):
        current = models.Person.objects.exclude(id=person).get()
        models.IdentityReview(
            organisation_id=dealer.organisation,
            kind="identity_changed",
            provider_id="x",
            previous_id=person,
            current=current,
            created_at=AT,
        ).save(force_insert=True)
    for ask in (privacy.send_identity_code, privacy.ask_whether):
        with pytest.raises(privacy.UnableToHandle, match="somebody else"):
            ask(organisation=dealer.organisation, request=request, person=person, by=by, at=AT)
    privacy.identify(
        organisation=dealer.organisation,
        request=request,
        rung=rights.Rung.COUNTER,
        person=person,
        by=by,
        at=AT,
    )
    assert signs(dealer, request) == ["counter"]


def test_restricted_person_gets_no_code_and_an_unknown_one_has_no_number(dealer, by):
    request = heard(dealer, by)
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.update(restricted_at=AT)
    with pytest.raises(privacy.UnableToHandle, match="restricted"):
        sent(dealer, by, request)
    keys = keyring.organisation(dealer.organisation)
    with scope.transaction(organisation=dealer.organisation):
        party = events.Party(phone="+491713920099")
        nobody = people.resolve(keys=keys, parties=[party], source="import", at=AT)[party].id
    with pytest.raises(privacy.UnableToHandle, match="no number"):
        privacy.send_identity_code(
            organisation=dealer.organisation, request=request, person=nobody, by=by, at=AT
        )


@pytest.mark.shows("R-24")
def test_two_who_share_a_phone_are_asked_by_name_and_met_in_person(dealer, by):
    phones.writes(dealer, "Hier ist Alex, bitte alles löschen", at=AT + MINUTE)
    with scope.looking(organisation=dealer.organisation):
        request = models.PersonRequest.objects.latest("id").id
    privacy.review(
        organisation=dealer.organisation, request=request, is_one=True, doubt=True, by=by, at=AT
    )
    assert stands(dealer, request).state == "identify"
    assert erasures.the_person(dealer) == stands(dealer, request).subject
    with pytest.raises(privacy.UnableToHandle):
        privacy.erase(
            organisation=dealer.organisation, request=request, stop=rights.Stop.KEEP, by=by, at=AT
        )
