"""Push leaves for a known push service alone, sealed as RFC 8291 says and signed as RFC 8292 says."""

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from werkbote.channels import push

KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
"""The example of RFC 8291, section 5: the browser's keys, and what is sealed for it."""


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_words_are_sealed_as_the_standards_example():
    number = int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    sealed = push.sealed(
        b"When I grow up, I want to be a watermelon",
        to=push.device(endpoint="https://fcm.googleapis.com/x", key=KEY, auth=AUTH, near=False),
        sender=ec.derive_private_key(number, ec.SECP256R1()),
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert sealed == decoded(SEALED)


def test_the_header_is_signed_for_the_service_and_ends():
    by = push.signer(b"\x07" * 32, contact="https://haus.example")
    header = push.authorization("https://web.push.apple.com/abc", by=by, at=1_800_000_000)
    token, key = header.removeprefix("vapid t=").split(", k=")
    signed, signature = token.rsplit(".", 1)
    r, s = decoded(signature)[:32], decoded(signature)[32:]
    raw = utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    public.verify(raw, signed.encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(raw, signed.encode() + b"x", ec.ECDSA(hashes.SHA256()))
    assert json.loads(decoded(signed.split(".")[1])) == {
        "aud": "https://web.push.apple.com",
        "exp": 1_800_043_200,
        "sub": "https://haus.example",
    }


def test_the_same_secret_makes_the_same_key():
    one, other = (push.signer(b"\x07" * 32, contact="") for _ in range(2))
    assert one.public == other.public
    assert push.signer(b"\x08" * 32, contact="").public != one.public


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
    ],
)
def test_endpoints_of_push_services_are_known(endpoint):
    push.check(endpoint, near=False)


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "abc",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com.example",
        "https://notfcm.googleapis.com@evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:x/x",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/x",
        "https://[::1",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "https://localhost.example/x",
    ],
)
def test_every_other_address_is_refused(endpoint, near):
    with pytest.raises(push.UnsafeEndpoint):
        push.check(endpoint, near=near)


def test_this_machine_is_an_endpoint_only_where_we_are_on_it():
    push.check("http://127.0.0.1:8000/x", near=True)
    with pytest.raises(push.UnsafeEndpoint):
        push.check("http://127.0.0.1:8000/x", near=False)


@pytest.mark.parametrize(
    ("key", "auth"),
    [
        ("", AUTH),
        (KEY, ""),
        (KEY[:-4], AUTH),
        (KEY, AUTH + "AAAA"),
        ("A" * 87, AUTH),
        ("ä", AUTH),
        (KEY, "!!"),
    ],
)
def test_keys_that_are_none_are_refused(key, auth):
    with pytest.raises(push.UnsafeEndpoint):
        push.device(endpoint="https://fcm.googleapis.com/x", key=key, auth=auth, near=False)
