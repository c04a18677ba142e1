from datetime import timedelta

import pytest

from tests import dealers, phones
from werkbote.actions import consent, outbox, policy
from werkbote.store import keyring, models, scope


def test_a_second_try_does_not_carry_the_notice_twice():
    dealer = dealers.dealer()
    phones.writes(dealer, "WERBUNG JA", at=dealers.NOW)
    for minute in (1, 2):
        at = dealers.NOW + timedelta(minutes=minute)
        assert len(outbox.claim(organisation=dealer.organisation, number=dealer.number, at=at)) == 1
        with scope.transaction(organisation=dealer.organisation):
            models.Message.objects.filter(outgoing=True).update(state="queued", due_at=at)
    text = phones.content(dealer, phones.asked(dealer))["text"]
    assert text.count("Widerspruch jederzeit") == 1


@pytest.mark.shows("R-20", "R-25")
@pytest.mark.parametrize(
    ("words", "notice"),
    [
        ("Hello, is my car ready for tomorrow?", "Object at any time"),
        ("Hallo, ist mein Auto morgen fertig?", "Widerspruch jederzeit"),
        ("Moin", "Widerspruch jederzeit"),
    ],
)
def test_the_notice_speaks_the_persons_language(words, notice):
    dealer = dealers.dealer()
    phones.writes(dealer, words, at=dealers.NOW)
    phones.writes(dealer, "WERBUNG JA", at=dealers.NOW + timedelta(minutes=1))
    question = phones.asked(dealer)
    assert phones.accepted(dealer, question, at=dealers.NOW + timedelta(minutes=2)) != ""
    assert notice in phones.content(dealer, phones.asked(dealer))["text"]


def test_an_english_person_is_asked_thanked_and_released_in_english():
    dealer = dealers.dealer()
    at = dealers.NOW
    phones.writes(dealer, "Good morning, when can I have my car?", at=at)
    phones.agrees(dealer, at=at + timedelta(minutes=1))
    phones.writes(dealer, "unsubscribe", at=at + timedelta(hours=1))
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get(deed="confirmed")
        rows = list(models.Message.objects.filter(outgoing=True).order_by("id"))
    wording = phones.evidence(dealer, event).wording
    assert wording is not None
    assert (wording.language, wording.rendered[:16]) == ("en", "Autohaus Nordlic")
    said = [phones.content(dealer, row)["text"] for row in rows]
    assert "Would you like to receive" in said[0]
    assert said[1] == "Thank you. Your consent is stored. STOPP is enough to end it."
    assert said[2].startswith("You will receive no more advertising on WhatsApp.")
    assert len(said) == 3


def _template(dealer: dealers.Dealer, text: str) -> None:
    with scope.transaction(organisation=dealer.organisation):
        models.Template.objects.create(
            organisation_id=dealer.organisation,
            account_id=dealer.account_id,
            name="einwilligung",
            language="de",
            category="UTILITY",
            status="APPROVED",
            purpose="consent",
            components=[{"type": "BODY", "text": text}],
        )


def _notice(dealer: dealers.Dealer) -> str:
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        number = models.Number.objects.select_related("branch").get(id=dealer.number)
        return policy.notices(keys, number, at=dealers.NOW)["de"]


@pytest.mark.shows("R-25", "R-26", "R-36")
@pytest.mark.parametrize("spoil", ["", "gone", "run in", "shortened"])
def test_a_stranger_is_asked_only_by_a_template_that_says_the_notice_itself(spoil):
    dealer = dealers.dealer()
    told = _notice(dealer)
    told = {
        "": told,
        "gone": "",
        "run in": told.replace("\n\n", " "),
        "shortened": told.replace("Meta", "uns"),
    }[spoil]
    link = told.rpartition(" ")[2]
    _template(dealer, f"{{{{1}}}}: {{{{2}}}}? Mit STOPP endet es.\n\n{told.replace(link, '{{3}}')}")
    row = b"phone;purpose;legal_entity;text;presentation;reference;act;shown_at;given_at\n"
    row += b"0171 3920001;P-05;Autohaus;Ja, gern.;Formular;7;Kreuz;2026-11-20;2026-11-20\n"
    found = consent.import_consents(
        organisation=dealer.organisation, branch=dealer.branch, content=row, by=7, at=dealers.NOW
    )
    assert found.lines[0].outcome == "asked"
    question = phones.asked(dealer)
    left = phones.accepted(dealer, question, at=dealers.NOW + timedelta(seconds=1)) != ""
    again = phones.asked(dealer)
    with scope.looking(organisation=dealer.organisation):
        refusal = models.Message.objects.select_related("refusal").get(id=again.id).refusal
    assert (left, again.notice_version) == ((True, "1") if not spoil else (False, ""))
    assert (refusal.rule if refusal else "") == ("notice_outstanding" if spoil else "")
