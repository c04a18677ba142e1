from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import screens
from werkbote.store import ids

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


def test_customer_agrees_by_keyword_and_ends_it_by_one_word(desk, phones, chromium, tmp_path: Path):
    phone = chromium.new_page(locale="de-DE", viewport=screens.PHONE)
    phone.goto(f"{phones.url}/phones/petra")
    phones.say("petra", kind="text", text="WERBUNG JA")
    agree = phone.get_by_role("button", name="Ja, einverstanden")
    expect(agree).to_be_visible()
    phone.screenshot(path=tmp_path / "question.png")
    agree.click()
    expect(phone.locator("body")).to_contain_text("Ihre Einwilligung ist gespeichert")
    desk.open_chat("Petra Beispiel")
    desk.page.get_by_role("link", name="Einwilligungen").last.click()
    expect(desk.page.locator("main")).to_contain_text("erteilt")
    desk.page.get_by_text("Verlauf und Nachweise").first.click()
    desk.page.screenshot(path=tmp_path / "person.png", full_page=True)
    assert screens.barriers(desk.page) == []
    phones.say("petra", kind="text", text="stopp")
    receipt = "Sie erhalten keine Werbung mehr per WhatsApp."
    expect(phone.locator("body")).to_contain_text(receipt)
    phone.close()
    desk.open_chat("Petra Beispiel")
    desk.page.select_option("#purpose", "P-05")
    desk.write("Jetzt 20 % auf Winterreifen!")
    expect(desk.page.locator("article.refused").last).to_contain_text("Art. 21")
    desk.page.goto(f"{desk.url}/consents/")
    expect(desk.page.locator("main")).to_contain_text("so muss es sein")
    desk.page.screenshot(path=tmp_path / "overview.png", full_page=True)
    assert screens.barriers(desk.page) == []


def test_notice_and_form_work_on_a_phone_without_scripts(chromium, shop, tmp_path: Path):
    branch = ids.short(int(shop.known()["branch"]))
    context = chromium.new_context(
        java_script_enabled=False, locale="de-DE", viewport=screens.PHONE
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://127.0.0.1:{shop.port}/d/{branch}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Autohaus Beispiel GmbH")
    page.screenshot(path=tmp_path / "notice.png", full_page=True)
    page.goto(f"http://127.0.0.1:{shop.port}/e/{branch}")
    assert page.locator("input:checked").count() == 0
    page.screenshot(path=tmp_path / "form.png", full_page=True)
    page.get_by_label("Mobilnummer").fill("0152 28895456")
    page.locator("input[name=purposes]").first.check()
    page.locator("input[name=age]").check()
    page.get_by_role("button", name="Per WhatsApp nachfragen lassen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ein Schritt fehlt noch")
    page.screenshot(path=tmp_path / "asked.png", full_page=True)
    assert context.cookies() == []
    context.close()
    assert [one for one in asked if not one.startswith(f"http://127.0.0.1:{shop.port}/")] == []
