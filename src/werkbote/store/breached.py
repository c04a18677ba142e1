"""Passwords known from breaches: a sorted file of SHA-1 hashes, searched without being read as a whole."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

_HASH = 40


class NotBreached:
    """Refuses passwords that stand in the file `WERKBOTE_BREACHED_PASSWORDS` names.

    The file is the one Have I Been Pwned offers for download, ordered by hash: a line begins with the
    SHA-1 of a password in hexadecimal. Nothing about a password leaves the machine.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password is known from a breach."""
        del user
        if settings.WERKBOTE_BREACHED_PASSWORDS and stands_in(
            Path(settings.WERKBOTE_BREACHED_PASSWORDS), password
        ):
            raise ValidationError(
                "This password is known from a breach: choose another one.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """Return what is asked of a password."""
        return "The password must not be known from a breach."


def stands_in(path: Path, password: str) -> bool:
    """Return whether a password's hash begins a line of a sorted file (binary search by offset)."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            file.seek(max(middle - 1, 0))
            if middle > 0:
                file.readline()
            line = file.readline()[:_HASH].upper()
            if not line or line >= wanted:
                high = middle
            else:
                low = file.tell()
        file.seek(low)
        return file.readline()[:_HASH].upper() == wanted
