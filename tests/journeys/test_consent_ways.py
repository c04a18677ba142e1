"""The ways in and out of consent in a real browser, from the first page to the answer on the phone."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys import demonstration, screens
from werkbote.store import ids

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
_YES = "Ja, einverstanden"
_THANKS = "Ihre Einwilligung ist gespeichert"
_OFFERS = "P-05"
_TABLET = {"width": 1024, "height": 768}


@pytest.fixture(scope="module")
def phones(shop: demonstration.Demonstration) -> Iterator[screens.Phones]:
    with screens.phones(shop) as made:
        yield made


@pytest.fixture(scope="module")
def desk(chromium: Browser, shop: demonstration.Demonstration) -> Iterator[screens.Desk]:
    with screens.desk(chromium, shop, viewport=screens.DESKTOP) as made:
        yield made


@contextmanager
def _guest(chromium: Browser, viewport: dict[str, int]) -> Iterator[Page]:
    """Somebody without an account: nothing is stored on their device, and no script runs."""
    context = chromium.new_context(
        java_script_enabled=False,
        locale="de-DE",
        viewport=viewport,  # type: ignore[arg-type] -- a plain dict is what Playwright documents
    )
    yield context.new_page()
    assert context.cookies() == []
    context.close()


@contextmanager
def _phone(chromium: Browser, phones: screens.Phones, customer: str) -> Iterator[Page]:
    page = chromium.new_page(locale="de-DE", viewport=screens.PHONE)  # type: ignore[arg-type]
    page.goto(f"{phones.url}/phones/{customer}")
    yield page
    page.close()


def _agrees(chromium: Browser, phones: screens.Phones, customer: str, words: str) -> None:
    """A customer sends words, is asked by them, and taps yes."""
    with _phone(chromium, phones, customer) as phone:
        buttons, thanks = phone.get_by_role("button", name=_YES), phone.get_by_text(_THANKS)
        asked, thanked = buttons.count(), thanks.count()
        phones.say(customer, kind="text", text=words)
        expect(buttons).to_have_count(asked + 1)
        buttons.last.click()
        expect(thanks).to_have_count(thanked + 1)


def _show(page: Page, name: str, tmp_path: Path) -> None:
    """Nothing grave may be wrong in light or dark, on a desk or on a phone, and nothing runs over."""
    usual = page.viewport_size
    try:
        for size, scheme in ((screens.DESKTOP, "light"), (screens.PHONE, "dark")):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(
                path=tmp_path / f"{name}-{scheme}.png", full_page=True, animations="disabled"
            )
            assert screens.barriers(page) == [], (name, scheme)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (name, scheme)
    finally:
        page.emulate_media(color_scheme="light")
        if usual:
            page.set_viewport_size(usual)


def _public(desk: screens.Desk, address: str, name: str, tmp_path: Path) -> None:
    """Look at a public page as `_show` does; its own visitors run no script, so this one looks."""
    page = desk.context.new_page()
    page.goto(address)
    _show(page, name, tmp_path)
    page.close()


def _form(shop: demonstration.Demonstration, way: str = "") -> str:
    return f"http://127.0.0.1:{shop.port}/e/{ids.short(int(shop.known()['branch']))}{way}"


def _fill(page: Page, phone: str) -> None:
    assert page.locator("input:checked").count() == 0
    page.get_by_label("Mobilnummer").fill(phone)
    page.locator(f"input[value={_OFFERS}]").check()
    page.locator("input[name=age]").check()
    page.get_by_role("button", name="Per WhatsApp nachfragen lassen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ein Schritt fehlt noch")


def _consents(desk: screens.Desk, name: str) -> Page:
    desk.open_chat(name)
    desk.page.get_by_role("link", name="Einwilligungen").last.click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(name)
    return desk.page


def test_a_visitor_ticks_is_asked_and_agrees(chromium, shop, phones, desk, tmp_path: Path):
    _public(desk, _form(shop), "form", tmp_path)
    with _guest(chromium, screens.PHONE) as page:
        page.goto(_form(shop))
        _fill(page, "01522 8817386")
        page.screenshot(path=tmp_path / "asked.png", full_page=True)
        link = page.get_by_role("link", name="WhatsApp öffnen und den Code senden")
        code = str(link.get_attribute("href")).partition("text=")[2].replace("%20", " ")
    _agrees(chromium, phones, "petra", code)
    page = _consents(desk, "Petra Beispiel")
    expect(page.locator("main")).to_contain_text("erteilt")
    page.get_by_text("Verlauf und Nachweise").first.click()
    expect(page.locator("main")).to_contain_text("Von der Nummer selbst bestätigt")
    _show(page, "person", tmp_path)


def test_the_tablet_at_the_counter_asks_the_phone_and_empties_itself(
    chromium, shop, phones, desk, tmp_path: Path
):
    with _guest(chromium, _TABLET) as page:
        page.goto(_form(shop, "/tresen"))
        _fill(page, "01522 8895456")
        expect(page.get_by_role("img", name="QR-Code")).to_be_visible()
        page.screenshot(path=tmp_path / "tablet.png", full_page=True)
        code = page.get_by_text(re.compile(r"^JA \w+$")).inner_text()
        page.get_by_role("link", name="nächste").click()
        assert page.get_by_label("Mobilnummer").input_value() == ""
    _public(desk, _form(shop, "/tresen"), "tablet-form", tmp_path)
    _agrees(chromium, phones, "jonas", code)
    expect(_consents(desk, "Jonas Muster").locator("main")).to_contain_text("erteilt")


def test_staff_enter_a_signed_form_and_the_number_confirms(chromium, phones, desk, tmp_path: Path):
    page = desk.page
    page.goto(f"{desk.url}/consents/enter/")
    _show(page, "enter", tmp_path)
    picture = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(picture, "JPEG")
    page.get_by_label("Mobilnummer").fill("0171 3920017")
    page.get_by_label("Scan oder Foto").set_input_files(
        {"name": "form.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    page.locator(f"input[value={_OFFERS}]").check()
    page.get_by_role("button", name="Erfassen und die Nummer fragen").click()
    expect(page.locator("main")).to_contain_text("Noch ist nichts erteilt")
    _show(page, "entered", tmp_path)
    code = page.get_by_text(re.compile(r"^JA \w+$")).inner_text()
    _agrees(chromium, phones, "samira", code)
    page = _consents(desk, "Samira Probe")
    expect(page.locator("main")).to_contain_text("Unterschriebene Formulare")
    with page.expect_download() as printed:
        page.get_by_role("link", name="Alle drucken").click()
    assert printed.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_label("Was gesagt wurde").fill("Am Telefon: bitte keine Werbung mehr.")
    page.get_by_role("button", name="Erfassen und Werbung sofort beenden").click()
    expect(page.locator("main")).to_contain_text("widerrufen")
    expect(page.locator("main")).to_contain_text("Möchte keine Werbung")
    _show(page, "withdrawn", tmp_path)


def test_the_customer_switches_off_and_what_was_planned_is_refused(
    chromium, shop, phones, desk, tmp_path: Path
):
    _agrees(chromium, phones, "jonas", "ERINNERUNG JA")
    conversation = re.findall(r"\d+", _consents(desk, "Jonas Muster").url)[-1]
    _plan(shop, conversation)
    with _phone(chromium, phones, "jonas") as phone:
        phones.say("jonas", kind="text", text="MEINE DATEN")
        link = phone.get_by_text(re.compile(r"/m/[\w-]+/[\w-]+")).last
        found = re.search(r"/m/[\w-]+/[\w-]+", link.inner_text())
    assert found is not None
    address = f"{desk.url}{found.group()}"
    _public(desk, address, "own", tmp_path)
    with _guest(chromium, screens.PHONE) as page:
        page.goto(address)
        off = page.locator(f"button[name=off][value={_OFFERS}]")
        expect(off).to_have_attribute("aria-checked", "true")
        off.click()
        expect(page.get_by_role("status")).to_contain_text("Erledigt")
        expect(page.locator(f"button[name=on][value={_OFFERS}]")).to_be_visible()
        expect(page.locator("button[name=off]")).to_have_count(1)
    desk.open_chat("Jonas Muster")
    expect(desk.page.locator("article.refused").last).to_contain_text("Einwilligung")
    shown = phones.shown()
    assert "Werbung, Angebote und Aktionen" in shown
    assert "Winterreifen" not in shown


def _plan(shop: demonstration.Demonstration, conversation: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.journeys.member", "plan", conversation],
        env=demonstration.surroundings(
            shop.home, DJANGO_SETTINGS_MODULE="werkbote.config.settings"
        ),
        check=True,
        timeout=240,
    )


def test_a_poster_is_made_handed_out_and_ended(desk, tmp_path: Path):
    page = desk.page
    page.goto(f"{desk.url}/consents/ways/")
    page.get_by_label("Kampagnencode").fill("winter26")
    page.locator(f"input[value={_OFFERS}]").check()
    page.get_by_role("button", name="Anlegen").click()
    expect(page.locator("main")).to_contain_text("WERBUNG JA WINTER26")
    _show(page, "ways", tmp_path)
    for name, begin in (
        ("Plakat (PDF)", b"%PDF"),
        ("Plakat (Bild)", b"\x89PNG"),
        ("QR-Code", b"\x89PNG"),
    ):
        href = page.get_by_role("link", name=name).first.get_attribute("href")
        answer = desk.context.request.get(f"{desk.url}{href}")
        assert answer.body().startswith(begin), name
        (tmp_path / str(href).rpartition("/")[2]).write_bytes(answer.body())
    page.get_by_role("button", name="Beenden").click()
    expect(page.locator("main")).to_contain_text("beendet")


def test_an_import_answers_for_every_row(desk, tmp_path: Path):
    page = desk.page
    page.goto(f"{desk.url}/consents/import/")
    rows = "phone;purpose\n0171 3920001;P-05\nabc;P-05\n0171 3920002;P-99\n0171 3920003;P-14\n"
    page.get_by_label("CSV-Datei").set_input_files(
        {"name": "old.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_role("button", name="Übernehmen").click()
    found = page.locator("table tbody tr")
    expect(found).to_have_count(4)
    expect(found.nth(0)).to_contain_text("es fehlt: das Unternehmen")
    expect(found.nth(1)).to_contain_text("Das ist keine Telefonnummer.")
    for broken in (2, 3):
        expect(found.nth(broken)).to_contain_text("Diesen Zweck gibt es nicht")
    _show(page, "import", tmp_path)


def test_the_officer_previews_a_text_and_keeps_every_version(desk, tmp_path: Path):
    page = desk.page
    page.goto(f"{desk.url}/consents/rules/")
    _show(page, "rules", tmp_path)
    text = page.get_by_label("Frage auf WhatsApp (de)")
    text.fill(f"Guten Tag! {text.input_value()}")
    form = page.locator("form", has=text)
    form.get_by_label("Warum").fill("Freundlicher")
    form.get_by_role("button", name="Vorschau").click()
    expect(page.locator("#preview")).to_contain_text("Guten Tag!")
    _show(page, "preview", tmp_path)
    form.get_by_role("button", name="Als neue Fassung speichern").click()
    expect(page.locator("main")).to_contain_text("Freundlicher")
    sentence = page.get_by_label("Hinweis: wofür (de)")
    sentence.fill("Wir nutzen alles nur für Ihr Auto.")
    notice = page.locator("form", has=sentence)
    notice.get_by_label("Warum").fill("Kürzer")
    notice.get_by_role("button", name="Vorschau").click()
    expect(page.locator("#preview")).to_contain_text("nur für Ihr Auto")
    notice.get_by_role("button", name="Als neue Fassung speichern").click()
    expect(page.locator("main")).to_contain_text("Kürzer")
    expect(page.locator("main")).to_contain_text("Freundlicher")
    _show(page, "versions", tmp_path)


def test_the_overview_is_clean_and_unclear_words_are_settled(desk, phones, tmp_path: Path):
    phones.say("petra", kind="text", text="Stopp, bitte nicht reparieren!")
    page = desk.page
    heading = page.get_by_role("heading", name="Offene Fragen")
    desk.open_chat("Petra Beispiel")
    expect(page.locator("#messages")).to_contain_text("bitte nicht reparieren")
    page.goto(f"{desk.url}/consents/")
    expect(heading).to_be_visible()
    expect(page.locator("main")).to_contain_text("so muss es sein")
    _show(page, "overview", tmp_path)
    page.get_by_role("link", name=re.compile("könnten ein Widerruf sein")).first.click()
    expect(page.locator("main")).to_contain_text("bitte nicht reparieren")
    _show(page, "task", tmp_path)
    task = page.url
    page.get_by_role("button", name="Kein Widerruf").click()
    page.wait_for_url(lambda now: now != task)
    page.goto(f"{desk.url}/consents/")
    expect(heading).to_have_count(0)


def test_the_officer_words_a_purpose_and_adds_a_word_of_withdrawal(
    desk, chromium: Browser, phones: screens.Phones, tmp_path: Path
):
    page = desk.page
    page.goto(f"{desk.url}/consents/rules/")
    page.get_by_text("P-06 · Zufriedenheitsumfrage").click()
    name = page.locator("input[name='P-06.name_de']")
    name.fill("Fragen nach dem Werkstattbesuch")
    form = page.locator("form", has=name)
    form.get_by_label("Warum").fill("Verständlicher")
    form.get_by_role("button", name="Vorschau").click()
    expect(page.locator("#preview")).to_contain_text("„Fragen nach dem Werkstattbesuch“")
    _show(page, "purpose", tmp_path)
    page.locator("form", has=page.locator("input[name='P-06.name_de']")).get_by_role(
        "button", name="Als neue Fassung speichern"
    ).click()
    expect(page.locator("main")).to_contain_text("Verständlicher")
    word = page.get_by_label("Beendet auch Werbung")
    word.fill("Feierabend mit dem Zeug")
    form = page.locator("form", has=word)
    form.get_by_label("Warum").fill("So schreiben es unsere Kunden")
    form.get_by_role("button", name="Als neue Fassung speichern").click()
    expect(page.locator("main")).to_contain_text("So schreiben es unsere Kunden")
    phones.say("samira", kind="text", text="Feierabend mit dem Zeug!")
    with _phone(chromium, phones, "samira") as phone:
        expect(phone.get_by_text("Sie erhalten keine Werbung mehr per WhatsApp")).to_be_visible()


@pytest.mark.shows("R-15")
def test_a_spoken_withdrawal_is_written_down_and_counts(desk, phones, chromium, tmp_path: Path):
    _agrees(chromium, phones, "jonas", "WERBUNG JA")
    phones.say("jonas", kind="voice")
    desk.open_chat("Jonas Muster")
    note = desk.page.locator("article.in").last
    note.get_by_role("link", name="Aufschreiben, was gesagt wird").click()
    words = desk.page.get_by_role("textbox")
    expect(words).to_be_visible()
    _show(desk.page, "transcript", tmp_path)
    words.fill("Moin, und schickt mir bitte keine Werbung mehr")
    desk.page.get_by_role("button", name="Festhalten").click()
    expect(desk.page.locator("article.in", has_text="keine Werbung mehr")).to_be_visible()
    with _phone(chromium, phones, "jonas") as phone:
        expect(phone.get_by_text("keine Werbung").last).to_be_visible()
    expect(_consents(desk, "Jonas Muster").locator("body")).to_contain_text("widerrufen")
