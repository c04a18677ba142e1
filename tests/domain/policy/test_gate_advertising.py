"""The gate on advertising: consent for this very purpose, and a way to stop it."""

from dataclasses import replace

import pytest

from tests.domain.policy.situations import (
    ADVERTISEMENT,
    ANSWER,
    REQUEST,
    STATUS,
    decide,
    refused_by,
    vary,
)
from werkbote.domain import law, policy
from werkbote.domain.law import RuleId


@pytest.mark.shows("R-66")
@pytest.mark.parametrize(
    "words", ["Antworten Sie mit STOPP.", "Abmelden jederzeit.", "Keine Werbung mehr?", "Opt-out"]
)
def test_advertising_template_names_the_way_to_stop_it(words: str) -> None:
    named = vary(ADVERTISEMENT, "template", text="{{1}} {{2}} HU fällig. " + words)
    unnamed = vary(ADVERTISEMENT, "template", text="{{1}} {{2}} HU fällig. Bis bald!")
    assert refused_by(named) is None
    assert refused_by(unnamed) is RuleId.TEMPLATE_STOP_MISSING
    assert refused_by(vary(STATUS, "template", text="{{1}} {{2}} ist fertig.")) is None


@pytest.mark.shows("R-66")
def test_advertising_in_own_words_names_the_way_to_stop_it() -> None:
    """Inside the window no template stands between: the text itself must say it, service need not."""
    written = vary(vary(ADVERTISEMENT, "message", kind=policy.Kind.FREE_FORM), window=ANSWER.window)
    assert refused_by(written) is RuleId.STOP_MISSING
    assert refused_by(vary(written, "message", names_stop=True)) is None
    assert refused_by(vary(ANSWER, "message", names_stop=False)) is None
    refusal = decide(written)
    assert isinstance(refusal, policy.Refusal)
    assert refusal.remedy is law.Remedy.CHANGE_TEXT


@pytest.mark.shows("R-35")
def test_objection_to_advertising_leaves_service_alone() -> None:
    for facts in (ANSWER, STATUS):
        assert refused_by(vary(facts, "person", objected_advertising=True)) is None
        assert refused_by(vary(facts, "suppression", advertising=True)) is None


def test_pending_consent_begun_from_the_number_may_be_confirmed_though_suppressed() -> None:
    suppressed = vary(REQUEST, "suppression", advertising=True)
    assert refused_by(vary(suppressed, "consent", asked_from_number=True)) is None


@pytest.mark.shows("R-03", "R-64", "R-100")
def test_reminder_that_meta_calls_utility_is_advertising() -> None:
    unasked = vary(ADVERTISEMENT, consent=policy.ConsentFacts())
    assert ADVERTISEMENT.template is not None
    assert ADVERTISEMENT.template.meta_category is policy.MetaCategory.UTILITY
    assert refused_by(unasked) is RuleId.CONSENT_MISSING


@pytest.mark.shows("R-65", "R-68", "R-71")
@pytest.mark.parametrize("purpose", ["P-10", "P-12"])
def test_calls_and_recordings_are_nothing_a_message_can_serve(purpose: str) -> None:
    granted = vary(vary(ADVERTISEMENT, "message", purpose=purpose), "consent", purpose=purpose)
    for author in policy.Author:
        asked = vary(granted, "message", author=author)
        assert refused_by(asked) is RuleId.PURPOSE_NOT_FOR_MESSAGES


@pytest.mark.shows("R-104", "R-105", "R-03")
@pytest.mark.parametrize("purpose", ["P-08", "P-09", "P-11"])
def test_profiling_publication_and_disclosure_are_nothing_a_message_can_serve(purpose: str) -> None:
    granted = vary(vary(ADVERTISEMENT, "message", purpose=purpose), "consent", purpose=purpose)
    assert refused_by(granted) is RuleId.PURPOSE_NOT_FOR_MESSAGES


@pytest.mark.shows("R-67", "R-64")
def test_being_a_customer_is_no_consent() -> None:
    """An open case, a recent question and the wish for WhatsApp: still no advertising."""
    customer = replace(
        ADVERTISEMENT,
        consent=policy.ConsentFacts(),
        case=STATUS.case,
        person=STATUS.person,
        window=ANSWER.window,
    )
    assert refused_by(vary(customer, "message", purpose="P-01")) is RuleId.TEMPLATE_CLASS
    for purpose in ("P-04", "P-05", "P-06"):
        asked = vary(customer, "message", purpose=purpose)
        assert refused_by(asked) is RuleId.CONSENT_MISSING


@pytest.mark.shows("R-03", "R-64")
def test_consent_to_one_purpose_or_entity_is_none_to_another() -> None:
    for other in ({"purpose": "P-05"}, {"legal_entity": "entity-2"}):
        assert refused_by(vary(ADVERTISEMENT, "consent", **other)) is RuleId.CONSENT_MISSING
