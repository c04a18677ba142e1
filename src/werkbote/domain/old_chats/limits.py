"""How large an export may be, and why one cannot be read."""

from enum import StrEnum

MB = 1024 * 1024
MOST_BYTES = 2048 * MB
"""Of one upload; WhatsApp's own exports end far below (40,000 messages, 10,000 with media)."""

MOST_UNPACKED = 4096 * MB
MOST_FILE = 100 * MB
MOST_MEMBERS = 50_000
MOST_RATIO = 250
"""How many times larger unpacked than packed; photos and films hardly shrink, text shrinks tenfold."""

SMALL = 16 * MB
"""Below this the ratio does not matter: an empty page shrinks well."""


class Problem(StrEnum):
    """Why an export could not be read at all; UNSCANNED only waits for the malware scanner."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    BOMB = "bomb"
    NO_CHAT = "no_chat"
    NOT_A_CHAT = "not_a_chat"
    INTERRUPTED = "interrupted"
    UNSCANNED = "unscanned"


class Dropped(StrEnum):
    """Why a file of an export was not taken over; each is named in the report."""

    TOO_LARGE = "file_too_large"
    DAMAGED = "file_damaged"
    METHOD = "file_method"
    LITTER = "file_litter"
    INFECTED = "file_infected"
    UNSCANNABLE = "file_unscannable"
    FULL = "file_full"


class Noted(StrEnum):
    """What a report says about files and text that are not simply taken over."""

    PATH = "file_path"
    UNMENTIONED = "file_unmentioned"
    MISSING = "file_missing"
    BREAKS_OFF = "breaks_off"


class UnableToRead(Exception):
    """The export cannot be read; `problem` says why, screens have the sentence and the remedy."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"The export cannot be read ({problem}).")
        self.problem = problem
