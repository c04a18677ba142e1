"""The way out of private WhatsApp in a real browser: bring in, decide, sign, invite."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import exports
from tests.journeys import screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
_SOON = 60_000


def _bring_in(page: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.set_input_files("#upload input[type=file]", path)
    page.get_by_label("Gerät").fill("iPhone, privat")
    page.get_by_role("button", name="Übernehmen").click()


def test_a_chat_is_brought_in_and_deleted_and_another_is_filed(desk, tmp_path: Path):
    page = desk.page
    page.goto(f"{desk.url}/old-chats/")
    assert screens.barriers(page) == []
    _bring_in(page, tmp_path / f"{exports.TITLE}.zip", exports.packed())
    page.get_by_role("link", name="Ansehen und entscheiden").click(timeout=_SOON)
    expect(page.locator(".old-thread")).to_contain_text("Ihr Golf ist fertig.")
    expect(page.locator(".old.out").first).to_contain_text("Max Muster")
    page.locator(".report summary").click()
    expect(page.locator(".report")).to_contain_text("unbekannte Art von Nachricht")
    assert screens.barriers(page) == []
    page.get_by_label("Ja, endgültig löschen").check()
    page.get_by_role("button", name="Löschen").click()
    expect(page.locator(".alert-success")).to_contain_text("Der Chat ist gelöscht")
    _bring_in(page, tmp_path / "WhatsApp-Chat mit Kim.txt", exports.long(450))
    page.get_by_role("link", name="Ansehen und entscheiden").click(timeout=_SOON)
    page.get_by_role("link", name="Später").click()
    expect(page.locator(".old-thread")).to_contain_text("Nachricht 200")
    page.get_by_label("Wie lange aufbewahren?").select_option("L-05")
    page.get_by_role("button", name="Ablegen").click()
    expect(page.locator(".rows")).to_contain_text("L-05")


def test_what_is_no_chat_is_said_with_its_remedy(desk, tmp_path: Path):
    desk.page.goto(f"{desk.url}/old-chats/")
    _bring_in(desk.page, tmp_path / "liste.txt", b"Brot\nMilch\n")
    problem = desk.page.locator(".arrival .alert-danger")
    expect(problem).to_contain_text("Nutzen Sie in WhatsApp", timeout=_SOON)
    desk.page.get_by_role("button", name="Aus der Liste entfernen").click()
    expect(desk.page.locator(".arrival .alert-danger")).to_have_count(0)


def test_bringing_in_works_without_scripts(chromium, shop, tmp_path: Path):
    context = chromium.new_context(
        java_script_enabled=False, locale="de-DE", viewport=screens.PHONE
    )
    page, known = context.new_page(), shop.known()
    page.goto(f"http://127.0.0.1:{shop.port}/login/")
    page.fill("input[name=email]", known["email"])
    page.fill("input[name=password]", known["password"])
    page.press("input[name=password]", "Enter")
    page.goto(f"http://127.0.0.1:{shop.port}/old-chats/")
    _bring_in(page, tmp_path / "WhatsApp-Chat mit Ida.txt", exports.long(20))
    expect(page.locator(".arrival").first).to_contain_text("WhatsApp-Chat mit Ida.txt")
    for _ in range(60):
        if page.get_by_role("link", name="Ansehen und entscheiden").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    page.get_by_role("link", name="Ansehen und entscheiden").first.click()
    expect(page.locator(".old-thread")).to_contain_text("Nachricht 19")
    context.close()


def test_the_declaration_is_asked_for_signed_and_kept(desk, tmp_path: Path):
    page = desk.page
    page.goto(f"{desk.url}/offboarding/")
    assert screens.barriers(page) == []
    page.get_by_role("button", name="Alle noch nicht Gefragten auffordern").click()
    page.goto(f"{desk.url}/inbox/")
    page.get_by_role("link", name="Zur Erklärung").click()
    assert screens.barriers(page) == []
    for box in page.locator("#mine input[type=checkbox]").all():
        box.check()
    page.get_by_label("Mit Vor- und Nachnamen unterzeichnen").fill("Anna Beispiel")
    page.get_by_role("button", name="Unterzeichnen").click()
    expect(page.locator(".alert-success")).to_contain_text("unterzeichnet", timeout=_SOON)
    paper = page.request.get(
        desk.url + str(page.get_by_role("link", name="PDF öffnen").get_attribute("href"))
    )
    assert paper.body().startswith(b"%PDF-")
    page.screenshot(path=tmp_path / "signed.png", full_page=True)


def test_the_invitation_shows_its_code_and_copies_its_text(desk):
    page = desk.page
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{desk.url}/invite/")
    width = "document.querySelector('.invite-code img').naturalWidth"
    expect(page.locator(".invite-code img").first).to_be_visible()
    page.wait_for_function(f"{width} > 0")
    assert screens.barriers(page) == []
    page.get_by_role("button", name="Kopieren").first.click()
    expect(page.get_by_role("button", name="Kopiert").first).to_be_visible()
    assert "https://wa.me/" in page.evaluate("navigator.clipboard.readText()")
