"""Signatures and the subscription check: only Meta with one of our secrets gets in."""

import hashlib
import hmac

import pytest

from werkbote.channels import registry

BODY = b'{"entry":[]}'
WHATSAPP = registry.driver("whatsapp")


def signed(secret: bytes, raw: bytes = BODY) -> str:
    return "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secrets", [["neu"], ["alt", "neu"], [b"neu", b"alt"], ["", "neu"]])
def test_signature_with_one_of_the_secrets(secrets: list[str | bytes]) -> None:
    assert WHATSAPP.signature_ok(BODY, signed(b"neu"), secrets)


def test_signature_in_capitals() -> None:
    header = "sha256=" + signed(b"neu").removeprefix("sha256=").upper()
    assert WHATSAPP.signature_ok(BODY, header, ["neu"])


@pytest.mark.parametrize(
    ("header", "secrets"),
    [
        (None, ["neu"]),
        ("", ["neu"]),
        ("sha256=", ["neu"]),
        ("sha256=00", ["neu"]),
        ("sha256=é\udcff", ["neu"]),
        (signed(b"fremd"), ["neu"]),
        (signed(b"neu").removeprefix("sha256="), ["neu"]),
        (signed(b"neu").replace("sha256", "sha1"), ["neu"]),
        (signed(b"neu"), []),
        (signed(b""), [""]),
        (signed(b""), [b""]),
        (signed(b"neu", BODY + b" "), ["neu"]),
    ],
)
def test_signature_that_is_not_ours(header: str | None, secrets: list[str | bytes]) -> None:
    assert not WHATSAPP.signature_ok(BODY, header, secrets)


QUERY = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "wort"}


@pytest.mark.parametrize("tokens", [["wort"], ["alt", "wort"]])
def test_challenge_with_one_of_our_tokens(tokens: list[str]) -> None:
    assert WHATSAPP.verify_challenge(QUERY, tokens) == "1158201444"


@pytest.mark.parametrize(
    ("changed", "tokens"),
    [
        ({}, []),
        ({}, ["anders"]),
        ({"hub.verify_token": ""}, [""]),
        ({"hub.mode": "unsubscribe"}, ["wort"]),
        ({"hub.challenge": ""}, ["wort"]),
        ({"hub.verify_token": "wört\udcff"}, ["wort"]),
    ],
)
def test_challenge_that_is_refused(changed: dict[str, str], tokens: list[str]) -> None:
    assert WHATSAPP.verify_challenge(QUERY | changed, tokens) is None
