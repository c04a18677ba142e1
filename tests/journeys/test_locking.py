"""The lock in a real browser: an idle screen is emptied in every tab, and nothing begun is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import demonstration, screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(params=[screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def desk(request, chromium: Browser, shop: demonstration.Demonstration) -> Iterator[screens.Desk]:
    with screens.desk(chromium, shop, viewport=request.param) as made:
        yield made


def _unlock(desk: screens.Desk) -> None:
    desk.page.fill("input[name=secret]", desk.shop.known()["password"])
    desk.page.press("input[name=secret]", "Enter")


def test_idle_screen_is_emptied_in_every_tab_and_the_draft_survives(desk, phones):
    phones.say("petra", kind="text", text="Wann darf ich kommen?")
    desk.page.clock.install()
    desk.open_chat("Petra Beispiel")
    address = desk.page.url
    other = desk.context.new_page()
    other.clock.install()
    other.goto(f"{desk.url}/inbox/")
    expect(other.locator("body")).to_contain_text("Petra Beispiel")
    desk.page.locator("#text").press_sequentially("Am Montag um acht", delay=2)
    desk.page.clock.fast_forward(16 * 60 * 1000)
    for page in (desk.page, other):
        expect(page.locator("h1")).to_contain_text("Gesperrt")
        assert "Petra" not in page.content()
    desk.page.goto(address)
    expect(desk.page.locator("h1")).to_contain_text("Gesperrt")
    assert screens.barriers(desk.page) == []
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= desk.page.viewport_size["width"]
    other.fill("input[name=secret]", desk.shop.known()["password"])
    other.press("input[name=secret]", "Enter")
    expect(other.locator("body")).to_contain_text("Petra Beispiel")
    desk.page.goto(address)
    expect(desk.page.locator("#text")).to_have_value("Am Montag um acht")
    desk.page.fill("#text", "")
    with desk.page.expect_response(lambda one: one.url.endswith("/draft/")):
        desk.page.locator("#text").press_sequentially(" ")
        desk.page.clock.fast_forward(2000)


def test_screen_is_locked_by_hand_and_comes_back_where_it_was(desk, phones):
    phones.say("jonas", kind="text", text="Hallo?")
    desk.page.goto(f"{desk.url}/account/")
    desk.page.get_by_role("button", name="Jetzt sperren").click()
    expect(desk.page.locator("h1")).to_contain_text("Gesperrt")
    _unlock(desk)
    desk.page.wait_for_url("**/account/")
    kept = desk.page.evaluate("Object.keys(localStorage)")
    assert kept == ["werkbote-touched"]
    desk.page.get_by_role("button", name="Jetzt sperren").click()
    expect(desk.page.locator("h1")).to_contain_text("Gesperrt")
    desk.page.go_back()
    expect(desk.page.locator("h1")).to_contain_text("Gesperrt")
