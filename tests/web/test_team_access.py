"""The way in over HTTP where a second factor is asked of everybody, and one's own sessions."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import team
from werkbote.domain import team as roles
from werkbote.reads import team as reading
from werkbote.store import models, rechtsstand, scope
from werkbote.web import clock

STRICT = override_settings(WERKBOTE_SECOND_FACTOR="required")


@pytest.fixture
def house() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture
def member(house: dealers.Dealer) -> int:
    return staff.member(house.organisation, role=roles.Role.OWNER, branches=[house.branch])


def _secret(page: bytes) -> pyotp.TOTP:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.decode())
    assert found
    return pyotp.TOTP(found.group(1).replace(" ", ""))


def _set_up(browser: Client) -> pyotp.TOTP:
    app = _secret(browser.post("/account/app/").content)
    answer = browser.post("/account/app/confirm/", {"code": app.at(clock.now())})
    assert len(re.findall(r"<li><code>", answer.content.decode())) == 10
    return app


@pytest.mark.shows("S-01")
def test_without_a_second_factor_nothing_opens_until_one_is_set_up(member):
    with STRICT:
        browser = staff.signed_in(member)
        for path in ("/inbox/", "/account/", "/team/", "/decisions/"):
            assert browser.get(path).url == "/account/second-factor/"
        assert browser.get("/live").status_code in {401, 404}
        _set_up(browser)
        assert browser.get("/inbox/").status_code == 200


def test_the_password_alone_leads_to_the_second_step_only(member):
    with STRICT:
        _set_up(staff.signed_in(member))
        browser = staff.browser()
        answer = browser.post("/login/", {"email": staff.email(member), "password": staff.PASSWORD})
        assert answer.url == "/login/second/"
        assert browser.get("/inbox/").url == "/login/"
        wrong = browser.post("/login/second/", {"code": "000000"})
        assert (wrong.status_code, "Code passt nicht" in wrong.content.decode()) == (422, True)
        assert browser.get("/inbox/").url == "/login/"


def test_the_second_step_with_a_recovery_code_lets_in(member):
    with STRICT:
        first = staff.signed_in(member)
        _set_up(first)
        page = first.post("/account/codes/").content.decode()
        code = re.findall(r"<li><code>([^<]+)</code>", page)[0]
        browser = staff.browser()
        browser.post("/login/", {"email": staff.email(member), "password": staff.PASSWORD})
        assert browser.post("/login/second/", {"code": code}).url == "/inbox/"
        assert browser.get("/inbox/").status_code == 200


def test_a_stolen_password_adds_no_factor_beside_the_one_there_is(member):
    with STRICT:
        _set_up(staff.signed_in(member))
    thief = staff.browser()
    thief.post("/login/", {"email": staff.email(member), "password": staff.PASSWORD})
    with STRICT:
        assert thief.post("/account/app/").url == "/login/"
        assert thief.post("/account/passkey/").status_code in {302, 401}


def test_the_policy_is_read_once_per_version_before_anything_else(member):
    browser = staff.signed_in(member)
    assert browser.get("/inbox/").status_code == 200
    fresh = _new_member(browser)
    assert fresh.get("/inbox/").url == "/policy/"
    assert "Stopp heißt Stopp" in fresh.get("/policy/").content.decode()
    assert fresh.get("/inbox/").url == "/policy/"
    fresh.post("/policy/")
    assert fresh.get("/inbox/").status_code == 200


@pytest.mark.shows("R-70")
def test_the_policy_forbids_private_messages_on_the_channel(member):
    words = staff.signed_in(member).get("/policy/").content.decode()
    assert "Nichts Privates" in words
    assert "Private Nachrichten darüber sind nicht erlaubt" in words
    assert "§ 3 TDDDG, § 206 StGB" in words


@pytest.mark.shows("R-43")
def test_who_has_acknowledged_which_version_and_was_trained_when_is_on_record(house, member):
    owner = staff.signed_in(member)
    page = owner.get("/team/").content.decode()
    version = rechtsstand.document("messenger_policy", day=clock.today())["version"]
    assert f"Messenger-Richtlinie, Fassung {version}: zur Kenntnis genommen" in page
    assert "Schulung fällig" in page
    held = clock.today() - timedelta(days=30)
    for _ in range(2):
        given = {"topic": "privacy", "held_on": held.isoformat()}
        assert owner.post(f"/team/{member}/training/", given).url == "/team/"
    page = owner.get("/team/").content.decode()
    assert page.count(f"Schulung „Datenschutz“ am {held:%d.%m.%Y}") == 1
    assert "Schulung fällig" not in page
    with scope.looking(organisation=house.organisation):
        entries = models.AuditEntry.objects.filter(verb="team.enter_training")
        assert [(one.actor, one.object) for one in entries] == [
            (f"member:{member}", f"member:{member}")
        ]
    owner.post(
        f"/team/{member}/training/",
        {"topic": "privacy", "held_on": (held - timedelta(days=400)).isoformat()},
    )
    assert "Schulung fällig" not in owner.get("/team/").content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"topic": "privacy"},
        {"topic": "cooking", "held_on": "2026-01-01"},
        {"topic": "privacy", "held_on": "gestern"},
        {"topic": "privacy", "held_on": "2999-01-01"},
    ],
)
def test_training_that_cannot_be_is_refused_with_a_sentence(house, member, given):
    owner = staff.signed_in(member)
    answer = owner.post(f"/team/{member}/training/", given)
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)
    assert (
        owner.post("/team/1/training/", {"topic": "privacy", "held_on": "2026-01-01"}).status_code
        == 422
    )
    with scope.looking(organisation=house.organisation):
        assert not models.Training.objects.exists()


def _new_member(owner: Client) -> Client:
    email = "nora@autohaus.example"
    page = owner.post("/team/invite/", {"email": email, "role": "agent"}).content.decode()
    link = re.search(r'value="[^"]*(/invitation/[^"]+)"', page)
    assert link
    guest = staff.browser()
    assert email in guest.get(link.group(1)).content.decode()
    joined = guest.post(
        f"{link.group(1)}join/", {"name": "Nora Neu", "password": "reifenlager-im-keller"}
    )
    assert joined.url == "/login/"
    guest.post("/login/", {"email": email, "password": "reifenlager-im-keller"})
    return guest


def test_a_link_that_is_none_says_so():
    assert staff.browser().get("/invitation/x/").status_code == 410


@pytest.mark.parametrize("role", [role for role in roles.Role if role is not roles.Role.OWNER])
def test_only_owners_invite(role):
    here = dealers.dealer()
    browser = staff.signed_in(staff.member(here.organisation, role=role, branches=[here.branch]))
    order = {"email": "x@autohaus.example", "role": "owner"}
    assert browser.post("/team/invite/", order).status_code == 404


def test_one_session_ends_from_another_and_nobody_elses(member):
    here, there = staff.signed_in(member), staff.signed_in(member)
    page = here.get("/account/").content.decode()
    (entry,) = re.findall(r"/account/sessions/(\d+)/", page)
    stranger = dealers.dealer()
    eve = staff.signed_in(
        staff.member(stranger.organisation, role=roles.Role.OWNER, branches=[stranger.branch])
    )
    assert eve.post(f"/account/sessions/{entry}/").status_code == 404
    assert there.get("/account/").status_code == 200
    here.post(f"/account/sessions/{entry}/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_all_other_sessions_end_with_one_button(member):
    here, others = staff.signed_in(member), [staff.signed_in(member) for _ in range(2)]
    here.post("/account/sessions/")
    assert [one.get("/account/").status_code for one in (here, *others)] == [200, 302, 302]


@pytest.mark.shows("S-10")
def test_signing_out_clears_what_the_browser_kept(member):
    answer = staff.signed_in(member).post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_the_team_page_asks_no_more_for_more_members(member):
    here = staff.viewer(member)
    counts = []
    for extra in (0, 2):
        for _ in range(extra):
            staff.member(here.organisation, role=roles.Role.AGENT, branches=list(here.branches))
        counts.append(_queries(member))
    assert counts[0] == counts[1]


def _queries(member: int) -> int:
    with CaptureQueriesContext(connection) as seen:
        reading.members(viewer=staff.viewer(member), at=dealers.NOW)
    return len(seen)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"x" * 30_000, b'{"id": 1}'])
def test_a_broken_passkey_answer_lets_nobody_in(member, raw):
    with STRICT:
        browser = staff.signed_in(member)
        assert (
            browser.post(
                "/account/passkey/finish/", raw, content_type="application/json"
            ).status_code
            == 422
        )
        assert browser.get("/inbox/").url == "/account/second-factor/"


def test_a_weak_password_is_refused_in_words(member):
    owner = staff.signed_in(member)
    page = owner.post(
        "/team/invite/", {"email": "leon@autohaus.example", "role": "agent"}
    ).content.decode()
    link = re.search(r'value="[^"]*(/invitation/[^"]+)"', page)
    assert link
    answer = staff.browser().post(f"{link.group(1)}join/", {"name": "L", "password": "passwort"})
    assert answer.status_code == 422
    with pytest.raises(team.UnableToSignIn):
        team.sign_in(email="leon@autohaus.example", password="passwort", address="", at=clock.now())
