"""The composer's help: drafts, taking back, ready replies, how it will look; each member's own."""

import re
import secrets
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests import dealers, erasures, staff
from werkbote.actions import cases as case_deeds
from werkbote.actions import desk as deeds
from werkbote.actions import outbox, upkeep
from werkbote.domain import cases
from werkbote.store import models, scope

HX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def _key() -> str:
    return secrets.token_urlsafe(18)


def _keep(browser, conversation, words, **more):
    fields = {"text": words, "purpose": "P-03", "key": _key(), **more}
    return browser.post(f"/inbox/{conversation}/draft/", fields)


def _typed(browser, conversation) -> str:
    part = browser.get(f"/inbox/{conversation}/composer/").content.decode()
    return re.search(r"<textarea[^>]*>\n(.*?)</textarea>", part, re.DOTALL)[1]


def _drafts(cast) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.MessageDraft.objects.count()


def test_what_was_begun_is_there_again_and_is_nobody_elses(cast):
    conversation = staff.wrote(cast.dealer)
    bob, alice = staff.signed_in(cast.bob), staff.signed_in(cast.alice)
    for text in ("Ihr", "Ihr Wagen <b>"):
        assert _keep(bob, conversation, text).status_code == 204
    assert _typed(bob, conversation) == "Ihr Wagen &lt;b&gt;"
    assert '<option value="P-03" selected>' in bob.get(f"/inbox/{conversation}/").content.decode()
    assert _typed(alice, conversation) == ""
    assert _drafts(cast) == 1


def test_an_emptied_composer_keeps_nothing(cast):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    _keep(browser, conversation, "Ihr Wagen")
    _keep(browser, conversation, "  ")
    assert _drafts(cast) == 0


def test_a_draft_that_arrives_after_sending_does_not_come_back(cast):
    conversation, key = staff.wrote(cast.dealer), _key()
    browser = staff.signed_in(cast.bob)
    _keep(browser, conversation, "Gern", key=key)
    fields = {"text": "Gern!", "purpose": "P-02", "key": key}
    browser.post(f"/inbox/{conversation}/send/", fields)
    _keep(browser, conversation, "Gern", key=key)
    assert _drafts(cast) == 0


def test_a_draft_that_arrives_while_it_is_sent_waits_and_does_not_come_back(cast):
    conversation, key = staff.wrote(cast.dealer), _key()
    begun = outbox.Begun(text="Gern", key=key)
    deed = {"organisation": cast.dealer.organisation, "conversation": conversation, "by": cast.bob}
    kept: list[bool] = []

    def keep() -> None:
        kept.append(outbox.keep_draft(begun=begun, at=dealers.NOW, **deed))
        connections.close_all()

    late = threading.Thread(target=keep)
    with scope.transaction(organisation=cast.dealer.organisation):
        row = models.Conversation.objects.select_for_update(no_key=True).get(id=conversation)
        late.start()
        late.join(0.5)
        assert late.is_alive()
        models.Message.objects.filter(conversation=row).update(request_key=key)
    late.join(60)
    assert (kept, _drafts(cast)) == ([False], 0)


@pytest.mark.parametrize(
    "fields",
    [{"key": "kurz"}, {"text": "x" * 20_000}, {"reply_to": "9" * 30}, {"purpose": "x" * 9}],
)
def test_what_no_composer_sends_is_not_kept(cast, fields):
    conversation = staff.wrote(cast.dealer)
    assert _keep(staff.signed_in(cast.bob), conversation, "", **fields).status_code == 422


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_keep_and_see_nothing(cast, who):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(getattr(cast, who))
    assert _keep(browser, conversation, "Hallo").status_code == 404
    for part in ("composer", "replies"):
        assert browser.get(f"/inbox/{conversation}/{part}/").status_code == 404
    assert _drafts(cast) == 0


def test_drafts_go_after_thirty_days_and_with_the_person(cast, monkeypatch):
    monkeypatch.setattr(upkeep, "organisations", lambda: [cast.dealer.organisation])
    conversation, other = staff.wrote(cast.dealer), staff.wrote(cast.dealer, phone="+491713920002")
    browser = staff.signed_in(cast.bob)
    for one in (conversation, other):
        _keep(browser, one, "Ihr Wagen")
    with scope.transaction(organisation=cast.dealer.organisation):
        models.MessageDraft.objects.filter(conversation=other).update(
            changed_at=datetime.now(UTC) - timedelta(days=31)
        )
        person = models.Conversation.objects.get(id=conversation).person_id
    upkeep.let_go(at=datetime.now(UTC))
    assert _drafts(cast) == 1
    erasures.executed(cast.dealer, erasures.asked(cast.dealer, person))
    assert _drafts(cast) == 0


def _send(cast, conversation, **more):
    fields = {"text": "Gern!", "purpose": "P-02", "key": _key(), **more}
    return staff.signed_in(cast.bob).post(f"/inbox/{conversation}/send/", fields, headers=HX)


def _out(cast) -> models.Message:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Message.objects.get(outgoing=True)


def test_what_was_sent_waits_five_seconds_before_anybody_may_claim_it(cast):
    conversation = staff.wrote(cast.dealer, at=datetime.now(UTC))
    _send(cast, conversation)
    message, dealer = _out(cast), cast.dealer
    assert message.due_at - message.at == timedelta(seconds=5)
    early = outbox.claim(
        organisation=dealer.organisation,
        number=dealer.number,
        at=message.due_at - timedelta(microseconds=1),
    )
    assert early == []
    page = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/messages/").content.decode()
    assert "Senden rückgängig" in page
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=message.due_at)
    assert [one.message for one in ready] == [message.id]


def test_what_is_taken_back_returns_into_the_composer_with_its_quote(cast):
    conversation = staff.wrote(cast.dealer, words="Wann ist er fertig?")
    with scope.looking(organisation=cast.dealer.organisation):
        question = models.Message.objects.get(outgoing=False).id
    _send(cast, conversation, reply_to=question)
    browser = staff.signed_in(cast.bob)
    answer = browser.post(f"/messages/{_out(cast).id}/cancel/", headers=HX)
    assert answer["HX-Trigger"] == "thread-changed, composer-changed"
    assert _out(cast).state == "cancelled"
    assert _typed(browser, conversation) == "Gern!"
    part = browser.get(f"/inbox/{conversation}/composer/").content.decode()
    assert f'name="reply_to" value="{question}"' in part


def test_taking_back_too_late_changes_nothing(cast):
    conversation = staff.wrote(cast.dealer, at=datetime.now(UTC))
    _send(cast, conversation)
    message, dealer = _out(cast), cast.dealer
    outbox.claim(organisation=dealer.organisation, number=dealer.number, at=message.due_at)
    browser = staff.signed_in(cast.bob)
    answer = browser.post(f"/messages/{message.id}/cancel/", headers=HX)
    assert answer["HX-Trigger"] == "thread-changed"
    assert (_out(cast).state, _typed(browser, conversation)) == ("sending", "")


def test_what_is_begun_meanwhile_is_not_overwritten(cast):
    conversation = staff.wrote(cast.dealer)
    _send(cast, conversation)
    browser = staff.signed_in(cast.bob)
    _keep(browser, conversation, "Noch etwas")
    browser.post(f"/messages/{_out(cast).id}/cancel/")
    assert _typed(browser, conversation) == "Noch etwas"


def _reply(cast, name: str, text: str, **more) -> int:
    return deeds.create_reply(
        organisation=cast.dealer.organisation,
        reply=deeds.Reply(name=name, text=text, **more),
        by=cast.alice,
        at=dealers.NOW,
    )


def _person(cast) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Person.objects.get().id


def _offered(browser, conversation) -> list[str]:
    part = browser.get(f"/inbox/{conversation}/replies/").content.decode()
    return re.findall(r'data-text="([^"]*)"', part)


def test_ready_replies_are_filled_with_what_is_known(cast):
    conversation = staff.wrote(cast.dealer)
    _reply(cast, "fertig", "{Anrede}, Ihr {Fahrzeug} ({Kennzeichen}) ist fertig. {Mitarbeiter}")
    browser = staff.signed_in(cast.bob)
    assert _offered(browser, conversation) == [
        "Guten Tag Petra Beispiel, Ihr {Fahrzeug} ({Kennzeichen}) ist fertig. Anna Muster"
    ]
    for plate in ("HH-AB 123", "HH-AB 124"):
        case_deeds.record_vehicle(
            organisation=cast.dealer.organisation,
            person=_person(cast),
            told=cases.Vehicle(plate=plate, make="VW", model="Golf"),
            role=cases.Role.HOLDER,
            by=cast.bob,
            at=dealers.NOW,
        )
        said = _offered(browser, conversation)[0]
        assert ("VW Golf (HH-AB 123)" in said) == (plate == "HH-AB 123")


def test_ready_replies_are_those_of_the_house_the_branch_and_the_team(cast):
    conversation = staff.wrote(cast.dealer)
    here = cast.dealer
    with scope.looking(organisation=here.organisation):
        elsewhere = models.Branch.objects.exclude(id=here.branch).get().id
    who = {"organisation": here.organisation, "by": cast.alice, "at": dealers.NOW}
    team = deeds.create_team(branch=here.branch, kind="service", name="Werkstatt", **who)
    _reply(cast, "haus", "Haus")
    _reply(cast, "hier", "Hier", branch=here.branch)
    _reply(cast, "dort", "Dort", branch=elsewhere)
    _reply(cast, "team", "Team", team=team)
    browser = staff.signed_in(cast.bob)
    assert _offered(browser, conversation) == ["Haus", "Hier"]
    deeds.join_team(team=team, member=cast.bob, **who)
    assert _offered(browser, conversation) == ["Haus", "Hier", "Team"]


def test_offering_asks_the_same_number_of_questions_whatever_there_is(cast):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(cast.bob)
    asked = []
    for name in ("eins", "zwei", "drei"):
        _reply(cast, name, "{Anrede} {Kennzeichen}")
        with CaptureQueriesContext(connection) as queries:
            assert len(_offered(browser, conversation)) == len(asked) + 1
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_a_gap_is_asked_about_before_it_leaves(cast):
    conversation = staff.wrote(cast.dealer)
    first = _send(cast, conversation, text="Ihr {Kennzeichen} ist fertig")
    assert first.status_code == 422
    assert "Noch auszufüllen" in first.content.decode()
    again = _send(cast, conversation, text="Ihr {Kennzeichen} ist fertig", warned="yes")
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*fett* _schräg_ ~weg~", "<strong>fett</strong> <em>schräg</em> <s>weg</s>"),
        ("```<b>```", "<code>&lt;b&gt;</code>"),
        ("3 * 4 * 5 <b>", ""),
        ("schlicht", ""),
    ],
)
def test_marks_are_shown_as_they_will_look(cast, text, shown):
    conversation = staff.wrote(cast.dealer)
    answer = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/warning/", {"text": text})
    part = answer.content.decode()
    assert (shown in part) if shown else (part.strip() == "")
