from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.policy.situations import (
    ADVERTISEMENT,
    FACTS,
    MOMENTS,
    NOW,
    PERMITTED,
    near_permits,
)
from werkbote.domain import consent, law, policy

ANY = FACTS | near_permits()

TAKEN_AWAY: dict[str, Callable[[policy.Facts], policy.Facts]] = {
    "ledger": lambda facts: replace(facts, readable=False),
    "consent": lambda facts: replace(facts, consent=policy.ConsentFacts()),
    "consent id": lambda facts: replace(facts, consent=replace(facts.consent, consent_id=None)),
    "own asking": lambda facts: replace(
        facts, consent=replace(facts.consent, asked_from_number=False)
    ),
    "case": lambda facts: replace(facts, case=None),
    "template": lambda facts: replace(facts, template=None),
    "processor": lambda facts: replace(facts, processor=None),
    "branch": lambda facts: replace(facts, branch=None),
    "caps": lambda facts: replace(facts, caps=None),
    "notice": lambda facts: replace(facts, notice=policy.NoticeFacts()),
    "window": lambda facts: replace(
        facts, window=policy.WindowFacts(number_id=facts.window.number_id)
    ),
    "opt-in": lambda facts: replace(facts, person=replace(facts.person, channel_opt_in=None)),
    "ground": lambda facts: replace(facts, message=replace(facts.message, ground=None)),
    "purpose": lambda facts: replace(facts, message=replace(facts.message, purpose=None)),
    "assistant": lambda facts: replace(facts, assistant=policy.AssistantFacts()),
}


@given(ANY, MOMENTS)
def test_every_message_gets_an_answer_and_always_the_same(
    facts: policy.Facts, now: datetime
) -> None:
    decision = policy.decide(facts, now=now)
    assert isinstance(decision, policy.Permit | policy.Refusal)
    assert policy.decide(facts, now=now) == decision


@given(ANY, MOMENTS)
@pytest.mark.shows("R-08")
def test_every_refusal_explains_itself(facts: policy.Facts, now: datetime) -> None:
    decision = policy.decide(facts, now=now)
    if isinstance(decision, policy.Refusal):
        assert decision.article
        assert decision.sentence_de
        assert decision.sentence_en
        assert decision.retry_at is None or decision.retry_at > now


@given(near_permits())
@pytest.mark.shows("R-02", "R-42")
def test_every_permit_names_basis_proof_and_endpoint(facts: policy.Facts) -> None:
    decision = policy.decide(facts, now=NOW)
    if isinstance(decision, policy.Permit):
        assert decision.basis
        assert decision.endpoint
        assert {policy.Proof.AGREEMENT} < {each.kind for each in decision.evidence}
        assert all(each.id for each in decision.evidence)


@given(ANY, MOMENTS)
@pytest.mark.shows("R-09", "R-64", "R-35")
def test_no_advertising_leaves_without_a_granted_consent(
    facts: policy.Facts, now: datetime
) -> None:
    decision = policy.decide(facts, now=now)
    plain = facts.message.role is law.Role.PLAIN
    if isinstance(decision, policy.Permit) and facts.law.purposes[decision.purpose].advertising:
        assert not plain or facts.consent.state is consent.State.GRANTED
        assert not plain or facts.consent.purpose == decision.purpose
        assert not plain or facts.consent.legal_entity == facts.number.legal_entity
        assert not (plain and facts.suppression.advertising)
        assert not (plain and facts.person.objected_advertising)


@given(ANY)
@pytest.mark.shows("R-31", "S-26")
def test_nobody_erased_or_restricted_is_written_to(facts: policy.Facts) -> None:
    tells_end = facts.message.role is law.Role.RESTRICTION_NOTICE and facts.message.ground
    restricted = facts.person.restricted and not tells_end
    if facts.person.erased or restricted or not facts.readable:
        assert isinstance(policy.decide(facts, now=NOW), policy.Refusal)


@given(ANY, st.sampled_from(sorted(TAKEN_AWAY)), MOMENTS)
@pytest.mark.shows("R-08", "S-26")
def test_taking_evidence_away_never_permits(facts: policy.Facts, what: str, now: datetime) -> None:
    if isinstance(policy.decide(facts, now=now), policy.Refusal):
        assert isinstance(policy.decide(TAKEN_AWAY[what](facts), now=now), policy.Refusal)


@given(near_permits(), st.randoms(use_true_random=False))
def test_order_of_the_rules_does_not_matter_for_a_permit(
    facts: policy.Facts, random: Random
) -> None:
    rules = list(policy.RULES)
    random.shuffle(rules)
    first = next((refusal for rule in rules if (refusal := rule(facts, NOW)) is not None), None)
    assert (first is None) is isinstance(policy.decide(facts, now=NOW), policy.Permit)


@pytest.mark.parametrize("name", PERMITTED)
def test_situation_survives_no_unreadable_record(name: str) -> None:
    taken = {
        what
        for what, take in TAKEN_AWAY.items()
        if isinstance(policy.decide(take(PERMITTED[name]), now=NOW), policy.Refusal)
    }
    assert {"ledger", "processor", "notice", "purpose"} <= taken


def test_advertisement_needs_every_one_of_its_records() -> None:
    refusing = {
        what
        for what, take in TAKEN_AWAY.items()
        if isinstance(policy.decide(take(ADVERTISEMENT), now=NOW), policy.Refusal)
    }
    assert refusing == {
        "ledger",
        "consent",
        "consent id",
        "template",
        "processor",
        "branch",
        "caps",
        "notice",
        "purpose",
    }
