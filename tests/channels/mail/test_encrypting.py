"""A mail leaves over a line that is encrypted to the server it is meant for, or it does not leave."""

from pathlib import Path

import pytest

from tests import certificates, mailserver
from tests.channels.mail import test_sending as sending
from werkbote.channels import driver, egress

HERE = "127.0.0.2"
"""On loopback for the machine, and for the product a server like any elsewhere: it must encrypt."""


def known(url: str) -> driver.Access:
    return sending.access(url, account="news", token=mailserver.PASSWORD)


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> certificates.Certificate:
    """A certificate the machine trusts."""
    made = certificates.made(tmp_path, address=HERE)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.trust))
    return made


@pytest.fixture(params=["unknown", "other", "over"])
def bad(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> certificates.Certificate:
    """A certificate nobody vouches for, one of another server, and one that has run out."""
    made = {
        "unknown": lambda: certificates.made(tmp_path, address=HERE),
        "other": lambda: certificates.made(tmp_path, address="127.0.0.3"),
        "over": lambda: certificates.made(tmp_path, address=HERE, over=True),
    }[request.param]()
    if request.param == "unknown":
        folder = tmp_path / "else"
        folder.mkdir()
        trusted = certificates.made(folder, address=HERE)
    else:
        trusted = made
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.trust))
    return made


async def test_a_line_is_encrypted_before_the_password_and_the_letter(good):
    with mailserver.serving(login=True, address=HERE, starttls=good.context) as box:
        await sending.send(known(box.url))
    assert (box.logins, len(box.letters), box.encrypted) == (1, 1, [True])


async def test_a_line_may_be_encrypted_from_its_first_byte(good):
    with mailserver.serving(login=True, address=HERE, tls=good.context) as box:
        await sending.send(known(box.url.replace("smtp:", "smtps:")))
    assert (box.logins, len(box.letters), box.encrypted) == (1, 1, [True])


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_a_server_that_cannot_prove_who_it_is_learns_nothing(bad, how):
    with mailserver.serving(login=True, address=HERE, **{how: bad.context}) as box:
        url = box.url if how == "starttls" else box.url.replace("smtp:", "smtps:")
        with pytest.raises(egress.Retry) as caught:
            await sending.send(known(url))
    assert caught.value.verdict.reason.name == "mail_unreachable"
    assert (box.logins, box.letters) == (0, [])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_server_that_does_not_encrypt_gets_no_password_and_no_letter(scheme):
    with mailserver.serving(login=True, address=HERE) as box, pytest.raises(egress.Retry):
        await sending.send(known(box.url.replace("smtp:", f"{scheme}:")))
    assert (box.logins, box.letters) == (0, [])
