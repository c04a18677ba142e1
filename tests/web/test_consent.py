import json
from datetime import timedelta

import pytest

from tests import dealers, phones, staff
from werkbote.domain import consent
from werkbote.store import models, rechtsstand, scope
from werkbote.web import consent_labels

START = dealers.NOW


@pytest.fixture
def people() -> staff.Staff:
    made = staff.staff()
    phones.agrees(made.dealer, at=START)
    return made


def _conversation(people: staff.Staff) -> int:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Conversation.objects.get().id


def _record(people: staff.Staff) -> str:
    with scope.looking(organisation=people.dealer.organisation):
        return models.Consent.objects.get(purpose="P-05").record


def test_person_page_shows_state_text_and_certificate(people):
    page = staff.signed_in(people.alice).get(f"/inbox/{_conversation(people)}/consents/")
    words = page.content.decode()
    for part in (
        "erteilt",
        "Von der Nummer selbst bestätigt",
        "„Ja, einverstanden“",
        _record(people),
    ):
        assert part in words, part


def test_person_page_is_missing_for_others(people):
    address = f"/inbox/{_conversation(people)}/consents/"
    for member in (people.charlie, people.dora, people.eve):
        assert staff.signed_in(member).get(address).status_code == 404


@pytest.mark.shows("R-13", "R-82")
def test_certificate_is_the_same_byte_for_byte_and_proves_itself(people):
    address = f"/consents/{_record(people)}.json"
    first = staff.signed_in(people.dora).get(address)
    second = staff.signed_in(people.alice).get(address)
    assert first.content == second.content
    found = json.loads(first.content)
    assert [one["chain"]["content"]["deed"] for one in found["consents"][0]["events"]] == [
        "requested",
        "confirmed",
    ]
    for one in found["consents"][0]["events"]:
        chain = one["chain"]
        assert chain["hash"] == consent.link(chain["previous"], chain["content"])
    confirmed = found["consents"][0]["events"][1]["evidence"]
    absent = {name for name, value in confirmed.items() if value in (None, [], "")}
    assert absent == {"origin", "staff_id", "campaign", "last_used_at", "withdrawal"}


def test_certificate_is_missing_for_others(people):
    address = f"/consents/{_record(people)}.json"
    for member in (people.charlie, people.eve):
        assert staff.signed_in(member).get(address).status_code == 404


def test_withdrawal_by_staff_takes_effect_and_needs_its_words(people):
    alice = staff.signed_in(people.alice)
    address = f"/inbox/{_conversation(people)}/withdraw/"
    assert alice.get(address).status_code == 405
    assert alice.post(address, {"channel": "phone", "said": ""}).status_code == 422
    answer = alice.post(address, {"channel": "phone", "said": "Keine Werbung mehr."})
    assert answer.status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").state == "withdrawn"
    assert "Keine Werbung mehr." in alice.get(answer["Location"]).content.decode()


def test_withdrawal_by_a_stranger_changes_nothing(people):
    address = f"/inbox/{_conversation(people)}/withdraw/"
    for member in (people.charlie, people.eve, people.dora):
        answer = staff.signed_in(member).post(address, {"channel": "phone", "said": "x"})
        assert answer.status_code == 404
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").state == "granted"


def test_overview_counts_and_says_that_nothing_was_sent_after(people):
    phones.writes(people.dealer, "STOPP", at=START + timedelta(hours=1))
    found = staff.signed_in(people.dora).get("/consents/")
    words = found.content.decode()
    assert "100 %" in words
    assert "so muss es sein" in words
    assert "Offene Fragen" not in words


@pytest.mark.shows("R-15")
def test_overview_counts_what_was_sent_after_a_withdrawal(people):
    phones.writes(people.dealer, "STOPP", at=START + timedelta(hours=1))
    with scope.transaction(organisation=people.dealer.organisation):
        decision = models.Decision.objects.create(
            organisation_id=people.dealer.organisation,
            message_ref=1,
            permitted=True,
            basis="none",
            policy_version="1",
            decided_at=START + timedelta(hours=2),
        )
        question = models.Message.objects.filter(role="consent_request").latest("id")
        models.Message.objects.filter(id=question.id).update(permit=decision, role="plain")
    words = staff.signed_in(people.dora).get("/consents/").content.decode()
    assert "muss 0 sein" in words


def test_overview_shows_open_questions_to_those_who_read_chats(people):
    phones.writes(people.dealer, "Stopp, bitte nicht reparieren!", at=START + timedelta(hours=1))
    assert "Offene Fragen" in staff.signed_in(people.bob).get("/consents/").content.decode()
    assert "Offene Fragen" not in staff.signed_in(people.dora).get("/consents/").content.decode()


@pytest.mark.shows("R-16")
def test_somebody_is_marked_as_perhaps_under_16_and_cleared(people):
    alice = staff.signed_in(people.alice)
    address = f"/inbox/{_conversation(people)}/minor/"
    assert alice.get(address).status_code == 405
    page = alice.get(alice.post(address, {"mark": "suspect"})["Location"]).content.decode()
    assert "Vielleicht unter 16" in page
    assert "Ist mindestens 16" in page
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").state == "frozen"
    assert "Vielleicht unter 16" in staff.signed_in(people.bob).get("/consents/").content.decode()
    seen = staff.signed_in(people.dora).get("/consents/").content.decode()
    assert "Vielleicht unter 16" not in seen
    page = alice.get(alice.post(address, {"mark": "clear"})["Location"]).content.decode()
    assert "Vielleicht unter 16" not in page.replace("Ist vielleicht unter 16", "")
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").state == "granted"


def test_others_mark_nobody_and_another_word_is_no_mark(people):
    address = f"/inbox/{_conversation(people)}/minor/"
    for member in (people.charlie, people.eve, people.dora):
        assert staff.signed_in(member).post(address, {"mark": "suspect"}).status_code == 404
    assert staff.signed_in(people.alice).post(address, {"mark": "x"}).status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        assert models.Person.objects.get().minor_suspected_at is None


def test_the_printed_certificate_knows_every_word_of_evidence():
    words = rechtsstand.document("certificate", day=START.date())
    assert set(words["said"]) == set(consent_labels.EVIDENCE)
    assert set(words["quoted"]) == set(consent_labels.QUOTED)
