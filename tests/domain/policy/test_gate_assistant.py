"""The gate on the assistant: what it may say, and when it is silent."""

import pytest

from tests.domain.policy.situations import (
    ADVERTISEMENT,
    ANSWER,
    RECEIPT,
    REQUEST,
    STATUS,
    decide,
    refused_by,
    vary,
)
from werkbote.domain import policy
from werkbote.domain.law import RuleId


@pytest.mark.shows("R-49")
def test_assistant_is_silent_until_its_assessment_is_on_record() -> None:
    spoken = vary(ANSWER, "message", author=policy.Author.ASSISTANT)
    told = vary(spoken, "assistant", disclosed=True, human_wanted=False)
    assert refused_by(vary(told, "assistant", assessment_id=None)) is RuleId.ASSISTANT_UNASSESSED
    assert refused_by(vary(told, "assistant", assessment_id="dsfa-1")) is None


@pytest.mark.shows("R-90")
def test_assistant_speaks_only_after_saying_what_it_is() -> None:
    spoken = vary(ANSWER, "message", author=policy.Author.ASSISTANT)
    assessed = vary(spoken, "assistant", assessment_id="dsfa-1", human_wanted=False)
    assert refused_by(assessed) is RuleId.ASSISTANT_UNDISCLOSED
    assert refused_by(vary(assessed, "assistant", disclosed=True)) is None
    assert refused_by(vary(assessed, "assistant", disclosure_attached=True)) is None


def test_permit_of_the_assistant_names_its_assessment() -> None:
    assistant = policy.AssistantFacts(assessment_id="dsfa-1", disclosed=True, human_wanted=False)
    decision = decide(
        vary(vary(ANSWER, assistant=assistant), "message", author=policy.Author.ASSISTANT)
    )
    assert isinstance(decision, policy.Permit)
    assert decision.evidence[-1] == policy.Reference(kind=policy.Proof.ASSESSMENT, id="dsfa-1")


def _spoken(facts: policy.Facts, *, human_wanted: bool = False) -> policy.Facts:
    assistant = policy.AssistantFacts(
        assessment_id="dsfa-1", disclosed=True, human_wanted=human_wanted
    )
    return vary(vary(facts, assistant=assistant), "message", author=policy.Author.ASSISTANT)


@pytest.mark.shows("R-102")
def test_assistant_is_silent_once_a_human_is_asked_for() -> None:
    assert refused_by(_spoken(ANSWER)) is None
    assert refused_by(_spoken(ANSWER, human_wanted=True)) is RuleId.ASSISTANT_RELIEVED


@pytest.mark.shows("R-37")
def test_assistant_answers_and_decides_nothing() -> None:
    for facts in (STATUS, ADVERTISEMENT, REQUEST):
        assert refused_by(_spoken(facts)) is RuleId.ASSISTANT_OUT_OF_BOUNDS
    assert refused_by(_spoken(RECEIPT)) is None
