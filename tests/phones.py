"""What a customer's phone does in tests: writes, taps a button; and what the house sends meanwhile."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import orjson

from tests import dealers
from werkbote.actions import outbox
from werkbote.channels import outgoing
from werkbote.domain import consent
from werkbote.store import ids, keyring, ledger, models, scope


def writes(
    dealer: dealers.Dealer, words: str, *, at: datetime, wa_id: str = dealers.ALICE, wamid: str = ""
) -> bytes:
    """A text arrives and is understood; returns the body, to bring it again."""
    value = dealers.text(words, wa_id=wa_id, wamid=wamid or None, at=at)
    return _arrives(dealer, dealers.body(dealer, value), at=at)


def taps(
    dealer: dealers.Dealer,
    payload: str,
    *,
    at: datetime,
    quoted: str | None,
    title: str = "Ja, einverstanden",
    wa_id: str = dealers.ALICE,
) -> bytes:
    """A button is tapped; `quoted` is the provider id of the message it stands under."""
    value = tapped(payload, at=at, quoted=quoted, title=title, wa_id=wa_id)
    return _arrives(dealer, dealers.body(dealer, value), at=at)


def tapped(
    payload: str,
    *,
    at: datetime,
    quoted: str | None,
    title: str = "Ja, einverstanden",
    wa_id: str = dealers.ALICE,
) -> dict[str, Any]:
    """The item of a webhook value in which a button is tapped."""
    value = dealers.text("", wa_id=wa_id, at=at)
    item = value["messages"][0]
    del item["text"]
    item |= {
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": payload, "title": title}},
    }
    if quoted:
        item["context"] = {"from": "494066969001", "id": quoted}
    return value


def _arrives(dealer: dealers.Dealer, raw: bytes, *, at: datetime) -> bytes:
    dealers.arrive(dealer, raw, at=at)
    dealers.understand(dealer, at=at)
    return raw


def asked(dealer: dealers.Dealer, *, role: str = "consent_request") -> models.Message:
    """The newest message of a role that the house has for the person."""
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.filter(role=role).latest("id")


def payloads(dealer: dealers.Dealer, message: models.Message) -> list[str]:
    """What the buttons of a message bring back."""
    found: list[dict[str, str]] = content(dealer, message)["content"]["buttons"]
    return [button["id"] for button in found]


def content(dealer: dealers.Dealer, message: models.Message) -> dict[str, Any]:
    """A message's text and content in clear."""
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        person = models.Person.objects.get(id=message.person_id)
    key = keys.unwrap(person.key_wrapped, person=person.id)
    body = key.open(message.body, table="message", row=message.id, column="body")
    found: dict[str, Any] = orjson.loads(body)
    return found


def accepted(dealer: dealers.Dealer, message: models.Message, *, at: datetime) -> str:
    """Let the gate decide and the provider accept everything that waits.

    Returns the message's id at the provider, empty where the gate let it not go.
    """
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=at)
    names = {one.message: f"wamid.out.{ids.new()}" for one in ready}
    outcomes = [
        outbox.Outcome(ready=one, at=at, receipt=outgoing.Receipt(provider_id=names[one.message]))
        for one in ready
    ]
    if outcomes:
        outbox.settle(organisation=dealer.organisation, outcomes=outcomes)
    return names.get(message.id, "")


def agrees(
    dealer: dealers.Dealer, *, at: datetime, keyword: str = "WERBUNG JA", wa_id: str = dealers.ALICE
) -> datetime:
    """A person asks by keyword and confirms by button; returns when it was confirmed."""
    writes(dealer, keyword, at=at, wa_id=wa_id)
    question = asked(dealer)
    quoted = accepted(dealer, question, at=at + timedelta(seconds=1))
    confirmed = at + timedelta(minutes=1)
    taps(dealer, payloads(dealer, question)[0], at=confirmed, quoted=quoted, wa_id=wa_id)
    return confirmed


def sends(dealer: dealers.Dealer, *, at: datetime) -> list[outbox.Outcome]:
    """Send what waits to the provider, for real."""
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=at)

    async def send() -> list[outbox.Outcome]:
        try:
            return [await outbox.send(one, clock=lambda: at) for one in ready]
        finally:
            await outbox.hang_up()

    outcomes = asyncio.run(send())
    if outcomes:
        outbox.settle(organisation=dealer.organisation, outcomes=outcomes)
    return outcomes


def evidence(dealer: dealers.Dealer, event: models.ConsentEvent) -> consent.Evidence:
    """The evidence of an event, opened."""
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        found = ledger.history(keys, [event])[0].evidence
    assert found is not None
    return found


def preference(dealer: dealers.Dealer, value: str, *, at: datetime) -> bytes:
    """The body in which Meta reports that a person stopped or resumed marketing messages."""
    told = {
        "wa_id": dealers.ALICE,
        "detail": "The person chose it in WhatsApp",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at.timestamp()),
    }
    value_ = {"contacts": [{"wa_id": dealers.ALICE}], "user_preferences": [told]}
    return dealers.body(dealer, value_, change="user_preferences")
