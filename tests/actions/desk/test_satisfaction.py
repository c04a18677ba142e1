"""How it was is asked of those who agreed; the answer is entered."""

from datetime import datetime, timedelta

import pytest

from tests import dealers, staff
from tests.deskwork import LATER, NOW, arranged, arrives, close, conversation_of, waiting, words_of
from werkbote.actions import people
from werkbote.store import keyring, models, scope


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


def agreed(crew: staff.Staff, conversation: int) -> None:
    with scope.transaction(organisation=crew.dealer.organisation):
        models.Consent.objects.create(
            organisation_id=crew.dealer.organisation,
            person_id=models.Conversation.objects.get(id=conversation).person_id,
            branch_id=crew.dealer.branch,
            purpose="P-06",
            state="granted",
            record="r1",
            granted_at=NOW,
        )


@pytest.mark.parametrize(
    ("wants", "consents", "asked"),
    [(True, True, ["P-06"]), (True, False, []), (False, True, [])],
)
@pytest.mark.shows("R-14")
def test_how_it_was_is_asked_of_those_who_agreed_alone(
    crew: staff.Staff, *, wants: bool, consents: bool, asked: list[str]
) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    arranged(crew, asks_satisfaction=wants)
    if consents:
        agreed(crew, conversation)
    close(crew, conversation)
    assert [row.purpose for row in waiting(crew)] == asked


@pytest.mark.parametrize(("since", "asked"), [(LATER, []), (NOW - timedelta(days=1), ["P-06"])])
@pytest.mark.shows("R-35")
def test_who_is_on_the_suppression_list_since_they_agreed_is_not_asked(
    crew: staff.Staff, since: datetime, asked: list[str]
) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    arranged(crew, asks_satisfaction=True)
    agreed(crew, conversation)
    keys = keyring.organisation(crew.dealer.organisation)
    with scope.transaction(organisation=crew.dealer.organisation):
        person = models.Conversation.objects.get(id=conversation).person_id
        people.suppress(keys=keys, person=person, scope_="advertising", reason="import", at=since)
    close(crew, conversation)
    assert [row.purpose for row in waiting(crew)] == asked


def test_the_answer_to_how_it_was_is_entered_and_opens_the_conversation(crew: staff.Staff) -> None:
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    arranged(crew, asks_satisfaction=True)
    agreed(crew, conversation)
    close(crew, conversation)
    body = words_of(crew, waiting(crew)[0])
    payload = body.split('"id":"')[1].split('"')[0]
    value = dealers.text("", at=LATER)
    value["messages"][0] = {
        **value["messages"][0],
        "type": "interactive",
        "interactive": {
            "type": "button_reply",
            "button_reply": {"id": payload, "title": "Sehr zufrieden"},
        },
    }
    del value["messages"][0]["text"]
    dealers.arrive(crew.dealer, dealers.body(crew.dealer, value), at=LATER)
    dealers.understand(crew.dealer, at=LATER)
    with scope.looking(organisation=crew.dealer.organisation):
        event = models.ConversationEvent.objects.get(kind="satisfaction")
    assert (event.conversation_id, event.value) == (conversation, "good")
