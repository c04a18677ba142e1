"""The gate in front of a real database: what cures itself waits, what cannot be read lets nothing out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError
from psycopg import sql

from tests import dealers, phones
from werkbote.actions import drafts, outbox, people
from werkbote.domain import cases, consent, events, law, policy
from werkbote.store import ids, keyring, models, scope

START = dealers.NOW
EVENING = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def dealer() -> dealers.Dealer:
    made = dealers.dealer()
    phones.writes(made, "Moin", at=START)
    return made


def _queued(
    dealer: dealers.Dealer, purpose: str, *, at: datetime, text: str = "Ab 399 Euro. STOPP?"
) -> int:
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text=text, request_key=str(ids.new())),
        purpose=purpose,
        by=None,
        at=at,
    )


def _message(dealer: dealers.Dealer, message: int) -> models.Message:
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.select_related("permit", "refusal").get(id=message)


def _claimed(dealer: dealers.Dealer, *, at: datetime) -> list[int]:
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=at)
    return [one.message for one in ready]


def _agrees(dealer: dealers.Dealer) -> None:
    """Alice agrees to advertising, and what the house says to it has left."""
    phones.agrees(dealer, at=START)
    _claimed(dealer, at=START + timedelta(minutes=2))


def _preview(dealer: dealers.Dealer, purpose: str, *, at: datetime) -> law.RuleId | None:
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    answer = outbox.preview(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ja"),
        purpose=purpose,
        at=at,
    )
    return answer.rule if isinstance(answer, policy.Refusal) else None


@pytest.mark.shows("R-63")
def test_advertising_of_the_evening_leaves_in_the_morning(dealer: dealers.Dealer) -> None:
    _agrees(dealer)
    message = _queued(dealer, "P-05", at=EVENING)
    assert _claimed(dealer, at=EVENING) == []
    row = _message(dealer, message)
    assert (row.state, row.due_at, row.permit) == ("queued", MORNING, None)
    assert row.refusal is not None
    assert (row.refusal.rule, row.refusal.purpose) == ("quiet_hours", "P-05")
    assert _claimed(dealer, at=MORNING - timedelta(seconds=1)) == []
    assert _claimed(dealer, at=MORNING) == [message]
    row = _message(dealer, message)
    assert (row.state, row.refusal) == ("sending", None)


@pytest.mark.shows("R-15")
def test_advertising_that_waits_for_the_morning_is_refused_by_a_withdrawal(
    dealer: dealers.Dealer,
) -> None:
    _agrees(dealer)
    message = _queued(dealer, "P-05", at=EVENING)
    _claimed(dealer, at=EVENING)
    phones.writes(dealer, "STOPP", at=EVENING + timedelta(minutes=1))
    _claimed(dealer, at=EVENING + timedelta(minutes=1))
    row = _message(dealer, message)
    assert row.refusal is not None
    assert (row.state, row.refusal.rule) == ("refused", "objected")


@contextmanager
def _unreadable(owner: psycopg.Connection, table: str) -> Iterator[None]:
    """Take the application's permission to read a table away, as a broken migration would."""
    grants = owner.execute(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
        " WHERE table_name = %s AND privilege_type = 'SELECT' AND grantee <> current_user",
        [table],
    ).fetchall()
    assert grants
    named = sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(role) for (role,) in grants)
    owner.execute(sql.SQL("REVOKE SELECT ON {} FROM {}").format(*named))
    try:
        yield
    finally:
        owner.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(*named))


@contextmanager
def _gone(owner: psycopg.Connection, table: str) -> Iterator[None]:
    """Lose a table for a while."""
    away = sql.Identifier(f"{table}_gone")
    rename = sql.SQL("ALTER TABLE {} RENAME TO {}")
    owner.execute(rename.format(sql.Identifier(table), away))
    try:
        yield
    finally:
        owner.execute(rename.format(away, sql.Identifier(table)))


@pytest.mark.shows("S-26", "R-07")
@pytest.mark.parametrize("broken", [_unreadable, _gone])
@pytest.mark.parametrize("table", ["consent", "suppression", "identity_review"])
def test_nothing_leaves_while_a_record_cannot_be_read(
    dealer: dealers.Dealer, owner: psycopg.Connection, table: str, broken
) -> None:
    _agrees(dealer)
    later = START + timedelta(minutes=5)
    waiting = [_queued(dealer, purpose, at=later) for purpose in ("P-02", "P-05")]
    with broken(owner, table):
        assert _preview(dealer, "P-02", at=later) is law.RuleId.UNREADABLE
        assert _claimed(dealer, at=later) == []
    for message in waiting:
        row = _message(dealer, message)
        assert row.refusal is not None
        assert (row.state, row.permit, row.refusal.rule) == ("queued", None, "unreadable")
        assert row.due_at == later + timedelta(minutes=5)
    assert _claimed(dealer, at=later + timedelta(minutes=5)) == waiting


@pytest.mark.shows("S-26", "R-08")
def test_nothing_leaves_while_decisions_cannot_be_written(
    dealer: dealers.Dealer, owner: psycopg.Connection
) -> None:
    message = _queued(dealer, "P-02", at=START)
    with _gone(owner, "decision"), pytest.raises(DatabaseError):
        _claimed(dealer, at=START)
    assert _message(dealer, message).state == "queued"
    assert _claimed(dealer, at=START) == [message]


@pytest.mark.shows("R-12", "R-34")
def test_an_objection_to_answers_stops_answers(dealer: dealers.Dealer) -> None:
    with scope.transaction(organisation=dealer.organisation):
        person = models.Conversation.objects.get().person_id
        models.Consent.objects.create(
            organisation_id=dealer.organisation,
            person_id=person,
            branch_id=dealer.branch,
            purpose="P-02",
            state=consent.State.OBJECTED,
            since=START,
        )
    message = _queued(dealer, "P-02", at=START)
    assert _claimed(dealer, at=START) == []
    row = _message(dealer, message)
    assert row.refusal is not None
    assert (row.state, row.refusal.rule) == ("refused", "objected")


@pytest.mark.shows("R-26", "R-25")
def test_somebody_from_an_import_is_told_before_anything_else(dealer: dealers.Dealer) -> None:
    keys = keyring.organisation(dealer.organisation)
    party = events.Party(phone="+" + dealers.BOB, name="Bob")
    with scope.transaction(organisation=dealer.organisation):
        found = people.resolve(keys=keys, parties=[party], source="import", at=START)
        models.Conversation.objects.create(
            organisation_id=dealer.organisation,
            number_id=dealer.number,
            person_id=found[party].id,
            last_call_at=START,
            created_at=START,
        )
        models.Template(
            organisation_id=dealer.organisation,
            account_id=dealer.account_id,
            name="rueckruf",
            language="de",
            status="APPROVED",
            category="UTILITY",
            purpose="P-02",
            components=[{"type": "BODY", "text": "Ihr Rückruf."}],
        ).save(force_insert=True)
        conversation = models.Conversation.objects.get(person_id=found[party].id).id
    content = {"template": {"name": "rueckruf", "language": "de", "parameters": {}}}
    refused = outbox.preview(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(kind=events.Kind.TEMPLATE, text="Ihr Rückruf.", content=content),
        purpose="P-02",
        at=START,
    )
    assert isinstance(refused, policy.Refusal)
    assert refused.rule is law.RuleId.NOTICE_OUTSTANDING
    told = outbox.preview(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Rückruf."),
        purpose="P-02",
        at=START,
    )
    assert isinstance(told, policy.Permit)


def _case(dealer: dealers.Dealer, *, closed_at: datetime | None = None, person: int = 0) -> int:
    with scope.transaction(organisation=dealer.organisation):
        row = models.Case(
            organisation_id=dealer.organisation,
            branch_id=dealer.branch,
            person_id=person or models.Conversation.objects.get().person_id,
            kind="repair_order",
            state="closed" if closed_at else "open",
            contract=cases.Contract.YES if closed_at else "",
            title_sealed=b"sealed",
            closed_at=closed_at,
            created_at=START,
            changed_at=START,
        )
        row.save(force_insert=True)
    return row.id


@pytest.mark.shows("R-10")
def test_service_leaves_on_the_open_case_and_names_it(dealer: dealers.Dealer) -> None:
    _case(dealer, closed_at=START)
    case = _case(dealer)
    message = _queued(dealer, "P-01", at=START, text="Ihr Wagen ist fertig.")
    assert _claimed(dealer, at=START) == [message]
    row = _message(dealer, message)
    assert row.permit is not None
    assert row.permit.evidence[0] == f"case:{case}"


@pytest.mark.shows("R-10")
@pytest.mark.parametrize(("days", "rule"), [(13, None), (14, None), (15, law.RuleId.CASE_CLOSED)])
def test_service_ends_with_the_grace_of_a_closed_case(
    dealer: dealers.Dealer, days: int, rule: law.RuleId | None
) -> None:
    later = START + timedelta(days=days)
    phones.writes(dealer, "Moin", at=later)
    _case(dealer, closed_at=START)
    assert _preview(dealer, "P-01", at=later) is rule


@pytest.mark.shows("R-10")
def test_service_needs_a_case_of_the_person_themselves(dealer: dealers.Dealer) -> None:
    assert _preview(dealer, "P-01", at=START) is law.RuleId.CASE_MISSING
    keys = keyring.organisation(dealer.organisation)
    party = events.Party(phone="+" + dealers.BOB)
    with scope.transaction(organisation=dealer.organisation):
        bob = people.resolve(keys=keys, parties=[party], source="import", at=START)[party].id
    other = _case(dealer, person=bob)
    assert _preview(dealer, "P-01", at=START) is law.RuleId.CASE_MISSING
    _case(dealer)
    message = _queued(dealer, "P-01", at=START)
    with scope.transaction(organisation=dealer.organisation):
        models.Message.objects.filter(id=message).update(case_id=other)
    assert _claimed(dealer, at=START) == []
    row = _message(dealer, message)
    assert row.refusal is not None
    assert row.refusal.rule == "case_missing"


@pytest.mark.shows("R-02", "R-08")
def test_every_answer_is_a_row_with_its_purpose(dealer: dealers.Dealer) -> None:
    permitted, refused = _queued(dealer, "P-02", at=START), _queued(dealer, "P-05", at=START)
    _claimed(dealer, at=START)
    with scope.looking(organisation=dealer.organisation):
        rows = {row.message_ref: row for row in models.Decision.objects.all()}
    assert (rows[permitted].permitted, rows[permitted].purpose) == (True, "P-02")
    assert (rows[refused].permitted, rows[refused].purpose) == (False, "P-05")
    assert rows[permitted].basis
    assert rows[refused].article
    assert rows[refused].sentence_de != rows[refused].sentence_en
