"""An export is taken in: every line kept once, every file kept or named, nothing of it in clear."""

import pytest

from tests import dealers, exports, staff
from werkbote.actions import old_chats, people
from werkbote.store import keyring, models, scope
from werkbote.store import old_chats as store


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


def _counts(team: staff.Staff) -> dict[str, int]:
    names = (
        "OldChat OldChatArrival OldChatPage OldChatFile OldChatPiece Person Conversation Message"
    )
    with scope.looking(organisation=team.dealer.organisation):
        return {name: getattr(models, name).objects.count() for name in names.split()}


def test_an_export_becomes_one_chat_with_its_file_and_nothing_else(team):
    done = exports.brought(team, exports.packed())
    assert (done.state, done.lines, done.read, done.added, done.repeated) == ("done", 6, 6, 5, 0)
    assert (done.chat.state, done.chat.messages, done.chat.files) == ("open", 5, 1)
    assert exports.messages(team, done.chat)[2] == "Super!\nIch komme um vier."
    assert _counts(team) == {
        "OldChat": 1,
        "OldChatArrival": 1,
        "OldChatPage": 1,
        "OldChatFile": 1,
        "OldChatPiece": 1,
        "Person": 1,
        "Conversation": 0,
        "Message": 0,
    }
    assert done.person.source == "old_chat"
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Identity.objects.count() == 0


def test_what_the_report_names(team):
    files = {
        "bilder/../../IMG-1.jpg": exports.PHOTO,
        "niemand.pdf": b"%PDF",
        "__MACOSX/._IMG-1.jpg": b"x",
    }
    done = exports.brought(team, exports.packed(files))
    found = exports.report(team, done)
    assert found["counts"] == {
        "unknown_kind": 1,
        "file_path": 1,
        "file_litter": 1,
        "file_unmentioned": 1,
    }
    assert found["lines"] == [[6, "unknown_kind", "<Neues Ding>"]]
    assert ["niemand.pdf", "file_unmentioned"] in found["files"]
    assert done.chat.files == 2


def test_the_files_content_is_what_was_packed(team):
    large = bytes(range(256)) * 9000
    done = exports.brought(team, exports.packed({"IMG-1.jpg": large}))
    keys = keyring.organisation(team.dealer.organisation)
    key = keys.unwrap(done.person.key_wrapped, person=done.person_id)
    with scope.looking(organisation=team.dealer.organisation):
        file = models.OldChatFile.objects.get()
        assert b"".join(store.content(key, file=file.id)) == large
        assert file.pieces.count() == 3


def test_nothing_lies_in_clear(team, owner):
    exports.brought(team, exports.packed())
    whole = b""
    for table in ("old_chat", "old_chat_arrival", "old_chat_page", "old_chat_file", "person"):
        rows = owner.execute(f"SELECT t.*::text FROM {table} t").fetchall()
        whole += repr(rows).encode()
    for words in ("Petra", "Golf", "IMG-1", "iPhone"):
        assert words.encode() not in whole
        assert words.encode().hex().encode() not in whole


def test_times_are_those_of_the_zone_that_was_asked(team):
    done = exports.brought(team, exports.text(), filename="_chat.txt")
    assert done.chat.first_at.isoformat() == "2024-03-13T09:15:00+00:00"


def test_the_same_export_again_adds_nothing(team):
    first = exports.brought(team, exports.packed())
    again = exports.brought(team, exports.packed())
    assert (again.chat_id, again.added, again.repeated) == (first.chat_id, 0, 5)
    assert (again.chat.messages, again.chat.files) == (5, 1)
    assert _counts(team)["Person"] == 1


def test_a_later_overlapping_export_adds_its_new_lines(team):
    first = exports.brought(team, exports.text(), filename=f"{exports.TITLE}.txt")
    new = "14.03.24, 08:00 - Petra Beispiel: Danke, läuft."
    later = exports.brought(
        team, exports.text(*exports.LINES[2:], new), filename=f"{exports.TITLE}.txt"
    )
    assert (later.chat_id, later.added, later.repeated) == (first.chat_id, 1, 3)
    assert exports.messages(team, later.chat)[-1] == "Danke, läuft."
    assert later.device_sealed != first.device_sealed


def test_another_persons_phone_or_another_chat_of_that_name_is_another_chat(team):
    first = exports.brought(team, exports.packed())
    other = exports.brought(team, exports.packed(), owner=team.alice)
    namesake = exports.brought(team, exports.packed(chat=exports.long(3)))
    assert len({first.chat_id, other.chat_id, namesake.chat_id}) == 3


def test_long_chats_are_stored_in_pages(team):
    done = exports.brought(team, exports.long(1001), filename="chat.txt")
    assert (done.added, done.chat.messages) == (1001, 1001)
    assert _counts(team)["OldChatPage"] == 6
    assert exports.messages(team, done.chat)[1000] == "Nachricht 1000"


def test_reading_again_after_a_crash_stores_nothing_twice(team):
    fresh = exports.upload(team, exports.packed(), owner=team.alice)
    with scope.transaction(organisation=team.dealer.organisation):
        models.OldChatArrival.objects.filter(id=fresh).update(state="reading")
    assert exports.read(team, fresh) is True
    assert exports.read(team, fresh) is False
    with scope.looking(organisation=team.dealer.organisation):
        chat = models.OldChatArrival.objects.get(id=fresh).chat
    assert len(exports.messages(team, chat)) == 5


@pytest.mark.usefixtures("no_jobs")
def test_uploads_of_one_phone_are_read_in_turn(team, owner):
    first, second = exports.upload(team, exports.packed()), exports.upload(team, exports.packed())
    assert exports.read(team, second) is False
    assert exports.read(team, first) is True
    assert exports.read(team, second) is True
    waiting = owner.execute(
        "SELECT args->>'object_id' FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL"
    ).fetchall()
    assert waiting == [(str(second),)]


def test_the_other_side_is_proposed_by_number_and_never_decided(team):
    conversation = staff.wrote(team.dealer)
    lines = [line.replace("Petra Beispiel", "+49 171 3920001") for line in exports.LINES]
    done = exports.brought(team, exports.text(*lines), filename="chat.txt")
    with scope.looking(organisation=team.dealer.organisation):
        (review,) = models.IdentityReview.objects.all()
        known = models.Conversation.objects.get(id=conversation).person_id
    assert (review.kind, review.previous_id, review.current_id, review.state) == (
        "old_chat",
        known,
        done.person_id,
        "open",
    )
    people.decide_review(
        organisation=team.dealer.organisation,
        review=review.id,
        accept=True,
        by=team.bob,
        at=dealers.NOW,
    )
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Person.objects.get(id=done.person_id).merged_into_id == known
        assert models.Identity.objects.filter(replaced_at=None).count() == 1


def test_the_other_side_is_proposed_by_name_where_only_one_has_it(team):
    staff.wrote(team.dealer)
    exports.brought(team, exports.packed())
    with scope.looking(organisation=team.dealer.organisation):
        assert models.IdentityReview.objects.count() == 1
    staff.wrote(team.dealer, phone="+491713920002")
    exports.brought(team, exports.packed(), owner=team.alice)
    with scope.looking(organisation=team.dealer.organisation):
        assert models.IdentityReview.objects.count() == 1


def test_in_a_group_nobody_is_proposed(team):
    staff.wrote(team.dealer)
    exports.brought(team, exports.text(*exports.LINES, "14.03.24, 08:00 - Kim Dritte: Moin"))
    with scope.looking(organisation=team.dealer.organisation):
        assert models.IdentityReview.objects.count() == 0


def test_uploads_that_broke_off_or_failed_go_after_days(team):
    failed = exports.brought(team, b"kein Chat", filename="liste.txt")
    assert failed.state == "failed"
    kept = exports.brought(team, exports.packed())
    organisation = team.dealer.organisation
    assert old_chats.sweep(organisation=organisation, at=dealers.NOW) == 0
    later = dealers.NOW.replace(month=12)
    assert old_chats.sweep(organisation=organisation, at=later) == 1
    with scope.looking(organisation=organisation):
        assert list(models.OldChatArrival.objects.values_list("id", flat=True)) == [kept.id]
