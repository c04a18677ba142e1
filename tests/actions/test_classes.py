"""Each deletion class: what falls under it stays until its last day, and is gone on the next, not before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import dealers, erasures, filed, staff
from werkbote.actions import audit, privacy
from werkbote.domain import cases as matter
from werkbote.domain import desk
from werkbote.store import ids, models, rechtsstand, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
DAY = timedelta(days=1)
YES, NO = matter.Contract.YES, matter.Contract.NO


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture
def owner(dealer: dealers.Dealer) -> int:
    return staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])


def count(dealer: dealers.Dealer, model: Any, **where: Any) -> int:
    with scope.looking(organisation=dealer.organisation):
        return int(model.objects.filter(**where).count())


def ends(dealer: dealers.Dealer, model: Any, last: date, **where: Any) -> tuple[int, int]:
    """How many rows there are after the sweep of the last day, and after that of the next."""
    filed.sweep(dealer, last)
    before = count(dealer, model, **where)
    filed.sweep(dealer, last + DAY)
    return before, count(dealer, model, **where)


def erased(dealer: dealers.Dealer) -> models.ErasureRun:
    """The erasure that the only person of a dealer asked for."""
    run = erasures.asked(dealer, erasures.the_person(dealer), at=AT)
    erasures.executed(dealer, run, at=AT)
    return erasures.row(dealer, run)


@pytest.mark.shows("R-06")
@pytest.mark.parametrize(
    ("kind", "contract", "code", "last"),
    [
        (matter.Kind.INQUIRY, NO, "L-02", date(2027, 5, 23)),
        (matter.Kind.LEAD, NO, "L-03", date(2027, 5, 23)),
        (matter.Kind.TEST_DRIVE, NO, "L-04", date(2027, 5, 23)),
        (matter.Kind.COMPLAINT, NO, "L-05", date(2032, 12, 31)),
        (matter.Kind.REPAIR_ORDER, matter.Contract.UNKNOWN, "L-05", date(2032, 12, 31)),
        (matter.Kind.PURCHASE, YES, "L-08", date(2032, 12, 31)),
        (matter.Kind.ACCIDENT, NO, "L-10", date(2029, 12, 31)),
        (matter.Kind.RIGHTS_REQUEST, NO, "L-20", date(2029, 12, 31)),
    ],
)
def test_message_of_a_case_goes_on_the_day_of_its_class(dealer, kind, contract, code, last):
    message = filed.wrote(dealer)
    filed.close(dealer, filed.opened(dealer, message, kind), contract)
    found = privacy.survey(organisation=dealer.organisation, at=AT)
    assert [one.rule for one in found if one.name == "message" and one.stock] == [code]
    assert ends(dealer, models.Message, last, id=message) == (1, 0)


TAGS = [
    ("commercial_letter", "L-05", date(2032, 12, 31)),
    ("booking_record", "L-06", date(2034, 12, 31)),
    ("small_talk", "L-07", date(2027, 11, 23)),
    ("damage_photo", "L-09", date(2028, 12, 31)),
    ("accident", "L-10", date(2029, 12, 31)),
    ("identity_document", "L-11", date(2026, 11, 30)),
    ("application", "L-02", date(2027, 5, 23)),
    ("red_plate_journey", "L-29", date(2027, 11, 23)),
]


@pytest.mark.shows("R-76")
def test_record_of_a_journey_with_red_plates_stays_a_year_even_if_erasure_is_asked(dealer, owner):
    message = filed.wrote(dealer)
    filed.mark(dealer, message, "red_plate_journey", owner)
    row = erased(dealer)
    assert [(one["rule"], one["until"], one["article"]) for one in row.blocks] == [
        ("L-29", "2027-11-23", "§ 41 Abs. 3 FZV; Art. 17 Abs. 3 lit. b DSGVO")
    ]
    assert ends(dealer, models.Message, date(2027, 11, 23), id=message) == (1, 0)


@pytest.mark.shows("R-77")
@pytest.mark.parametrize(
    ("tag", "rule", "until", "articles"),
    [
        ("damage_photo", "L-09", date(2028, 12, 31), ("§§ 634a, 438 BGB", "lit. e")),
        ("accident", "L-10", date(2029, 12, 31), ("§§ 195, 199 BGB", "lit. e")),
    ],
)
def test_proof_for_warranty_and_limitation_stays_for_its_period_and_no_longer(
    dealer, owner, tag, rule, until, articles
):
    """Two years of warranty, three of limitation, each to the end of the year (Art. 17(3)(e))."""
    message = filed.wrote(dealer)
    filed.mark(dealer, message, tag, owner)
    filed.close(dealer, filed.opened(dealer, message, matter.Kind.REPAIR_ORDER), YES)
    row = erased(dealer)
    kept = {one["rule"]: one for one in row.blocks}[rule]
    assert (kept["count"], kept["until"]) == (1, until.isoformat())
    assert [word for word in articles if word not in kept["article"]] == []
    assert ends(dealer, models.Message, until, id=message) == (1, 0)


@pytest.mark.shows("R-06")
@pytest.mark.parametrize(("tag", "code", "last"), TAGS)
def test_marked_message_goes_by_its_mark_whatever_its_case_says(dealer, owner, tag, code, last):
    message = filed.wrote(dealer)
    filed.mark(dealer, message, tag, owner)
    filed.close(dealer, filed.opened(dealer, message, matter.Kind.INQUIRY), NO)
    found = privacy.survey(organisation=dealer.organisation, at=AT)
    assert [one.rule for one in found if one.name == "message" and one.stock] == [code]
    assert ends(dealer, models.Message, last, id=message) == (1, 0)


def test_every_tag_of_the_law_has_its_day_here() -> None:
    tags = rechtsstand.retention(AT.date()).tags
    assert {(one.name, one.rule) for one in tags.values()} == {(tag, code) for tag, code, _ in TAGS}


@pytest.mark.parametrize(
    ("tag", "last"),
    [
        ("commercial_letter", date(2032, 12, 31)),
        ("damage_photo", date(2028, 12, 31)),
        ("accident", date(2029, 12, 31)),
        ("application", date(2027, 6, 23)),
        ("", date(2027, 6, 23)),
    ],
)
def test_message_of_no_case_goes_by_its_mark_counted_from_its_own_day(dealer, owner, tag, last):
    message = filed.wrote(dealer)
    if tag:
        filed.mark(dealer, message, tag, owner)
    assert ends(dealer, models.Message, last, id=message) == (1, 0)


@pytest.mark.parametrize(
    ("tag", "left"), [("identity_document", 0), ("small_talk", 0), ("damage_photo", 1), ("", 1)]
)
def test_open_case_keeps_what_counts_from_its_end_and_not_what_goes_by_age(
    dealer, owner, tag, left
):
    message = filed.wrote(dealer)
    filed.opened(dealer, message, matter.Kind.REPAIR_ORDER)
    if tag:
        filed.mark(dealer, message, tag, owner)
    filed.sweep(dealer, date(2040, 1, 1))
    assert count(dealer, models.Message, id=message) == left


@pytest.mark.parametrize("tag", ["commercial_letter", "booking_record"])
def test_open_tax_audit_keeps_marked_letters_of_its_year_and_no_other(dealer, owner, tag):
    message = filed.wrote(dealer)
    filed.mark(dealer, message, tag, owner)
    filed.close(dealer, filed.opened(dealer, message, matter.Kind.INQUIRY), NO)
    late = datetime(2035, 1, 1, 12, tzinfo=UTC)
    for year, until in ((2025, date(2036, 1, 1)), (2026, date(2035, 2, 1))):
        privacy.open_tax_audit(
            organisation=dealer.organisation, year=year, until=until, by=owner, at=late
        )
    assert ends(dealer, models.Message, date(2035, 2, 1), id=message) == (1, 0)


def test_hold_keeps_what_is_marked_beyond_its_day(dealer, owner):
    message = filed.wrote(dealer)
    filed.mark(dealer, message, "identity_document", owner)
    hold = privacy.hold(
        organisation=dealer.organisation, subject=None, reason="Streit", query={}, by=owner, at=AT
    )
    filed.sweep(dealer, date(2027, 1, 1))
    assert count(dealer, models.Message, id=message) == 1
    late = datetime(2027, 1, 1, 12, tzinfo=UTC)
    privacy.end_hold(
        organisation=dealer.organisation, hold=hold, reason="dispute_over", by=owner, at=late
    )
    filed.sweep(dealer, date(2027, 1, 2))
    assert count(dealer, models.Message, id=message) == 0


def breach(dealer: dealers.Dealer) -> None:
    models.Breach.objects.create(
        organisation_id=dealer.organisation,
        branch_id=dealer.branch,
        kind="loss",
        state="closed",
        risk="none",
        aware_at=AT,
        closed_at=AT,
        body_sealed=b"sealed",
    )


def sign_in(dealer: dealers.Dealer, owner: int) -> None:
    models.Entry.objects.create(
        organisation_id=dealer.organisation,
        member_id=owner,
        device="Firefox",
        strong=True,
        started_at=AT,
    )


def test_breach_goes_five_years_after_it_was_closed_and_an_open_one_stays(dealer):
    with scope.transaction(organisation=dealer.organisation):
        breach(dealer)
        breach(dealer)
        kept = models.Breach.objects.first().id
        models.Breach.objects.filter(id=kept).update(state="open", closed_at=None)
    assert ends(dealer, models.Breach, date(2031, 11, 23)) == (2, 1)
    assert count(dealer, models.Breach, id=kept) == 1


def test_sign_in_goes_after_ninety_days(dealer, owner):
    with scope.transaction(organisation=dealer.organisation):
        sign_in(dealer, owner)
    assert ends(dealer, models.Entry, date(2027, 2, 21)) == (1, 0)


def test_who_did_what_in_a_conversation_is_forgotten_after_thirty_days_what_happened_stays(
    dealer, owner
):
    message = filed.wrote(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.ConversationEvent.objects.create(
            organisation_id=dealer.organisation,
            conversation_id=models.Message.objects.get(id=message).conversation_id,
            kind=desk.Event.ASSIGNED,
            actor_id=owner,
            target=owner,
            at=AT,
        )
    last = date(2026, 12, 23)
    assert ends(dealer, models.ConversationEvent, last, actor=owner, target=owner) == (1, 0)
    assert count(dealer, models.ConversationEvent, actor=None, target=None) == 1


def told(dealer: dealers.Dealer) -> int:
    """A notice that was delivered to the person who wrote; returns its message."""
    message = filed.wrote(dealer)
    with scope.transaction(organisation=dealer.organisation):
        row = models.Message.objects.get(id=message)
        decision = models.Decision.objects.create(
            organisation_id=dealer.organisation,
            message_ref=message,
            permitted=True,
            basis="contract",
            policy_version="1",
            decided_at=AT,
        )
        row.id, row.provider_id, row.outgoing = ids.new(), None, True
        row.state, row.permit = "delivered", decision
        row.notice_version, row.sent_at, row.delivered_at = "2026-11", AT, AT
        row.save(force_insert=True)
    return row.id


@pytest.mark.shows("R-25")
def test_proof_of_the_notice_outlives_its_message_for_three_years_to_the_end_of_the_year(dealer):
    message = told(dealer)
    filed.sweep(dealer, date(2027, 7, 1))
    assert count(dealer, models.Message, id=message) == 0
    with scope.looking(organisation=dealer.organisation):
        proof = models.NoticeProof.objects.get()
        assert (proof.version, proof.sent_at, proof.delivered_at) == ("2026-11", AT, AT)
    assert ends(dealer, models.NoticeProof, date(2029, 12, 31)) == (1, 0)


def evidence(dealer: dealers.Dealer, purpose: str, **standing: Any) -> None:
    """A consent that ended, and its evidence."""
    message = filed.wrote(dealer)
    with scope.transaction(organisation=dealer.organisation):
        person = models.Message.objects.get(id=message).person_id
        base = {"organisation_id": dealer.organisation, "person_id": person}
        event = models.ConsentEvent.objects.create(
            organisation_id=dealer.organisation,
            position=1,
            key="1",
            record="1",
            person_ref=person,
            purpose=purpose,
            entity=dealer.branch,
            deed="offered",
            occurred_at=AT,
            recorded_at=AT,
            by="system",
            from_number=True,
            previous="",
            hash="",
        )
        models.ConsentEvidence.objects.create(event=event, body=b"sealed", **base)
        models.Consent.objects.create(
            purpose=purpose, branch_id=dealer.branch, state="withdrawn", **base, **standing
        )


@pytest.mark.parametrize(
    ("purpose", "standing", "last"),
    [
        ("P-05", {"since": AT, "granted_at": AT}, date(2029, 12, 31)),
        ("P-12", {"since": AT, "granted_at": AT}, date(2031, 11, 23)),
        (
            "P-12",
            {"since": AT + 400 * DAY, "granted_at": AT, "last_used_at": AT + 30 * DAY},
            date(2031, 12, 23),
        ),
    ],
)
def test_evidence_of_a_consent_goes_by_its_purpose(dealer, purpose, standing, last):
    evidence(dealer, purpose, **standing)
    assert ends(dealer, models.ConsentEvidence, last) == (1, 0)


@pytest.mark.shows("R-08")
def test_oldest_entries_of_the_audit_go_the_chain_still_fits_and_goes_on(dealer, owner):
    for number in range(3):
        audit.note(
            organisation=dealer.organisation,
            by=owner,
            verb="test.deed",
            object="test:1",
            at=AT + number * DAY,
        )
    filed.sweep(dealer, date(2029, 12, 31))
    assert count(dealer, models.AuditEntry, verb="test.deed") == 3
    filed.sweep(dealer, date(2030, 1, 1))
    assert count(dealer, models.AuditEntry, verb="test.deed") == 1, "the newest of all stays"
    assert count(dealer, models.AuditCut) == 1
    audit.note(organisation=dealer.organisation, by=owner, verb="test.deed", object="test:1", at=AT)
    assert audit.first_broken(organisation=dealer.organisation) is None
