"""Single sign-on against a real provider on loopback: who is vouched for, and every lie refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client, override_settings

from tests import dealers, identity, staff
from werkbote.domain import team as roles


@pytest.fixture
def member() -> int:
    here = dealers.dealer()
    return staff.member(here.organisation, role=roles.Role.AGENT, branches=[here.branch])


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[identity.Provider]:
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    with (
        identity.running() as made,
        override_settings(
            WERKBOTE_OIDC_ISSUER=made.issuer,
            WERKBOTE_OIDC_CLIENT_ID="werkbote",
            WERKBOTE_OIDC_SECRET_FILE=str(secret),
        ),
    ):
        yield made


def _come_back(browser: Client, provider: identity.Provider, **changed: str):
    answer = browser.get("/login/company/")
    assert answer.url.startswith(f"{provider.issuer}/auth?")
    return browser.get("/login/company/back/", provider.authorise(answer.url) | changed)


def test_whom_the_provider_vouches_for_is_let_in(member, provider):
    provider.email = staff.email(member)
    browser = staff.browser()
    assert _come_back(browser, provider).url == "/inbox/"
    assert browser.get("/inbox/").status_code == 200


@pytest.mark.parametrize(
    ("methods", "where"), [(["pwd"], "/account/second-factor/"), (["pwd", "otp"], None)]
)
def test_a_second_factor_counts_only_where_it_was_shown(member, provider, methods, where):
    provider.email, provider.lies = staff.email(member), {"amr": methods}
    with override_settings(WERKBOTE_SECOND_FACTOR="required"):
        browser = staff.browser()
        _come_back(browser, provider)
        answer = browser.get("/inbox/")
        assert getattr(answer, "url", None) == where


@pytest.mark.parametrize(
    "lies",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"aud": "somebody-else"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "old"},
        {"exp": 1},
        {"email": ""},
        {"email": "nobody@autohaus.example"},
    ],
    ids=str,
)
def test_lies_of_a_provider_let_nobody_in(member, provider, lies):
    provider.email, provider.lies = staff.email(member), lies
    browser = staff.browser()
    assert _come_back(browser, provider).status_code == 422
    assert browser.get("/inbox/").url == "/login/"


def test_a_forged_signature_lets_nobody_in(member, provider):
    provider.email = staff.email(member)
    provider.forger = ec.generate_private_key(ec.SECP256R1())
    assert _come_back(staff.browser(), provider).status_code == 422


def test_the_way_back_counts_once_and_for_its_own_browser(member, provider):
    provider.email = staff.email(member)
    browser = staff.browser()
    assert _come_back(browser, provider, state="another").status_code == 422
    answer = browser.get("/login/company/")
    brought = provider.authorise(answer.url)
    assert staff.browser().get("/login/company/back/", brought).status_code == 422
    assert browser.get("/login/company/back/", brought).url == "/inbox/"
    assert browser.get("/login/company/back/", brought).status_code == 422


def test_a_provider_that_is_away_is_said_in_words():
    with override_settings(WERKBOTE_OIDC_ISSUER="http://127.0.0.1:9"):
        answer = staff.browser().get("/login/company/", headers={"Accept-Language": "de"})
    assert answer.status_code == 422
    assert "antwortet nicht" in answer.content.decode()


def test_without_a_provider_there_is_no_such_page():
    assert staff.browser().get("/login/company/").status_code == 404
    assert staff.browser().get("/login/company/back/").status_code == 422
