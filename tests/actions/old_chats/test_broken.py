"""Broken and hostile exports: each is refused with its reason, or read with what is wrong named."""

import io
import random
import tracemalloc
import zipfile

import pytest

from tests import exports, staff
from werkbote.actions import old_chats
from werkbote.domain import old_chats as domain
from werkbote.domain.old_chats import limits
from werkbote.store import models, scope

P = domain.Problem


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


def _locked() -> bytes:
    """A ZIP whose members say that they are encrypted."""
    whole = bytearray(exports.packed())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(sign)
        while at >= 0:
            whole[at + offset] |= 1
            at = whole.find(sign, at + 4)
    return bytes(whole)


def _bomb() -> bytes:
    return exports.packed({"IMG-1.jpg": bytes(limits.SMALL + 1)})


def _swollen() -> bytes:
    """A ZIP that claims to hold six gigabytes; its directory is enough to refuse it."""
    whole = bytearray(exports.packed())
    at = whole.find(b"PK\x01\x02")
    at = whole.find(b"PK\x01\x02", at + 4)
    whole[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    return bytes(whole)


def _without_chat() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("IMG-1.jpg", exports.PHOTO)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(lambda: exports.packed()[:-40], P.BROKEN, id="cut off"),
        pytest.param(lambda: b"PK\x03\x04" + bytes(200), P.BROKEN, id="nothing behind the sign"),
        pytest.param(_locked, P.ENCRYPTED, id="encrypted"),
        pytest.param(_bomb, P.BOMB, id="swells a thousand times"),
        pytest.param(_swollen, P.BOMB, id="claims four gigabytes"),
        pytest.param(_without_chat, P.NO_CHAT, id="no text in it"),
        pytest.param(lambda: exports.packed(chat=b""), P.NOT_A_CHAT, id="empty text"),
        pytest.param(lambda: b"Einkaufsliste\nBrot\n", P.NOT_A_CHAT, id="another text"),
        pytest.param(lambda: b"%PDF-1.7\n" + bytes(100), P.NOT_A_CHAT, id="a PDF"),
        pytest.param(lambda: b"\xff\xd8\xff\xe0" + bytes(4000), P.NOT_A_CHAT, id="a photo"),
        pytest.param(lambda: b"\n" * 500, P.NOT_A_CHAT, id="empty lines"),
    ],
)
def test_what_is_no_chat_is_refused_with_its_reason_and_leaves_nothing(team, content, problem):
    done = exports.brought(team, content())
    assert (done.state, done.problem, done.chat) == ("failed", problem, None)
    with scope.looking(organisation=team.dealer.organisation):
        assert models.OldChat.objects.count() == 0
        assert models.OldChatPiece.objects.count() == 0


def test_an_empty_upload_is_not_taken(team):
    with pytest.raises(old_chats.UnableToReceive) as caught:
        exports.upload(team, b"")
    assert caught.value.problem is P.EMPTY
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Person.objects.count() == 0


def test_an_upload_beyond_the_limit_is_not_taken_and_nothing_of_it_stays(team, monkeypatch):
    monkeypatch.setattr(domain, "MOST_BYTES", 100_000)
    with pytest.raises(old_chats.UnableToReceive) as caught:
        exports.upload(team, bytes(200_000))
    assert caught.value.problem is P.TOO_LARGE
    with scope.looking(organisation=team.dealer.organisation):
        assert models.OldChatPiece.objects.count() == models.Person.objects.count() == 0


def test_a_damaged_file_is_named_and_the_rest_is_kept(team):
    whole = bytearray(exports.packed({"IMG-1.jpg": exports.PHOTO, "IMG-2.jpg": b"gut"}))
    at = whole.find(b"IMG-1.jpg") + len("IMG-1.jpg") + 4
    whole[at : at + 8] = b"\xff" * 8
    done = exports.brought(team, bytes(whole))
    assert (done.state, done.added, done.chat.files) == ("done", 5, 1)


def test_a_chat_that_breaks_off_keeps_what_was_read(team):
    whole = bytearray(exports.packed(chat=exports.long(3000)))
    name = f"{exports.TITLE}.txt".encode()
    start = whole.find(name) + len(name)
    whole[start + 8000 : start + 8040] = bytes(40)
    done = exports.brought(team, bytes(whole))
    assert (done.state, done.problem) == ("done", "")
    assert 1000 < done.added < 3000
    assert (done.chat.state, done.chat.messages) == ("open", done.added)
    kept = exports.messages(team, done.chat)
    assert kept[:1000] == [f"Nachricht {number}" for number in range(1000)]
    assert exports.report(team, done)["counts"]["breaks_off"] == 1


def test_a_file_that_is_too_large_is_named(team, monkeypatch):
    monkeypatch.setattr(limits, "MOST_FILE", 100)
    done = exports.brought(team, exports.packed())
    assert (done.state, done.added, done.chat.files) == ("done", 5, 0)


def test_paths_in_names_lead_nowhere(team, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("../../boese.txt", "/etc/cron.d/boese", "..\\..\\boese.exe", "C:\\boese.exe", "a\0b")
    done = exports.brought(team, exports.packed(dict.fromkeys(names, b"x")))
    assert (done.state, done.chat.files) == ("done", len(names))
    assert list(tmp_path.rglob("*")) == []


def test_letters_that_are_not_utf8_are_kept(team):
    raw = "13.03.24, 10:16 - Max: Schöne Grüße\n".encode("cp1252")
    done = exports.brought(team, raw, filename="_chat.txt")
    assert exports.messages(team, done.chat) == ["Schöne Grüße"]


def test_memory_does_not_grow_with_the_upload(team):
    noise = random.Random(3).randbytes(40 * limits.MB)
    content = exports.packed({"film.mp4": noise})
    tracemalloc.start()
    done = exports.brought(team, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (done.state, done.chat.files) == ("done", 1)
    assert peak < 30 * limits.MB
