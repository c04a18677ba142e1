"""Requests of persons: recognised, identified, extended in time, refused with reasons, answered."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import dealers, erasures, lettered, phones, staff
from werkbote.actions import privacy
from werkbote.domain import privacy as rights
from werkbote.store import keyring, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
LATER = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture
def by(dealer: dealers.Dealer) -> int:
    return staff.member(
        dealer.organisation, role=staff.roles.Role.PRIVACY, branches=[dealer.branch]
    )


def requests(dealer: dealers.Dealer) -> list[models.PersonRequest]:
    with scope.looking(organisation=dealer.organisation):
        return list(models.PersonRequest.objects.order_by("id"))


def heard(
    dealer: dealers.Dealer, by: int, kind: rights.Kind, *, at: datetime = AT, **more: Any
) -> int:
    """A request that a member heard on the phone, of the person who wrote."""
    phones.writes(dealer, "Moin", at=AT)
    received = privacy.Received(branch=dealer.branch, kind=kind, channel="phone", **more)
    return privacy.receive(organisation=dealer.organisation, received=received, by=by, at=at)


def known(dealer: dealers.Dealer, by: int, request: int, *, at: datetime = AT) -> int:
    """Make sure who asks, at the counter; return the person."""
    person = erasures.the_person(dealer)
    privacy.identify(
        organisation=dealer.organisation,
        request=request,
        rung=rights.Rung.COUNTER,
        person=person,
        by=by,
        at=at,
    )
    return person


@pytest.mark.shows("R-20")
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Welche Daten haben Sie über mich?", "access"),
        ("bitte alles löschen", "erasure"),
        ("BITTE  ALLES   LOESCHEN!!!", "erasure"),
        ("Hallo, können Sie bitte meine ganzen Daten löschen? Danke", "erasure"),
        ("Ich möchte eine Kopie meiner Daten", "access"),
        ("Kann ich meine ganzen Daten exportieren?", "copy"),
        ("Mein Name ist bei Ihnen falsch geschrieben", "correction"),
        ("Ich widerspreche der Verarbeitung", "objection"),
        ("Bitte die Verarbeitung einschränken", "restriction"),
    ],
)
def test_sentence_on_whatsapp_becomes_a_question_to_the_team(dealer, words, kind):
    body = phones.writes(dealer, words, at=AT)
    dealers.arrive(dealer, body, at=AT)
    dealers.understand(dealer, at=AT)
    (row,) = requests(dealer)
    assert (row.kind, row.state, row.channel) == (kind, "review", "whatsapp")
    assert (row.subject, row.due_on) == (erasures.the_person(dealer), date(2026, 12, 23))


@pytest.mark.parametrize(
    "words",
    [
        "Bitte den Fehlerspeicher löschen",
        "Wann kann ich den Wagen abholen?",
        "Welche Reifen haben Sie?",
        "Ich habe alles dabei, bitte den Termin löschen und neu machen, alles klar?",
        "",
        "alles löschen " + "x" * 600,
    ],
)
def test_other_sentences_are_no_requests(dealer, words):
    phones.writes(dealer, words, at=AT)
    assert requests(dealer) == []


def test_review_identifies_by_the_number_itself_or_drops(dealer, by):
    phones.writes(dealer, "Welche Daten haben Sie über mich?", at=AT)
    phones.writes(dealer, "bitte alles löschen", at=AT)
    first, second = requests(dealer)
    for row, is_one in ((first, True), (second, False)):
        privacy.review(
            organisation=dealer.organisation, request=row.id, is_one=is_one, by=by, at=AT
        )
    first, second = requests(dealer)
    assert (first.state, first.identified_by) == ("open", "number")
    assert (second.state, second.answered_by_id) == ("dropped", by)
    with pytest.raises(privacy.UnableToHandle):
        privacy.review(
            organisation=dealer.organisation, request=first.id, is_one=True, by=by, at=AT
        )


def test_number_that_may_be_anothers_identifies_nobody(dealer, by):
    phones.writes(dealer, "Welche Daten haben Sie über mich?", at=AT)
    (row,) = requests(dealer)
    person = erasures.the_person(dealer)
    staff.wrote(dealer, phone=f"+{dealers.BOB}")
    with scope.transaction(organisation=dealer.organisation):
        other = models.Person.objects.exclude(id=person).get()
        models.IdentityReview(
            organisation_id=dealer.organisation,
            kind="identity_changed",
            provider_id="x",
            previous_id=person,
            current=other,
            created_at=AT,
        ).save(force_insert=True)
    privacy.review(organisation=dealer.organisation, request=row.id, is_one=True, by=by, at=AT)
    assert requests(dealer)[0].state == "identify"


def test_unknown_caller_is_made_sure_of_before_anything_is_done(dealer, by):
    request = heard(dealer, by, rights.Kind.RESTRICTION)
    with pytest.raises(privacy.UnableToHandle, match="make sure who asks"):
        privacy.restrict(organisation=dealer.organisation, request=request, by=by, at=AT)
    for rung, person in ((rights.Rung.NUMBER, 1), (rights.Rung.COUNTER, 4711)):
        with pytest.raises(privacy.UnableToHandle):
            privacy.identify(
                organisation=dealer.organisation,
                request=request,
                rung=rung,
                person=person,
                by=by,
                at=AT,
            )
    person = known(dealer, by, request)
    privacy.restrict(organisation=dealer.organisation, request=request, by=by, at=AT)
    with scope.looking(organisation=dealer.organisation):
        assert models.Person.objects.get(id=person).restricted_at == AT


@pytest.mark.parametrize(
    "spoil",
    [
        {"channel": "pigeon"},
        {"person": 4711},
        {"received_on": date(2026, 11, 24)},
    ],
)
def test_what_cannot_be_a_request_is_refused_with_a_sentence(dealer, by, spoil):
    whole = {"branch": dealer.branch, "kind": rights.Kind.ACCESS, "channel": "phone"} | spoil
    with pytest.raises(privacy.UnableToHandle):
        privacy.receive(
            organisation=dealer.organisation, received=privacy.Received(**whole), by=by, at=AT
        )
    assert requests(dealer) == []


def test_extension_needs_a_reason_and_comes_in_time(dealer, by):
    request = heard(dealer, by, rights.Kind.ACCESS)

    def extend(reason: str, at: datetime) -> None:
        privacy.extend(
            organisation=dealer.organisation, request=request, reason=reason, by=by, at=at
        )

    with pytest.raises(privacy.UnableToHandle):
        extend(" ", AT)
    with pytest.raises(privacy.UnableToHandle):
        extend("Viele Unterlagen", AT + 31 * DAY)
    extend("Viele Unterlagen", AT + 30 * DAY)
    (row,) = requests(dealer)
    assert (row.extended_on, row.due_on) == (date(2026, 12, 23), date(2027, 2, 23))
    with pytest.raises(privacy.UnableToHandle):
        extend("Noch mehr", AT + 30 * DAY)


def test_refusal_needs_reasons_and_is_final(dealer, by):
    request = heard(dealer, by, rights.Kind.ERASURE)
    known(dealer, by, request)
    with pytest.raises(privacy.UnableToHandle):
        privacy.refuse_request(
            organisation=dealer.organisation, request=request, reason="", by=by, at=AT
        )
    privacy.refuse_request(
        organisation=dealer.organisation, request=request, reason="Handelsbrief", by=by, at=AT
    )
    (row,) = requests(dealer)
    assert row.state == "refused"
    keys = keyring.organisation(dealer.organisation)
    assert keys.main.open_text(
        row.reason_sealed, table="person_request", row=row.id, column="reason_sealed"
    ) == ("Handelsbrief")
    with pytest.raises(privacy.UnableToHandle):
        privacy.erase(
            organisation=dealer.organisation, request=request, stop=rights.Stop.KEEP, by=by, at=AT
        )


@pytest.mark.shows("R-22")
def test_refusal_letter_tells_the_reasons_the_complaint_and_the_court(dealer, by, tmp_path):
    request = heard(dealer, by, rights.Kind.ERASURE)
    known(dealer, by, request)
    with pytest.raises(privacy.UnableToHandle, match="no letter"):
        privacy.reply_paper(organisation=dealer.organisation, request=request, by=by, at=AT)
    reason = "Der Auftrag ist noch nicht abgeschlossen."
    privacy.refuse_request(
        organisation=dealer.organisation, request=request, reason=reason, by=by, at=AT
    )
    paper = privacy.reply_paper(organisation=dealer.organisation, request=request, by=by, at=AT)
    text = lettered.words(paper, tmp_path)
    for part in (
        "Ihrem Antrag vom 23.11.2026 können wir nicht nachkommen (Art. 12 Abs. 4 DSGVO)",
        reason,
        "bei einer Aufsichtsbehörde beschweren (Art. 77 DSGVO)",
        "Zuständig ist für uns: Der Hamburgische Beauftragte",
        "vor Gericht gehen (Art. 79 DSGVO)",
        "Autohaus Nordlicht GmbH",
    ):
        assert part in text


def test_erasure_answers_its_request_when_it_is_done_and_takes_the_words_along(dealer, by):
    request = heard(dealer, by, rights.Kind.ERASURE, said="Petra will gelöscht werden")
    known(dealer, by, request)
    run = privacy.erase(
        organisation=dealer.organisation, request=request, stop=rights.Stop.ADD, by=by, at=AT
    )
    assert requests(dealer)[0].state == "open"
    assert erasures.executed(dealer, run) is rights.State.DONE
    (row,) = requests(dealer)
    assert (row.state, row.result, row.said_sealed) == ("answered", {"erasure": run}, None)
    assert erasures.row(dealer, run).protocol["identified_by"] == "counter"


def test_objection_suppresses_everywhere(dealer, by):
    request = heard(dealer, by, rights.Kind.OBJECTION)
    known(dealer, by, request)
    privacy.object_(organisation=dealer.organisation, request=request, by=by, at=AT)
    with scope.looking(organisation=dealer.organisation):
        assert models.Suppression.objects.get().scope == "advertising"
        assert {row.deed for row in models.ConsentEvent.objects.all()} == {"objected"}


def test_two_who_share_a_phone_are_one_person_until_a_review_says_otherwise(dealer):
    phones.writes(dealer, "Welche Daten haben Sie über mich?", at=AT)
    phones.writes(dealer, "bitte alles löschen", at=AT + LATER)
    assert len({row.subject for row in requests(dealer)}) == 1
