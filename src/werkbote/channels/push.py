"""Web push from our own server: sealed for one browser (RFC 8291), signed by us (RFC 8292, VAPID)."""

import base64
import json
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from werkbote.channels import callbacks

SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""The push services of the browsers there are; an endpoint is at one of them, or below it."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD = 4096
_KEY_BYTES, _AUTH_BYTES = 65, 16
_SIGNED_FOR = 12 * 3600
_KEPT_FOR = 4 * 3600
_GONE = frozenset({404, 410})


class UnsafeEndpoint(ValueError):
    """The endpoint is not one of a push service, or its keys are none."""


class Gone(Exception):
    """The browser has given the endpoint up: it is to be forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One browser that wants to be told; `key` is its public key, `auth` its shared secret."""

    endpoint: str = field(repr=False)
    key: bytes = field(repr=False)
    auth: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who sends: a private key, and the address the push service may complain to."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str

    @property
    def public(self) -> bytes:
        """Return the public key as browsers are given it."""
        return point(self.key.public_key())


def signer(secret: bytes, *, contact: str) -> Signer:
    """Return the signer that 32 secret bytes make, always the same one."""
    number = int.from_bytes(secret, "big") % (_ORDER - 1) + 1
    return Signer(key=ec.derive_private_key(number, ec.SECP256R1()), contact=contact)


def device(*, endpoint: str, key: str, auth: str, near: bool) -> Device:
    """Return the device that a browser describes; raise UnsafeEndpoint for anything else."""
    check(endpoint, near=near)
    try:
        made = Device(endpoint=endpoint, key=_bytes(key), auth=_bytes(auth))
        _public(made.key)
    except ValueError:
        raise UnsafeEndpoint("The browser's keys cannot be read.") from None
    if len(made.key) != _KEY_BYTES or len(made.auth) != _AUTH_BYTES:
        raise UnsafeEndpoint("The browser's keys cannot be read.")
    return made


def check(endpoint: str, *, near: bool) -> None:
    """Raise UnsafeEndpoint unless an address is a known push service's, or on this machine if `near`."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnsafeEndpoint("This is no address of a push service.") from None
    if near and host in {"127.0.0.1", "::1"} and parts.scheme in {"http", "https"}:
        return
    known = any(host == one or host.endswith(f".{one}") for one in SERVICES)
    if parts.scheme != "https" or not known or port not in {None, 443} or parts.username:
        raise UnsafeEndpoint("This is no address of a push service.")


async def tell(to: Device, *, words: bytes, by: Signer, at: int, near: bool) -> None:
    """Send words to a device.

    Raises Gone where the device is no more, callbacks.UnableToTell where the service did not take
    it, UnsafeEndpoint for an address that is none.
    """
    check(to.endpoint, near=near)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(_KEPT_FOR),
        "Urgency": "high",
        "Topic": "werkbote",
        "Authorization": authorization(to.endpoint, by=by, at=at),
    }
    body = sealed(words, to=to, sender=ec.generate_private_key(ec.SECP256R1()), salt=os.urandom(16))
    status = await callbacks.post(to.endpoint, body=body, headers=headers, near=near)
    if status in _GONE:
        raise Gone("The browser has given the endpoint up.")
    if status not in callbacks.ACCEPTED:
        raise callbacks.UnableToTell(f"http_{status}")


def authorization(endpoint: str, *, by: Signer, at: int) -> str:
    """Return the header that says who sends: a token signed for the push service (VAPID)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": at + _SIGNED_FOR,
        "sub": by.contact,
    }
    signed = ".".join(
        _text(json.dumps(one).encode()) for one in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = utils.decode_dss_signature(by.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = _text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={_text(by.public)}"


def sealed(words: bytes, *, to: Device, sender: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Return words sealed so that only one browser can open them (RFC 8291, aes128gcm)."""
    own = point(sender.public_key())
    shared = sender.exchange(ec.ECDH(), _public(to.key))
    ikm = _stretched(shared, salt=to.auth, info=b"WebPush: info\0" + to.key + own, length=32)
    key = _stretched(ikm, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _stretched(ikm, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(own)]) + own
    return head + AESGCM(key).encrypt(nonce, words + b"\x02", None)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point."""
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _public(key: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)


def _stretched(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
