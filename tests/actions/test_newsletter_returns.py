"""Letters of the newsletter that come back: what ends sending to an address, and what does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from tests import dealers, readers, staff
from werkbote.actions import newsletter
from werkbote.domain import team as roles
from werkbote.store import models, scope

START = dealers.NOW
NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""Half past midnight on a Sunday."""


@pytest.fixture
def house() -> Iterator[readers.House]:
    dealer = dealers.dealer()
    staff.member(dealer.organisation, role=roles.Role.OWNER, branches=[dealer.branch])
    with readers.house(dealer) as made:
        yield made


def test_a_missing_box_said_at_the_door_ends_sending_to_it(house):
    house.subscribes(readers.ANNA, at=START)
    house.box.says["RCPT"] = "550 5.1.1 no such user"
    house.publishes(at=START + timedelta(hours=1))
    house.sends(at=START + timedelta(hours=1))
    del house.box.says["RCPT"]
    assert house.state() == "frozen"
    house.publishes(at=START + timedelta(hours=2), subject="Die zweite")
    assert house.sends(at=START + timedelta(hours=2)) == []
    house.subscribes(readers.ANNA, at=START + timedelta(hours=3))
    assert house.state() == "granted"


@pytest.mark.parametrize(
    ("status", "action", "state", "stands"),
    [
        ("5.1.1", "failed", "failed", "frozen"),
        ("5.2.1", "failed", "failed", "frozen"),
        ("5.7.1", "failed", "failed", "granted"),
        ("5.2.2", "failed", "failed", "granted"),
        ("4.4.1", "delayed", "sent", "granted"),
        ("2.0.0", "delivered", "sent", "granted"),
    ],
)
def test_a_returned_letter_counts_by_what_it_says(house, status, action, state, stands):
    house.subscribes(readers.ANNA, at=START)
    issue = house.publishes(at=START + timedelta(hours=1))
    (letter,) = house.sends(at=START + timedelta(hours=1))
    raw = readers.returned(letter["Message-ID"].strip("<>"), status=status, action=action)
    at = START + timedelta(hours=2)
    assert newsletter.take(raw=raw, at=at) is (state == "failed")
    assert newsletter.take(raw=raw, at=readers.later(at)) is False
    with scope.looking(organisation=house.dealer.organisation):
        assert models.Message.objects.get(request_key=f"issue:{issue}").state == state
    assert house.state() == stands


def test_a_forged_return_ends_nothing(house):
    house.subscribes(readers.ANNA, at=START)
    house.publishes(at=START + timedelta(hours=1))
    (letter,) = house.sends(at=START + timedelta(hours=1))
    ident = letter["Message-ID"].strip("<>")
    head, mac, rest = ident.partition("@")[0].rpartition(".")[0], "0" * 20, ident.partition("@")[2]
    for named in (f"{head}.{mac}@{rest}", ident.replace("wb.", "wb.9"), "x@y"):
        assert newsletter.take(raw=readers.returned(named), at=START) is False
    assert house.state() == "granted"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Urlaub\n\nIch bin bis Montag nicht da.",
        b"Content-Type: multipart/report; boundary=b\n\n--b\n--b--",
        b"Content-Type: multipart/report; report-type=delivery-status\n\nkein Rand",
        b"Content-Type: message/delivery-status\n\nStatus: kaputt",
        readers.returned("wb.99999999999999999999999.x@y"),
        readers.returned("wb.1.00112233445566778899@autohaus.example"),
        b"A" * 3_000_000,
    ],
)
def test_letters_that_say_nothing_about_ours_change_nothing(raw):
    assert newsletter.take(raw=raw, at=START) is False


def test_the_mailbox_is_emptied_and_a_letter_that_failed_stays(house, tmp_path, monkeypatch):
    house.subscribes(readers.ANNA, at=START)
    house.publishes(at=START + timedelta(hours=1))
    (letter,) = house.sends(at=START + timedelta(hours=1))
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(readers.returned(letter["Message-ID"].strip("<>")))
    (tmp_path / "new" / "2.b").write_bytes(b"Subject: Hallo\n\nGuten Tag")
    monkeypatch.setattr(settings, "WERKBOTE_MAIL_BOUNCES", f"maildir:{tmp_path}")
    assert newsletter.collect(at=START + timedelta(hours=2)) == 2
    assert newsletter.collect(at=START + timedelta(hours=2)) == 0
    assert house.state() == "frozen"
    monkeypatch.setattr(settings, "WERKBOTE_MAIL_BOUNCES", f"maildir:{tmp_path}/none")
    assert newsletter.collect(at=START) == 0
