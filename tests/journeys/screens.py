"""A real browser on the demonstration: Debian's Chromium, and what it complained about."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.journeys import demonstration

CHROMIUM = next(
    (
        found
        for name in ("chromium-headless-shell", "chromium")
        if (found := Path("/usr/bin") / name).exists()
    ),
    Path("/usr/bin/chromium"),
)
"""Debian's browser: the shell without windows takes two thirds of the time of the one with them."""

NUMBER = "100000000000001"
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 800}
_PATIENCE = 90_000.0
_LEFT = ("htmx:sendAbort", "htmx:afterRequest")


def barriers(page: Page) -> list[str]:
    """Return what axe calls serious or critical, each with the element it is about."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@contextmanager
def browser() -> Iterator[Browser]:
    """Run one Chromium until the block ends."""
    with sync_playwright() as player:
        expect.set_options(timeout=_PATIENCE)
        made = player.chromium.launch(executable_path=str(CHROMIUM), args=_QUIET)
        yield made
        made.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A member's screen. `complaints` collects what the browser's console says is wrong."""

    page: Page
    context: BrowserContext
    shop: demonstration.Demonstration
    complaints: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The inbox's address."""
        return f"http://127.0.0.1:{self.shop.port}"

    def open_chat(self, name: str) -> None:
        """Open the newest conversation with a customer."""
        self.page.goto(f"{self.url}/inbox/")
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_selector("#messages")

    def write(self, words: str) -> None:
        """Type an answer and send it with Enter."""
        self.page.fill("#text", words)
        self.page.press("#text", "Enter")


def _is_wrong(line: ConsoleMessage) -> bool:
    """Return whether the console says an error; a request that leaving the page ends is none."""
    return line.type == "error" and not line.text.startswith(_LEFT)


@contextmanager
def desk(
    made: Browser,
    shop: demonstration.Demonstration,
    *,
    viewport: dict[str, int],
    dark: bool = False,
    touch: bool = False,
) -> Iterator[Desk]:
    """Sign a member in and yield the screen, one with fingers where it is for `touch`.

    Fails if the console complained meanwhile.
    """
    context = made.new_context(
        viewport=viewport,  # type: ignore[arg-type] -- a plain dict is what Playwright documents
        locale="de-DE",
        timezone_id="Europe/Berlin",
        color_scheme="dark" if dark else "light",
        has_touch=touch,
        is_mobile=touch,
    )
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    seen = Desk(page=page, context=context, shop=shop)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on(
        "console",
        lambda line: seen.complaints.append(line.text) if _is_wrong(line) else None,
    )
    known = shop.known()
    page.goto(seen.url)
    page.fill("input[name=email]", known["email"])
    page.fill("input[name=password]", known["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/inbox/**")
    yield seen
    context.close()
    assert seen.complaints == [], seen.complaints


@dataclass(frozen=True, slots=True, kw_only=True)
class Phones:
    """The customers' phones, by the simulator's control API."""

    url: str
    client: httpx.Client

    def say(self, customer: str, **message: Any) -> str:
        """Let a customer send something; returns its provider id."""
        answer = self.client.post(
            f"{self.url}/sim/customers/{customer}/messages", json={"to": NUMBER, **message}
        )
        assert answer.is_success, answer.text
        wamid: str = answer.json()["wamid"]
        return wamid

    def read(self, customer: str) -> None:
        """Let a customer open the chat."""
        answer = self.client.post(f"{self.url}/sim/customers/{customer}/read", json={"to": NUMBER})
        assert answer.is_success, answer.text

    def fault(self, **faults: Any) -> None:
        """Let something go wrong on the way."""
        answer = self.client.post(f"{self.url}/sim/numbers/{NUMBER}/faults", json=faults)
        assert answer.is_success, answer.text

    def received(self) -> list[dict[str, Any]]:
        """Every message request the simulator got: ids and kinds, no words."""
        found: list[dict[str, Any]] = self.client.get(f"{self.url}/sim/log?after=0").json()[
            "entries"
        ]
        return found

    def shown(self) -> str:
        """Everything that stands on the phones, as JSON."""
        people = self.client.get(f"{self.url}/sim/customers").json()["customers"]
        chats = [f"{self.url}/sim/customers/{one['key']}/messages" for one in people]
        return json.dumps([self.client.get(one).json() for one in chats], ensure_ascii=False)


@contextmanager
def phones(shop: demonstration.Demonstration) -> Iterator[Phones]:
    """The phones of a running demonstration."""
    address = f"http://127.0.0.1:{shop.run_file()['sandbox_port']}"
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield Phones(url=address, client=client)
