"""Why a protected old chat may be opened."""

from werkbote.domain.privacy import requests

LOOKS = ("case", *requests.LOOKS)
"""To work on the case itself, or a reason of Art. 18(2); where data is restricted the first is none."""


def reasons(*, restricted: bool) -> tuple[str, ...]:
    """Return the reasons that hold, depending on whether the person's data is restricted (Art. 18)."""
    return LOOKS[1:] if restricted else LOOKS
