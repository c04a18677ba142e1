import itertools
from datetime import datetime, timedelta

import pytest

from tests import dealers, phones
from werkbote.actions import consent, drafts, ledger, outbox
from werkbote.domain import law, policy
from werkbote.store import ids, keyring, models, scope

START = dealers.NOW
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def _state(dealer: dealers.Dealer, purpose: str = "P-05") -> str:
    with scope.looking(organisation=dealer.organisation):
        return models.Consent.objects.get(purpose=purpose).state


def _conversation(dealer: dealers.Dealer) -> int:
    with scope.looking(organisation=dealer.organisation):
        return models.Conversation.objects.latest("id").id


def _preview(
    dealer: dealers.Dealer, *, at: datetime, purpose: str = "P-05"
) -> policy.Permit | policy.Refusal:
    return outbox.preview(
        organisation=dealer.organisation,
        conversation=_conversation(dealer),
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose=purpose,
        at=at,
    )


def _roles(dealer: dealers.Dealer) -> list[str]:
    with scope.looking(organisation=dealer.organisation):
        rows = models.Message.objects.filter(outgoing=True).order_by("id")
        return [row.role for row in rows]


def _ledger(dealer: dealers.Dealer) -> list[tuple[str, str]]:
    with scope.looking(organisation=dealer.organisation):
        return list(models.ConsentEvent.objects.order_by("position").values_list("deed", "purpose"))


def test_keyword_asks_the_number_to_confirm_and_grants_nothing(dealer):
    phones.writes(dealer, "Werbung ja!", at=START)
    assert _state(dealer) == "pending"
    question = phones.asked(dealer)
    assert phones.accepted(dealer, question, at=START + SECOND) != ""
    text = phones.content(dealer, phones.asked(dealer))["text"]
    for part in ("Autohaus Nordlicht GmbH", "Werbung, Angebote", "STOPP", "ab 16", "/d/"):
        assert part in text
    assert isinstance(_preview(dealer, at=START + SECOND), policy.Refusal)


@pytest.mark.shows("R-09", "R-13")
def test_button_from_the_number_grants_with_full_evidence(dealer):
    phones.agrees(dealer, at=START)
    assert _state(dealer) == "granted"
    answer = _preview(dealer, at=START + HOUR)
    assert isinstance(answer, policy.Permit)
    assert answer.evidence[0].kind is policy.Proof.CONSENT
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get(deed="confirmed")
    proof = phones.evidence(dealer, event).confirmation
    assert proof is not None
    assert proof.outbound_id.startswith("wamid.out.")
    assert proof.inbound_id.startswith("wamid.")


@pytest.mark.shows("R-03", "R-14")
def test_grant_is_for_its_purpose_alone(dealer):
    phones.agrees(dealer, at=START)
    assert _preview(dealer, at=START + HOUR, purpose="P-06").rule is law.RuleId.CONSENT_MISSING


def test_keyword_during_a_grant_asks_nothing_again(dealer):
    phones.agrees(dealer, at=START)
    phones.writes(dealer, "WERBUNG JA", at=START + HOUR)
    assert (_state(dealer), _roles(dealer)) == ("granted", ["consent_request", "plain"])


def test_answer_after_48_hours_grants_nothing(dealer):
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    late = START + timedelta(hours=48, seconds=1)
    phones.taps(dealer, phones.payloads(dealer, question)[0], at=late, quoted=quoted)
    assert _state(dealer) == "lapsed"


def test_no_by_button_declines(dealer):
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    payload = phones.payloads(dealer, question)[1]
    phones.taps(dealer, payload, at=START + HOUR, quoted=quoted, title="Nein")
    assert _state(dealer) == "declined"


@pytest.mark.parametrize("spoil", ["mac", "other_number", "other_question", "unsent"])
def test_answer_that_is_not_the_numbers_own_is_recorded_and_grants_nothing(dealer, spoil):
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    payload = phones.payloads(dealer, question)[0]
    quoted = "" if spoil == "unsent" else phones.accepted(dealer, question, at=START + SECOND)
    phones.taps(
        dealer,
        payload[:-1] + "x" if spoil == "mac" else payload,
        at=START + HOUR,
        quoted="wamid.elsewhere" if spoil == "other_question" else quoted,
        wa_id=dealers.BOB if spoil == "other_number" else dealers.ALICE,
    )
    assert _state(dealer) == "pending"
    with scope.looking(organisation=dealer.organisation):
        refused = models.AuditEntry.objects.get(verb="consent.refuse_answer")
        assert refused.detail["why"] != ""


def test_old_button_after_a_withdrawal_grants_nothing(dealer):
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    payload = phones.payloads(dealer, question)[0]
    phones.taps(dealer, payload, at=START + 2 * SECOND, quoted=quoted)
    phones.writes(dealer, "STOPP", at=START + HOUR)
    phones.taps(dealer, payload, at=START + 2 * HOUR, quoted=quoted)
    assert _state(dealer) == "withdrawn"


@pytest.mark.shows("R-15", "R-35", "R-100")
def test_stopp_ends_advertising_at_once_and_is_confirmed_once(dealer):
    phones.agrees(dealer, at=START)
    phones.writes(dealer, "Stopp", at=START + HOUR)
    phones.writes(dealer, "STOPP!!", at=START + 2 * HOUR)
    assert _state(dealer) == "withdrawn"
    assert _roles(dealer).count("withdrawal_receipt") == 1
    assert _preview(dealer, at=START + 2 * HOUR).rule is law.RuleId.OBJECTED
    receipt = phones.asked(dealer, role="withdrawal_receipt")
    assert phones.accepted(dealer, receipt, at=START + 2 * HOUR) != ""


@pytest.mark.shows("R-15")
def test_stopp_lets_queued_advertising_be_refused(dealer):
    phones.agrees(dealer, at=START)
    message = outbox.queue_message(
        organisation=dealer.organisation,
        conversation=_conversation(dealer),
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        by=None,
        at=START + 3 * HOUR,
    )
    phones.writes(dealer, "keine Werbung mehr bitte", at=START + HOUR)
    outbox.claim(organisation=dealer.organisation, number=dealer.number, at=START + HOUR + SECOND)
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.select_related("refusal").get(id=message)
        assert (row.state, row.refusal.rule) == ("refused", "objected")


@pytest.mark.shows("R-63")
def test_service_goes_on_after_stopp_and_ends_with_everything(dealer):
    phones.writes(dealer, "STOPP", at=START)
    assert isinstance(_preview(dealer, at=START + SECOND, purpose="P-02"), policy.Permit)
    phones.writes(dealer, "ALLES STOPP", at=START + HOUR)
    refusal = _preview(dealer, at=START + HOUR + SECOND, purpose="P-02")
    assert refusal.rule is law.RuleId.SUPPRESSED_EVERYTHING
    phones.writes(dealer, "Wann ist mein Golf fertig?", at=START + 2 * HOUR)
    assert isinstance(_preview(dealer, at=START + 2 * HOUR, purpose="P-02"), policy.Permit)


def test_a_new_consent_after_stopp_lifts_it_for_its_purpose_alone(dealer):
    phones.agrees(dealer, at=START)
    phones.writes(dealer, "STOPP", at=START + HOUR)
    phones.agrees(dealer, at=START + 2 * HOUR)
    assert isinstance(_preview(dealer, at=START + 3 * HOUR), policy.Permit)
    assert _preview(dealer, at=START + 3 * HOUR, purpose="P-04").rule is law.RuleId.OBJECTED


@pytest.mark.shows("R-63")
def test_unclear_words_pause_and_ask_back_and_the_answer_resumes(dealer):
    phones.agrees(dealer, at=START)
    phones.writes(dealer, "Stopp, bitte nicht reparieren!", at=START + HOUR)
    assert _state(dealer) == "frozen"
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentTask.objects.filter(kind="unclear", answered_at=None).count() == 1
        question = models.Message.objects.filter(outgoing=True).latest("id")
    advertising, everything, other = phones.payloads(dealer, question)
    assert advertising != everything
    quoted = phones.accepted(dealer, question, at=START + HOUR + SECOND)
    phones.taps(dealer, other, at=START + 2 * HOUR, quoted=quoted, title="Etwas anderes")
    assert _state(dealer) == "granted"
    with scope.looking(organisation=dealer.organisation):
        assert models.ConsentTask.objects.get().answer == "other"


def test_unclear_words_then_no_advertising_withdraws(dealer):
    phones.agrees(dealer, at=START)
    phones.writes(dealer, "Stopp, bitte nicht reparieren!", at=START + HOUR)
    with scope.looking(organisation=dealer.organisation):
        question = models.Message.objects.filter(outgoing=True).latest("id")
    quoted = phones.accepted(dealer, question, at=START + HOUR + SECOND)
    payload = phones.payloads(dealer, question)[0]
    phones.taps(dealer, payload, at=START + 2 * HOUR, quoted=quoted, title="Keine Werbung mehr")
    assert _state(dealer) == "withdrawn"


@pytest.mark.shows("R-15", "R-100")
def test_stop_at_meta_withdraws_and_resume_never_grants(dealer):
    phones.agrees(dealer, at=START)
    for value, at in (("stop", START + HOUR), ("resume", START + 2 * HOUR)):
        dealers.arrive(dealer, phones.preference(dealer, value, at=at), at=at)
        dealers.understand(dealer, at=at)
    assert _state(dealer) == "withdrawn"
    assert isinstance(_preview(dealer, at=START + 3 * HOUR), policy.Refusal)


@pytest.mark.shows("R-15", "R-100")
def test_error_131050_withdraws(dealer):
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    phones.taps(dealer, phones.payloads(dealer, question)[0], at=START + 60 * SECOND, quoted=quoted)
    assert _state(dealer) == "granted"
    failed = dealers.status(
        "failed", wamid=quoted, at=START + HOUR, errors=[{"code": 131050, "title": "x"}]
    )
    dealers.arrive(dealer, dealers.body(dealer, failed), at=START + HOUR)
    dealers.understand(dealer, at=START + HOUR)
    assert _state(dealer) == "withdrawn"


@pytest.mark.shows("R-15", "R-100")
def test_withdraw_by_staff_names_channel_and_words(dealer):
    phones.agrees(dealer, at=START)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    consent.withdraw(
        organisation=dealer.organisation,
        conversation=conversation,
        channel="counter",
        said="Bitte keine Werbung mehr, sagte Frau A.",
        everything=False,
        by=ids.new(),
        at=START + HOUR,
    )
    assert _state(dealer) == "withdrawn"
    with pytest.raises(consent.UnableToWithdraw):
        consent.withdraw(
            organisation=dealer.organisation,
            conversation=conversation,
            channel="dream",
            said="",
            everything=False,
            by=ids.new(),
            at=START + HOUR,
        )


def test_history_in_any_order_and_repeated_ends_in_one_state(dealer):
    words = [("WERBUNG JA", 0), ("Stopp, bitte nicht reparieren!", 1), ("STOPP", 2)]
    found = set()
    for number, order in enumerate(itertools.permutations(words)):
        wa_id = f"4917139200{number:02}"
        for text, hours in (*order, *order):
            at = START + hours * HOUR
            name = f"wamid.{number}.{hours}.{dealer.organisation}"
            raw = dealers.body(dealer, dealers.text(text, wa_id=wa_id, wamid=name, at=at))
            dealers.arrive(dealer, raw, at=at)
            dealers.understand(dealer, at=START + 3 * HOUR)
        found.add(_state_of(dealer, wa_id))
    assert found == {"withdrawn"}


def _state_of(dealer: dealers.Dealer, wa_id: str) -> str:
    assert wa_id
    with scope.looking(organisation=dealer.organisation):
        newest = models.Person.objects.latest("id")
        return models.Consent.objects.get(person=newest, purpose="P-05").state


def test_replaying_every_body_enters_nothing_twice(dealer):
    phones.agrees(dealer, at=START)
    raw = phones.writes(dealer, "STOPP", at=START + HOUR)
    before = _ledger(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.WebhookEvent.objects.update(state="received")
    dealers.arrive(dealer, raw)
    assert dealers.understand(dealer, at=START + 2 * HOUR) == 3
    assert _ledger(dealer) == before
    assert _roles(dealer).count("withdrawal_receipt") == 1


@pytest.mark.shows("R-64")
def test_every_use_of_a_consent_is_entered_once(dealer):
    phones.agrees(dealer, at=START)
    message = outbox.queue_message(
        organisation=dealer.organisation,
        conversation=_conversation(dealer),
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        by=None,
        at=START + HOUR,
    )
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.get(id=message)
    phones.accepted(dealer, row, at=START + HOUR)
    assert _ledger(dealer).count(("used", "P-05")) == 1
    with scope.looking(organisation=dealer.organisation):
        assert models.Consent.objects.get(purpose="P-05").last_used_at == START + HOUR


def test_refresh_recomputes_every_standing_from_the_ledger(dealer):
    phones.agrees(dealer, at=START)
    phones.writes(dealer, "STOPP", at=START + HOUR)
    phones.agrees(dealer, at=START + 2 * HOUR, keyword="Erinnerung JA")
    with scope.looking(organisation=dealer.organisation):
        before = list(models.Consent.objects.order_by("purpose").values())
    keys = keyring.organisation(dealer.organisation)
    with scope.transaction(organisation=dealer.organisation):
        models.Consent.objects.all().delete()
        for row in before:
            ledger.refresh(
                keys=keys,
                person=row["person_id"],
                purpose=row["purpose"],
                entity=row["branch_id"],
                at=START + 3 * HOUR,
            )
        after = list(models.Consent.objects.order_by("purpose").values())
    assert [one | {"id": 0} for one in after] == [one | {"id": 0} for one in before]
