"""Macros and rules do several deeds in one, all of them or none."""

from typing import Any

import pytest

from tests import dealers, staff
from tests.deskwork import (
    NOW,
    arrives,
    audited,
    by_bob,
    close,
    conversation_of,
    happened,
    label,
    look,
    waiting,
    words_of,
)
from werkbote.actions import desk as deeds
from werkbote.domain import desk
from werkbote.store import models, scope


@pytest.fixture
def crew() -> staff.Staff:
    return staff.everybody()


def macro(crew: staff.Staff, *steps: dict[str, Any]) -> int:
    return deeds.create_macro(
        organisation=crew.dealer.organisation, name="Fertig", steps=steps, by=crew.alice, at=NOW
    )


def test_a_macro_does_several_deeds_in_one(crew: staff.Staff) -> None:
    conversation, made = staff.wrote(crew.dealer), label(crew)
    whole = macro(
        crew,
        {"act": "assign_me"},
        {"act": "label", "target": made},
        {"act": "note", "text": "Erledigt"},
        {"act": "reply", "text": "Ihr Wagen ist fertig."},
        {"act": "close", "outcome": "order"},
    )
    deeds.run_macro(macro=whole, **by_bob(crew, conversation))
    row = look(crew, conversation)
    assert (row.owner_id, row.state, row.outcome) == (crew.bob, "closed", "order")
    assert happened(crew, conversation) == ["assigned", "labelled", "noted", "closed"]
    assert ["Ihr Wagen ist fertig." in words_of(crew, one) for one in waiting(crew)] == [True]
    assert audited(crew)[-1] == "desk.run_macro"


def test_a_macro_does_all_of_its_steps_or_none(crew: staff.Staff) -> None:
    conversation, made = staff.wrote(crew.dealer), label(crew)
    whole = macro(crew, {"act": "assign_me"}, {"act": "label", "target": made})
    deeds.end_label(organisation=crew.dealer.organisation, label=made, by=crew.alice, at=NOW)
    with pytest.raises(deeds.UnableToDo, match="label is not there"):
        deeds.run_macro(macro=whole, **by_bob(crew, conversation))
    assert look(crew, conversation).owner_id is None
    assert happened(crew, conversation) == []


def test_an_ended_macro_does_nothing(crew: staff.Staff) -> None:
    conversation, made = staff.wrote(crew.dealer), macro(crew, {"act": "unassign"})
    end = {"organisation": crew.dealer.organisation, "macro": made, "by": crew.alice, "at": NOW}
    deeds.end_macro(**end)
    with pytest.raises(deeds.UnableToDo, match="ended already"):
        deeds.end_macro(**end)
    with pytest.raises(deeds.UnableToDo, match="not there any more"):
        deeds.run_macro(macro=made, **by_bob(crew, conversation))


def rule(crew: staff.Staff, *steps: dict[str, Any], active: bool = True, **more: Any) -> int:
    deed = {"organisation": crew.dealer.organisation, "by": crew.alice, "at": NOW}
    wanted = deeds.Wanted(
        **{"name": "Eilige", "trigger": desk.Trigger.MESSAGE, "steps": steps, **more}
    )
    made = deeds.create_rule(wanted=wanted, **deed)
    if active:
        deeds.switch_rule(rule=made, active=True, **deed)
    return made


def test_a_rule_does_its_steps_by_itself_where_it_applies(crew: staff.Staff) -> None:
    made = label(crew)
    rule(
        crew,
        {"act": "label", "target": made},
        {"act": "assign", "target": crew.bob},
        conditions=[{"subject": "words", "value": "Panne, Unfall"}],
    )
    arrives(crew, "Ich hatte einen Unfall", at=NOW)
    conversation = conversation_of(crew)
    assert look(crew, conversation).owner_id == crew.bob
    assert happened(crew, conversation) == ["labelled", "assigned"]
    with scope.looking(organisation=crew.dealer.organisation):
        actors = set(
            models.AuditEntry.objects.filter(object=f"conversation:{conversation}").values_list(
                "actor", flat=True
            )
        )
    assert {actor.split(":")[0] for actor in actors} == {"rule"}


def test_a_rule_that_is_off_ended_or_elsewhere_does_nothing(crew: staff.Staff) -> None:
    assign = {"act": "assign", "target": crew.bob}
    rule(crew, assign, active=False)
    ended = rule(crew, assign)
    with scope.looking(organisation=crew.dealer.organisation):
        other = models.Branch.objects.exclude(id=crew.dealer.branch)[0].id
    rule(crew, assign, branch=other)
    deed = {"organisation": crew.dealer.organisation, "rule": ended, "by": crew.alice, "at": NOW}
    deeds.end_rule(**deed)
    for again in (lambda: deeds.end_rule(**deed), lambda: deeds.switch_rule(active=True, **deed)):
        with pytest.raises(deeds.UnableToDo, match="not there any more"):
            again()
    arrives(crew, at=NOW)
    assert look(crew, conversation_of(crew)).owner_id is None


def test_a_rule_whose_step_cannot_be_done_does_nothing_and_loses_no_message(
    crew: staff.Staff, caplog: pytest.LogCaptureFixture
) -> None:
    gone = label(crew)
    rule(crew, {"act": "assign", "target": crew.bob}, {"act": "label", "target": gone})
    deeds.end_label(organisation=crew.dealer.organisation, label=gone, by=crew.alice, at=NOW)
    arrives(crew, at=NOW)
    conversation = conversation_of(crew)
    assert look(crew, conversation).owner_id is None
    assert happened(crew, conversation) == []
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_reply_by_rule_is_queued_once_however_often_a_body_comes(crew: staff.Staff) -> None:
    rule(crew, {"act": "reply", "text": "Wir melden uns."}, trigger=desk.Trigger.FIRST_MESSAGE)
    body = dealers.body(crew.dealer, dealers.text("Moin", wamid="wamid.once"))
    for extra in (b"", b" "):
        dealers.arrive(crew.dealer, body + extra)
        dealers.understand(crew.dealer)
    arrives(crew, "Noch etwas")
    assert [(row.purpose, row.author_id) for row in waiting(crew)] == [("P-02", None)]


def test_a_rule_can_wait_for_the_end(crew: staff.Staff) -> None:
    conversation, made = staff.wrote(crew.dealer), label(crew, "Nachfassen")
    rule(crew, {"act": "label", "target": made}, trigger=desk.Trigger.CLOSED)
    close(crew, conversation)
    assert happened(crew, conversation) == ["closed", "labelled"]


@pytest.mark.parametrize(
    "more",
    [
        {"name": " "},
        {"steps": []},
        {"steps": [{"act": "assign_me"}]},
        {"conditions": [{"subject": "words", "value": ""}]},
        {"branch": 1},
    ],
)
def test_a_rule_that_is_none_is_refused(crew: staff.Staff, more: dict[str, Any]) -> None:
    steps = more.pop("steps", [{"act": "unassign"}])
    with pytest.raises(deeds.UnableToDo):
        rule(crew, *steps, **more)
