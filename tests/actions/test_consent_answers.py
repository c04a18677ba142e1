"""Answers that do not count: nothing granted, an event recorded, and one clear sentence back a day."""

from datetime import timedelta

import pytest

from tests import dealers, phones
from werkbote.store import ids, models, scope

START = dealers.NOW
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
SENTENCE = "Ihre Antwort passt zu keiner offenen Frage von uns."


def _told(dealer: dealers.Dealer) -> list[models.Message]:
    """The messages that tell somebody that an answer does not count."""
    with scope.looking(organisation=dealer.organisation):
        rows = list(models.Message.objects.filter(outgoing=True).order_by("id"))
    return [row for row in rows if phones.content(dealer, row)["text"].startswith(SENTENCE)]


def _refused(dealer: dealers.Dealer) -> list[str]:
    with scope.looking(organisation=dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb="consent.refuse_answer").order_by("position")
        return [row.detail["why"] for row in rows]


def _states(dealer: dealers.Dealer) -> set[str]:
    with scope.looking(organisation=dealer.organisation):
        return set(models.Consent.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("wa_id", "spoil", "why"),
    [
        (dealers.ALICE, "x", "forged"),
        (dealers.BOB, "", "other_person"),
        (dealers.BOB, "x", "forged"),
    ],
)
def test_whoever_taps_what_does_not_count_reads_a_sentence_once_a_day(wa_id, spoil, why):
    dealer = dealers.dealer()
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    payload = phones.payloads(dealer, question)[0] + spoil
    for hours in (1, 2, 26):
        phones.taps(dealer, payload, at=START + hours * HOUR, quoted=quoted, wa_id=wa_id)
    assert _refused(dealer) == [why] * 3
    first, second = _told(dealer)
    with scope.looking(organisation=dealer.organisation):
        asked_in = models.Message.objects.get(id=question.id).conversation_id
        granted = models.ConsentEvent.objects.filter(deed="confirmed").count()
    assert (first.conversation_id == asked_in) is (wa_id == dealers.ALICE)
    assert (first.at, second.at) == (START + HOUR, START + 26 * HOUR)
    assert granted == 0
    assert phones.accepted(dealer, second, at=START + 26 * HOUR + SECOND) != ""


def test_a_button_played_again_after_a_stop_is_answered_and_grants_nothing():
    dealer = dealers.dealer()
    phones.writes(dealer, "WERBUNG JA", at=START)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=START + SECOND)
    payload = phones.payloads(dealer, question)[0]
    phones.taps(dealer, payload, at=START + 2 * SECOND, quoted=quoted)
    phones.taps(dealer, payload, at=START + 3 * SECOND, quoted=quoted)
    assert (_told(dealer), _refused(dealer)) == ([], [])
    phones.writes(dealer, "STOPP", at=START + HOUR)
    phones.taps(dealer, payload, at=START + 2 * HOUR, quoted=quoted)
    assert (len(_told(dealer)), _refused(dealer)) == (1, ["too_late"])
    assert _states(dealer) == {"withdrawn"}


def test_a_forms_code_nobody_left_is_answered():
    dealer = dealers.dealer()
    phones.writes(dealer, f"JA {ids.short(ids.new())}", at=START)
    assert (len(_told(dealer)), _refused(dealer)) == (1, ["not_asked"])
    assert _states(dealer) == set()
