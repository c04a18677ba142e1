"""Everything without a mouse, in a real browser: the bar, single keys, the search, and no network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys import screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(params=[screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def desk(request, chromium, shop) -> Iterator[screens.Desk]:
    with screens.desk(chromium, shop, viewport=request.param) as made:
        yield made


def test_the_bar_leads_to_a_conversation_by_name(desk, phones):
    phones.say("petra", kind="text", text="Moin")
    desk.open_chat("Petra Beispiel")
    desk.page.goto(f"{desk.url}/cases/")
    desk.page.keyboard.press("Control+k")
    expect(desk.page.locator("#bar-line")).to_be_focused()
    desk.page.keyboard.type("Petra Beisp")
    expect(desk.page.locator("#bar-found .bar-line").first).to_contain_text("Petra Beispiel")
    assert screens.barriers(desk.page) == []
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("#messages")
    expect(desk.page.locator(".thread-who h2")).to_have_text("Petra Beispiel")


def test_the_bar_takes_and_closes_the_open_conversation(desk, phones):
    phones.say("jonas", kind="text", text="Ist er fertig?")
    desk.open_chat("Jonas Muster")
    desk.page.keyboard.press("Control+k")
    expect(desk.page.locator("#bar-line")).to_be_focused()
    desk.page.keyboard.type("beantwortet")
    expect(desk.page.locator("[aria-selected=true]")).to_contain_text("beantwortet")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#said")).to_contain_text("beantwortet")
    desk.page.goto(f"{desk.url}/inbox/?view=done")
    expect(desk.page.locator("#rows-list")).to_contain_text("Jonas Muster")


def test_single_keys_answer_and_letters_stay_letters(desk, phones):
    phones.say("samira", kind="text", text="Hallo")
    desk.open_chat("Samira Probe")
    desk.page.locator("#text").press("Escape")
    desk.page.keyboard.press("r")
    expect(desk.page.locator("#text")).to_be_focused()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.press("Delete")
    desk.page.keyboard.type("jkae")
    expect(desk.page.locator("#text")).to_have_value("jkae")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("?")
    expect(desk.page.locator("#dialog")).to_contain_text("Nächste Unterhaltung")
    assert screens.barriers(desk.page) == []
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("/")
    desk.page.wait_for_url("**/search/")


def test_a_message_is_found_and_opened_in_its_place(desk, phones):
    phones.say("petra", kind="text", text="Die Bremsbeläge quietschen morgens")
    desk.open_chat("Petra Beispiel")
    expect(desk.page.locator("#messages")).to_contain_text("quietschen morgens")
    desk.page.goto(f"{desk.url}/search/")
    desk.page.get_by_role("searchbox").fill("Bremsbelaege quietschen")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#results mark").first).to_have_text("Bremsbeläge")
    assert screens.barriers(desk.page) == []
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= desk.page.viewport_size["width"]
    desk.page.locator("#results a", has_text="quietschen morgens").first.click()
    expect(desk.page.locator(".line:target")).to_contain_text("quietschen morgens")


def test_without_network_the_app_shows_nothing_of_anybody(desk, phones):
    phones.say("petra", kind="text", text="Geheim")
    desk.open_chat("Petra Beispiel")
    desk.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    desk.page.reload()
    desk.context.set_offline(True)
    desk.page.goto(f"{desk.url}/inbox/")
    expect(desk.page.locator("h1")).to_have_text("Keine Verbindung")
    kept = desk.page.evaluate(
        "caches.open('werkbote-static').then((one) => one.keys())"
        ".then((all) => all.map((one) => new URL(one.url).pathname))"
    )
    assert [one for one in kept if not one.startswith("/static/")] == ["/offline/"]
    desk.context.set_offline(False)
    desk.complaints.clear()
