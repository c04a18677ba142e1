"""What ends an old chat that was decided, or that nobody decides: its period, an erasure; and what keeps it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import dealers, erasures, exports, staff
from tests import simulator as simulators
from werkbote.actions import cases, old_chats, people, privacy
from werkbote.domain import cases as kinds
from werkbote.domain import privacy as rights
from werkbote.store import keyring, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

NOW = dealers.NOW
LAST = "10.11.26, 10:15 - Petra Beispiel: Danke!"
"""A chat with one line of 10 November 2026."""


@pytest.fixture
def team(simulator: simulators.Simulator) -> staff.Staff:
    dealer = dealers.dealer(graph_url=simulator.url)
    simulator.connect(dealer)
    return staff.staff(dealer)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def filed(team: staff.Staff, retention: str, case: int | None = None) -> int:
    """Bring the chat in and file it; returns the chat."""
    done = exports.brought(team, exports.text(LAST), filename=f"{exports.TITLE}.txt")
    return file_again(team, done.chat_id, retention, case)


def file_again(team: staff.Staff, chat: int, retention: str, case: int | None = None) -> int:
    old_chats.file_into_case(
        organisation=team.dealer.organisation,
        chat=chat,
        filing=old_chats.Filing(retention=retention, case=case),
        by=team.bob,
        at=NOW,
    )
    return chat


def sweep(team: staff.Staff, at: datetime) -> list[int]:
    """Let the night pass and return which chats are left."""
    privacy.sweep(organisation=team.dealer.organisation, at=at)
    return chats(team)


def chats(team: staff.Staff) -> list[int]:
    with scope.looking(organisation=team.dealer.organisation):
        return list(models.OldChat.objects.order_by("id").values_list("id", flat=True))


def matched(team: staff.Staff) -> int:
    """Accept that the chat is with the person who writes to us too; returns that person."""
    with scope.looking(organisation=team.dealer.organisation):
        review = models.IdentityReview.objects.get(kind="old_chat", state="open")
    people.decide_review(
        organisation=team.dealer.organisation, review=review.id, accept=True, by=team.bob, at=NOW
    )
    return review.previous_id


@pytest.mark.shows("R-06")
@pytest.mark.parametrize(
    ("retention", "last_day", "first_day"),
    [
        ("L-02", noon(2027, 5, 10), noon(2027, 5, 11)),
        ("L-04", noon(2027, 5, 10), noon(2027, 5, 11)),
        ("L-05", noon(2032, 12, 31), noon(2033, 1, 1)),
        ("L-08", noon(2032, 12, 31), noon(2033, 1, 1)),
        ("L-09", noon(2028, 12, 31), noon(2029, 1, 1)),
        ("L-10", noon(2029, 12, 31), noon(2030, 1, 1)),
    ],
)
def test_a_filed_chat_goes_with_its_key_when_its_class_ends(
    team, owner, retention, last_day, first_day
):
    chat = filed(team, retention)
    assert sweep(team, last_day) == [chat]
    assert sweep(team, first_day) == []
    here = {"organisation": team.dealer.organisation}
    for table in ("person", "old_chat_arrival", "old_chat_page", "old_chat_file", "old_chat_piece"):
        query = f"SELECT count(*) FROM {table} WHERE organisation_id = %(organisation)s"
        assert owner.execute(query, here).fetchone() == (0,), table


def test_a_chat_that_waits_for_its_decision_is_swept_by_no_class(team):
    done = exports.brought(team, exports.text(LAST), filename=f"{exports.TITLE}.txt")
    assert sweep(team, noon(2040, 1, 1)) == [done.chat_id]


def test_a_legal_hold_and_an_open_tax_audit_keep_a_filed_chat(team):
    chat = filed(team, "L-05")
    late = noon(2033, 1, 1)
    privacy.open_tax_audit(
        organisation=team.dealer.organisation,
        year=2026,
        until=late.date(),
        by=team.alice,
        at=NOW,
    )
    assert sweep(team, late) == [chat]
    with scope.looking(organisation=team.dealer.organisation):
        person = models.OldChat.objects.get().person_id
    hold = privacy.hold(
        organisation=team.dealer.organisation,
        subject=person,
        reason="Streit über die Rechnung",
        query={},
        by=team.alice,
        at=NOW,
    )
    assert sweep(team, late + timedelta(days=1)) == [chat]
    privacy.end_hold(
        organisation=team.dealer.organisation,
        hold=hold,
        reason="dispute_over",
        by=team.alice,
        at=late,
    )
    assert sweep(team, late + timedelta(days=2)) == []


def test_a_chat_stays_as_long_as_its_case_is_open_and_counts_from_its_end(team):
    organisation = team.dealer.organisation
    staff.wrote(team.dealer)
    done = exports.brought(team, exports.text(LAST), filename=f"{exports.TITLE}.txt")
    case = cases.open_case(
        organisation=organisation,
        branch=team.dealer.branch,
        person=matched(team),
        details=cases.Details(kind=kinds.Kind.REPAIR_ORDER, title="Inspektion"),
        by=team.bob,
        at=NOW,
    )
    chat = file_again(team, done.chat_id, "L-02", case)
    assert sweep(team, noon(2027, 6, 1)) == [chat]
    cases.close_case(
        organisation=organisation,
        case=case,
        contract=kinds.Contract.YES,
        by="system",
        at=noon(2027, 6, 2),
    )
    assert sweep(team, noon(2027, 12, 2)) == [chat]
    assert sweep(team, noon(2027, 12, 3)) == []


def test_a_customer_of_whom_only_a_kept_chat_is_left_is_no_bare_contact(team):
    staff.wrote(team.dealer)
    chat = filed(team, "L-05")
    matched(team)
    privacy.sweep(organisation=team.dealer.organisation, at=noon(2030, 1, 1))
    with scope.looking(organisation=team.dealer.organisation):
        assert models.ErasureRun.objects.count() == 0
    assert chats(team) == [chat]


def test_a_customer_who_came_after_the_chat_stays_when_it_goes(team):
    done = exports.brought(team, exports.packed())
    staff.wrote(team.dealer)
    later = exports.text(*exports.LINES, "14.03.24, 08:00 - Petra Beispiel: Danke!")
    exports.brought(team, later, filename=f"{exports.TITLE}.txt")
    person = matched(team)
    old_chats.delete(organisation=team.dealer.organisation, chat=done.chat_id, by=team.bob, at=NOW)
    with scope.looking(organisation=team.dealer.organisation):
        assert list(models.Person.objects.values_list("id", "merged_into")) == [(person, None)]
        assert models.Message.objects.count() == 1


@pytest.mark.shows("R-30")
@pytest.mark.parametrize("retention", ["", "L-02"])
def test_erasing_a_person_takes_the_old_chat_that_is_theirs(team, retention):
    staff.wrote(team.dealer)
    done = exports.brought(team, exports.packed())
    person = matched(team)
    if retention:
        file_again(team, done.chat_id, retention)
    run = erasures.asked(team.dealer, person)
    assert erasures.executed(team.dealer, run) is rights.State.DONE
    assert chats(team) == []
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Person.objects.count() == 0
        assert models.OldChatPiece.objects.count() == models.OldChatArrival.objects.count() == 0


def test_a_chat_kept_as_a_letter_withstands_the_erasure_and_can_be_read(team):
    staff.wrote(team.dealer)
    done = exports.brought(team, exports.packed())
    person = matched(team)
    file_again(team, done.chat_id, "L-05")
    with scope.looking(organisation=team.dealer.organisation):
        row = models.OldChat.objects.get()
    run = erasures.asked(team.dealer, person)
    assert erasures.executed(team.dealer, run) is rights.State.DONE
    protocol = erasures.row(team.dealer, run).protocol
    assert [(one["rule"], one["until"]) for one in protocol["blocks"]] == [("L-05", "2030-12-31")]
    assert exports.messages(team, row)[1] == "Ihr Golf ist fertig."
    keys = keyring.organisation(team.dealer.organisation)
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Message.objects.count() == 0
        file = models.OldChatFile.objects.get()
        piece = models.OldChatPiece.objects.get(file=file)
        owner = models.Person.objects.get(id=row.person_id)
        assert (
            keys.unwrap(owner.key_wrapped, person=owner.id).open(
                piece.sealed, table="old_chat_piece", row=piece.id, column="sealed"
            )
            == exports.PHOTO
        )
    assert sweep(team, noon(2031, 1, 1)) == []
