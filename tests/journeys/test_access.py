"""Coming in with a passkey in a real browser, where a second factor is asked of everybody."""

from collections.abc import Iterator

import pytest

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
    with served.web(host="localhost", second_factor="required") as found:
        yield found


@pytest.mark.shows("S-01")
def test_a_passkey_is_made_and_lets_in_again(address: str) -> None:
    here = dealers.dealer()
    member = staff.member(here.organisation, role=roles.Role.OWNER, branches=[here.branch])
    with screens.browser() as made:
        context = made.new_context(locale="de-DE", viewport={"width": 360, "height": 800})
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        served.sign_in(page, address, member)
        page.wait_for_url("**/account/second-factor/")
        page.get_by_role("button", name="Mit einem Passkey").click()
        page.get_by_role("link", name="Ich habe sie aufbewahrt").click(timeout=60_000)
        page.wait_for_url("**/account/")
        assert page.get_by_text("Passkey").first.is_visible()
        page.get_by_role("button", name="Abmelden").click()
        served.sign_in(page, address, member)
        page.wait_for_url("**/login/second/")
        page.get_by_role("button", name="Passkey verwenden").click()
        page.wait_for_url("**/inbox/", timeout=60_000)
        assert complaints == []
