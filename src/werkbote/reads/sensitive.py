"""A file whose mark keeps it closed: what it is marked as, and whether it is there at all."""

from dataclasses import dataclass
from datetime import date

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import models, rechtsstand, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A file that opens with a reason; `tag` is its message's mark."""

    media: int
    message: int
    conversation: int
    tag: str


def tags(*, day: date) -> frozenset[str]:
    """Return the marks that keep a file closed, as the law file of a day says."""
    return frozenset(one.name for one in rechtsstand.retention(day).tags.values() if one.sensitive)


def closed(*, viewer: access.Viewer, media: int, day: date) -> Closed:
    """Return a sensitive file the viewer may ask for; raise access.UnableToSee where there is none."""
    access.check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.Media.objects.filter(
                id=media,
                state="stored",
                message__archived_at=None,
                message__number__branch_id__in=viewer.branches,
                person__restricted_at=None,
                message__tag__in=tags(day=day),
            )
            .values_list("message_id", "message__conversation_id", "message__tag")
            .first()
        )
    if row is None:
        raise access.UnableToSee("There is no such file.")
    return Closed(media=media, message=row[0], conversation=row[1], tag=row[2])
