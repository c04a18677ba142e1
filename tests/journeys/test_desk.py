"""The team's work on a conversation, in a real browser: notes stay, rests end, blocking reaches WhatsApp."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

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


def _is_phone(desk: screens.Desk) -> bool:
    return bool(desk.page.viewport_size == screens.PHONE)


def _panel(desk: screens.Desk) -> Locator:
    """What stands beside the conversation; on a phone it is a page of its own."""
    if not _is_phone(desk):
        return desk.page.locator("aside.panel")
    desk.page.locator("a.panel-open").click()
    desk.page.wait_for_url("**/panel/")
    return desk.page.locator("main")


def test_a_note_stays_in_the_house_while_the_answer_leaves(desk, phones):
    phones.say("petra", kind="text", text="Moin, ist mein Golf fertig?")
    desk.open_chat("Petra Beispiel")
    panel = _panel(desk)
    words = f"Kundin ist {'sehr ' if _is_phone(desk) else ''}ungehalten, bitte anrufen"
    panel.get_by_label("Interne Notiz").fill(words)
    panel.get_by_role("button", name="Notiz schreiben").click()
    expect(panel).to_contain_text(words)
    desk.open_chat("Petra Beispiel")
    desk.write("Ja, ab 16 Uhr.")
    answer = desk.page.locator("article.out").last
    expect(answer.locator(".ticks")).to_have_attribute("title", "Zugestellt")
    shown = phones.shown()
    assert "Ja, ab 16 Uhr." in shown
    assert "ungehalten" not in shown


def test_a_closed_conversation_comes_back_when_the_customer_writes(desk, phones):
    key, name = ("petra", "Petra Beispiel") if _is_phone(desk) else ("jonas", "Jonas Muster")
    phones.say(key, kind="text", text="Danke für alles")
    desk.open_chat(name)
    panel = _panel(desk)
    panel.get_by_role("button", name="Ich übernehme").click()
    expect(panel.get_by_role("button", name="Zurückgeben")).to_be_visible()
    panel.get_by_text("Unterhaltung abschließen").click()
    panel.get_by_role("button", name="beantwortet").click()
    expect(panel).to_contain_text("Erledigt: beantwortet")
    if _is_phone(desk):
        desk.page.go_back()
    phones.say(key, kind="text", text="Eine Frage habe ich noch")
    expect(desk.page.locator("#messages")).to_contain_text("Eine Frage habe ich noch")
    expect(_panel(desk)).not_to_contain_text("Erledigt: beantwortet")


def test_a_case_and_a_vehicle_are_recorded_beside_the_chat(desk, phones):
    key, name, plate, title = (
        ("jonas", "Jonas Muster", "HH-AB 124", "Bremsen erneuern")
        if _is_phone(desk)
        else ("samira", "Samira Probe", "HH-AB 123", "Bremsen prüfen")
    )
    phones.say(key, kind="text", text="Die Bremsen quietschen")
    desk.open_chat(name)
    panel = _panel(desk)
    panel.get_by_text("Fahrzeug erfassen").first.click()
    panel.get_by_label("Kennzeichen").fill(plate.lower().replace("-", " "))
    panel.get_by_label("Marke").fill("VW")
    panel.get_by_role("button", name="Fahrzeug erfassen").click()
    expect(panel.get_by_role("link", name=plate)).to_be_visible()
    panel.get_by_text("Vorgang anlegen").first.click()
    panel.get_by_label("Titel").fill(title)
    panel.get_by_role("button", name="Vorgang anlegen").click()
    panel.get_by_role("link", name=title).click()
    desk.page.get_by_role("button", name="kein Vertrag").click()
    expect(desk.page.locator("main")).to_contain_text("abgeschlossen")


def test_blocking_is_told_to_whatsapp(desk, phones):
    key, name = ("jonas", "Jonas Muster") if _is_phone(desk) else ("samira", "Samira Probe")
    phones.say(key, kind="text", text="Und noch etwas")
    desk.open_chat(name)
    panel = _panel(desk)
    panel.get_by_text("Mehr", exact=True).click()
    panel.get_by_role("button", name="Bei WhatsApp blockieren").click()
    expect(panel.locator(".panel-state")).to_contain_text("Blockiert")


@pytest.mark.parametrize("viewport", [screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_are_accessible_and_fit(chromium, shop, phones, viewport, dark):
    phones.say("petra", kind="text", text="Noch da?")
    with screens.desk(chromium, shop, viewport=viewport, dark=dark) as made:
        made.open_chat("Petra Beispiel")
        chat = made.page.url.split("?")[0]
        home = chat.split("/inbox/")[0]
        for address in (
            f"{home}/inbox/?view=mine",
            f"{chat}panel/",
            f"{home}/cases/",
            f"{home}/nudges/",
            f"{home}/arrange/",
        ):
            made.page.goto(address)
            assert screens.barriers(made.page) == [], address
            width = made.page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], address
