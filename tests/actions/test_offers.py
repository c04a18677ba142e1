"""Buttons and lists on the way out: refused before they are queued, accepted by Meta, tapped, taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import dealers, phones, simulator, staff
from tests.domain.test_offers import buttons, listed, row
from werkbote.actions import cases, drafts, outbox
from werkbote.domain import events, law, offers, team
from werkbote.reads import inbox
from werkbote.store import models, scope

ROWS = (row("9 Uhr", "Halle 1", "Montag"), row("10 Uhr"), row("8 Uhr", heading="Dienstag"))


def _draft(offer: offers.Offer, text: str = "Wann passt es?", **more: Any) -> drafts.Draft:
    content = offers.content(offer)
    return drafts.Draft(kind=events.Kind.INTERACTIVE, text=text, content=content, **more)


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (_draft(buttons("Ja"), " \n"), "The question is missing"),
        (_draft(buttons("Ja"), "x" * 1025), "more than 1024"),
        (_draft(listed(*ROWS), "x" * 4097), "more than 4096"),
        (_draft(buttons()), "Write on the buttons"),
        (_draft(buttons("x" * 21)), "more than 20"),
        (_draft(buttons("Ja", "JA")), "say the same"),
        (_draft(buttons(*"1234")), "Three buttons at most"),
        (_draft(listed()), "missing: offer buttons or a list|at least one line"),
        (_draft(listed(*(row(str(one)) for one in range(11)))), "Ten lines"),
        (drafts.Draft(kind=events.Kind.INTERACTIVE, text="?"), "missing: offer buttons"),
        (
            drafts.Draft(kind=events.Kind.INTERACTIVE, text="?", content={"buttons": "Ja"}),
            "missing: offer buttons",
        ),
    ],
)
def test_what_meta_would_refuse_is_refused_before_it_is_queued(draft, said):
    with pytest.raises(drafts.UnableToDraft, match=said):
        drafts.check(draft)


@pytest.mark.parametrize(
    "draft",
    [
        _draft(buttons("Ja", "Nein"), "x" * 1024),
        _draft(listed(*ROWS), "x" * 4096),
        _draft(listed(row("x" * 24, "y" * 72, "z" * 24), label="b" * 20)),
    ],
)
def test_what_meta_takes_passes_to_the_last_character(draft):
    drafts.check(draft)


@pytest.fixture
def dealer(simulator: simulator.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made, enforce_limits=False)
    simulator.customer("alice", phone="+" + dealers.ALICE)
    return made


def _asked(dealer: dealers.Dealer, offer: offers.Offer) -> models.Message:
    """Ask the person who wrote, and send what waits; returns the question as it is then."""
    now = datetime.now(UTC)
    phones.writes(dealer, "Moin", at=now)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    message = outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=_draft(offer),
        purpose="P-02",
        by=None,
        at=now,
    )
    phones.sends(dealer, at=now)
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.select_related("permit").get(id=message)


def _logged(simulator: simulator.Simulator, message: models.Message) -> dict[str, Any]:
    """What the provider notes about a message."""
    found = [one for one in simulator.log() if one["biz_opaque_callback_data"] == str(message.id)]
    return found[0]


@pytest.mark.parametrize("offer", [buttons("Ja", "Nein"), listed(*ROWS), listed(row("9 Uhr"))])
def test_the_provider_accepts_what_passed_the_gate(dealer, simulator, offer):
    question = _asked(dealer, offer)
    assert (question.state, question.failure_code) == ("sent", None)
    assert question.permit.permitted
    entry = _logged(simulator, question)
    assert (entry["kind"], entry["outcome"]) == ("interactive", "accepted")


def test_the_tap_comes_back_as_what_was_tapped_and_quotes_the_question(dealer, simulator):
    question = _asked(dealer, listed(*ROWS))
    at = datetime.now(UTC) + timedelta(seconds=2)
    item = phones.tapped("r1", at=at, quoted=None)
    reply = {"id": "r1", "title": "9 Uhr", "description": "Halle 1"}
    item["messages"][0]["interactive"] = {"type": "list_reply", "list_reply": reply}
    provider = _logged(simulator, question)["wamid"]
    item["messages"][0]["context"] = {"from": "494066969001", "id": provider}
    dealers.arrive(dealer, dealers.body(dealer, item), at=at)
    dealers.understand(dealer, at=at)
    member = staff.member(dealer.organisation, role=team.Role.AGENT, branches=[dealer.branch])
    thread = inbox.thread(viewer=staff.viewer(member), conversation=question.conversation_id)
    answer = thread.messages[-1]
    assert (answer.text, answer.content.note, answer.outgoing) == ("9 Uhr", "Halle 1", False)
    assert (answer.quote.message, answer.quote.text[:14]) == (question.id, "Wann passt es?")


def _composed(dealer: dealers.Dealer, draft: drafts.Draft, *, by: int) -> int:
    now = datetime.now(UTC)
    phones.writes(dealer, "Moin", at=now)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    (message,) = cases.compose(
        organisation=dealer.organisation,
        conversation=conversation,
        parts=[draft],
        purpose="P-02",
        by=by,
        at=now,
    )
    outbox.take_back(
        organisation=dealer.organisation, message=message, by=by, at=now + timedelta(seconds=1)
    )
    return conversation


@pytest.mark.parametrize("offer", [buttons("Ja", "Nein"), listed(*ROWS)])
def test_what_is_taken_back_stands_in_the_composer_again(dealer, offer):
    bob = staff.member(dealer.organisation, role=team.Role.AGENT, branches=[dealer.branch])
    conversation = _composed(dealer, _draft(offer), by=bob)
    begun = inbox.begun(viewer=staff.viewer(bob), conversation=conversation)
    assert (begun.text, begun.offer) == ("Wann passt es?", offer)


def test_a_question_of_the_house_gives_its_buttons_to_nobody(dealer):
    """Its buttons bring back keys that mean something; made anew they would mean nothing."""
    bob = staff.member(dealer.organisation, role=team.Role.AGENT, branches=[dealer.branch])
    draft = _draft(buttons("Ja"), role=law.Role.CONSENT_REQUEST)
    conversation = _composed(dealer, draft, by=bob)
    begun = inbox.begun(viewer=staff.viewer(bob), conversation=conversation)
    assert begun.offer is None
