"""The command bar offers what its member may do, and finds what its member may see."""

import re
from typing import Any

import pytest

from tests import staff


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def offered(page: str) -> list[str]:
    return re.findall(r'<span class="bar-label">(.*?)</span>', page)


def bar(browser: Any, conversation: int | str = "") -> Any:
    return browser.get(f"/commands/?conversation={conversation}")


def test_places_are_those_that_the_menu_has(cast):
    alice = offered(bar(staff.signed_in(cast.alice)).content.decode())
    dora = offered(bar(staff.signed_in(cast.dora)).content.decode())
    assert {"Posteingang", "Team", "Konto", "Suche"} <= set(alice)
    assert "Posteingang" not in dora
    assert "Konto" in dora


def test_deeds_are_those_of_the_open_conversation(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    said = offered(bar(bob, conversation).content.decode())
    assert {"Ich übernehme", "Antworten"} <= set(said)
    assert "Ich übernehme" not in offered(bar(bob).content.decode())
    bob.post(f"/inbox/{conversation}/assign/", {"member": str(cast.bob)})
    assert "Zurückgeben" in offered(bar(bob, conversation).content.decode())


def test_every_deed_of_the_bar_can_be_posted(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    page = bar(bob, conversation).content.decode()
    deeds = re.findall(r'data-post="(.*?)" data-name="(.*?)" data-value="(.*?)"', page)
    assert len(deeds) > 8
    for path, name, value in deeds:
        bob.post(f"/inbox/{conversation}/do/reopen/")
        answer = bob.post(path, {name: value}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, (path, name, value)


def test_every_place_of_the_bar_opens(cast):
    alice = staff.signed_in(cast.alice)
    for path in re.findall(r'data-href="(/.*?)"', bar(alice).content.decode()):
        assert alice.get(path).status_code == 200, path


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["charlie", "eve"])
def test_others_get_no_deeds_and_find_nobody(cast, who):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(getattr(cast, who))
    assert bar(browser, conversation).status_code == 404
    assert offered(browser.post("/commands/find/", {"line": "Petra"}).content.decode()) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Petra", ["Petra Beispiel · Service"]),
        ("bei", ["Petra Beispiel · Service"]),
        ("0171 3920001", ["Petra Beispiel · Service"]),
        ("P", []),
        ("", []),
        ("Niemand", []),
        ("x" * 5000, []),
    ],
)
def test_what_is_typed_finds_conversations(cast, line, found):
    staff.wrote(cast.dealer)
    page = staff.signed_in(cast.bob).post("/commands/find/", {"line": line}).content.decode()
    assert offered(page) == found


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "1.5"])
def test_what_is_no_conversation_offers_places_alone(cast, asked):
    answer = bar(staff.signed_in(cast.bob), asked)
    assert answer.status_code == 200
    assert "Ich übernehme" not in answer.content.decode()


def test_single_keys_are_switched_off_and_on(cast):
    bob = staff.signed_in(cast.bob)
    assert 'data-keys="on"' in bob.get("/inbox/").content.decode()
    bob.post("/keyboard/keys/", {"keys": "off"})
    assert 'data-keys="off"' in bob.get("/inbox/").content.decode()
    bob.post("/keyboard/keys/", {"keys": "on"})
    assert 'data-keys="on"' in bob.get("/inbox/").content.decode()
    assert "Nächste Unterhaltung" in bob.get("/keyboard/").content.decode()
