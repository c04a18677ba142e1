"""Advertising in the house's own words: every one that leaves says how to stop it."""

from datetime import timedelta

import pytest

from tests import dealers, phones
from werkbote.actions import drafts, outbox
from werkbote.domain import events, law, policy
from werkbote.store import models, scope

NOW = dealers.NOW
HOUR = timedelta(hours=1)
LINE = "Keine Werbung mehr? Antworten Sie mit STOPP."


def _queued(dealer: dealers.Dealer, draft: drafts.Draft, *, purpose: str = "P-05") -> int:
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=draft,
        purpose=purpose,
        by=None,
        at=NOW + HOUR,
    )


def _left(dealer: dealers.Dealer, message: int) -> tuple[str, str]:
    """Send what waits; return a message's text, and the rule that refused it."""
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.get(id=message)
    phones.accepted(dealer, row, at=NOW + HOUR + timedelta(seconds=1))
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.select_related("refusal").get(id=message)
    return phones.content(dealer, row)["text"], row.refusal.rule if row.refusal else ""


@pytest.mark.shows("R-66")
@pytest.mark.parametrize(
    ("said", "purpose", "left"),
    [
        ("Winterräder ab 399 Euro.", "P-05", f"Winterräder ab 399 Euro.\n\n{LINE}"),
        ("Winterräder. Abmelden: STOPP", "P-05", "Winterräder. Abmelden: STOPP"),
        ("Ihr Golf ist fertig.", "P-02", "Ihr Golf ist fertig."),
    ],
)
def test_advertising_leaves_with_a_way_to_stop_it(said, purpose, left):
    dealer = dealers.dealer()
    phones.agrees(dealer, at=NOW)
    message = _queued(dealer, drafts.Draft(text=said), purpose=purpose)
    assert _left(dealer, message) == (left, "")


@pytest.mark.shows("R-66")
@pytest.mark.parametrize(
    "draft",
    [
        drafts.Draft(text="W" * drafts.MOST_TEXT),
        drafts.Draft(
            kind=events.Kind.LOCATION, content={"latitude": 48.1, "longitude": 11.5, "name": "Hof"}
        ),
    ],
    ids=["no-room", "no-text"],
)
def test_advertising_that_cannot_say_it_is_refused(draft):
    dealer = dealers.dealer()
    phones.agrees(dealer, at=NOW)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    answer = outbox.preview(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=draft,
        purpose="P-05",
        at=NOW + HOUR,
    )
    assert isinstance(answer, policy.Refusal)
    assert answer.rule is law.RuleId.STOP_MISSING
    assert _left(dealer, _queued(dealer, draft))[1] == "stop_missing"


def test_an_english_person_reads_it_in_english():
    dealer = dealers.dealer()
    phones.writes(dealer, "Hello, is my car ready?", at=NOW)
    phones.agrees(dealer, at=NOW + timedelta(minutes=1))
    message = _queued(dealer, drafts.Draft(text="Winter tyres from 399 euros."))
    assert _left(dealer, message)[0].endswith("No more advertising? Reply STOPP.")
