"""Somebody asks on WhatsApp what is stored, gets it, and then has it erased: in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


def _waits(page: Page, address: str, what: str, *, least: int = 1) -> None:
    """Open a page again until something is on it."""
    for _ in range(90):
        page.goto(address)
        if page.locator(what).count() >= least:
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"There is no {what}.")


def _fetches(chromium: Browser, link: str, picture: Path) -> None:
    """The customer opens the link on the phone and asks for the code."""
    guest = chromium.new_page(locale="de-DE", viewport=screens.PHONE)
    guest.goto(link)
    guest.get_by_role("button", name="Code an mich senden").click()
    expect(guest.locator("body")).to_contain_text("Der Code ist unterwegs")
    guest.screenshot(path=picture, full_page=True)
    assert screens.barriers(guest) == []
    guest.close()


def test_access_and_erasure_from_the_sentence_to_the_proof(shop, chromium, tmp_path: Path):
    with (
        screens.phones(shop) as phones,
        screens.desk(chromium, shop, viewport=screens.DESKTOP) as desk,
    ):
        phones.say("petra", kind="text", text="Welche Daten haben Sie über mich?")
        phones.say("petra", kind="text", text="Und dann bitte alles löschen")
        page, main = desk.page, desk.page.locator("main")
        overview = f"{desk.url}/privacy/"
        _waits(page, overview, ".row-link", least=2)
        page.screenshot(path=tmp_path / "overview.png", full_page=True)
        assert screens.barriers(page) == []
        page.get_by_role("link", name="Auskunft (Art. 15)").first.click()
        page.get_by_role("button", name="Ja, ein Antrag").click()
        page.get_by_role("button", name="Paket vorbereiten").click()
        expect(main).to_contain_text("Welche Daten haben Sie über mich?")
        page.screenshot(path=tmp_path / "review.png", full_page=True)
        assert screens.barriers(page) == []
        page.get_by_role("button", name="Paket und Link erstellen").click()
        _fetches(chromium, page.locator("code.wrap").inner_text(), tmp_path / "parcel.png")
        page.goto(overview)
        page.get_by_role("link", name="Löschung (Art. 17)").first.click()
        page.get_by_role("button", name="Ja, ein Antrag").click()
        expect(main).to_contain_text("Das würde gelöscht")
        page.screenshot(path=tmp_path / "erase.png", full_page=True)
        page.get_by_role("button", name="Löschen", exact=True).click()
        expect(page).to_have_url(re.compile("/privacy/erasures/"))
        _waits(page, page.url, "text=Bestätigung für die Person")
        page.screenshot(path=tmp_path / "erased.png", full_page=True)
        page.goto(f"{desk.url}/privacy/retention/")
        page.screenshot(path=tmp_path / "retention.png", full_page=True)
        page.set_viewport_size(screens.PHONE)
        page.screenshot(path=tmp_path / "retention-phone.png", full_page=True)
        assert screens.barriers(page) == []
        page.goto(f"{desk.url}/inbox/")
        expect(page.locator("body")).not_to_contain_text("Petra Beispiel")
