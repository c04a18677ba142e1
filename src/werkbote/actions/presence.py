"""Who has a conversation open now: told to colleagues' open pages and kept nowhere, not even for a minute."""

from enum import IntEnum

from werkbote.store import live, scope


class Doing(IntEnum):
    """What a member does in a conversation."""

    LEFT = 0
    READING = 1
    WRITING = 2


def be_present(*, organisation: int, conversation: int, doing: Doing, by: int) -> None:
    """Tell colleagues what the member `by` does in a conversation; it stands in no table and no log."""
    with scope.transaction(organisation=organisation):
        live.present(conversation=conversation, member=by, doing=doing)
