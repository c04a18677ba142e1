"""The thread in a real browser: files seen large, voice notes, the first unread message, earlier ones."""

import base64
import io
import math
import struct
import subprocess
import sys
import wave
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


def _colleague(shop: demonstration.Demonstration) -> list[str]:
    """Make a second member; return address and password."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.member", "colleague"],
        env=demonstration.surroundings(
            shop.home, DJANGO_SETTINGS_MODULE="werkbote.config.settings"
        ),
        cwd=demonstration.ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.split()


def _tone() -> str:
    """Two seconds: silence, then a tone that grows."""
    rate, out = 8000, io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setparams((1, 2, rate, 0, "NONE", ""))
        for n in range(2 * rate):
            loud = max(0, n - rate) / rate * 30_000
            made.writeframes(struct.pack("<h", int(loud * math.sin(n / 4))))
    return base64.b64encode(out.getvalue()).decode()


def test_pictures_are_seen_large_with_the_keyboard_alone(desk, phones):
    for _ in range(2):
        phones.say("petra", kind="image")
    desk.open_chat("Petra Beispiel")
    page = desk.page
    expect(page.locator("[data-view=picture]").nth(1)).to_be_visible()
    page.locator("[data-view=picture]").last.focus()
    page.keyboard.press("Enter")
    viewer, stage = page.locator("#viewer"), page.locator(".viewer-stage")
    expect(viewer).to_be_visible()
    last = stage.locator("img").get_attribute("src")
    page.keyboard.press("ArrowLeft")
    expect(stage.locator("img")).not_to_have_attribute("src", last)
    page.keyboard.press("ArrowRight")
    expect(stage.locator("img")).to_have_attribute("src", last)
    stage.locator("img").evaluate("picture => picture.decode()")
    fits = stage.locator("img").bounding_box()["width"]
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert stage.locator("img").bounding_box()["width"] > fits * 1.5
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert stage.locator("img").bounding_box()["width"] == fits
    assert screens.barriers(page) == []
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(stage.locator("img")).to_have_count(0)
    expect(page.locator("[data-view=picture]").last).to_be_focused()


def test_paper_is_shown_inside_the_page(desk, phones):
    phones.say("jonas", kind="document")
    desk.open_chat("Jonas Muster")
    page = desk.page
    paper = page.locator("[data-view=paper]").last
    paper.click()
    expect(page.locator(".viewer-stage iframe")).to_be_visible()
    expect(page.locator("#viewer [data-file]")).to_be_visible()
    answer = page.request.get(page.locator(".viewer-stage iframe").evaluate("one => one.src"))
    assert answer.headers["content-type"] == "application/pdf"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    page.locator("#viewer [data-shut]").click()
    expect(page.locator("#viewer")).to_be_hidden()


def test_voice_note_shows_its_waveform_and_plays_faster(desk, phones):
    phones.say("samira", kind="voice", data=_tone(), mime_type="audio/ogg")
    desk.open_chat("Samira Probe")
    page = desk.page
    box = page.locator("[data-sound]").last
    expect(box).to_have_attribute("data-drawn", "yes")
    tall = """box => { const c = box.querySelector("canvas"), p = c.getContext("2d");
        return [10, c.width - 16].map(x => { const d = p.getImageData(x, 0, 1, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }); }"""
    quiet, loud = box.evaluate(tall)
    assert quiet < loud / 4
    speed = box.locator("[data-speed]")
    for words, rate in (("1,5×", 1.5), ("2×", 2), ("1×", 1)):
        speed.click()
        expect(speed).to_contain_text(words)
        assert box.locator("audio").evaluate("sound => sound.playbackRate") == rate
    speed.click()
    phones.say("samira", kind="text", text="Haben Sie mich gehört?")
    expect(page.locator("#messages")).to_contain_text("Haben Sie mich gehört?")
    expect(speed).to_contain_text("1,5×")
    assert box.evaluate(tall) == [quiet, loud]


def test_thread_opens_at_the_first_message_nobody_has_read(desk, phones):
    page = desk.page
    phones.say("petra", kind="text", text="Das ist gelesen")
    with page.expect_response(lambda one: one.url.endswith("/seen/")):
        desk.open_chat("Petra Beispiel")
        expect(page.locator("#messages")).to_contain_text("Das ist gelesen")
    page.goto(f"{desk.url}/account/")
    marked = f"Ab hier ungelesen {page.viewport_size['width']}"
    phones.say("petra", kind="text", text=marked)
    for number in range(40):
        phones.say("petra", kind="text", text=f"Frage {number} " + "zum Wagen " * 12)
    page.goto(f"{desk.url}/inbox/")
    expect(page.get_by_role("link", name="Petra Beispiel").first).to_contain_text("Frage 39")
    desk.open_chat("Petra Beispiel")
    page.locator("#unread-jump").click()
    mark = page.locator(".unread-mark")
    expect(mark).to_be_in_viewport()
    expect(mark.locator("xpath=following-sibling::article[1]")).to_contain_text(marked)
    phones.say("petra", kind="text", text="Noch etwas")
    expect(page.locator("#messages")).to_contain_text("Noch etwas")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_count(1)


def test_earlier_messages_come_without_losing_the_place(desk, phones):
    for number in range(35):
        phones.say("jonas", kind="text", text=f"Zeile {number}")
    desk.page.goto(f"{desk.url}/inbox/")
    row = desk.page.get_by_role("link", name="Jonas Muster").first
    expect(row).to_contain_text("Zeile 34")
    desk.open_chat("Jonas Muster")
    page = desk.page
    older = page.locator("[data-older]").first
    older.scroll_into_view_if_needed()
    first = page.locator("#messages > .line").first
    name, before = first.get_attribute("id"), first.bounding_box()["y"]
    with page.expect_response(lambda one: "before=" in one.url):
        older.click()
    expect(page.locator("#earlier .line").first).to_be_attached()
    moved = page.locator(f"#{name}").bounding_box()["y"] - before
    assert abs(moved) < 60
    assert page.locator(".thread-inner .day:visible").count() >= 1
    days = page.locator(".thread-inner .day:visible").evaluate_all(
        "all => all.map(one => one.dataset.day)"
    )
    assert len(days) == len(set(days))


def test_two_members_in_one_conversation_see_and_warn_each_other(desk, phones, chromium, shop):
    phones.say("samira", kind="text", text="Wer antwortet mir?")
    email, password = _colleague(shop)
    desk.open_chat("Samira Probe")
    address = desk.page.url
    context = chromium.new_context(viewport=desk.page.viewport_size, locale="de-DE")
    other = context.new_page()
    other.goto(desk.url)
    other.fill("input[name=email]", email)
    other.fill("input[name=password]", password)
    other.press("input[name=password]", "Enter")
    other.wait_for_url("**/inbox/**")
    other.goto(address)
    expect(desk.page.locator("#present")).to_contain_text("Auch hier: Bela")
    expect(other.locator("#present")).to_contain_text("Auch hier:")
    other.locator("#text").press_sequentially("Ich", delay=2)
    expect(desk.page.locator("#present")).to_contain_text("Schreibt gerade hier: Bela")
    assert "Bela Beispiel" not in desk.page.locator("#present").inner_text()
    other.goto(f"{desk.url}/account/")
    expect(desk.page.locator("#present")).to_be_empty()
    context.close()
