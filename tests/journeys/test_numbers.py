"""Setting a number up and writing templates in a real browser, at the counter and on the phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]

_SIZES = pytest.mark.parametrize(
    "viewport", [screens.DESKTOP, screens.PHONE], ids=["desk", "phone"]
)


def _check(desk: screens.Desk) -> None:
    """No serious finding of axe, and nothing wider than the screen."""
    assert screens.barriers(desk.page) == []
    wide = desk.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_a_number_is_set_up_in_the_lawful_order(shop, chromium):
    with screens.desk(chromium, shop, viewport=screens.DESKTOP) as desk:
        page = desk.page
        page.goto(f"{desk.url}/numbers/")
        page.get_by_role("link", name="Teile und Zubehör").click()
        step = page.locator("#registration")
        step.get_by_label("PIN aus sechs Ziffern").fill("481520")
        step.get_by_role("button", name="Registrieren").click()
        expect(page.get_by_role("alert")).to_contain_text("Kontaktbuch")
        desk.complaints.clear()  # the console notes the refusal's status
        page.locator("#contact_book").get_by_role("button", name="Es ist aus").click()
        expect(page.locator("#contact_book")).to_contain_text("Von einer Person bestätigt")
        page.get_by_role("button", name="In Deutschland speichern").click()
        expect(page.locator("#region")).to_contain_text("Antwort von Metas Schnittstelle")
        page.locator("#pin").fill("481520")
        page.get_by_role("button", name="Registrieren").click()
        expect(page.locator("#registration .badge")).to_have_text("erledigt")
        for name, where in (
            ("Profil schreiben", "#profile"),
            ("Verbinden", "#webhook"),
            ("Grundausstattung einreichen", "#templates"),
        ):
            page.locator(where).get_by_role("button", name=name).click()
            expect(page.locator(f"{where} .badge")).to_have_text("erledigt")
        _check(desk)


@_SIZES
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_fit_and_can_be_read(shop, chromium, viewport, dark):
    with screens.desk(chromium, shop, viewport=viewport, dark=dark) as desk:
        desk.page.goto(f"{desk.url}/numbers/")
        _check(desk)
        desk.page.locator(".tiles a").first.click()
        desk.page.wait_for_selector(".wizard")
        _check(desk)
        desk.page.goto(f"{desk.url}/templates/")
        _check(desk)
        desk.page.get_by_role("link", name="Bibliothek").click()
        desk.page.wait_for_selector("#hu_erinnerung")
        _check(desk)
        desk.page.locator("#raeder_eingelagert").get_by_role("link", name="Anpassen").click()
        desk.page.wait_for_selector(".editor")
        _check(desk)


@_SIZES
def test_a_template_is_written_with_the_bubble_beside_it(shop, chromium, viewport):
    name = f"winterraeder_{viewport['width']}"
    with screens.desk(chromium, shop, viewport=viewport) as desk:
        page = desk.page
        page.goto(f"{desk.url}/templates/")
        page.get_by_role("link", name="Selbst schreiben").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Text", exact=True).fill(
            "Guten Tag {{1}}, Ihre HU ist bald fällig, oder?"
        )
        page.get_by_label("Wofür sie ist").select_option("P-01")
        expect(page.locator("#preview")).to_contain_text("nach deutschem Recht Werbung")
        page.get_by_label("Text", exact=True).fill("Guten Tag {{1}}, Ihr Auto ist fertig geworden.")
        page.get_by_label("Beispiele").fill("Frau Beispiel")
        expect(page.locator("#preview .bubble")).to_contain_text("Guten Tag Frau Beispiel")
        expect(page.locator("#preview")).to_contain_text("Hält alle Regeln")
        page.get_by_role("button", name="Zur Prüfung einreichen").click()
        expect(page.locator("section", has_text=name)).to_contain_text(
            re.compile("in Prüfung|genehmigt")
        )


@_SIZES
def test_one_click_adopts_and_the_review_arrives(shop, chromium, viewport):
    name = "teile_verspaetet" if viewport is screens.DESKTOP else "termin_abgesagt"
    with screens.desk(chromium, shop, viewport=viewport) as desk:
        page = desk.page
        page.goto(f"{desk.url}/templates/")
        page.get_by_role("link", name="Bibliothek").click()
        page.locator(f"#{name}").get_by_role("button", name="Übernehmen").click()
        expect(page.locator(f"#{name} .badge").first).to_have_text(
            re.compile("in Prüfung|genehmigt")
        )
        badge = page.locator(f"#{name} .badge").first
        for _ in range(60):
            page.reload()
            if badge.inner_text() == "genehmigt":
                break
            page.wait_for_timeout(500)
        expect(badge).to_have_text("genehmigt")
