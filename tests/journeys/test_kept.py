"""What is kept on purpose, in a real browser with rows on the pages: the archive of letters, and legal holds."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests import dealers, letters, phones, staff
from tests.journeys import screens, served
from werkbote.domain import team as roles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]

WORDS = "Bitte Bremsbeläge erneuern"


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """The owner of a house with a letter in its archive and somebody who is still talked to."""
    monkeypatch.setattr(settings, "WERKBOTE_JOURNAL", tmp_path / "journal")
    here = dealers.dealer()
    letters.archived(here, WORDS, wa_id=dealers.BOB)
    phones.writes(here, "Moin", at=dealers.NOW)
    return staff.member(here.organisation, role=roles.Role.OWNER, branches=[here.branch])


@pytest.fixture
def page(member: int) -> Iterator[Page]:
    """The owner's screen on this test's database."""
    with served.web() as address, screens.browser() as made:
        context = made.new_context(locale="de-DE", base_url=address, accept_downloads=True)
        shown = context.new_page()
        served.sign_in(shown, address, member)
        shown.wait_for_url("**/inbox/")
        yield shown
        context.close()


def _seen(page: Page, name: str) -> None:
    """Check a page at a desk and on a phone, in both themes; keep pictures where WB_PICTURES asks."""
    folder = os.environ.get("WB_PICTURES")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for size, width in (("desk", screens.DESKTOP), ("phone", screens.PHONE)):
            page.set_viewport_size(width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{size}-{theme}.png", full_page=True)
        assert screens.barriers(page) == []
    page.emulate_media(color_scheme="light")


@pytest.mark.shows("R-73")
def test_letter_is_opened_with_a_reason_and_a_year_handed_out(page: Page, tmp_path: Path) -> None:
    page.goto("/privacy/letters/")
    main = page.locator("main")
    expect(main).not_to_contain_text(WORDS)
    _seen(page, "letters")
    main.locator("a.row-link").click()
    expect(main).not_to_contain_text(WORDS)
    page.select_option("#why", "tax_audit")
    main.get_by_role("button", name="Zeigen").click()
    expect(main).to_contain_text(WORDS)
    _seen(page, "letters-case")
    page.goto("/privacy/letters/")
    page.get_by_text("Ein Geschäftsjahr ausgeben").click()
    page.fill("#letters-year", "2026")
    page.select_option("#letters-reason", "tax_audit")
    with page.expect_download() as taken:
        main.get_by_role("button", name="Exportieren").click()
    taken.value.save_as(tmp_path / "letters.zip")
    with zipfile.ZipFile(tmp_path / "letters.zip") as files:
        assert {"briefe.csv", "index.xml", "SHA256SUMS"} <= set(files.namelist())
        assert WORDS in files.read("briefe.csv").decode("utf-8-sig")


def test_hold_is_counted_begun_and_ended(page: Page) -> None:
    page.goto("/privacy/holds/")
    main = page.locator("main")
    page.fill("#id_reason", "Streit um die Bremsen")
    page.fill("#id_phone", f"+{dealers.BOB}")
    page.get_by_role("button", name="Zählen, wen es betrifft").click()
    expect(main).to_contain_text("eine Person, mit einer Nachricht")
    _seen(page, "holds-counted")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_role("heading", name="Streit um die Bremsen")).to_be_visible()
    _seen(page, "holds")
    page.get_by_role("button", name="Aussetzung beenden").click()
    expect(main).to_contain_text("Keine Aussetzung läuft")
