"""Files of an export and the malware scanner: what is infected stays out, everything else is kept."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from tests import clamd, exports, scannerserver, staff
from werkbote.actions import old_chats
from werkbote.store import models, scope

EVIL = b"MZ" + scannerserver.EVIL
FILES = {"IMG-1.jpg": exports.PHOTO, "rechnung.pdf.exe": EVIL}


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


@contextmanager
def _invented() -> Iterator[str]:
    with scannerserver.serving() as made:
        yield made.address


@pytest.fixture
def peer(monkeypatch) -> Iterator[scannerserver.Scanner]:
    with scannerserver.serving() as made:
        monkeypatch.setattr(settings, "WERKBOTE_CLAMAV", made.address)
        yield made


def _row(team: staff.Staff, arrival: int) -> models.OldChatArrival:
    with scope.looking(organisation=team.dealer.organisation):
        return models.OldChatArrival.objects.select_related("chat", "person").get(id=arrival)


@pytest.mark.shows("S-14")
@pytest.mark.parametrize("scanner", [_invented, clamd.running], ids=["invented", "clamd"])
def test_an_infected_file_is_named_and_everything_else_is_there(team, monkeypatch, scanner):
    with scanner() as address:
        monkeypatch.setattr(settings, "WERKBOTE_CLAMAV", address)
        done = exports.brought(team, exports.packed(FILES))
    assert (done.state, done.added, done.chat.files) == ("done", 5, 1)
    found = exports.report(team, done)
    assert found["files"] == [["rechnung.pdf.exe", "file_infected"]]
    with scope.looking(organisation=team.dealer.organisation):
        assert models.OldChatFile.objects.count() == 1


def test_without_a_scanner_every_file_is_taken_over(team):
    assert exports.brought(team, exports.packed(FILES)).chat.files == 2


def test_a_file_larger_than_the_scanner_takes_is_named(team, peer):
    peer.says = b"INSTREAM size limit exceeded. ERROR\0"
    done = exports.brought(team, exports.packed())
    assert (done.state, done.chat.messages, done.chat.files) == ("done", 5, 0)
    assert exports.report(team, done)["files"] == [["IMG-1.jpg", "file_unscannable"]]


def test_while_the_scanner_is_silent_the_export_waits_and_nothing_is_lost(team, peer):
    peer.says = b"stream: Can't open file ERROR\0"
    arrival = exports.upload(team, exports.packed(FILES))
    assert not exports.read(team, arrival)
    row = _row(team, arrival)
    assert (row.state, row.problem) == ("waiting", "unscanned")
    page = staff.signed_in(team.bob).get("/old-chats/progress/").content.decode()
    assert "Der Virenscanner antwortet nicht. Es geht nichts verloren" in page
    assert not exports.read(team, arrival)
    peer.says = None
    assert exports.read(team, arrival)
    row = _row(team, arrival)
    assert (row.state, row.problem, row.added, row.repeated) == ("done", "", 5, 0)
    assert (row.chat.state, row.chat.messages, row.chat.files) == ("open", 5, 1)
    assert old_chats.sweep(organisation=team.dealer.organisation, at=row.finished_at) == 0


def test_a_damaged_file_beside_a_scanner_is_named_as_damaged(team, peer):
    packed = bytearray(exports.packed({"IMG-1.jpg": bytes(range(256)) * 900}))
    start = packed.index(b"IMG-1.jpg") + 40
    packed[start : start + 20] = bytes(20)
    done = exports.brought(team, bytes(packed))
    assert (done.state, done.added, done.chat.files) == ("done", 5, 0)
    assert exports.report(team, done)["files"] == [["IMG-1.jpg", "file_damaged"]]
    assert peer.received == []
