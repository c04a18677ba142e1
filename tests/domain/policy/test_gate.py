from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.domain.policy.situations import (
    ADVERTISEMENT,
    ANSWER,
    NOTICE,
    NOW,
    PERMITTED,
    RECEIPT,
    REQUEST,
    STATUS,
    decide,
    refused_by,
    vary,
)
from werkbote.domain import consent, law, policy
from werkbote.domain.law import RuleId

HOUR = timedelta(hours=1)
EVERYTHING_AN_HOUR_AGO = policy.SuppressionFacts(advertising=True, everything_since=NOW - HOUR)


@pytest.mark.parametrize("name", PERMITTED)
def test_lawful_situation_is_permitted(name: str) -> None:
    assert refused_by(PERMITTED[name]) is None


@pytest.mark.shows("R-02")
def test_everyday_answer_carries_its_proof() -> None:
    assert decide(ANSWER) == policy.Permit(
        message_id="message-1",
        purpose="P-02",
        basis="Art. 6 Abs. 1 lit. b, f DSGVO",
        evidence=(
            policy.Reference(kind=policy.Proof.INBOUND, id="inbound-1"),
            policy.Reference(kind=policy.Proof.AGREEMENT, id="agreement-1"),
        ),
        policy_version=f"{policy.VERSION}/2026-11-01",
        decided_at=NOW,
        processor="meta",
        endpoint="graph.facebook.com",
    )


@pytest.mark.parametrize(
    ("facts", "proof"),
    [
        (ADVERTISEMENT, policy.Reference(kind=policy.Proof.CONSENT, id="consent-1")),
        (REQUEST, policy.Reference(kind=policy.Proof.CONSENT, id="consent-1")),
        (STATUS, policy.Reference(kind=policy.Proof.CASE, id="case-1")),
        (RECEIPT, policy.Reference(kind=policy.Proof.INBOUND, id="inbound-1")),
    ],
)
@pytest.mark.shows("R-02")
def test_permit_names_the_record_it_stands_on(facts: policy.Facts, proof: policy.Reference) -> None:
    decision = decide(facts)
    assert isinstance(decision, policy.Permit)
    assert decision.evidence[0] == proof


@pytest.mark.shows("R-08")
def test_refusal_explains_itself_in_both_languages() -> None:
    refusal = decide(vary(ANSWER, window=policy.WindowFacts(number_id="number-1")))
    text = ANSWER.law.rules[RuleId.INBOUND_MISSING]
    assert refusal == policy.Refusal(
        message_id="message-1",
        rule=RuleId.INBOUND_MISSING,
        article=text.article,
        sentence_de=text.sentence_de,
        sentence_en=text.sentence_en,
        remedy=law.Remedy.CHOOSE_PURPOSE,
        policy_version=f"{policy.VERSION}/2026-11-01",
        decided_at=NOW,
    )


ROWS: tuple[tuple[RuleId, policy.Facts, str | None, dict[str, Any]], ...] = (
    (RuleId.UNREADABLE, ANSWER, None, {"readable": False}),
    (RuleId.UNREADABLE, ADVERTISEMENT, None, {"branch": None}),
    (RuleId.UNREADABLE, ADVERTISEMENT, None, {"caps": None}),
    (RuleId.NO_PURPOSE, ANSWER, "message", {"purpose": None}),
    (RuleId.UNKNOWN_PURPOSE, ANSWER, "message", {"purpose": "P-99"}),
    (RuleId.PURPOSE_NOT_FOR_MESSAGES, ANSWER, "message", {"purpose": "P-10"}),
    (RuleId.ERASED, ANSWER, "person", {"erased": True}),
    (RuleId.RESTRICTED, ANSWER, "person", {"restricted": True}),
    (RuleId.RESTRICTED, NOTICE, "message", {"ground": None}),
    (RuleId.RESTRICTED, NOTICE, "message", {"role": law.Role.PLAIN}),
    (RuleId.WRONG_NUMBER, ANSWER, "person", {"identity": policy.IdentityState.WRONG_NUMBER}),
    (RuleId.NUMBER_CHANGED, STATUS, "person", {"identity": policy.IdentityState.CHANGED}),
    (RuleId.MINOR_SUSPECTED, ADVERTISEMENT, "person", {"minor_suspected": True}),
    (RuleId.MINOR_SUSPECTED, REQUEST, "person", {"minor_suspected": True}),
    (RuleId.OBJECTED, ADVERTISEMENT, "person", {"objected_advertising": True}),
    (RuleId.OBJECTED, REQUEST, "person", {"objected_advertising": True}),
    (RuleId.OBJECTED, ANSWER, "person", {"objected_purposes": frozenset({"P-02"})}),
    (RuleId.OBJECTED, ADVERTISEMENT, "consent", {"state": consent.State.OBJECTED}),
    (RuleId.SUPPRESSED, ADVERTISEMENT, "suppression", {"advertising": True}),
    (RuleId.SUPPRESSED, REQUEST, "suppression", {"advertising": True}),
    (RuleId.SUPPRESSED_EVERYTHING, STATUS, None, {"suppression": EVERYTHING_AN_HOUR_AGO}),
    (RuleId.SUPPRESSED_EVERYTHING, ANSWER, None, {"suppression": EVERYTHING_AN_HOUR_AGO}),
    (RuleId.RECEIPT_SENT, ANSWER, "message", {"role": law.Role.WITHDRAWAL_RECEIPT}),
    (RuleId.CONSENT_MISSING, ADVERTISEMENT, None, {"consent": policy.ConsentFacts()}),
    (RuleId.CONSENT_MISSING, ADVERTISEMENT, "consent", {"state": consent.State.OFFERED}),
    (RuleId.CONSENT_MISSING, ADVERTISEMENT, "consent", {"consent_id": None}),
    (RuleId.CONSENT_MISSING, ADVERTISEMENT, "consent", {"purpose": "P-05"}),
    (RuleId.CONSENT_MISSING, ADVERTISEMENT, "consent", {"legal_entity": "entity-2"}),
    (RuleId.CONSENT_REQUEST_UNASKED, REQUEST, "consent", {"legal_entity": "entity-2"}),
    (RuleId.CONSENT_DECLINED, ADVERTISEMENT, "consent", {"state": consent.State.DECLINED}),
    (RuleId.CONSENT_PENDING, ADVERTISEMENT, "consent", {"state": consent.State.PENDING}),
    (RuleId.CONSENT_LAPSED, ADVERTISEMENT, "consent", {"state": consent.State.LAPSED}),
    (RuleId.CONSENT_FROZEN, ADVERTISEMENT, "consent", {"state": consent.State.FROZEN}),
    (RuleId.CONSENT_REFRESH_DUE, ADVERTISEMENT, "consent", {"state": consent.State.REFRESH_DUE}),
    (RuleId.CONSENT_EXPIRED, ADVERTISEMENT, "consent", {"state": consent.State.EXPIRED}),
    (RuleId.CONSENT_WITHDRAWN, ADVERTISEMENT, "consent", {"state": consent.State.WITHDRAWN}),
    (RuleId.CONSENT_SUPERSEDED, ADVERTISEMENT, "consent", {"state": consent.State.SUPERSEDED}),
    (RuleId.CONSENT_REQUEST_UNASKED, REQUEST, "consent", {"state": consent.State.OFFERED}),
    (RuleId.CONSENT_REQUEST_UNASKED, REQUEST, "consent", {"state": consent.State.REFRESH_DUE}),
    (RuleId.CASE_MISSING, STATUS, None, {"case": None}),
    (RuleId.CASE_MISSING, STATUS, "case", {"case_id": ""}),
    (RuleId.INBOUND_MISSING, ANSWER, "window", {"last_inbound_id": ""}),
    (RuleId.CASE_CLOSED, STATUS, "case", {"state": policy.CaseState.CLOSED}),
    (RuleId.INBOUND_MISSING, ANSWER, "window", {"last_inbound_id": None}),
    (RuleId.INBOUND_MISSING, ANSWER, "window", {"last_inbound_at": NOW - timedelta(days=14)}),
    (RuleId.GROUND_MISSING, STATUS, "message", {"purpose": "P-03"}),
    (RuleId.CHANNEL_OPT_IN_MISSING, STATUS, "person", {"channel_opt_in": None}),
    (RuleId.NOTICE_OUTSTANDING, ANSWER, None, {"notice": policy.NoticeFacts()}),
    (RuleId.WINDOW_CLOSED, ANSWER, "window", {"last_inbound_at": NOW - 24 * HOUR}),
    (RuleId.TEMPLATE_MISSING, STATUS, None, {"template": None}),
    (RuleId.TEMPLATE_NOT_APPROVED, STATUS, "template", {"status": policy.TemplateStatus.PENDING}),
    (RuleId.TEMPLATE_NOT_APPROVED, STATUS, "template", {"status": policy.TemplateStatus.UNKNOWN}),
    (RuleId.TEMPLATE_PAUSED, STATUS, "template", {"status": policy.TemplateStatus.PAUSED}),
    (RuleId.TEMPLATE_LANGUAGE, STATUS, "template", {"language": "de_AT"}),
    (RuleId.TEMPLATE_LANGUAGE, STATUS, "message", {"language": None}),
    (RuleId.TEMPLATE_PARAMETER_NUMBER, STATUS, "template", {"given": ()}),
    (RuleId.TEMPLATE_PARAMETER_NUMBER, STATUS, "template", {"expected": ("1", "name")}),
    (RuleId.TEMPLATE_CLASS, ADVERTISEMENT, "message", {"purpose": "P-01"}),
    (RuleId.TEMPLATE_CLASS, STATUS, "template", {"german_class": policy.GermanClass.ADVERTISING}),
    (RuleId.TEMPLATE_CLASS, STATUS, "template", {"german_class": policy.GermanClass.UNCLASSIFIED}),
    (RuleId.TEMPLATE_CLASS, STATUS, "template", {"meta_category": policy.MetaCategory.MARKETING}),
    (RuleId.TEMPLATE_CLASS, REQUEST, "template", {"german_class": policy.GermanClass.SERVICE}),
    (
        RuleId.TEMPLATE_CLASS,
        ADVERTISEMENT,
        "template",
        {"german_class": policy.GermanClass.CONSENT_REQUEST},
    ),
    (RuleId.TEMPLATE_CONTENT, STATUS, "template", {"text": "Bitte senden Sie Ihren Ausweis."}),
    (RuleId.TEMPLATE_CONTRACT, STATUS, "template", {"text": "Jetzt verbindlich bestellen"}),
    (RuleId.TEMPLATE_STOP_MISSING, ADVERTISEMENT, "template", {"text": "{{1}}: {{2}} HU fällig."}),
    (RuleId.STOP_MISSING, ADVERTISEMENT, "message", {"kind": policy.Kind.FREE_FORM}),
    (RuleId.AGREEMENT_MISSING, ANSWER, None, {"processor": None}),
    (RuleId.AGREEMENT_MISSING, ANSWER, "processor", {"agreement_id": None}),
    (RuleId.AGREEMENT_MISSING, ANSWER, "processor", {"agreement_until": date(2026, 11, 22)}),
    (RuleId.PROCESSOR_BLOCKED, ANSWER, "processor", {"blocked": True}),
    (RuleId.ASSISTANT_UNASSESSED, ANSWER, "message", {"author": policy.Author.ASSISTANT}),
    (RuleId.HOLIDAY, ADVERTISEMENT, "branch", {"holidays": frozenset({NOW.date()})}),
    (RuleId.CAP_REACHED, ADVERTISEMENT, "caps", {"sent": (NOW - HOUR, NOW - 9 * HOUR)}),
    (RuleId.CAP_REACHED, ADVERTISEMENT, "caps", {"caps": (law.Cap(count=0, days=1),)}),
)


@pytest.mark.parametrize(
    ("rule", "facts", "group", "changes"),
    ROWS,
    ids=[f"{row[0]}-{place}" for place, row in enumerate(ROWS)],
)
def test_one_missing_thing_refuses_by_its_rule(
    rule: RuleId, facts: policy.Facts, group: str | None, changes: dict[str, Any]
) -> None:
    changed = vary(facts, group, **changes)
    if rule is RuleId.TEMPLATE_CLASS and group == "message":
        changed = replace(changed, case=STATUS.case, person=STATUS.person)
    assert refused_by(changed) is rule


@pytest.mark.shows("R-02")
def test_every_rule_is_shown_by_a_test() -> None:
    shown = {row[0] for row in ROWS}
    elsewhere = {
        RuleId.NO_LEGAL_BASIS,
        RuleId.TEMPLATE_PARAMETER_FORM,
        RuleId.QUIET_HOURS,
        RuleId.ASSISTANT_UNDISCLOSED,
        RuleId.ASSISTANT_RELIEVED,
        RuleId.ASSISTANT_OUT_OF_BOUNDS,
    }
    assert shown | elsewhere == set(RuleId)


@pytest.mark.shows("R-02")
def test_purpose_without_settled_basis_is_refused() -> None:
    purpose = replace(ANSWER.law.purposes["P-02"], basis=None)
    unsettled = replace(ANSWER.law, purposes={**ANSWER.law.purposes, "P-02": purpose})
    assert refused_by(vary(ANSWER, law=unsettled)) is RuleId.NO_LEGAL_BASIS


def test_purpose_without_any_evidence_is_refused() -> None:
    purpose = replace(ANSWER.law.purposes["P-02"], evidence=law.Evidence.NONE)
    unsettled = replace(ANSWER.law, purposes={**ANSWER.law.purposes, "P-02": purpose})
    assert refused_by(vary(ANSWER, law=unsettled)) is RuleId.NO_LEGAL_BASIS
    assert [each.rule for each in policy.refusals(vary(ANSWER, law=unsettled), now=NOW)] == [
        RuleId.NO_LEGAL_BASIS
    ]


@pytest.mark.parametrize(
    "value", ["", "  ", "zwei\nZeilen", "Tab\tstopp", "fünf     Leer", "x" * 1025]
)
def test_parameter_meta_would_refuse_is_refused(value: str) -> None:
    given = (policy.Parameter(name="1", value=value), policy.Parameter(name="2", value="Dezember"))
    assert refused_by(vary(STATUS, "template", given=given)) is RuleId.TEMPLATE_PARAMETER_FORM


@pytest.mark.shows("R-25")
def test_notice_carried_by_the_message_is_enough() -> None:
    assert refused_by(vary(ANSWER, notice=policy.NoticeFacts(due=True, attached=True))) is None


@pytest.mark.shows("R-16")
def test_minor_is_answered_by_people() -> None:
    assert refused_by(vary(ANSWER, "person", minor_suspected=True)) is None


@pytest.mark.shows("R-63")
def test_question_after_alles_stopp_is_answered() -> None:
    asked_again = vary(ANSWER, "suppression", everything_since=NOW - 3 * HOUR)
    assert refused_by(asked_again) is None


def test_refresh_may_be_asked_while_in_contact() -> None:
    due = vary(REQUEST, "consent", state=consent.State.REFRESH_DUE)
    assert refused_by(vary(due, window=ANSWER.window)) is None


@pytest.mark.shows("R-05")
def test_changed_number_is_answered_what_it_asked_after_the_change() -> None:
    changed = vary(ANSWER, "person", identity=policy.IdentityState.CHANGED)
    before, after = NOW - 3 * HOUR, NOW - HOUR
    assert refused_by(changed) is RuleId.NUMBER_CHANGED
    assert refused_by(vary(changed, "person", identity_changed_at=before)) is None
    assert refused_by(vary(changed, "person", identity_changed_at=after)) is RuleId.NUMBER_CHANGED


@pytest.mark.shows("R-10")
def test_closed_case_serves_until_its_grace_ends() -> None:
    closed = vary(STATUS, "case", state=policy.CaseState.CLOSED, grace_until=NOW)
    assert refused_by(closed) is None
    assert refused_by(closed, now=NOW + timedelta(seconds=1)) is RuleId.CASE_CLOSED


@pytest.mark.shows("R-11")
def test_safety_notice_stands_on_its_ground() -> None:
    recall = vary(STATUS, "message", purpose="P-03", ground="recall-7")
    decision = decide(recall)
    assert isinstance(decision, policy.Permit)
    assert decision.evidence[0] == policy.Reference(kind=policy.Proof.GROUND, id="recall-7")


def test_late_answer_may_go_by_template() -> None:
    late = vary(STATUS, "message", purpose="P-02")
    asked = vary(late, "window", last_inbound_at=NOW - 60 * HOUR, last_inbound_id="inbound-1")
    assert refused_by(asked) is None


def test_refusals_list_all_there_is_to_cure() -> None:
    facts = vary(vary(ADVERTISEMENT, consent=policy.ConsentFacts()), "template", language="en")
    assert [each.rule for each in policy.refusals(facts, now=NOW)] == [
        RuleId.CONSENT_MISSING,
        RuleId.TEMPLATE_LANGUAGE,
    ]
    assert policy.refusals(ADVERTISEMENT, now=NOW) == ()


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        policy.decide(ANSWER, now=NOW.replace(tzinfo=None))
