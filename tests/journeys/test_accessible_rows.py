"""Every page that is about a row, in a real browser, light and dark, desktop and phone: axe, and the width."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests import furnished, furnished_house, staff
from tests.journeys import screens, served
from tests.web import addresses
from werkbote.actions import drift
from werkbote.web import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def house(database: object) -> furnished.House:
    del database
    return furnished.House(crew=staff.staff(), at=clock.now())


@pytest.fixture(scope="module")
def cookies(house: furnished.House) -> list[SetCookieParam]:
    """Alice's session, begun before the house is furnished with a second factor of hers."""
    alice = staff.signed_in(house.crew.alice)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WERKBOTE_MAIL_URL", "smtp://127.0.0.1:9")
        furnished.furnish(house, furnished_house.EVERYTHING)
    assert drift.notice(organisation=house.organisation, at=house.at)
    return [
        {"name": name, "value": one.value, "domain": "127.0.0.1", "path": "/"}
        for name, one in alice.cookies.items()
    ]


@pytest.fixture(scope="module")
def address(cookies: list[SetCookieParam]) -> Iterator[str]:
    """The server; the browser comes last, since nothing of the house is made beside it."""
    assert cookies
    with served.web() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address: str) -> Iterator[Browser]:
    assert address
    with screens.browser() as made:
        yield made


def _wrong(page: Page, width: int) -> list[str]:
    """What axe finds serious on a page, and whether it is wider than the screen."""
    found = screens.barriers(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, f"wider than the screen: {wide}"] if wide > width else found


def _context(
    chromium: Browser, cookies: list[SetCookieParam], *, viewport: ViewportSize, dark: bool
) -> BrowserContext:
    made = chromium.new_context(
        viewport=viewport, locale="de-DE", color_scheme="dark" if dark else "light"
    )
    made.add_cookies(cookies)
    return made


@pytest.mark.parametrize(
    ("viewport", "dark"),
    [(screens.DESKTOP, False), (screens.PHONE, True)],
    ids=["desktop-light", "phone-dark"],
)
def test_every_page_about_a_row_is_accessible_and_fits(
    house, cookies, address, chromium, viewport, dark
):
    context = _context(chromium, cookies, viewport=viewport, dark=dark)
    page, wrong, opened = context.new_page(), [], 0
    for name in addresses.with_rows():
        where = f"{address}{addresses.address(house, name)}"
        told = context.request.get(where, max_redirects=0)
        if told.status != 200 or not told.text().lstrip().startswith("<!doctype html"):
            continue  # a part of a page, a file, or a form to be posted
        page.goto(where)
        opened += 1
        wrong += [(name, *one) for one in _wrong(page, viewport["width"])]
    context.close()
    assert wrong == []
    assert opened > 25


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_the_night_noticed_is_accessible(cookies, address, chromium, dark):
    context = _context(chromium, cookies, viewport=screens.PHONE, dark=dark)
    page = context.new_page()
    for where in ("/privacy/", "/audit/"):
        page.goto(f"{address}{where}")
        page.get_by_role("link", name="Zu den Einstellungen").wait_for()
        assert _wrong(page, screens.PHONE["width"]) == []
    context.close()
