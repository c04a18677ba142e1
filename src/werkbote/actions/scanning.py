"""Whether a file holds malware, where a scanner is set up; without its answer nothing passes."""

from collections.abc import Iterable

from django.conf import settings

from werkbote.channels import scanner

INFECTED = "infected"
"""The code of a received file in which malware was found: its bytes were not kept."""

UNSCANNED = "unscanned"
"""The code of a received file that waits for the scanner."""

TOO_LARGE = "unscannable"
"""The code of a received file that is larger than the scanner takes."""


class Infected(Exception):
    """Malware was found in the file; the sentence says what to do."""


class UnableToScan(Exception):
    """The scanner that is set up gave no verdict; the sentence says what to do."""


class TooLargeToScan(UnableToScan):
    """The scanner that is set up takes no file so large."""


def check(content: bytes) -> None:
    """Raise Infected or UnableToScan; return where the file is clean or no scanner is set up.

    Never inside a transaction: the scanner may take its time.
    """
    check_pieces([content])


def check_pieces(content: Iterable[bytes]) -> None:
    """Do the same for a file that comes in pieces; without a scanner none is taken.

    Never inside a transaction: the scanner may take its time.
    """
    address: str = settings.WERKBOTE_CLAMAV
    if not address:
        return
    try:
        found = scanner.scan(content, address=address)
    except scanner.TooLargeToScan:
        raise TooLargeToScan(
            "The file is larger than your malware scanner takes: send a smaller one, or let IT "
            "raise StreamMaxLength there."
        ) from None
    except scanner.UnableToScan:
        raise UnableToScan(
            "The malware scanner does not answer, so the file was not sent: try again, or let IT "
            "look at WERKBOTE_CLAMAV with “werkbote doctor”."
        ) from None
    if found:
        raise Infected(
            "The malware scanner found something in the file, so it was not sent: "
            "do not open it, and tell your IT."
        )
