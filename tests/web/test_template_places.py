"""What is filled into a template, by the page and by the API: said clearly, nothing lost, nothing refused by Meta."""

import html
import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests import dealers, hostile, phones, simulator, staff
from werkbote.actions import team
from werkbote.domain import law
from werkbote.domain import team as roles
from werkbote.domain.policy import templates
from werkbote.store import models, scope
from werkbote.web.api import shapes

BODY = "Hallo {{1}}, Ihr Wagen ist am {{2}} fertig."

_LINE = ("eine Zeile", "one line")
_UNSEEN = ("unsichtbare Zeichen", "cannot be seen")
REFUSED = {
    "empty": ("", ("", "is empty")),
    "spaces": ("   ", ("", "is empty")),
    "line": ("Petra\nBeispiel", _LINE),
    "return": ("Petra\rBeispiel", _LINE),
    "tab": ("Petra\tBeispiel", _LINE),
    "five spaces": ("Petra     Beispiel", _LINE),
    "too long": ("x" * 1025, ("länger als 1.024", "longer than 1,024")),
    "place": ("{{1}}", ("geschweifte Klammern", "holds braces")),
    "open place": ("{{Name", ("geschweifte Klammern", "holds braces")),
    "override": ("Petra\u202eleipsieB", _UNSEEN),
    "isolate": ("\u2067Petra", _UNSEEN),
    "line of unicode": ("Petra\u2028Beispiel", _UNSEEN),
    "control": ("Petra\x07", _UNSEEN),
}
TAKEN = {
    "plain": "Petra Beispiel",
    "four spaces": "Petra    Beispiel",
    "emoji": "Petra 🚗👩\u200d🔧",
    "arabic": hostile.TURNED["arabic"],
    "one brace": "{Petra}",
    "marks": "*Petra* _B_",
    **{name: words for name, words in hostile.WORDS.items() if "{{" not in words},
}


@pytest.fixture(scope="module")
def meta() -> Iterator[simulator.Simulator]:
    """One simulator for all of these tests."""
    with simulator.running() as made:
        yield made


@pytest.fixture
def cast(meta: simulator.Simulator) -> staff.Staff:
    made = dealers.dealer(graph_url=meta.url)
    meta.connect(made, enforce_limits=False)
    meta.customer("petra", phone="+491713920001")
    examples = {"body_text": [["Petra", "Montag"]]}
    body = {"type": "BODY", "text": BODY, "example": examples}
    meta.call(
        "PUT",
        f"wabas/{made.account_id}/templates",
        name="fertig",
        language="de",
        category="UTILITY",
        components=[body],
    )
    return staff.staff(made)


def _template(cast) -> int:
    with scope.transaction(organisation=cast.dealer.organisation):
        row = models.Template(
            organisation_id=cast.dealer.organisation,
            account_id=cast.dealer.account_id,
            name="fertig",
            language="de",
            status="APPROVED",
            category="UTILITY",
            purpose="P-02",
            components=[{"type": "BODY", "text": BODY}],
        )
        row.save(force_insert=True)
    return row.id


def _out(cast) -> list[models.Message]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(
            models.Message.objects.select_related("refusal").filter(outgoing=True).order_by("id")
        )


def _fill(cast, conversation, first, second="Montag"):
    fields = {"key": secrets.token_urlsafe(18), "place_1": first, "place_2": second}
    template = _template(cast)
    browser = staff.signed_in(cast.bob)
    return browser.post(f"/inbox/{conversation}/templates/{template}/", fields)


def _call(cast, conversation, first, second="Montag"):
    _template(cast)
    made = team.issue_token(
        organisation=cast.dealer.organisation,
        name="Fremdsystem",
        scopes=[roles.Scope.SEND],
        days=30,
        by=cast.bob,
        at=datetime.now(UTC),
    )
    parameters = {"1": first, "2": second}
    template = {"name": "fertig", "language": "de", "parameters": parameters}
    return Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {made}"}).post(
        f"/api/v1/conversations/{conversation}/messages",
        json.dumps({"kind": "template", "template": template, "purpose": "P-02"}),
        content_type="application/json",
        headers={"idempotency-key": secrets.token_urlsafe(18)},
    )


@pytest.mark.parametrize(("value", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_the_page_says_what_to_change_and_keeps_every_word(cast, value, said):
    conversation = staff.wrote(cast.dealer)
    answer = _fill(cast, conversation, value)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said[0] in page
    assert value.strip() in page
    assert 'value="Montag"' in page
    assert _out(cast) == []


@pytest.mark.parametrize(("value", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_the_api_answers_with_the_same_refusal(cast, value, said):
    conversation = staff.wrote(cast.dealer)
    answer = _call(cast, conversation, value)
    assert answer.status_code == 422
    assert said[1] in answer.json()["detail"]
    assert _out(cast) == []


def _informed(cast) -> int:
    """A person who wrote just now and to whom the notice of the first contact has left."""
    conversation = staff.wrote(cast.dealer, at=datetime.now(UTC))
    fields = {"text": "Gern!", "purpose": "P-02", "key": secrets.token_urlsafe(18)}
    staff.signed_in(cast.bob).post(f"/inbox/{conversation}/send/", fields)
    phones.sends(cast.dealer, at=_out(cast)[-1].due_at)
    return conversation


@pytest.mark.parametrize("way", [_fill, _call])
@pytest.mark.parametrize("value", TAKEN.values(), ids=TAKEN.keys())
def test_what_is_queued_the_provider_takes_word_by_word(cast, value, way):
    conversation = _informed(cast)
    assert way(cast, conversation, value).status_code in {202, 302}
    phones.sends(cast.dealer, at=_out(cast)[-1].due_at)
    message = _out(cast)[-1]
    assert (message.kind, message.state, message.failure_code) == ("template", "sent", None)
    told = phones.content(cast.dealer, message)["content"]["template"]["parameters"]
    assert told == {"1": value, "2": "Montag"}
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/").content.decode()
    assert hostile.WORDS["script"] not in page


def test_the_page_refuses_places_that_are_too_long_together(cast):
    answer = _fill(cast, staff.wrote(cast.dealer), "x" * 800, "y" * 800)
    assert answer.status_code == 422
    assert "1024" in answer.content.decode()
    assert _out(cast) == []


def test_the_gate_refuses_places_that_are_too_long_together(cast):
    conversation = _informed(cast)
    assert _call(cast, conversation, "x" * 800, "y" * 800).status_code == 202
    assert phones.sends(cast.dealer, at=_out(cast)[-1].due_at) == []
    message = _out(cast)[-1]
    assert (message.state, message.refusal.rule) == ("refused", law.RuleId.TEMPLATE_PARAMETER_FORM)


@given(value=st.from_regex(shapes.FILLING["pattern"], fullmatch=True))
def test_what_the_description_takes_the_gate_takes(value):
    assert templates.parameter_flaw(value[: shapes.FILLING["maxLength"]]) == ""


@pytest.mark.parametrize(("value", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_gate_refuses_the_description_does_not_take(value, said):
    del said
    fits = re.fullmatch(shapes.FILLING["pattern"], value)
    assert not fits or len(value) > shapes.FILLING["maxLength"]


@pytest.mark.parametrize("value", TAKEN.values(), ids=TAKEN.keys())
def test_what_the_gate_takes_the_description_takes(value):
    assert re.fullmatch(shapes.FILLING["pattern"], value)
