"""Erasures are written down before they happen and done again in a database that has not met them."""

from pathlib import Path

import pytest

from tests import dealers, staff
from werkbote.actions import journal as deeds
from werkbote.store import ids, journal, models, scope

pytestmark = pytest.mark.usefixtures("journal_folder")


@pytest.fixture
def dealer(journal_folder: Path) -> dealers.Dealer:
    assert not journal_folder.exists()
    return dealers.dealer()


def person(dealer: dealers.Dealer) -> int:
    conversation = staff.wrote(dealer)
    with scope.looking(organisation=dealer.organisation):
        return models.Conversation.objects.get(id=conversation).person_id


def begin(dealer: dealers.Dealer, subject: int) -> int:
    return deeds.begin(
        organisation=dealer.organisation, subject=subject, of=deeds.PERSON, at=dealers.NOW
    )


def erase(entry: journal.Entry) -> None:
    with scope.transaction(organisation=entry.organisation):
        models.Person.objects.filter(id=entry.subject).delete()


def replay(dealer: dealers.Dealer, how: deeds.Erase = erase) -> deeds.Replay:
    return deeds.replay(organisations=[dealer.organisation], erase=how, at=dealers.NOW)


def test_erasure_is_on_the_disk_before_it_begins(dealer, journal_folder):
    subject = person(dealer)
    entry = begin(dealer, subject)
    assert [(found.id, found.subject) for found in journal.read(journal_folder)] == [
        (entry, subject)
    ]


def test_repetition_after_a_crash_writes_no_second_entry(dealer, journal_folder):
    subject = person(dealer)
    assert begin(dealer, subject) == begin(dealer, subject)
    assert len(journal.read(journal_folder)) == 1


def test_entry_lost_between_announcing_and_writing_is_written_by_the_retry(dealer, journal_folder):
    subject = person(dealer)
    first = begin(dealer, subject)
    for file in journal.files(journal_folder):
        file.unlink()
    assert begin(dealer, subject) == first
    assert [found.id for found in journal.read(journal_folder)] == [first]


def test_erasure_inside_a_transaction_is_refused(dealer):
    with (
        scope.transaction(organisation=dealer.organisation),
        pytest.raises(scope.UnableInsideTransaction),
    ):
        begin(dealer, 1)


@pytest.mark.shows("R-30")
def test_person_whom_a_backup_brings_back_is_erased_again(dealer, journal_folder):
    gone, stays = person(dealer), person(dealer)
    assert gone == stays, "the same number is the same person"
    other = ids.new()
    journal.append(
        journal_folder,
        journal.Entry(
            id=other,
            organisation=dealer.organisation,
            subject=gone,
            scope="person",
            at=dealers.NOW,
        ),
    )
    assert [entry.id for entry in deeds.missing(organisations=[dealer.organisation])] == [other]
    assert replay(dealer) == deeds.Replay(entries=1, missing=1, erased=1)
    with scope.looking(organisation=dealer.organisation):
        assert not models.Person.objects.filter(id=gone).exists()
    assert replay(dealer) == deeds.Replay(entries=1, missing=0, erased=0)


def test_erasure_that_a_backup_caught_half_way_is_finished(dealer):
    subject = person(dealer)
    begin(dealer, subject)
    assert replay(dealer) == deeds.Replay(entries=1, missing=0, erased=1)


def test_replay_that_broke_off_is_not_taken_for_done(dealer, journal_folder):
    subject = person(dealer)
    journal.append(
        journal_folder,
        journal.Entry(
            id=ids.new(),
            organisation=dealer.organisation,
            subject=subject,
            scope="person",
            at=dealers.NOW,
        ),
    )

    def break_off(_entry: journal.Entry) -> None:
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        replay(dealer, break_off)
    assert len(deeds.missing(organisations=[dealer.organisation])) == 1


def test_settled_erasure_is_not_done_again(dealer):
    subject = person(dealer)
    entry = begin(dealer, subject)
    with scope.transaction(organisation=dealer.organisation):
        models.Person.objects.filter(id=subject).delete()
        deeds.settle(entry=entry, at=dealers.NOW)
    assert replay(dealer) == deeds.Replay(entries=1, missing=0, erased=0)


def test_entries_of_another_database_concern_nobody_here(dealer, journal_folder):
    journal.append(
        journal_folder,
        journal.Entry(id=ids.new(), organisation=1, subject=2, scope="person", at=dealers.NOW),
    )
    assert replay(dealer) == deeds.Replay(entries=0, missing=0, erased=0)
