"""Identity papers that came unasked: whoever sent one is told that it goes, by message or by letter, once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import dealers, erasures, filed, phones, staff
from werkbote.actions import cases, outbox, privacy
from werkbote.domain import cases as matter
from werkbote.domain import privacy as rights
from werkbote.reads import access
from werkbote.reads import privacy as reading
from werkbote.store import exporting, keyring, models, rechtsstand, scope

pytestmark = pytest.mark.usefixtures("journal_folder")

AT = dealers.NOW
MINUTE = timedelta(minutes=1)
LATE = AT + timedelta(days=2)
TAG = "identity_document"


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture
def owner(dealer: dealers.Dealer) -> int:
    return staff.member(dealer.organisation, role=staff.roles.Role.OWNER, branches=[dealer.branch])


def mark(dealer: dealers.Dealer, message: int, tag: str, by: int, *, at: datetime = AT) -> None:
    cases.mark_message(organisation=dealer.organisation, message=message, tag=tag, by=by, at=at)


def notices(dealer: dealers.Dealer) -> list[models.Message]:
    with scope.looking(organisation=dealer.organisation):
        found = models.Message.objects.filter(request_key__startswith="unasked:")
        return list(found.order_by("id"))


def text(dealer: dealers.Dealer, row: models.Message) -> str:
    with scope.looking(organisation=dealer.organisation):
        keys = keyring.organisation(dealer.organisation)
        return exporting.text(exporting.open_person(keys, [row.person_id]), row)


def owed(by: int) -> int:
    return len(reading.owed(viewer=staff.viewer(by)))


def refuse_all(dealer: dealers.Dealer, *, at: datetime) -> None:
    """Let everything queued be looked at when its window is closed."""
    assert outbox.claim(organisation=dealer.organisation, number=dealer.number, at=at) == []


def test_sender_is_told_once_and_by_when_it_is_gone(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner)
    mark(dealer, message, TAG, owner, at=AT + MINUTE)
    (notice,) = notices(dealer)
    assert "Spätestens am 01.12.2026 ist es bei uns gelöscht" in text(dealer, notice)
    (ready,) = outbox.claim(
        organisation=dealer.organisation, number=dealer.number, at=AT + 2 * MINUTE
    )
    assert (ready.message, ready.permit.purpose) == (notice.id, "P-02")
    assert owed(owner) == 0


def test_it_is_gone_on_the_day_the_notice_names(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner)
    filed.sweep(dealer, date(2026, 12, 1))
    with scope.looking(organisation=dealer.organisation):
        assert not models.Message.objects.filter(id=message).exists()
        assert models.UnaskedDocument.objects.get().due_on == date(2026, 12, 1)


def test_english_speaker_reads_it_in_english(dealer, owner):
    message = filed.wrote(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.update(language="en")
    mark(dealer, message, TAG, owner)
    assert "by 01.12.2026 it is deleted here" in text(dealer, notices(dealer)[0])


def test_mark_taken_off_at_once_tells_nobody_and_owes_nothing(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner)
    refuse_all(dealer, at=AT + MINUTE / 2)
    mark(dealer, message, "", owner, at=AT + MINUTE / 2)
    assert [row.state for row in notices(dealer)] == ["cancelled"]
    assert owed(owner) == 0
    with scope.looking(organisation=dealer.organisation):
        assert not models.UnaskedDocument.objects.exists()


def test_other_marks_tell_nothing(dealer, owner):
    message = filed.wrote(dealer)
    others = set(rechtsstand.retention(AT.date()).tags) - {TAG}
    for tag in sorted(others):
        mark(dealer, message, tag, owner)
    assert notices(dealer) == []


def test_closed_window_owes_a_letter_until_it_is_printed(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner, at=LATE)
    assert notices(dealer) == []
    (one,) = reading.owed(viewer=staff.viewer(owner))
    assert one.due_on == date(2026, 12, 1)
    paper = privacy.unasked_paper(
        organisation=dealer.organisation, document=one.id, by=owner, at=LATE
    )
    assert paper.startswith(b"%PDF")
    assert owed(owner) == 0


def test_notice_that_is_refused_after_all_owes_a_letter(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner)
    refuse_all(dealer, at=LATE)
    assert [row.state for row in notices(dealer)] == ["refused"]
    assert owed(owner) == 1


def test_letter_stays_owed_when_the_message_has_gone(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner, at=LATE)
    filed.sweep(dealer, date(2026, 12, 2))
    assert owed(owner) == 1


def test_restricted_person_gets_no_message_but_a_letter(dealer, owner):
    message = filed.wrote(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.update(restricted_at=AT)
    mark(dealer, message, TAG, owner)
    assert (notices(dealer), owed(owner)) == ([], 1)


def test_spam_is_told_nothing_by_message(dealer, owner):
    message = filed.wrote(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Conversation.objects.update(spam_at=AT)
    mark(dealer, message, TAG, owner)
    assert (notices(dealer), owed(owner)) == ([], 1)


def test_legal_hold_lets_nothing_be_promised(dealer, owner):
    message = filed.wrote(dealer)
    privacy.hold(
        organisation=dealer.organisation,
        subject=erasures.the_person(dealer),
        query={},
        reason="Streit",
        by=owner,
        at=AT,
    )
    mark(dealer, message, TAG, owner)
    assert (notices(dealer), owed(owner)) == ([], 0)


def test_charlie_sees_and_prints_no_letter(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner, at=LATE)
    (one,) = reading.owed(viewer=staff.viewer(owner))
    cast = staff.staff(dealer)
    for member in (cast.bob, cast.charlie):
        with pytest.raises(access.UnableToSee):
            reading.check_owed(viewer=staff.viewer(member), document=one.id)
    with pytest.raises(access.UnableToSee):
        reading.check_owed(viewer=staff.viewer(cast.eve), document=one.id)


def test_erasure_takes_the_note_along_and_the_proof_ends_by_its_class(dealer, owner):
    message = filed.wrote(dealer)
    mark(dealer, message, TAG, owner, at=LATE)
    filed.sweep(dealer, date(2029, 12, 31))
    assert owed(owner) == 1
    run = erasures.asked(dealer, erasures.the_person(dealer))
    assert erasures.executed(dealer, run) is rights.State.DONE
    assert owed(owner) == 0


def test_proof_goes_after_three_years(dealer, owner):
    message = filed.wrote(dealer)
    filed.opened(dealer, message, matter.Kind.REPAIR_ORDER)
    mark(dealer, message, TAG, owner, at=LATE)
    phones.writes(dealer, "Noch da", at=datetime(2029, 12, 1, tzinfo=UTC))
    filed.sweep(dealer, date(2030, 1, 1))
    assert owed(owner) == 0
