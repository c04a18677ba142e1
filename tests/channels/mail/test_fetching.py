"""Emptying the mailbox of returned letters over IMAP, against a server on loopback."""

import pytest

from tests import imapserver
from werkbote.channels.mail import bounces

LETTERS = (b"Subject: eins\r\n\r\nA", b"Subject: zwei\r\n\r\nB")


def _address(folder: imapserver.Folder, password: str = imapserver.PASSWORD) -> str:
    return f"imap://news:{password}@127.0.0.1:{folder.port}/INBOX"


def test_every_letter_is_taken_once_and_removed_after_that():
    taken: list[bytes] = []
    with imapserver.serving(*LETTERS) as folder:
        assert bounces.collect(_address(folder), take=taken.append) == 2
        assert bounces.collect(_address(folder), take=taken.append) == 0
    assert [raw.split(b"\n")[0].strip() for raw in taken] == [b"Subject: eins", b"Subject: zwei"]
    assert folder.letters == {}


def test_a_letter_that_could_not_be_taken_stays():
    def refuse(raw: bytes) -> None:
        if b"zwei" in raw:
            raise RuntimeError

    with imapserver.serving(*LETTERS) as folder, pytest.raises(RuntimeError):
        bounces.collect(_address(folder), take=refuse)
    assert list(folder.letters) == [2]


def test_what_cannot_be_read_is_said_without_the_password():
    with imapserver.serving() as folder, pytest.raises(bounces.UnableToFetch) as wrong:
        bounces.collect(_address(folder, "falsch"), take=len)
    with pytest.raises(bounces.UnableToFetch):
        bounces.collect(_address(folder), take=len)
    with pytest.raises(bounces.UnableToFetch):
        bounces.collect("imap://news:geheim@mail.example/INBOX", take=len)
    assert "falsch" not in str(wrong.value)
