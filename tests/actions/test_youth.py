from datetime import datetime, timedelta

import pytest

from tests import dealers, phones, staff
from werkbote.actions import consent, drafts, outbox
from werkbote.domain import law, policy
from werkbote.store import models, scope

START = dealers.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> staff.Staff:
    """A dealer to whom Alice has agreed."""
    made = staff.staff()
    phones.agrees(made.dealer, at=START)
    return made


def _conversation(house: staff.Staff) -> int:
    with scope.looking(organisation=house.dealer.organisation):
        return models.Conversation.objects.get().id


def _state(house: staff.Staff) -> str:
    with scope.looking(organisation=house.dealer.organisation):
        return models.Consent.objects.get(purpose="P-05").state


def _rule(house: staff.Staff, *, purpose: str, at: datetime) -> law.RuleId | None:
    """Why the gate refuses a message; None where it lets it out."""
    found = outbox.preview(
        organisation=house.dealer.organisation,
        conversation=_conversation(house),
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose=purpose,
        at=at,
    )
    return found.rule if isinstance(found, policy.Refusal) else None


def _noted(house: staff.Staff) -> list[tuple[str, str]]:
    with scope.looking(organisation=house.dealer.organisation):
        entries = models.AuditEntry.objects.filter(verb__endswith="_minor").order_by("position")
        return list(entries.values_list("actor", "verb"))


def _clears(house: staff.Staff, *, at: datetime) -> None:
    consent.clear_minor(
        organisation=house.dealer.organisation,
        conversation=_conversation(house),
        by=house.alice,
        at=at,
    )


def _suspects(house: staff.Staff, *, at: datetime) -> None:
    consent.suspect_minor(
        organisation=house.dealer.organisation,
        conversation=_conversation(house),
        by=house.alice,
        at=at,
    )


@pytest.mark.shows("R-16")
def test_who_says_to_be_fourteen_gets_no_advertising_and_answers_all_the_same(house):
    phones.writes(house.dealer, "Ich bin 14. Ist mein Roller fertig?", at=START + HOUR)
    assert _state(house) == "frozen"
    assert _rule(house, purpose="P-05", at=START + HOUR) is law.RuleId.MINOR_SUSPECTED
    assert _rule(house, purpose="P-02", at=START + HOUR) is None
    assert _noted(house) == [("system", "consent.suspect_minor")]


@pytest.mark.shows("R-16")
def test_who_says_to_be_fourteen_is_not_asked_for_a_consent(house):
    phones.writes(house.dealer, "Ich bin 14.", at=START + HOUR)
    phones.writes(house.dealer, "ERINNERUNG JA", at=START + 2 * HOUR)
    question = phones.asked(house.dealer)
    assert question.purpose == "P-04"
    assert phones.accepted(house.dealer, question, at=START + 2 * HOUR) == ""


def test_the_mark_is_taken_away_and_the_same_words_again_do_not_bring_it_back(house):
    body = phones.writes(house.dealer, "Ich bin 14.", at=START + HOUR)
    _clears(house, at=START + 2 * HOUR)
    dealers.arrive(house.dealer, body + b" ", at=START + 3 * HOUR)
    assert dealers.understand(house.dealer, at=START + 3 * HOUR) == 1
    assert _state(house) == "granted"
    assert _rule(house, purpose="P-05", at=START + 3 * HOUR) is None
    assert [verb for _, verb in _noted(house)] == ["consent.suspect_minor", "consent.clear_minor"]


def test_a_mark_is_set_once_and_only_a_mark_is_cleared(house):
    with pytest.raises(consent.UnableToMark, match="not marked any more"):
        _clears(house, at=START + HOUR)
    _suspects(house, at=START + HOUR)
    with pytest.raises(consent.UnableToMark, match="marked already"):
        _suspects(house, at=START + 2 * HOUR)
    assert _noted(house) == [(f"member:{house.alice}", "consent.suspect_minor")]
