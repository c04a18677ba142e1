"""The public check in a real browser: nothing from others, no cookie, no script, for every eye and hand."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import servers, simulator, visitor
from tests.journeys import screens
from werkbote.config import group, processes
from werkbote.domain import guide
from werkbote.web.forms import guide as forms

_CHROMIUM = Path("/usr/bin/chromium")
_START_SECONDS = 240.0
_LEAST_TARGET = 24
_LIGHTS = {"Rot": visitor.RED, "Gelb": visitor.YELLOW, "Grün": visitor.GREEN}
_SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), summary')]
  .map(one => [one, one.type === 'radio' ? one.labels[0].getBoundingClientRect() : one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && (box.height < least || box.width < least))
  .filter(([one]) => !one.closest('.skip'))
  .filter(([one]) => !(one.tagName === 'A' && getComputedStyle(one).display === 'inline' && one.closest('p')))
  .map(([one, box]) => `${one.tagName} ${one.textContent.trim()} ${box.width}x${box.height}`)"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not _CHROMIUM.exists(), reason="needs Debian's Chromium"),
]


@pytest.fixture(scope="module")
def site(database: servers.Run) -> Iterator[str]:
    """The product's own web server, as it runs in earnest."""
    assert database.home.exists()
    port = simulator.free_port()
    process = subprocess.Popen(
        [sys.executable, *group.web_words("127.0.0.1", port)],
        env={**os.environ, "PYTHONPATH": "src", "WERKBOTE_PORT": str(port)},
    )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not processes.speaks_http("127.0.0.1", port, "/healthz"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(90)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(_CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without scripts; it must end without a cookie."""
    made = chromium.new_context(java_script_enabled=False, locale="de-DE", accept_downloads=True)
    yield made
    assert made.cookies() == []
    made.close()


@contextmanager
def _watched(page: Page, *, own: str) -> Iterator[None]:
    """Fail if the page asks anybody but `own` for anything."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield
    assert asked
    assert [address for address in asked if not address.startswith(f"{own}/")] == []


def _finish(page: Page, answers: dict[str, str]) -> None:
    while page.locator("form.question").count():
        question = page.locator('form.question input[name="question"]').get_attribute("value")
        assert question
        wanted = page.locator(f'input[name="answer"][value="{answers[question]}"]')
        (wanted if wanted.count() else page.locator('input[value="unknown"]')).check()
        page.locator('button[value="next"]').click()


def test_whole_check_without_scripts_cookies_or_third_parties(context, site, tmp_path):
    page = context.new_page()
    with _watched(page, own=site):
        page.goto(f"{site}/check/")
        page.get_by_role("button", name="Check starten").click()
        _finish(page, visitor.RED)
        assert page.get_by_role("heading", level=1).inner_text() == "Ergebnis: Rot"
        page.get_by_label("Name Ihres Betriebs").fill("Autohaus Beispielmann GmbH")
        with page.expect_download() as fetched:
            page.get_by_role("button", name="PDF herunterladen").click()
        fetched.value.save_as(tmp_path / "guide.pdf")
    assert fetched.value.suggested_filename == "whatsapp-ratgeber.pdf"
    cover = pypdf.PdfReader(tmp_path / "guide.pdf").pages[0].extract_text()
    assert "Autohaus Beispielmann GmbH" in " ".join(cover.split())
    assert "Beispielmann" not in page.url


def test_back_button_of_the_browser_leads_to_the_question_before(context, site):
    page = context.new_page()
    page.goto(f"{site}/check/")
    page.get_by_role("button", name="Check starten").click()
    for _ in range(2):
        page.locator('input[name="answer"]').first.check()
        page.get_by_role("button", name="Weiter", exact=True).click()
    assert page.title().startswith("Frage 3 ")
    page.go_back()
    assert page.title().startswith("Frage 2 ")
    page.go_back()
    assert page.title().startswith("Frage 1 ")


def test_check_is_done_with_the_keyboard_alone(context, site):
    page = context.new_page()
    page.goto(f"{site}/check/")
    page.locator("#begin").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Frage 1 von").first.wait_for()
    page.locator('input[name="answer"]').first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("Frage 2 von").first.wait_for()
    assert page.title().startswith("Frage 2 ")


def test_error_summary_leads_to_the_field(context, site):
    page = context.new_page()
    page.goto(f"{site}/check/")
    page.get_by_role("button", name="Check starten").click()
    page.get_by_role("button", name="Weiter", exact=True).click()
    alert = page.get_by_role("alert")
    alert.get_by_role("link").click()
    assert page.url.endswith("#answer-1")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_grave_barrier(chromium, site, theme):
    context = chromium.new_context(color_scheme=theme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    for name in ("check/", "check/datenschutz/", "check/en/", "check/einbetten/"):
        page.goto(f"{site}/{name}")
        assert screens.barriers(page) == [], name
    page.goto(f"{site}/check/")
    page.locator("#begin").click()
    assert screens.barriers(page) == []
    page.locator('button[value="next"]').click()
    assert screens.barriers(page) == []
    for light, answers in _LIGHTS.items():
        page.goto(f"{site}/check/")
        page.get_by_label("Ihr Code").fill(_code(answers))
        page.get_by_role("button", name="Weitermachen").click()
        assert page.title() == f"Ergebnis: {light}"
        for closed in page.locator("summary").all():
            closed.click()
        assert screens.barriers(page) == [], light
    context.close()


def _code(answers: dict[str, str]) -> str:
    open_ones = guide.visible(answers, catalogue=visitor.CATALOGUE)
    shown = {question.id: answers[question.id] for question in open_ones}
    return forms.seal(shown, catalogue=visitor.CATALOGUE)
