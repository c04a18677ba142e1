"""The other side's name, as the export's file name says it."""

import re

_NAMES = re.compile(
    r"(?:WhatsApp[- ]Chat (?:mit|with|-) |WhatsApp Chat: )(?P<name>.+?)(?: \(\d+\))?(?:\.txt|\.zip)*$",
    re.IGNORECASE,
)


def counterpart(filename: str) -> str:
    """Return the contact or group a file name speaks of, empty where it says none."""
    base = re.split(r"[\\/]", filename)[-1].strip()
    found = _NAMES.match(base)
    return found["name"].strip() if found else ""
