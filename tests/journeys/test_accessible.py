"""Every page that can be opened without a row, in a real browser: axe finds nothing serious, all fits."""

import pytest

from tests.journeys import screens
from tests.web import test_roles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


def addresses() -> list[str]:
    """Every page of the table of addresses that names no row."""
    pages = test_roles.PAGES.values()
    return sorted(f"/{page.pattern}" for page in pages if not page.pattern.converters)


@pytest.mark.parametrize(
    ("viewport", "dark"),
    [(screens.DESKTOP, False), (screens.PHONE, True)],
    ids=["desktop-light", "phone-dark"],
)
def test_every_page_is_accessible_and_fits(chromium, shop, viewport, dark):
    wrong, opened = [], 0
    with screens.desk(chromium, shop, viewport=viewport, dark=dark) as made:
        for address in addresses():
            told = made.context.request.get(f"{made.url}{address}", max_redirects=0)
            if told.status != 200 or not told.text().lstrip().startswith("<!doctype html"):
                continue  # a part of a page, a file, or a form to be posted
            made.page.goto(f"{made.url}{address}")
            opened += 1
            wrong += [(address, one) for one in screens.barriers(made.page)]
            width = made.page.evaluate("document.documentElement.scrollWidth")
            if width > viewport["width"]:
                wrong.append((address, f"wider than the screen: {width}"))
    assert wrong == []
    assert opened > 30
