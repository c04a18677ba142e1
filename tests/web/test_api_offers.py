"""Buttons and lists sent by a program: the composer's limits, the same gate, one message per key."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import dealers, phones, simulator, staff
from tests.web import test_api as api
from werkbote.domain import offers
from werkbote.store import models, scope

ROWS = (
    {"title": "9 Uhr", "description": "Halle 1", "heading": "Montag"},
    {"title": "10 Uhr", "description": ""},
    {"title": "8 Uhr", "heading": "Dienstag"},
)


def _buttons(*said: str, text: str = "Passt das?", **more: Any) -> dict[str, Any]:
    return {"kind": "buttons", "text": text, "buttons": list(said)} | more


def _list(*rows: dict[str, str], text: str = "Wann?", label: str = "Termine") -> dict[str, Any]:
    return {"kind": "list", "text": text, "label": label, "rows": list(rows)}


def _row(title: str, **more: str) -> dict[str, str]:
    return {"title": title} | more


@pytest.fixture(scope="module")
def provider() -> Iterator[simulator.Simulator]:
    with simulator.running() as made:
        yield made


@pytest.mark.parametrize(
    "wish", [_buttons("Ja", " Nein "), _list(*ROWS), _list(_row("9 Uhr"))], ids=range(3)
)
def test_what_a_program_offers_leaves_by_the_gate_and_the_provider_takes_it(provider, wish):
    dealer = dealers.dealer(graph_url=provider.url)
    provider.connect(dealer, enforce_limits=False)
    provider.customer("alice", phone="+" + dealers.ALICE)
    cast, now = staff.staff(dealer), datetime.now(UTC)
    conversation = staff.wrote(dealer, at=now)
    caller = api._caller(api._token(by=cast.bob))
    sent = api._send(caller, conversation, **wish)
    assert sent.status_code == 202, sent.content
    phones.sends(dealer, at=datetime.now(UTC))
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.select_related("permit").get(id=sent.json()["id"])
    assert (row.kind, row.state, row.permit.permitted) == ("interactive", "sent", True)
    (entry,) = [
        one for one in provider.log() if one["biz_opaque_callback_data"] == sent.json()["id"]
    ]
    assert (entry["kind"], entry["outcome"]) == ("interactive", "accepted")
    shown = caller.get(f"/api/v1/messages/{row.id}").json()
    assert (shown["kind"], shown["text"].startswith(wish["text"])) == ("interactive", True)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (_buttons(), "see errors"),
        (_buttons("1", "2", "3", "4"), "see errors"),
        (_buttons("x" * 21), "see errors"),
        (_buttons("Ja", text="x" * 1025), "see errors"),
        (_buttons("Ja", text=" \n"), "see errors"),
        (_buttons("🔧" * 11), "more than 20"),
        (_buttons("Ja", "JA"), "say the same"),
        (_buttons("Ja\nNein"), "cannot be seen"),
        (_buttons("\u3164"), "Write on the buttons"),
        (_list(), "see errors"),
        (_list(*(_row(str(one)) for one in range(11))), "see errors"),
        (_list(_row("9 Uhr"), label="x" * 21), "see errors"),
        (_list(_row("x" * 25)), "see errors"),
        (_list(_row("9 Uhr"), _row("9 uhr")), "say the same"),
        (_list(_row("9 Uhr"), _row("10 Uhr", heading="Montag")), "the first line"),
        (_list(_row("9 Uhr"), label=" "), "needs words of its own"),
    ],
    ids=range(16),
)
def test_what_the_composer_would_refuse_is_a_problem_and_queues_nothing(wish, said):
    cast = staff.staff()
    conversation = staff.wrote(cast.dealer)
    refused = api._send(api._caller(api._token(by=cast.bob)), conversation, **wish)
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert said in refused.json()["detail"]
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.Message.objects.filter(outgoing=True).exists()


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (_buttons("Ja", "Nein"), _buttons("Nein", "Ja")),
        (_buttons("Ja", "Nein"), _buttons("Ja")),
        (_buttons("Ja"), _buttons("Ja", text="Und so?")),
        (_buttons("Ja"), _list(_row("Ja"), text="Passt das?")),
        (_list(*ROWS), _list(*ROWS[:2])),
        (_list(*ROWS), _list(*ROWS, label="Zeiten")),
    ],
    ids=range(6),
)
def test_a_key_stands_for_one_question_with_its_answers(first, other):
    cast = staff.staff()
    conversation = staff.wrote(cast.dealer)
    caller = api._caller(api._token(by=cast.bob))
    sent = api._send(caller, conversation, **first)
    assert api._send(caller, conversation, **other).status_code == 409
    again = api._send(caller, conversation, **first)
    assert (again.status_code, again.json()) == (202, sent.json())


def test_the_description_names_the_limits_of_the_composer():
    cast = staff.staff()
    shapes = api._caller(api._token(by=cast.bob)).get("/api/v1/openapi.json").json()
    described = shapes["components"]["schemas"]
    buttons = described["ButtonsIn"]["properties"]["buttons"]
    rows = described["ListIn"]["properties"]["rows"]
    assert (buttons["maxItems"], buttons["items"]["maxLength"]) == (
        offers.MOST_BUTTONS,
        offers.MOST_BUTTON,
    )
    assert rows["maxItems"] == offers.MOST_ROWS
