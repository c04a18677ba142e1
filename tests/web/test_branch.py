"""What a branch's notice and imprint say about it: owners enter it, the public pages show it."""

import pytest

from tests import staff
from werkbote.store import ids


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


ENTERED = {
    "street": "Musterweg 1",
    "place": "20095 Hamburg",
    "email": "info@autohaus.example",
    "phone": "+49 40 66969 001",
    "imprint": "HRB 1, Amtsgericht Hamburg",
}


@pytest.mark.shows("R-79")
def test_what_owners_enter_stands_in_notice_and_imprint(cast):
    browser = staff.signed_in(cast.alice)
    page = f"/team/branches/{cast.dealer.branch}/"
    assert "fehlen noch" in browser.get(page).content.decode()
    assert browser.post(page, ENTERED).status_code == 302
    assert "fehlen noch" not in browser.get(page).content.decode()
    house = ids.short(cast.dealer.branch)
    for public in (f"/d/{house}", f"/i/{house}"):
        shown = staff.browser().get(public).content.decode()
        assert "Musterweg 1" in shown
    assert "Amtsgericht Hamburg" in shown


@pytest.mark.parametrize("who", ["bob", "charlie", "dora", "eve"])
def test_nobody_else_enters_anything(cast, who):
    page = f"/team/branches/{cast.dealer.branch}/"
    answer = staff.signed_in(getattr(cast, who)).post(page, ENTERED)
    assert answer.status_code == 404
    shown = staff.browser().get(f"/d/{ids.short(cast.dealer.branch)}").content.decode()
    assert "Musterweg" not in shown


@pytest.mark.parametrize(
    "broken", [{"email": "keine"}, {"street": "x" * 201}, {"imprint": "x" * 1001}]
)
def test_broken_details_are_said_and_change_nothing(cast, broken):
    page = f"/team/branches/{cast.dealer.branch}/"
    answer = staff.signed_in(cast.alice).post(page, ENTERED | broken)
    assert answer.status_code == 422
    shown = staff.browser().get(f"/d/{ids.short(cast.dealer.branch)}").content.decode()
    assert "Musterweg" not in shown
