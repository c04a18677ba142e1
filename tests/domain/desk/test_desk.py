"""States, rules, steps and mentions of the desk: tables and pure questions."""

import itertools
from typing import Any

import pytest

from werkbote.domain import desk


@pytest.mark.parametrize(("state", "cause"), sorted(set(itertools.product(desk.State, desk.Cause))))
def test_a_conversation_moves_by_its_table_alone(state: desk.State, cause: desk.Cause) -> None:
    if (state, cause) in desk.TRANSITIONS:
        assert desk.move(state=state, cause=cause) is desk.TRANSITIONS[state, cause]
    else:
        with pytest.raises(desk.UnableToMove, match="reload"):
            desk.move(state=state, cause=cause)


def test_whatever_the_state_writing_opens() -> None:
    assert {desk.move(state=one, cause=desk.Cause.WROTE) for one in desk.State} == {"open"}


def test_the_diagram_has_an_arrow_for_every_move() -> None:
    arrows = [line for line in desk.diagram().splitlines() if ": " in line]
    assert len(arrows) == len(desk.TRANSITIONS)


NAMES = {1: "Anna Muster", 2: "Bernd Beispiel", 3: "Anna Probe", 4: "Zoë"}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Bernd bitte ansehen", {2}),
        ("Frag @bernd beispiel, er weiß es", {2}),
        ("@Anna schau mal", set()),
        ("@Anna Probe schau mal", {3}),
        ("@Zoë und @Bernd", {2, 4}),
        ("mail@bernd.example", set()),
        ("@@Bernd", set()),
        ("@Karl", set()),
        ("nichts", set()),
    ],
)
def test_a_note_calls_whom_it_names(text: str, called: set[int]) -> None:
    assert desk.mentioned(text, members=NAMES) == called


def rule(*conditions: dict[str, Any], trigger: str = "message") -> desk.Rule:
    return desk.Rule(
        id=1,
        trigger=desk.Trigger(trigger),
        conditions=desk.parse_conditions(conditions),
        steps=desk.parse_steps([{"act": "unassign"}], by_rule=True),
    )


def heard(text: str = "Wann ist mein Golf fertig?", **more: Any) -> desk.Happening:
    return desk.Happening(
        trigger=desk.Trigger(more.pop("trigger", "message")), text=text, kind="text", **more
    )


@pytest.mark.parametrize(
    ("condition", "happening", "applies"),
    [
        ({"subject": "words", "value": "fertig, abholen"}, heard(), True),
        ({"subject": "words", "value": "abholen"}, heard("Kann ich ihn abholen?"), True),
        ({"subject": "words", "value": "Reifen wechseln"}, heard("Reifen bitte wechseln"), True),
        ({"subject": "words", "value": "Reifen wechseln"}, heard("Reifen kaufen"), False),
        ({"subject": "words", "value": "Bremse"}, heard(), False),
        ({"subject": "words", "value": "Bremse", "negated": True}, heard(), True),
        ({"subject": "words", "value": ", ,"}, heard(), False),
        ({"subject": "kind", "value": "image"}, heard(), False),
        ({"subject": "number", "value": "7"}, heard(number=7), True),
        ({"subject": "hours", "value": "closed"}, heard(open=False), True),
        ({"subject": "hours", "value": "open"}, heard(open=False), False),
        ({"subject": "label", "value": "5"}, heard(labels=frozenset({5})), True),
        ({"subject": "label", "value": "6"}, heard(labels=frozenset({5})), False),
        ({"subject": "unassigned"}, heard(), True),
        ({"subject": "unassigned"}, heard(assigned=True), False),
    ],
)
def test_a_rule_applies_where_its_condition_holds(
    condition: dict[str, Any], happening: desk.Happening, *, applies: bool
) -> None:
    assert desk.applies(rule(condition), happening) is applies


def test_all_conditions_must_hold_and_none_always_holds() -> None:
    both = rule({"subject": "unassigned"}, {"subject": "hours", "value": "closed"})
    assert [desk.applies(both, heard()), desk.applies(both, heard(open=False))] == [False, True]
    assert desk.applies(rule(), heard())


@pytest.mark.parametrize(
    ("waits", "happens", "applies"),
    [
        ("message", "message", True),
        ("message", "first_message", True),
        ("first_message", "message", False),
        ("first_message", "first_message", True),
        ("closed", "message", False),
        ("closed", "closed", True),
    ],
)
def test_a_rule_is_asked_when_its_trigger_comes(waits: str, happens: str, *, applies: bool) -> None:
    assert desk.applies(rule(trigger=waits), heard(trigger=happens)) is applies


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([], "at least one step"),
        ([{"act": "fly"}], "not readable"),
        ([{}], "not readable"),
        ([{"act": "assign", "target": "x"}], "not readable"),
        ([{"act": "assign"}], "to whom or what"),
        ([{"act": "note", "text": "  "}], "Write the text"),
        ([{"act": "reply", "text": "x" * 2001}], "more than 2000"),
        ([{"act": "snooze"}], "how many hours"),
        ([{"act": "unassign"}] * 11, "Ten steps"),
        ([{"act": "assign_me"}], "nobody to assign"),
    ],
)
def test_steps_that_cannot_be_done_are_refused(raw: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(desk.UnableToReadSteps, match=says):
        desk.parse_steps(raw, by_rule=True)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([{"subject": "moon", "value": "full"}], "not readable"),
        ([{"value": "x"}], "not readable"),
        ([{"subject": "words", "value": " "}], "says nothing"),
        ([{"subject": "words", "value": "x" * 201}], "more than 200"),
        ([{"subject": "unassigned"}] * 11, "Ten conditions"),
    ],
)
def test_conditions_that_say_nothing_are_refused(raw: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(desk.UnableToReadSteps, match=says):
        desk.parse_conditions(raw)


def test_steps_are_kept_as_they_were_read() -> None:
    steps = desk.parse_steps(
        [
            {"act": "assign_me"},
            {"act": "team", "target": "7"},
            {"act": "snooze", "hours": "3"},
            {"act": "close", "outcome": "order"},
            {"act": "note", "text": " Bitte ansehen "},
        ]
    )
    assert desk.parse_steps(desk.plain_steps(steps)) == steps
    assert steps[4].text == "Bitte ansehen"
