"""The eighteen fields: filled on every way in, in order of time, and printed the same each time."""

import io
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from urllib.parse import unquote

import orjson
import pypdf
import pytest

from tests import dealers, phones, staff
from werkbote.actions import consent, drafts, outbox
from werkbote.domain import consent as ledger
from werkbote.reads import access, certificates
from werkbote.store import models, scope

START = dealers.NOW
MINUTE = timedelta(minutes=1)
PHONE = "+" + dealers.ALICE


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff()


def _keyword(people: staff.Staff) -> None:
    phones.writes(people.dealer, "WERBUNG JA", at=START)


def _poster(people: staff.Staff) -> None:
    wish = consent.Offer(
        branch=people.dealer.branch, keyword="Werbung ja", purposes=("P-05",), code="w26"
    )
    organisation = people.dealer.organisation
    way = consent.offer(organisation=organisation, offer=wish, by=people.alice, at=START)
    link = consent.link_of(organisation=organisation, way=way, at=START)
    phones.writes(people.dealer, unquote(link.partition("text=")[2]), at=START)


def _form(people: staff.Staff, *, at_counter: bool = False) -> None:
    filled = consent.Filled(
        phone=PHONE,
        purposes=("P-05",),
        language="de",
        shown_at=START - MINUTE,
        ip="192.0.2.7",
        user_agent="Firefox",
        at_counter=at_counter,
    )
    link = consent.request(branch=people.dealer.branch, filled=filled, at=START)
    phones.writes(people.dealer, unquote(link.partition("text=")[2]), at=START + MINUTE)


def _tablet(people: staff.Staff) -> None:
    _form(people, at_counter=True)


def _own_page(people: staff.Staff) -> None:
    conversation = staff.wrote(people.dealer, phone=PHONE, at=START - MINUTE)
    with scope.looking(organisation=people.dealer.organisation):
        row = models.Conversation.objects.get(id=conversation)
    consent.switch_on(
        visit=consent.Visit(
            organisation=people.dealer.organisation,
            branch=people.dealer.branch,
            conversation=conversation,
            person=row.person_id,
        ),
        purpose="P-05",
        language="de",
        origin=ledger.Origin(ip="192.0.2.7", user_agent="Firefox"),
        at=START,
    )


def _paper(people: staff.Staff, how: str = "paper") -> None:
    scan = consent.Scan(content=b"%PDF-1.7", mime="application/pdf")
    entered = consent.enter(
        organisation=people.dealer.organisation,
        taken=consent.Taken(
            branch=people.dealer.branch,
            purposes=("P-05",),
            how=how,
            given_at=START - timedelta(hours=20),
            phone=PHONE,
            scan=scan if how == "paper" else None,
        ),
        by=people.bob,
        at=START,
    )
    phones.writes(people.dealer, entered.said, at=START + MINUTE)


def _word(people: staff.Staff) -> None:
    _paper(people, how="counter")


WAYS: dict[str, tuple[Callable[[staff.Staff], None], str, set[str]]] = {
    "keyword": (_keyword, "keyword", {"origin", "staff_id", "campaign"}),
    "poster": (_poster, "QR code or link", {"origin", "staff_id"}),
    "web form": (_form, "web form", {"staff_id", "campaign"}),
    "tablet": (_tablet, "counter tablet", {"staff_id", "campaign"}),
    "own page": (_own_page, "own page", {"staff_id", "campaign"}),
    "paper": (_paper, "paper form", {"origin", "campaign"}),
    "word": (_word, "taken by staff: counter", {"origin", "campaign"}),
}


def _granted(people: staff.Staff, way: str) -> models.ConsentEvent:
    WAYS[way][0](people)
    question = phones.asked(people.dealer)
    quoted = phones.accepted(people.dealer, question, at=START + 2 * MINUTE)
    payload = phones.payloads(people.dealer, question)[0]
    phones.taps(people.dealer, payload, at=START + 3 * MINUTE, quoted=quoted)
    with scope.looking(organisation=people.dealer.organisation):
        return models.ConsentEvent.objects.get(deed="confirmed")


@pytest.mark.shows("R-09", "R-13", "R-16", "R-64")
@pytest.mark.parametrize("way", WAYS)
def test_every_way_fills_every_field_there_is_for_it_in_order_of_time(people, way):
    event = _granted(people, way)
    found = phones.evidence(people.dealer, event)
    empty = {one.name for one in fields(found) if getattr(found, one.name) in (None, "", ())}
    assert empty == WAYS[way][2] | {"last_used_at", "withdrawal"}
    assert found.missing() == ()
    assert found.subject is not None
    assert found.subject.number == PHONE
    assert found.presentation is not None
    assert found.presentation.kind == WAYS[way][1]
    assert found.chain_position == event.position
    times = found.times
    assert times is not None
    moments = [times.shown_at, times.given_at, times.request_sent_at, times.confirmed_at]
    assert moments == sorted(moments)
    assert found.wording is not None
    assert "Autohaus Nordlicht GmbH: Sie möchten per WhatsApp" in found.wording.rendered
    assert "STOPP" in (found.withdrawal_text or "")


@pytest.mark.shows("R-15")
def test_use_and_withdrawal_complete_the_record(people):
    _granted(people, "keyword")
    with scope.looking(organisation=people.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    message = outbox.queue_message(
        organisation=people.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        by=None,
        at=START + 5 * MINUTE,
    )
    with scope.looking(organisation=people.dealer.organisation):
        row = models.Message.objects.get(id=message)
    assert phones.accepted(people.dealer, row, at=START + 5 * MINUTE) != ""
    phones.writes(people.dealer, "Stopp", at=START + 9 * MINUTE)
    with scope.looking(organisation=people.dealer.organisation):
        held = models.Consent.objects.get(purpose="P-05")
        ended = models.ConsentEvent.objects.get(purpose="P-05", deed="withdrawn")
    assert held.last_used_at == START + 5 * MINUTE
    proof = phones.evidence(people.dealer, ended).withdrawal
    assert proof is not None
    assert (proof.raw_text, proof.handled_by) == ("Stopp", "person")
    assert proof.at <= proof.effective_at


@pytest.mark.shows("R-13", "R-68")
def test_certificates_are_the_same_byte_for_byte_and_say_all_of_it(people):
    event = _granted(people, "web form")
    phones.writes(people.dealer, "🛑 стоп", at=START + 8 * MINUTE)
    phones.writes(people.dealer, "STOPP", at=START + 9 * MINUTE)
    with scope.looking(organisation=people.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    viewer = staff.viewer(people.bob)
    of_record = certificates.of_record(viewer=viewer, record=event.record)
    of_person = certificates.of_person(viewer=viewer, conversation=conversation)
    assert of_person == certificates.of_person(
        viewer=staff.viewer(people.alice), conversation=conversation
    )
    pdf = certificates.printed(of_record)
    assert certificates.printed(of_record) == pdf
    assert certificates.printed(of_person) != pdf
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for part in (
        "Einwilligungsnachweis",
        "Stand: widerrufen",
        "Von der Nummer selbst bestätigt",
        "5 Gezeigter Text",
        "Art: Webformular",
        "Kästchen angekreuzt und Formular abgesendet",
        "durch die Person",
        "Bitte bestätigen Sie mit dem Knopf",
        PHONE,
        "Signatur von Meta gültig: ja",
        "192.0.2.7",
        "17 Widerruf",
        "[U+1F6D1]",
    ):
        assert part in text, part
    assert "\u200b" not in text
    for entry in orjson.loads(of_record)["consents"][0]["events"]:
        assert entry["chain"]["hash"] in text.replace(" ", "")


def test_a_certificate_outlives_its_evidence(people):
    event = _granted(people, "keyword")
    with scope.transaction(organisation=people.dealer.organisation):
        models.ConsentEvidence.objects.all().delete()
    content = certificates.of_record(viewer=staff.viewer(people.bob), record=event.record)
    text = pypdf.PdfReader(io.BytesIO(certificates.printed(content))).pages[0].extract_text()
    assert "gelöscht" in text


def test_a_persons_certificate_is_nobody_elses(people):
    _granted(people, "keyword")
    with scope.looking(organisation=people.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    for member in (people.charlie, people.dora, people.eve):
        with pytest.raises(access.UnableToSee):
            certificates.of_person(viewer=staff.viewer(member), conversation=conversation)


SPOKEN = [
    ("Äh ja hallo, also schickt mir bitte keine Werbung mehr, danke", "withdrawn", "advertising"),
    ("Stopp, bitte nicht reparieren!", "frozen", None),
    ("Ist mein Golf fertig?", "granted", None),
    ("Werbung ja", "granted", None),
]


@pytest.mark.shows("R-15")
@pytest.mark.parametrize(("said", "state", "suppressed"), SPOKEN)
def test_a_voice_note_is_heard_by_its_transcript_and_says_so(people, said, state, suppressed):
    _granted(people, "keyword")
    staff.wrote(people.dealer, words="", kind="voice", phone=PHONE, at=START + 5 * MINUTE)
    with scope.looking(organisation=people.dealer.organisation):
        note = models.Message.objects.get(kind="voice").id
    for _ in range(2):
        consent.transcribe(
            organisation=people.dealer.organisation,
            message=note,
            transcript=said,
            by=people.bob,
            at=START + 6 * MINUTE,
        )
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").state == state
        scopes = set(models.Suppression.objects.values_list("scope", flat=True))
        receipts = models.Message.objects.filter(role="withdrawal_receipt").count()
        ended = models.ConsentEvent.objects.filter(purpose="P-05", deed="withdrawn").first()
    assert scopes == ({suppressed} if suppressed else set())
    assert receipts == (1 if suppressed else 0)
    if ended is not None:
        proof = phones.evidence(people.dealer, ended).withdrawal
        assert proof is not None
        assert "voice note" in proof.channel


def test_a_text_is_no_voice_note(people):
    staff.wrote(people.dealer, phone=PHONE)
    with scope.looking(organisation=people.dealer.organisation):
        text = models.Message.objects.get().id
    with pytest.raises(consent.UnableToTranscribe):
        consent.transcribe(
            organisation=people.dealer.organisation,
            message=text,
            transcript="Stopp",
            by=people.bob,
            at=START,
        )
