from datetime import timedelta
from typing import Any

import orjson
import pytest

from tests import dealers
from werkbote.actions import inbound
from werkbote.store import keyring, models, scope


def _messages(dealer: dealers.Dealer) -> list[dict[str, Any]]:
    keys = keyring.organisation(dealer.organisation)
    found = []
    with scope.looking(organisation=dealer.organisation):
        for row in models.Message.objects.select_related("person").order_by("at", "id"):
            key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
            body = key.open(row.body, table="message", row=row.id, column="body")
            found.append({"kind": row.kind, "text": orjson.loads(body)["text"], "state": row.state})
    return found


def test_drain_stores_a_text_once_however_often_it_arrives():
    dealer = dealers.dealer()
    value = dealers.text("Moin, ist mein Golf fertig?", wamid="wamid.1")
    dealers.arrive(dealer, dealers.body(dealer, value))
    dealers.arrive(dealer, dealers.body(dealer, value))
    dealers.arrive(dealer, dealers.body(dealer, value, dealers.text("Danke", wamid="wamid.2")))
    assert dealers.understand(dealer) == 2
    assert [one["text"] for one in _messages(dealer)] == ["Moin, ist mein Golf fertig?", "Danke"]


def test_drain_keeps_a_status_until_its_message_arrives():
    dealer = dealers.dealer()
    echo = {
        "message_echoes": [
            {
                "from": "494066969001",
                "to": dealers.ALICE,
                "id": "wamid.echo",
                "timestamp": str(int(dealers.NOW.timestamp())),
                "type": "text",
                "text": {"body": "Ja, ab 16 Uhr."},
            }
        ]
    }
    dealers.arrive(dealer, dealers.body(dealer, dealers.status("read", wamid="wamid.echo")))
    dealers.understand(dealer)
    with scope.looking(organisation=dealer.organisation):
        assert models.ParkedStatus.objects.count() == 1
    dealers.arrive(dealer, dealers.body(dealer, echo, change="smb_message_echoes"))
    dealers.understand(dealer)
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.get(provider_id=dealers.named(dealer, "wamid.echo"))
        assert row.outgoing
        assert row.read_at == dealers.NOW
        assert models.ParkedStatus.objects.count() == 0


def test_drain_sets_a_broken_body_aside_and_reads_its_neighbours():
    dealer = dealers.dealer()
    dealers.arrive(dealer, b"not json")
    dealers.arrive(dealer, dealers.body(dealer, dealers.text("Hallo")))
    dealers.understand(dealer)
    with scope.looking(organisation=dealer.organisation):
        states = dict(models.WebhookEvent.objects.values_list("state", "problem"))
        assert sorted(states) == ["dead", "done"]
        assert states["dead"] != ""
    assert [one["text"] for one in _messages(dealer)] == ["Hallo"]


@pytest.mark.shows("R-108", "R-05")
def test_drain_links_phone_and_bsuid_when_a_message_names_both():
    dealer = dealers.dealer()
    bsuid = "DE.abcdefgh123"
    only_phone = dealers.text("eins", wamid="wamid.a")
    only_bsuid = {
        "contacts": [{"user_id": bsuid, "profile": {"name": "Alice"}}],
        "messages": [
            {
                "from_user_id": bsuid,
                "id": "wamid.b",
                "timestamp": str(int((dealers.NOW + timedelta(seconds=1)).timestamp())),
                "type": "text",
                "text": {"body": "zwei"},
            }
        ],
    }
    both = dealers.text("drei", wamid="wamid.c", at=dealers.NOW + timedelta(seconds=2))
    both["contacts"][0]["user_id"] = bsuid
    both["messages"][0]["from_user_id"] = bsuid
    for value in (only_phone, only_bsuid, both):
        dealers.arrive(dealer, dealers.body(dealer, value))
        dealers.understand(dealer)
    with scope.looking(organisation=dealer.organisation):
        assert models.Conversation.objects.count() == 1
        assert models.Person.objects.filter(merged_into=None).count() == 1
    assert [one["text"] for one in _messages(dealer)] == ["eins", "zwei", "drei"]


def test_drain_files_nothing_under_another_organisations_number():
    dealer, other = dealers.dealer(), dealers.dealer()
    dealers.arrive(dealer, dealers.body(other, dealers.text("Hallo")))
    dealers.understand(dealer)
    with scope.looking(organisation=other.organisation):
        assert models.Message.objects.count() == 0
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.count() == 0
        assert models.NotUnderstood.objects.get().why == (
            "It names a phone number id that is not connected here."
        )


def test_drain_takes_large_bodies_in_batches_that_fit_into_memory():
    dealer = dealers.dealer()
    for n in range(3):
        words = dealers.text(f"{n}" + "x" * 3_000_000, wamid=f"wamid.{n}")
        dealers.arrive(dealer, dealers.body(dealer, words))
    taken = [inbound.drain(organisation=dealer.organisation, at=dealers.NOW) for _ in range(3)]
    assert taken == [2, 1, 0]


def test_drain_makes_no_person_of_a_forwarded_card():
    dealer = dealers.dealer()
    value = dealers.text("")
    card = {"name": {"formatted_name": "Bob"}, "phones": [{"phone": "+49 171 3920002"}]}
    value["messages"][0] |= {"type": "contacts", "contacts": [card]}
    dealers.arrive(dealer, dealers.body(dealer, value))
    assert dealers.understand(dealer) == 1
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.get().kind == "contacts"
        assert models.Person.objects.count() == 1
        assert models.Identity.objects.count() == 1


def test_drain_meters_a_priced_message_once_in_the_month_it_left():
    dealer = dealers.dealer()
    echo = {
        "from": "494066969001",
        "to": dealers.ALICE,
        "id": "wamid.echo",
        "timestamp": str(int(dealers.NOW.timestamp())),
        "type": "text",
        "text": {"body": "Ja, ab 16 Uhr."},
    }
    echoes = {"message_echoes": [echo]}
    dealers.arrive(dealer, dealers.body(dealer, echoes, change="smb_message_echoes"))
    price = {"billable": True, "category": "utility", "type": "regular"}
    later = dealers.NOW + timedelta(days=9)
    for word, at in (("delivered", dealers.NOW), ("sent", dealers.NOW), ("read", later)):
        told = dealers.status(word, wamid="wamid.echo", at=at, pricing=price)
        dealers.arrive(dealer, dealers.body(dealer, told), at=later)
    dealers.understand(dealer, at=later)
    with scope.looking(organisation=dealer.organisation):
        metered = models.Meter.objects.values_list("month", "category", "billable", "count")
        assert list(metered) == [(dealers.NOW.date().replace(day=1), "utility", True, 1)]
