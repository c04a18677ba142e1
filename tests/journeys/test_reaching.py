"""Reaching people in a real browser: from the public page to a subscription and out again, and a request."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
_PATIENCE = 180.0


@pytest.fixture
def guest(chromium: Browser, desk: screens.Desk) -> Iterator[Page]:
    """A visitor; nothing may be asked of others, nothing set on the device, nothing complained about."""
    context = chromium.new_context(locale="de-DE", viewport=screens.PHONE)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    assert {url for url in asked if not url.startswith(desk.url)} == set()
    assert (context.cookies(), complaints) == ([], [])
    context.close()


def _letters(phones: screens.Phones, *, to: str, count: int) -> list[dict[str, Any]]:
    """The letters to somebody, as soon as there are so many."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        letters = phones.client.get(f"{phones.url}/sim/mail").json()
        found = [letter for letter in letters if letter["to"] == to]
        if len(found) >= count:
            return found
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _link(letter: dict[str, Any], page: str) -> str:
    found = re.search(rf"http://\S+/{page}/[\w-]+", letter["text"])
    assert found is not None
    return found.group()


def test_a_reader_subscribes_confirms_reads_and_leaves(desk, phones, guest):
    reader = "leserin@kundin.example"
    guest.goto(f"{desk.url}/ratgeber/")
    guest.get_by_role("link", name="Newsletter bestellen").click()
    assert screens.barriers(guest) == []
    guest.get_by_label("E-Mail-Adresse").fill(reader)
    for box in guest.get_by_role("checkbox").all():
        assert not box.is_checked()
        box.check()
    guest.get_by_role("button", name="Newsletter bestellen").click()
    expect(guest.locator("h1")).to_have_text("Ein Schritt fehlt noch")
    (letter,) = _letters(phones, to=reader, count=1)
    guest.goto(_link(letter, "c"))
    assert screens.barriers(guest) == []
    guest.get_by_role("button", name="Ja, ich möchte den Newsletter").click()
    expect(guest.locator("h1")).to_have_text("Sie sind angemeldet")

    page = desk.page
    page.goto(f"{desk.url}/newsletter/")
    assert screens.barriers(page) == []
    page.get_by_role("link", name="Ausgabe schreiben").click()
    page.get_by_label("Betreff").fill("Winterreifen: jetzt Termin sichern")
    page.get_by_label("Text").fill("## Offen bis 19 Uhr\n\nAuch **abends**.")
    page.get_by_role("button", name="Speichern und ansehen").click()
    frame = page.frame_locator("iframe.letter")
    expect(frame.locator("h2")).to_have_text("Offen bis 19 Uhr")
    assert screens.barriers(page) == []
    page.get_by_role("button", name="Jetzt senden").click()
    issue = _letters(phones, to=reader, count=2)[-1]
    assert issue["subject"] == "Winterreifen: jetzt Termin sichern"

    guest.goto(_link(issue, "archive"))
    expect(guest.locator("article")).to_contain_text("Auch abends.")
    assert screens.barriers(guest) == []
    answer = phones.client.post(issue["leave"], data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    guest.goto(_link(issue, "u"))
    guest.get_by_role("button", name="Abmelden").click()
    expect(guest.locator("h1")).to_have_text("Sie sind abgemeldet")
    assert screens.barriers(guest) == []
    page.goto(f"{desk.url}/newsletter/")
    expect(page.locator("table tbody tr").first).to_contain_text("Gesendet")
    assert len(_letters(phones, to=reader, count=2)) == 2


def test_a_visitor_asks_for_a_demonstration_and_somebody_sees_it(desk, guest):
    guest.goto(f"{desk.url}/ratgeber/")
    guest.get_by_role("link", name="Vorführung anfragen").click()
    assert screens.barriers(guest) == []
    guest.get_by_label("Ihr Name").fill("Petra Beispiel")
    guest.get_by_label("Telefonnummer oder E-Mail-Adresse").fill("0171 3920001")
    guest.get_by_role("button", name="Senden").click()
    expect(guest.locator("h1")).to_have_text("Danke")
    page = desk.page
    page.goto(f"{desk.url}/contact/")
    expect(page.locator("main")).to_contain_text("Petra Beispiel")
    assert screens.barriers(page) == []
    page.get_by_role("button", name="Beantwortet").click()
    expect(page.locator("main")).to_contain_text("Keine offenen Anfragen")


def test_whatsapp_is_offered_with_its_notice_before_the_click(desk, guest):
    guest.goto(f"{desk.url}/ratgeber/")
    guest.get_by_role("link", name="Vorführung anfragen").click()
    guest.get_by_role("link", name="Hinweis lesen, dann Chat öffnen").click()
    expect(guest.locator(".highlighted")).to_contain_text("Daten können in die USA gehen")
    assert screens.barriers(guest) == []
    link = guest.get_by_role("link", name="Chat in WhatsApp öffnen")
    assert str(link.get_attribute("href")).startswith("https://wa.me/")


def test_texts_for_missed_calls_are_copied_and_lead_to_the_notice(desk, guest):
    page = desk.page
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{desk.url}/contact/")
    page.get_by_role("link", name="Website und verpasste Anrufe").click()
    assert screens.barriers(page) == []
    page.get_by_label("Kurze Adresse zum Ansagen").fill("muster.example/whatsapp")
    page.get_by_role("button", name="In den Text setzen").click()
    expect(page.get_by_label("Ansage am Telefon").first).to_have_value(
        re.compile("Unter muster.example/whatsapp finden Sie")
    )
    page.get_by_role("button", name="Kopieren").nth(1).click()
    expect(page.get_by_role("button", name="Kopiert").first).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    guest.goto(re.search(r"http://\S+/w/\w+", copied).group())
    expect(guest.locator(".highlighted")).to_contain_text("Daten können in die USA gehen")
