"""Why a file that is marked as sensitive is opened: a word from a list, so that the log holds no contents."""

from enum import StrEnum


class Reason(StrEnum):
    """What somebody opens a sensitive file for."""

    CASE = "case"
    IDENTITY = "identity"
    REQUEST = "request"
    INSURER = "insurer"
    DELETION = "deletion"
