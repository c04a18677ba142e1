"""Keys and ciphertext: one data key per person, wrapped by the organisation's, wrapped by the installation's.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces. The associated data binds table, row and
column, so that a ciphertext moved to another place does not open. Lookup is by HMAC-SHA256.
"""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"
_PRIVATE_MODE = 0o600


class UnableToOpen(Exception):
    """A ciphertext does not open: wrong key, wrong place or damaged."""


class UnableToLoadKeys(Exception):
    """The installation's keys are missing, unreadable for us, or readable for others."""


def _place(table: str, row: int, column: str) -> bytes:
    return f"{table}\0{row}\0{column}".encode()


@dataclass(frozen=True, slots=True)
class Key:
    """One AES-256 key with the two things one does with it; `others` open what they sealed, no more."""

    secret: bytes = field(repr=False)
    others: tuple[bytes, ...] = field(default=(), repr=False)
    _made: list[AESGCM] = field(default_factory=list, init=False, repr=False, compare=False)

    def _cipher(self) -> AESGCM:
        """Return the cipher of our secret, made at its first use and kept as long as the key is."""
        if not self._made:
            self._made.append(AESGCM(self.secret))
        return self._made[0]

    def seal(self, plain: bytes, *, table: str, row: int, column: str) -> bytes:
        """Return `plain` as ciphertext that opens only at this table, row and column."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher().encrypt(nonce, plain, _place(table, row, column))
        return _VERSION + nonce + sealed

    def open(self, sealed: bytes | memoryview, *, table: str, row: int, column: str) -> bytes:
        """Return the plaintext; raise UnableToOpen when key, place or bytes are not the ones sealed."""
        sealed = bytes(sealed)
        nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        for secret in (self.secret, *self.others):
            try:
                return AESGCM(secret).decrypt(nonce, rest, _place(table, row, column))
            except (InvalidTag, ValueError):
                continue
        raise UnableToOpen(
            f"The {column} of {table} {row} does not open with this key: "
            "check that the key file belongs to this database."
        ) from None

    def seal_text(self, plain: str, *, table: str, row: int, column: str) -> bytes:
        """Seal a string as UTF-8; lone surrogates are replaced, since no screen could show them."""
        return self.seal(plain.encode("utf-8", "replace"), table=table, row=row, column=column)

    def open_text(
        self, sealed: bytes | memoryview | None, *, table: str, row: int, column: str
    ) -> str:
        """Return a sealed string; an absent one is empty."""
        if sealed is None:
            return ""
        return self.open(sealed, table=table, row=row, column=column).decode()


def new_key() -> Key:
    """Return a fresh random key."""
    return Key(secrets.token_bytes(_KEY_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKeys:
    """What one organisation's rows are opened and found with.

    `main` wraps persons' keys and seals what belongs to nobody in particular; `index` makes keyed
    hashes and search tokens and never changes, since hashes cannot be re-made without the values.
    """

    organisation: int
    main: Key
    index: bytes = field(repr=False)

    def wrap(self, key: Key, *, person: int) -> bytes:
        """Return a person's data key under the organisation's key."""
        return self.main.seal(key.secret, table="person", row=person, column="key")

    def unwrap(self, wrapped: bytes | memoryview, *, person: int) -> Key:
        """Return a person's data key."""
        return Key(self.main.open(wrapped, table="person", row=person, column="key"))

    def fingerprint(self, scheme: str, value: str) -> bytes:
        """Return the 32-byte keyed hash by which an identity is found."""
        return hmac.digest(self.index, f"identity\0{scheme}\0{value}".encode(), "sha256")

    def digest(self, purpose: str, content: bytes) -> bytes:
        """Return the 32-byte keyed hash of arbitrary bytes, for recognising a repetition."""
        return hmac.digest(self.index, purpose.encode() + b"\0" + content, "sha256")

    def name(self, provider_id: str) -> str:
        """Return the keyed name of a provider's message id: 32 hexadecimal digits.

        WhatsApp's ids hold the other side's phone number in base64 and are never stored in clear.
        """
        return hmac.digest(self.index, b"provider\0" + provider_id.encode(), "sha256")[:16].hex()

    def token(self, stem: str) -> int:
        """Return the signed 64-bit search token of a stem: without the key it says nothing."""
        mac = hmac.digest(self.index, b"search\0" + stem.encode(), "sha256")
        return int.from_bytes(mac[:8], "big", signed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The keys an installation was born with: `keys` by name, the active one, and the lookup secret."""

    active: str
    keys: Mapping[str, Key]
    lookup: bytes = field(repr=False)

    def wrap(self, key: bytes, *, organisation: int, column: str) -> bytes:
        """Return an organisation's key under the active installation key."""
        return self.keys[self.active].seal(
            key, table="organisation", row=organisation, column=column
        )

    def unwrap(self, wrapped: bytes, *, organisation: int, column: str, name: str) -> bytes:
        """Return an organisation's key; raise UnableToOpen when `name` is not among our keys."""
        try:
            key = self.keys[name]
        except KeyError:
            raise UnableToOpen(
                f"The data was sealed with key “{name}”, which the key file does not hold: "
                "put that key file back."
            ) from None
        return key.open(wrapped, table="organisation", row=organisation, column=column)

    def email_hash(self, email: str) -> bytes:
        """Return the keyed hash by which a member signs in; case and outer spaces do not matter."""
        return hmac.digest(self.lookup, b"email\0" + email.strip().casefold().encode(), "sha256")

    def derive(self, purpose: str) -> bytes:
        """Return a 32-byte secret for another purpose, such as signing sessions."""
        return hmac.digest(self.lookup, b"derive\0" + purpose.encode(), "sha256")


def create(path: Path, *, name: str) -> Installation:
    """Write a new key file (mode 0600) and return its keys; raise UnableToLoadKeys if one exists."""
    made = {
        "active": name,
        "keys": {name: base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()},
        "lookup": base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode(),
    }
    text = json.dumps(made, indent=2)
    write(path, text)
    return parse(text)


def write(path: Path, text: str) -> None:
    """Write a key file's text (mode 0600); raise UnableToLoadKeys if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_MODE)
    except FileExistsError:
        raise UnableToLoadKeys(
            f"{path} exists already and is not overwritten: every row depends on it."
        ) from None
    except OSError as error:
        raise UnableToLoadKeys(
            f"The key file {path} cannot be written: {error.strerror}."
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def add_key(path: Path, *, name: str) -> Installation:
    """Put a new key into the key file and make it the active one; the old ones stay, and still open."""
    known = load(path)
    if name in known.keys:
        raise UnableToLoadKeys(
            f"The key file has a key “{name}” already: give the new one another name."
        )
    made = new_key()
    keys = {**known.keys, name: made}
    text = json.dumps(
        {
            "active": name,
            "keys": {one: base64.b64encode(key.secret).decode() for one, key in keys.items()},
            "lookup": base64.b64encode(known.lookup).decode(),
        },
        indent=2,
    )
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    write(fresh, text)
    fresh.replace(path)
    return parse(text)


def load(path: Path) -> Installation:
    """Return the keys of a key file; raise UnableToLoadKeys with the remedy when that is impossible."""
    try:
        mode = path.stat().st_mode & 0o777
        text = path.read_text()
    except OSError as error:
        raise UnableToLoadKeys(
            f"The key file {path} cannot be read ({error.strerror}): put it back from your backup of "
            "the keys, or run “werkbote init” for a new installation."
        ) from None
    if mode & 0o077:
        raise UnableToLoadKeys(
            f"The key file {path} is readable for others: run “chmod 600 {path}”."
        )
    return parse(text)


def parse(text: str) -> Installation:
    """Return the keys of a key file's text (JSON: active, keys, lookup in base64)."""
    try:
        raw = json.loads(text)
        keys = {name: Key(_key_bytes(value)) for name, value in raw["keys"].items()}
        lookup = _key_bytes(raw["lookup"])
        active = str(raw["active"])
        keys[active]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnableToLoadKeys(
            "The key file is not one of ours (JSON with active, keys and lookup): "
            "put it back from your backup of the keys."
        ) from None
    return Installation(active=active, keys=keys, lookup=lookup)


def _key_bytes(value: str) -> bytes:
    key = base64.b64decode(value, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
