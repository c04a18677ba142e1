"""A breach from its opening to its end, and what the audit then says of it, in a real browser."""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests import dealers, staff
from tests.journeys import screens, served
from werkbote.domain import team as roles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's Chromium is not installed."),
]


@pytest.fixture
def address() -> Iterator[str]:
    """The product's web server on this test's database."""
    with served.web() as found:
        yield found


def _picture(page: Page, name: str) -> None:
    """Keep a picture where one is asked for (WB_PICTURES), for somebody to look at."""
    folder = os.environ.get("WB_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _fits(page: Page) -> None:
    """Check that nothing sticks out at the side."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0


@pytest.mark.shows("R-46", "R-08")
def test_breach_is_opened_assessed_reported_closed_and_stands_in_the_audit(address: str) -> None:
    here = dealers.dealer()
    member = staff.member(here.organisation, role=roles.Role.OWNER, branches=[here.branch])
    with screens.browser() as made:
        context = made.new_context(locale="de-DE", viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.set_default_timeout(60_000)
        complaints: list[str] = []
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        served.sign_in(page, address, member)
        page.wait_for_url("**/inbox/")
        page.goto(f"{address}/breaches/")
        _picture(page, "register-empty")
        hour_ago = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=1)
        page.select_option("#id_kind", "device_lost")
        page.fill("#id_aware_at", f"{hour_ago:%Y-%m-%dT%H:%M}")
        page.fill("#id_nature", "Das Werkstatthandy ist weg.")
        page.get_by_role("button", name="Fall eröffnen").click()
        expect(page.locator("h1")).to_contain_text("Gerät verloren oder gestohlen")
        expect(page.get_by_text(re.compile(r"7[01]:\d\d h"))).to_be_visible()
        _picture(page, "case-phone")
        _fits(page)
        page.select_option("#id_risk", "some")
        page.fill("#id_reasons", "Namen und Nummern von Kunden.")
        page.get_by_role("button", name="Bewertung festhalten").click()
        page.get_by_role("button", name="Ist gemeldet").click()
        expect(page.get_by_text("der Behörde gemeldet")).to_be_visible()
        page.fill("#id_lessons", "Geräte bleiben im Haus.")
        page.get_by_role("button", name="Fall schließen").click()
        expect(page.get_by_text("Geräte bleiben im Haus.")).to_be_visible()
        page.set_viewport_size({"width": 1280, "height": 900})
        _picture(page, "case-closed")
        page.goto(f"{address}/audit/")
        _picture(page, "audit")
        expect(page.get_by_role("cell", name="Datenpanne geschlossen")).to_be_visible()
        page.select_option("#id_verb", "breach.assess")
        page.get_by_role("button", name="Anzeigen").click()
        expect(page.get_by_role("cell", name="Datenpanne bewertet")).to_be_visible()
        expect(page.get_by_role("cell", name="Datenpanne geschlossen")).to_have_count(0)
        _fits(page)
        assert complaints == []
