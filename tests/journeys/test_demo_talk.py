"""The lively demonstration in a real browser: its talks on desk and phone, and what reports say of them."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import demonstration, screens
from werkbote.domain import cases, events

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
SCREENS = pytest.mark.parametrize(
    "viewport", [screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"]
)
WORDS = "Ist die Klappergeschichte auch erledigt? Hinten rechts"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[demonstration.Demonstration]:
    """The demonstration with its talks played."""
    with demonstration.running(tmp_path_factory.mktemp("shop"), talk=True) as made:
        yield made


def kept(shop: demonstration.Demonstration) -> tuple[int, int]:
    """How many conversations and messages there are."""
    ((conversations, messages),) = shop.look(
        "SELECT count(DISTINCT m.conversation_id), count(*) FROM message m"
        " JOIN number n ON n.id = m.number_id WHERE n.channel = 'whatsapp'"
    )
    return conversations, messages


def test_forty_talks_came_by_webhook_and_are_never_played_again(shop, phones):
    before = kept(shop)
    assert before[0] == 40
    on_phones = sum(
        not message["from_customer"]
        for key in range(3, 40)
        for message in phones.client.get(f"{phones.url}/sim/customers/c{key:02}/messages").json()[
            "messages"
        ]
    )
    ((left,),) = shop.look("SELECT count(*) FROM message WHERE outgoing AND permit_id IS NOT NULL")
    assert 0 < on_phones < left
    told = {"WERKBOTE_SANDBOX_PORT": str(shop.run_file()["sandbox_port"])}
    subprocess.run(
        [sys.executable, "-m", "werkbote.config.demo_talk"],
        env=demonstration.surroundings(
            shop.home, DJANGO_SETTINGS_MODULE="werkbote.config.settings", **told
        ),
        check=True,
    )
    assert kept(shop) == before


def test_every_state_of_a_consent_a_request_and_a_question_is_there(shop):
    states = {state for (state,) in shop.look("SELECT DISTINCT state FROM consent")}
    assert states >= {"granted", "declined", "pending", "withdrawn"}
    assert shop.look("SELECT kind FROM person_request") == [("access",)]
    assert shop.look("SELECT state FROM identity_review") == [("open",)]
    stands = {state for (state,) in shop.look("SELECT DISTINCT state FROM conversation")}
    assert stands == {"open", "snoozed", "closed"}


def test_every_kind_of_message_is_there_and_cases_and_vehicles_of_many(shop):
    assert {kind for (kind,) in shop.look("SELECT DISTINCT kind FROM message")} == set(events.Kind)
    assert ("refused",) in shop.look("SELECT DISTINCT state FROM message WHERE outgoing")
    assert {kind for (kind,) in shop.look("SELECT DISTINCT kind FROM customer_case")} == set(
        cases.Kind
    )
    assert {state for (state,) in shop.look("SELECT DISTINCT state FROM customer_case")} == set(
        cases.State
    )
    ((vehicles,),) = shop.look("SELECT count(*) FROM vehicle")
    assert vehicles == 12
    assert shop.look("SELECT state FROM newsletter_issue") == [("draft",)]


@SCREENS
def test_the_phone_beside_the_desk_shows_the_same_talk(
    chromium: Browser, shop: demonstration.Demonstration, phones: screens.Phones, viewport: Any
):
    with screens.desk(chromium, shop, viewport=viewport) as made:
        made.open_chat("Petra Beispiel")
        expect(made.page.locator("#messages")).to_contain_text(WORDS)
        phone = made.context.new_page()
        phone.goto(f"{phones.url}/phones/petra")
        expect(phone.locator(".view")).to_contain_text(WORDS)
        made.write("Bis nachher, gute Fahrt!")
        expect(phone.locator(".view")).to_contain_text("gute Fahrt!")


@SCREENS
def test_a_report_is_read_as_picture_and_as_table(
    chromium: Browser, shop: demonstration.Demonstration, viewport: Any
):
    with screens.desk(chromium, shop, viewport=viewport) as made:
        made.page.goto(f"{made.url}/reports/")
        made.page.get_by_role("link", name="7 Tage").click()
        expect(made.page.locator(".chart .drawing svg")).to_have_count(4)
        expect(made.page.locator("main")).to_contain_text("zu wenige Personen")
        made.page.locator(".chart summary").first.click()
        expect(made.page.locator(".chart table").first.locator("tbody tr")).to_have_count(7)
        with made.page.expect_download() as told:
            made.page.locator(".chart a").first.click()
        assert told.value.suggested_filename == "werkbote-days.csv"
        assert screens.barriers(made.page) == []
        width = made.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"]


@SCREENS
def test_members_are_named_only_after_an_owner_said_why(
    chromium: Browser, shop: demonstration.Demonstration, viewport: Any
):
    with screens.desk(chromium, shop, viewport=viewport) as made:
        made.page.goto(f"{made.url}/reports/members/")
        expect(made.page.locator("main")).not_to_contain_text("Lena Probe")
        made.page.locator("details summary").click()
        made.page.get_by_label("Es gibt eine Betriebsvereinbarung").check()
        made.page.get_by_label("Wofür die Zahlen gebraucht werden").fill("Personalplanung")
        made.page.locator("details button").click()
        expect(made.page.locator("main")).to_contain_text("Lena Probe")
        made.page.get_by_role("button", name="Ausschalten").click()
        expect(made.page.locator("main")).to_contain_text("wie ausgeliefert")
        expect(made.page.locator("main")).not_to_contain_text("Lena Probe")
