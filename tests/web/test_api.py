"""The API: rights of the token, the same gate, one message per key, failures as problems, as described."""

import json
from datetime import timedelta

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from tests import dealers, staff
from werkbote.actions import outbox, team
from werkbote.domain import team as roles
from werkbote.store import models, scope
from werkbote.web import clock

EVERYTHING = tuple(roles.Scope)


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _token(*, by: int, scopes=EVERYTHING, days: int = 30, at=None) -> str:
    return team.issue_token(
        organisation=staff.viewer(by).organisation,
        name="Autohaus-System",
        scopes=scopes,
        days=days,
        by=by,
        at=at or clock.now(),
    )


def _caller(secret: str) -> Client:
    return Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {secret}"})


def _send(caller: Client, conversation: int, text: str = "Ihr Wagen ist fertig.", **more):
    return caller.post(
        f"/api/v1/conversations/{conversation}/messages",
        {"kind": "text", "text": text} | more,
        content_type="application/json",
        headers={"idempotency-key": "auftrag-4711"},
    )


def test_conversations_come_in_pages_the_newest_first(cast):
    for number in range(5):
        staff.wrote(
            cast.dealer,
            phone=f"+4917139200{number + 10}",
            at=dealers.NOW + timedelta(minutes=number),
        )
    caller, seen, cursor = _caller(_token(by=cast.alice)), [], ""
    while cursor is not None:
        page = caller.get(f"/api/v1/conversations?limit=2{cursor}").json()
        seen += [one["id"] for one in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert len(seen) == len(set(seen)) == 5


def test_a_message_is_queued_once_per_key_and_passes_the_gate_like_any(cast):
    conversation = staff.wrote(cast.dealer)
    caller = _caller(_token(by=cast.bob))
    first, again = _send(caller, conversation), _send(caller, conversation)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json() == {"id": first.json()["id"], "state": "queued"}
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Message.objects.get(conversation=conversation, outgoing=True)
    assert (str(row.id), row.state, row.author_id) == (first.json()["id"], "queued", cast.bob)
    shown = caller.get(f"/api/v1/messages/{row.id}").json()
    assert (shown["state"], shown["text"]) == ("queued", "Ihr Wagen ist fertig.")
    assert caller.get(f"/api/v1/messages/{row.id}/decisions").json() == []


def test_advertising_by_a_program_without_consent_is_refused_like_any(cast):
    conversation = staff.wrote(cast.dealer)
    caller = _caller(_token(by=cast.bob))
    sent = _send(caller, conversation, "Winterreifen um 20 % günstiger.", purpose="P-05")
    assert sent.status_code == 202
    dealer = cast.dealer
    now = clock.now()
    assert outbox.claim(organisation=dealer.organisation, number=dealer.number, at=now) == []
    message = sent.json()["id"]
    again = _send(caller, conversation, "Winterreifen um 20 % günstiger.", purpose="P-05")
    assert again.json() == {"id": message, "state": "refused"}
    (refusal,) = caller.get(f"/api/v1/messages/{message}/decisions").json()
    assert (refusal["permitted"], refusal["purpose"]) == (False, "P-05")
    assert refusal["rule"]
    assert refusal["article"]
    assert "Einwilligung" in refusal["sentence"]


_TEXT = {"kind": "text", "text": "Ihr Wagen ist fertig."}


def _template(name: str = "abholbereit", language: str = "de", **parameters: str):
    filled = {"name": name, "language": language, "parameters": parameters}
    return {"kind": "template", "template": filled}


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (_TEXT, _TEXT | {"text": "Etwas anderes."}),
        (_TEXT, _TEXT | {"text": "Ihr Wagen"}),
        (_TEXT, _TEXT | {"text": "fertig."}),
        (_TEXT, _TEXT | {"purpose": "P-05"}),
        (_TEXT, _template()),
        (_template(), _TEXT),
        (_template(), _template("hu_faellig")),
        (_template(), _template(language="en")),
        (_template(), _template(kennzeichen="HH-AB 123")),
        (_template(a="1", b="2"), _template(a="2", b="1")),
        (_template(a="1"), _template(b="1")),
        (_template(), _template() | {"purpose": "P-02"}),
    ],
    ids=range(12),
)
def test_a_key_stands_for_one_message_and_no_other(cast, first, other):
    conversation = staff.wrote(cast.dealer)
    caller = _caller(_token(by=cast.bob))
    sent = _send(caller, conversation, **first)
    refused = _send(caller, conversation, **other)
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert refused.json()["detail"].startswith("This Idempotency-Key belongs to another message")
    again = _send(caller, conversation, **first)
    assert (sent.status_code, again.status_code) == (202, 202)
    assert again.json() == sent.json()
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Message.objects.filter(outgoing=True).count() == 1


def test_a_key_stands_for_its_message_after_the_notice_was_put_under_it(cast):
    conversation = staff.wrote(cast.dealer, at=clock.now())
    caller = _caller(_token(by=cast.bob))
    sent = _send(caller, conversation)
    dealer = cast.dealer
    (ready,) = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=clock.now())
    again = _send(caller, conversation)
    assert (again.status_code, again.json()["id"]) == (202, sent.json()["id"])
    assert str(ready.message) == sent.json()["id"]
    assert caller.get(f"/api/v1/messages/{ready.message}").json()["text"] != "Ihr Wagen ist fertig."


@pytest.mark.shows("S-04", "S-05")
@pytest.mark.parametrize("who", ["charlie", "eve"])
def test_a_token_of_another_branch_or_house_sees_and_sends_nothing(cast, who):
    conversation = staff.wrote(cast.dealer)
    caller = _caller(_token(by=getattr(cast, who)))
    assert caller.get("/api/v1/conversations").json()["items"] == []
    assert caller.get(f"/api/v1/conversations/{conversation}/messages").status_code == 404
    assert _send(caller, conversation).status_code == 404
    assert caller.get("/api/v1/changes").json()["conversations"] == []


def test_a_token_of_somebody_who_reads_no_chats_reads_none(cast):
    staff.wrote(cast.dealer)
    caller = _caller(_token(by=cast.dora))
    assert caller.get("/api/v1/conversations").status_code == 404


@pytest.mark.parametrize("scope_", roles.Scope)
def test_a_scope_opens_its_own_part_and_no_other(cast, scope_):
    conversation = staff.wrote(cast.dealer)
    caller = _caller(_token(by=cast.alice, scopes=[scope_]))
    read = caller.get("/api/v1/conversations").status_code
    sent = _send(caller, conversation).status_code
    why = caller.get("/api/v1/messages/1/decisions").status_code
    wanted = {"read": (200, 403, 403), "send": (403, 202, 403), "decisions": (403, 403, 404)}
    assert (read, sent, why) == wanted[scope_]


@pytest.mark.parametrize("how", ["ended", "expired", "left", "forged", "garbage", "none"])
def test_a_token_that_is_over_opens_nothing(cast, how):
    at = clock.now() - timedelta(days=40) if how == "expired" else clock.now()
    secret = _token(by=cast.bob, at=at)
    organisation = cast.dealer.organisation
    if how == "ended":
        with scope.looking(organisation=organisation):
            token = models.Token.objects.get(member=cast.bob).id
        assert team.end_token(organisation=organisation, token=token, by=cast.alice, at=at)
    elif how == "left":
        team.let_go(organisation=organisation, member=cast.bob, by=cast.alice, at=at)
    secret = {"forged": f"{secret}x", "garbage": "wb_1_x"}.get(how, secret)
    caller = Client(SERVER_NAME="127.0.0.1") if how == "none" else _caller(secret)
    answer = caller.get("/api/v1/conversations")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"kind": "text", "text": 1}',
        b'{"kind": "text", "text": ""}',
        b'{"kind": "sticker"}',
        b'{"kind": "template"}',
        b'{"kind": "template", "template": {"name": "", "language": "de"}}',
        b'{"kind": "text", "text": "x", "purpose": "advertising"}',
        b'{"text": "ohne Art"}',
        b"\xff\xfe",
        json.dumps({"kind": "text", "text": "x" * 5000}).encode(),
    ],
    ids=range(13),
)
def test_broken_wishes_are_problems_and_queue_nothing(cast, body):
    conversation = staff.wrote(cast.dealer)
    answer = _caller(_token(by=cast.bob)).post(
        f"/api/v1/conversations/{conversation}/messages",
        body,
        content_type="application/json",
        headers={"idempotency-key": "auftrag-4711"},
    )
    assert answer.status_code in {400, 422}
    assert answer.json()["title"]
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.Message.objects.filter(conversation=conversation, outgoing=True).exists()


def test_without_a_key_nothing_is_sent(cast):
    conversation = staff.wrote(cast.dealer)
    answer = _caller(_token(by=cast.bob)).post(
        f"/api/v1/conversations/{conversation}/messages",
        {"kind": "text", "text": "Moin"},
        content_type="application/json",
    )
    assert answer.status_code == 422


def test_the_secret_is_shown_once_and_kept_nowhere(cast, owner):
    browser = staff.signed_in(cast.alice)
    order = {"name": "DMS", "scopes": ["read"], "days": "30"}
    page = browser.post("/team/tokens/", order).content.decode()
    secret = page.split('value="wb_')[1].split('"')[0]
    assert secret not in browser.get("/team/interfaces/").content.decode()
    rows = owner.execute("SELECT digest FROM token").fetchall()
    assert all(secret.encode() not in bytes(row[0]) for row in rows)
    assert _caller(f"wb_{secret}").get("/api/v1/conversations").status_code == 200


def test_the_api_answers_as_its_description_says(cast):
    conversation = staff.wrote(cast.dealer)
    secret = _token(by=cast.alice)
    with override_settings(ALLOWED_HOSTS=["*"]):
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        operations = [found.ok() for found in schema.get_all_operations()]
        assert len(operations) == 6
        for operation in operations:
            _try(operation, secret, conversation)


_UNSAID = (checks.positive_data_acceptance,)
"""What can be seen of an answer, and that no two read the same, is more than a schema can say."""


def _try(operation, secret: str, conversation: int) -> None:
    @settings(
        max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(), known=st.booleans())
    def run(case, known):
        if known and "conversation" in (case.path_parameters or {}):
            case.path_parameters["conversation"] = conversation
        offered = isinstance(case.body, dict) and case.body.get("kind") in {"buttons", "list"}
        case.call_and_validate(
            headers={"Authorization": f"Bearer {secret}"},
            excluded_checks=list(_UNSAID) if offered else [],
        )

    run()
