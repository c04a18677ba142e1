"""The pictures of the docs, taken from the lively demonstration: python -m tests.journeys.pictures."""

import io
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from tests.journeys import demonstration, screens

FOLDER = demonstration.ROOT / "docs" / "images"
_COLOURS = 192
_TODAY = datetime.now(tz=ZoneInfo("Europe/Berlin")).date()
_WEEK = f"/reports/?since={_TODAY - timedelta(days=6)}&until={_TODAY}"
_TALL = {"width": 1280, "height": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """One picture: the page, or whose chat, and how large and in which theme."""

    name: str
    path: str = ""
    chat: str = ""
    phone: bool = False
    dark: bool = False
    tall: bool = False


_VIEWS = (
    _View(name="inbox", chat="Petra Beispiel"),
    _View(name="inbox-dark", chat="Sven Skizze", dark=True),
    _View(name="inbox-phone-dark", chat="Petra Beispiel", phone=True, dark=True),
    _View(name="list-phone", path="/inbox/?view=all", phone=True),
    _View(name="reports", path=_WEEK, tall=True),
    _View(name="reports-dark", path=_WEEK, tall=True, dark=True),
    _View(name="reports-phone", path=_WEEK, phone=True),
    _View(name="cases", path="/cases/"),
    _View(name="consents", path="/consents/"),
    _View(name="numbers", path="/numbers/"),
    _View(name="search-phone-dark", path="/search/", phone=True, dark=True),
    _View(name="privacy", path="/privacy/"),
)
"""The main pages, between them on both screens and in both themes."""


def main() -> None:
    """Start a demonstration with its talks and take every picture."""
    with (
        tempfile.TemporaryDirectory() as home,
        demonstration.running(Path(home), talk=True) as shop,
        screens.browser() as chromium,
    ):
        take(shop, chromium)


def take(shop: demonstration.Demonstration, chromium: screens.Browser) -> None:
    """Take the pictures of a running demonstration, and the one of the phones."""
    FOLDER.mkdir(exist_ok=True)
    for view in _VIEWS:
        size = screens.PHONE if view.phone else _TALL if view.tall else screens.DESKTOP
        with screens.desk(chromium, shop, viewport=size, dark=view.dark) as made:
            made.page.goto(f"{made.url}{view.path or '/inbox/?view=all'}")
            if view.chat:
                made.page.get_by_role("link", name=view.chat).first.click()
                made.page.wait_for_selector("#messages")
                made.page.wait_for_timeout(1_500)
            made.page.wait_for_load_state("networkidle" if not view.chat else "load")
            _keep(view.name, made.page.screenshot())
    with screens.phones(shop) as phones:
        page = chromium.new_page(
            viewport={"width": 1280, "height": 900}, locale="de-DE", timezone_id="Europe/Berlin"
        )
        for key in ("petra", "jonas", "samira"):
            page.goto(f"{phones.url}/phones")
            page.wait_for_selector(f"section[data-key={key}] .view *")
        for key in ("petra", "jonas", "samira"):
            chat = page.locator(f"section[data-key={key}] .view [data-chat]").first
            if chat.count():
                chat.click()
        page.wait_for_timeout(500)
        _keep("phones", page.screenshot())


def _keep(name: str, picture: bytes) -> None:
    """Keep a picture with few colours: a third of its size, and nobody sees it."""
    with Image.open(io.BytesIO(picture)) as found:
        few = found.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
