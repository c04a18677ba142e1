"""Coming in with a passkey in a real browser, where a second factor is asked of everybody."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests import dealers, staff
from tests.journeys import screens, served
from werkbote.domain import team as roles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not screens.CHROMIUM.exists(), reason="Debian's Chromium is not installed."),
]
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address() -> Iterator[str]:
    """The product's web server on this test's database."""
    with served.web(host="localhost", second_factor="required") as found:
        yield found


@pytest.fixture(params=[screens.DESKTOP, screens.PHONE], ids=["desktop", "phone"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    """The size of the screen."""
    size: dict[str, int] = request.param
    return size


@contextmanager
def _device(viewport: dict[str, int]) -> Iterator[tuple[Page, CDPSession, str]]:
    """A page with an authenticator of its own, which says yes; yields the authenticator's id too.

    Opened when everything is in the database: with a browser open, nothing reaches it from here.
    """
    with screens.browser() as made:
        context = made.new_context(locale="de-DE", viewport=viewport)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        key = device.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
        yield page, device, key["authenticatorId"]
        assert complaints == []


def _is_locked(page: Page) -> None:
    expect(page.locator("h1")).to_contain_text("Gesperrt")


@pytest.mark.shows("S-01")
def test_a_passkey_is_made_lets_in_again_and_opens_the_locked_screen(
    address: str, viewport: dict[str, int]
) -> None:
    here = dealers.dealer()
    member = staff.member(here.organisation, role=roles.Role.OWNER, branches=[here.branch])
    with _device(viewport) as (page, _, _):
        served.sign_in(page, address, member)
        page.wait_for_url("**/account/second-factor/")
        page.get_by_role("button", name="Mit einem Passkey").click()
        page.get_by_role("link", name="Ich habe sie aufbewahrt").click()
        page.wait_for_url("**/account/")
        assert page.get_by_text("Passkey").first.is_visible()
        page.get_by_role("button", name="Abmelden").click()
        served.sign_in(page, address, member)
        page.wait_for_url("**/login/second/")
        page.get_by_role("button", name="Passkey verwenden").click()
        page.wait_for_url("**/inbox/")
        page.goto(f"{address}/account/")
        page.get_by_role("button", name="Jetzt sperren").click()
        _is_locked(page)
        page.goto(f"{address}/account/?from=lock")
        _is_locked(page)
        page.get_by_role("button", name="Passkey verwenden").click()
        page.wait_for_url(f"{address}/account/?from=lock")
        expect(page.locator("body")).to_contain_text("Zweiter Faktor")


@pytest.mark.shows("S-01")
def test_the_lock_stays_shut_for_a_device_that_has_another_passkey(
    address: str,
) -> None:
    here = dealers.dealer()
    member = staff.member(here.organisation, role=roles.Role.OWNER, branches=[here.branch])
    with _device(screens.PHONE) as (page, device, key):
        served.sign_in(page, address, member)
        page.get_by_role("button", name="Mit einem Passkey").click()
        page.get_by_role("link", name="Ich habe sie aufbewahrt").click()
        page.get_by_role("button", name="Jetzt sperren").click()
        _is_locked(page)
        device.send("WebAuthn.clearCredentials", {"authenticatorId": key})
        page.get_by_role("button", name="Passkey verwenden").click()
        expect(page.locator("#passkey-problem")).to_contain_text("Der Passkey passt nicht")
        page.goto(f"{address}/inbox/")
        _is_locked(page)
