"""Sealing and opening the files of a backup: the age format, so that any age program opens them too.

With a passphrase every backup gets a key pair of its own, and the passphrase opens the file it lies in.
"""

import functools
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyrage

IDENTITY_PART = "identity.age"
_PRIVATE = 0o077


class UnableToSeal(Exception):
    """A backup cannot be sealed: nobody is named who could open it, or their key is none."""


class UnableToUnseal(Exception):
    """A sealed file does not open: wrong identity or passphrase, or damaged bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """How one run seals. `witness` lives in memory only and opens what was just sealed, to verify it.

    `identity` is the passphrase-protected key pair's file, empty where recipients are named.
    """

    recipients: Sequence[pyrage.x25519.Recipient]
    witness: pyrage.x25519.Identity = field(repr=False)
    kind: str
    identity: bytes = b""

    def seal(self, source: IO[bytes], target: IO[bytes]) -> None:
        """Seal a stream into another."""
        try:
            pyrage.encrypt_io(source, target, [*self.recipients, self.witness.to_public()])
            target.flush()
        except (pyrage.EncryptError, OSError) as error:
            raise UnableToSeal(
                f"The backup cannot be written ({error}): make room where WERKBOTE_HOME lies; nothing "
                "half-done was left."
            ) from None

    def open(self, source: IO[bytes], target: IO[bytes]) -> None:
        """Open what this run sealed."""
        open_with([self.witness], source, target)


def check_private(file: Path) -> None:
    """Raise UnableToUnseal when others may read a secret file; raise OSError when it is missing."""
    if stat.S_IMODE(file.stat().st_mode) & _PRIVATE:
        raise UnableToUnseal(
            f"{file} holds a secret and is readable for others: run “chmod 600 {file}”."
        )


def fresh(*, recipients: Sequence[str], passphrase_file: Path | None) -> Seal:
    """Return how to seal now; raise UnableToSeal or UnableToUnseal with the remedy."""
    witness = pyrage.x25519.Identity.generate()
    if recipients:
        return Seal(
            recipients=[_recipient(text) for text in recipients], witness=witness, kind="recipients"
        )
    if passphrase_file is None:
        raise UnableToSeal(
            "Nobody is named who can open backups: set WERKBOTE_BACKUP_RECIPIENTS (make a key pair with "
            "“werkbote backup --new-identity FILE”) or WERKBOTE_BACKUP_PASSPHRASE_FILE."
        )
    pair = pyrage.x25519.Identity.generate()
    sealed = pyrage.passphrase.encrypt(str(pair).encode(), _secret(passphrase_file))
    return Seal(recipients=[pair.to_public()], witness=witness, kind="passphrase", identity=sealed)


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise UnableToSeal(
            f"“{text[:12]}…” is no age recipient: WERKBOTE_BACKUP_RECIPIENTS takes what begins with age1."
        ) from None


def _secret(file: Path) -> str:
    try:
        check_private(file)
        return file.read_text().strip()
    except OSError as error:
        raise UnableToUnseal(
            f"{file} cannot be read ({error.strerror}): put it back, or name another file."
        ) from None


def identities(
    *, file: Path | None, passphrase_file: Path | None, sealed: bytes
) -> list[pyrage.x25519.Identity]:
    """Return what opens a backup: those of the identity file, or the one the passphrase protects."""
    if sealed:
        if passphrase_file is None:
            raise UnableToUnseal(
                "This backup is sealed with a passphrase: set WERKBOTE_BACKUP_PASSPHRASE_FILE."
            )
        return [_unlocked(sealed, _secret(passphrase_file))]
    if file is None:
        raise UnableToUnseal(
            "This backup is sealed for age recipients: set WERKBOTE_BACKUP_IDENTITY to the file that "
            "holds the identity (AGE-SECRET-KEY-…)."
        )
    return _read(file)


@functools.lru_cache(maxsize=4)
def _unlocked(sealed: bytes, passphrase: str) -> pyrage.x25519.Identity:
    """Open a key pair with its passphrase; meant to be slow, so that guessing is."""
    try:
        return pyrage.x25519.Identity.from_str(
            pyrage.passphrase.decrypt(sealed, passphrase).decode()
        )
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
        raise UnableToUnseal(
            "The passphrase does not open this backup: name the file of the passphrase it was made with."
        ) from None


def _read(file: Path) -> list[pyrage.x25519.Identity]:
    lines = [line.strip() for line in _secret(file).splitlines()]
    try:
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise UnableToUnseal(
            f"{file} holds no age identity: name the file that “werkbote backup --new-identity” made."
        )
    return found


def open_with(
    known: Sequence[pyrage.x25519.Identity], source: IO[bytes], target: IO[bytes]
) -> None:
    """Open a sealed stream into another; raise UnableToUnseal for a wrong key or damaged bytes."""
    try:
        pyrage.decrypt_io(source, target, list(known))
        target.flush()
    except (pyrage.DecryptError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        if "No matching keys" in str(error):
            raise UnableToUnseal(
                "The identity does not open this backup: it was sealed for another one; name the right "
                "file in WERKBOTE_BACKUP_IDENTITY."
            ) from None
        raise UnableToUnseal(
            "The backup is damaged and does not open: use another backup."
        ) from None


def new_identity(file: Path) -> str:
    """Write a new identity file (mode 0600) and return the recipient; refuse to overwrite one."""
    made = pyrage.x25519.Identity.generate()
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise UnableToSeal(f"{file} exists and is not overwritten: name another file.") from None
    file.write_text(f"# public key: {made.to_public()}\n{made}\n")
    return str(made.to_public())
