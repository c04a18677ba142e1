"""What a person can ask for beside access and erasure, in a real browser: the logs speak at debug, of nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import demonstration, screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]

_ROUNDS = 90


@pytest.fixture(scope="module")
def shop(
    mould: demonstration.Mould, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[demonstration.Demonstration]:
    """A demonstration whose logs say all they can; when it ends they are searched for people."""
    home = tmp_path_factory.mktemp("shop")
    with demonstration.copied(mould, home, level="debug") as made:
        yield made
        assert '"level": "debug"' in (home / "said.log").read_text()


def _waits(page: Page, address: str, what: str) -> None:
    """Open a page again until something is on it."""
    for _ in range(_ROUNDS):
        page.goto(address)
        if page.locator(what).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"There is no {what}.")


def _accepted(desk: screens.Desk, kind: str) -> str:
    """Find the request that a sentence became, say that it is one, and return its page."""
    page = desk.page
    _waits(page, f"{desk.url}/privacy/", f"a.row-link:has-text('{kind}')")
    page.get_by_role("link", name=kind).first.click()
    page.get_by_role("button", name="Ja, ein Antrag").click()
    expect(page.locator("main")).to_contain_text("Festgestellt durch")
    return page.url


def _seen(page: Page, folder: Path, name: str) -> None:
    """Take the page at a desk and on a phone, in both themes; nothing is in anybody's way."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for size, width in (("desk", screens.DESKTOP), ("phone", screens.PHONE)):
            page.set_viewport_size(width)
            page.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]
        assert screens.barriers(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(screens.DESKTOP)


def _audited(desk: screens.Desk, words: str) -> None:
    desk.page.goto(f"{desk.url}/audit/")
    expect(desk.page.locator("main")).to_contain_text(words)


def test_wrong_name_is_put_right_with_before_and_after(desk, phones, tmp_path: Path):
    phones.say("petra", kind="text", text="Mein Name ist bei Ihnen falsch geschrieben")
    page, main = desk.page, desk.page.locator("main")
    _accepted(desk, "Berichtigung (Art. 16)")
    page.get_by_label("Was ist falsch?").select_option(label="Name: Petra Beispiel")
    page.get_by_label("So ist es richtig").fill("Petra Beispielhaft")
    page.get_by_role("button", name="Berichtigen", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Petra Beispielhaft")
    expect(row.get_by_role("cell")).to_have_text(["Name", "Petra Beispiel", "Petra Beispielhaft"])
    _seen(page, tmp_path, "correction")
    page.get_by_role("button", name="Alles stimmt jetzt").click()
    expect(main).to_contain_text("beantwortet")
    page.goto(f"{desk.url}/inbox/?view=all")
    expect(page.locator("body")).to_contain_text("Petra Beispielhaft")
    _audited(desk, "Daten einer Person berichtigt")


def test_restriction_hides_and_is_lifted_once_the_person_was_told_why(desk, phones, tmp_path: Path):
    phones.say("jonas", kind="text", text="Bitte die Verarbeitung einschränken")
    page, main = desk.page, desk.page.locator("main")
    request = _accepted(desk, "Einschränkung (Art. 18)")
    page.get_by_role("button", name="Einschränken", exact=True).click()
    expect(main).to_contain_text("Die Daten sind eingeschränkt")
    _seen(page, tmp_path, "restricted")
    page.goto(f"{desk.url}/inbox/?view=all")
    expect(page.locator("body")).not_to_contain_text("Jonas Muster")
    page.goto(request)
    expect(page.get_by_role("button", name="Einschränkung aufheben")).to_have_count(0)
    before = len(phones.received())
    page.get_by_label("Warum sie endet").select_option("wish")
    page.get_by_role("button", name="Person benachrichtigen").click()
    _waits(page, request, "button:has-text('Einschränkung aufheben')")
    _seen(page, tmp_path, "lifting")
    assert len(phones.received()) == before + 1
    page.get_by_role("button", name="Einschränkung aufheben").click()
    expect(main).to_contain_text("Die Einschränkung ist aufgehoben")
    page.goto(f"{desk.url}/inbox/?view=all")
    expect(page.locator("body")).to_contain_text("Jonas Muster")
    desk.open_chat("Jonas Muster")
    expect(page.locator("#messages")).to_contain_text("Sie haben uns darum gebeten")
    _audited(desk, "Einschränkung aufgehoben")


def test_objection_ends_advertising_and_answers_the_request(desk, phones, tmp_path: Path):
    phones.say("samira", kind="text", text="Ich widerspreche der Verarbeitung")
    page, main = desk.page, desk.page.locator("main")
    _accepted(desk, "Widerspruch (Art. 21)")
    page.get_by_role("button", name="Widerspruch eintragen").click()
    expect(main).to_contain_text("beantwortet")
    _seen(page, tmp_path, "objection")
    ((found,),) = desk.shop.look("SELECT count(*) FROM suppression WHERE scope = 'advertising'")
    assert found >= 1


def test_sensitive_file_opens_with_a_reason_that_is_written_down(desk, phones, tmp_path: Path):
    phones.say("petra", kind="image")
    page = desk.page
    desk.open_chat("Petra")
    picture = page.locator(".bubble:has([data-view=picture])").last
    expect(picture).to_be_visible()
    picture.get_by_role("link", name="Was ist das für eine Nachricht?").click()
    page.get_by_label("Ausweis, Führerschein, IBAN").check()
    page.locator("#dialog-body").get_by_role("button", name="Speichern").click()
    closed = page.get_by_role("link", name="Mit Grund öffnen")
    expect(closed).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("ist es bei uns gelöscht")
    page.screenshot(path=tmp_path / "marked.png")
    closed.click()
    box = page.locator("#dialog-body")
    box.get_by_role("button", name="Datei öffnen").click()
    expect(box.locator(".problems, [role=alert]").first).to_be_visible()
    desk.complaints[:] = [one for one in desk.complaints if "422" not in one]
    box.get_by_label("Ich sehe nach, ob sie gelöscht werden kann").check()
    assert screens.barriers(page) == []
    box.get_by_role("button", name="Datei öffnen").click()
    expect(box.locator("img")).to_be_visible()
    page.screenshot(path=tmp_path / "opened.png")
    _audited(desk, "Datei geöffnet")
    ((detail,),) = desk.shop.look("SELECT detail FROM audit_entry WHERE verb = 'media.open'")
    assert detail == {"tag": "identity_document", "reason": "deletion"}


def test_archive_of_letters_holds_and_retention_look_right_everywhere(desk, tmp_path: Path):
    for name in ("letters", "holds", "retention"):
        desk.page.goto(f"{desk.url}/privacy/{name}/")
        _seen(desk.page, tmp_path, name)
