"""The installable app: what it keeps holds nobody's data, and push belongs to a session."""

import re

import pytest

from tests import pushservice, staff
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_the_manifest_names_files_that_are_there():
    browser = staff.browser()
    found = browser.get("/app.webmanifest")
    assert found["Content-Type"] == "application/manifest+json"
    told = found.json()
    assert (told["display"], told["start_url"], told["scope"]) == ("standalone", "/inbox/", "/")
    assert sorted(icon["sizes"] for icon in told["icons"]) == ["192x192", "512x512", "512x512"]


@pytest.mark.shows("S-09")
def test_the_worker_keeps_static_files_and_one_empty_page():
    worker = staff.browser().get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    kept = re.findall(
        r'"([^"]*)"', worker.content.decode().split("const KEPT = [")[1].split("]")[0]
    )
    assert len(kept) > 10
    assert [one for one in kept if not one.startswith("/static/")] == ["/offline/"]


def test_the_page_without_network_says_nothing_of_anybody(cast):
    staff.wrote(cast.dealer)
    pages = [one.get("/offline/").content for one in (staff.signed_in(cast.bob), staff.browser())]
    assert pages[0] == pages[1]
    assert "Keine Verbindung" in pages[0].decode()


def test_a_browser_subscribes_and_signing_out_forgets_it(cast):
    bob = staff.signed_in(cast.bob)
    with pushservice.running() as service:
        assert len(bob.get("/account/push/key/").json()["key"]) == 87
        assert bob.post("/account/push/on/", service.described()).status_code == 204
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.PushDevice.objects.get().member_id == cast.bob
    answer = bob.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.PushDevice.objects.exists()


def test_push_is_switched_off(cast):
    bob = staff.signed_in(cast.bob)
    with pushservice.running() as service:
        bob.post("/account/push/on/", service.described())
    assert [bob.post("/account/push/off/").status_code for _ in range(2)] == [204, 204]
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.PushDevice.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"endpoint": "https://evil.example/x"},
        {"endpoint": "http://169.254.169.254/", "p256dh": "x", "auth": "y"},
        {"endpoint": "x" * 9000, "p256dh": "x" * 9000, "auth": "ä"},
    ],
)
def test_what_is_no_subscription_is_refused_in_german(cast, sent):
    answer = staff.signed_in(cast.bob).post("/account/push/on/", sent)
    assert answer.status_code == 422
    assert "nicht bekannt" in answer.content.decode()
