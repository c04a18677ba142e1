"""The lock before an idle screen: nothing is seen behind it, and only its member opens it."""

import pytest

from tests import staff
from werkbote.store import models, scope
from werkbote.web import clock


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_locked_session_sees_nothing_until_its_member_shows_the_password(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    page = f"/inbox/{conversation}/"
    answer = bob.post("/lock/", {"next": page})
    assert answer["Location"] == f"/locked/?next=%2Finbox%2F{conversation}%2F"
    shown = bob.get(answer["Location"]).content.decode()
    assert ("Gesperrt" in shown, "Petra" in shown, "Anna" in shown) == (True, False, False)
    assert bob.get(page)["Location"] == answer["Location"]
    part = bob.get(f"{page}messages/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (401, "/locked/")
    opened = bob.post("/unlock/", {"secret": staff.PASSWORD, "next": page})
    assert (opened.status_code, opened["Location"]) == (302, page)
    assert "Petra" in bob.get(page).content.decode()


@pytest.mark.parametrize("secret", ["", "falsch", " ", "123456", "x" * 2000, "\0"])
def test_wrong_secret_opens_nothing(cast, secret):
    bob = staff.signed_in(cast.bob)
    bob.post("/lock/")
    assert bob.post("/unlock/", {"secret": secret}).status_code == 422
    assert bob.get("/inbox/?view=mine")["Location"] == "/locked/?next=%2Finbox%2F%3Fview%3Dmine"


def test_after_many_tries_the_right_password_waits_too(cast, monkeypatch):
    bob, now = staff.signed_in(cast.bob), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    bob.post("/lock/")
    for _ in range(6):
        bob.post("/unlock/", {"secret": "geraten"})
    answer = bob.post("/unlock/", {"secret": staff.PASSWORD})
    assert (answer.status_code, "zu viele Versuche" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_lock_leads_back_to_our_own_pages_alone(cast, wanted):
    bob = staff.signed_in(cast.bob)
    bob.post("/lock/", {"next": wanted})
    opened = bob.post("/unlock/", {"secret": staff.PASSWORD, "next": wanted})
    assert opened["Location"] == "/inbox/"


def test_what_is_begun_is_kept_though_the_screen_is_locked(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    bob.post("/lock/")
    sent = {"text": "Am Montag", "purpose": "P-02", "reply_to": "", "key": "k" * 24}
    assert bob.post(f"/inbox/{conversation}/draft/", sent).status_code == 204
    bob.post("/unlock/", {"secret": staff.PASSWORD})
    assert "Am Montag" in bob.get(f"/inbox/{conversation}/").content.decode()


def test_owner_sets_the_minutes_and_pages_carry_them(cast):
    alice = staff.signed_in(cast.alice)
    assert 'data-lock="15"' in alice.get("/inbox/").content.decode()
    assert alice.post("/team/lock/", {"minutes": 5}).status_code == 302
    assert 'data-lock="5"' in alice.get("/inbox/").content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        entry = models.AuditEntry.objects.get(verb="team.set_lock")
    assert (entry.actor, entry.detail) == (f"member:{cast.alice}", {"minutes": 5})


@pytest.mark.parametrize("minutes", ["", "0", "121", "-5", "viel", "1.5", "9" * 400])
def test_other_minutes_are_refused(cast, minutes):
    alice = staff.signed_in(cast.alice)
    assert alice.post("/team/lock/", {"minutes": minutes}).status_code == 422
    assert 'data-lock="15"' in alice.get("/inbox/").content.decode()


def test_locked_member_can_still_sign_out_and_the_browser_forgets(cast):
    bob = staff.signed_in(cast.bob)
    bob.post("/lock/")
    answer = bob.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert bob.get("/inbox/")["Location"] == "/login/"
