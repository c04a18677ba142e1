"""Signing in and out, and what ends a session."""

import pytest

from tests import dealers, staff
from werkbote.domain import team as roles


@pytest.fixture
def member() -> int:
    here = dealers.dealer()
    return staff.member(here.organisation, role=roles.Role.AGENT, branches=[here.branch])


def test_without_a_session_every_page_leads_to_the_login():
    for path in ("/", "/inbox/", "/inbox/1/", "/account/", "/decisions/", "/media/1/"):
        assert staff.browser().get(path, follow=True).redirect_chain[-1][0] == "/login/"


def test_a_part_without_a_session_sends_the_whole_page_to_the_login():
    answer = staff.browser().get("/inbox/rows/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login/")


def test_a_wrong_password_says_so_in_the_browsers_language(member):
    answer = staff.browser().post(
        "/login/",
        {"email": staff.email(member), "password": "falsch"},
        headers={"Accept-Language": "de"},
    )
    assert answer.status_code == 422
    assert "passen nicht zusammen" in answer.content.decode()
    assert "falsch" not in answer.content.decode()


def test_signing_in_gives_the_session_a_new_key(member):
    browser = staff.browser()
    browser.get("/login/")
    session = browser.session
    session["planted"] = "by a stranger"
    session.save()
    planted = session.session_key
    browser.cookies["session"] = planted
    browser.post("/login/", {"email": staff.email(member), "password": staff.PASSWORD})
    assert browser.session.session_key != planted
    assert "planted" not in browser.session


def test_signing_out_ends_the_session_also_for_a_copied_cookie(member):
    browser = staff.signed_in(member)
    copied = staff.browser()
    copied.cookies["session"] = browser.cookies["session"].value
    assert copied.get("/account/").status_code == 200
    browser.post("/logout/")
    assert copied.get("/account/").status_code == 302


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(member):
    here, there = staff.signed_in(member), staff.signed_in(member)
    answer = here.post("/account/", {"present": staff.PASSWORD, "new": "reifenlager-im-keller"})
    assert "ist geändert" in answer.content.decode()
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_the_language_of_the_screens_can_be_chosen(member):
    browser = staff.signed_in(member)
    assert "Posteingang" in browser.get("/inbox/").content.decode()
    browser.post("/account/language/", {"language": "en"})
    page = browser.get("/inbox/").content.decode()
    assert "Inbox" in page
    assert '<html lang="en"' in page


def test_the_look_can_be_chosen_and_nothing_else_gets_into_the_page(member):
    browser = staff.signed_in(member)
    browser.post("/account/theme/", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in browser.get("/inbox/").content.decode()
    browser.cookies["theme"] = '"><script>'
    assert "<script>" not in browser.get("/inbox/").content.decode()


def test_no_form_is_taken_without_its_csrf_token(member):
    browser = staff.browser(csrf=True)
    answer = browser.post("/login/", {"email": staff.email(member), "password": staff.PASSWORD})
    assert answer.status_code == 403
