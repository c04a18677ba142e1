"""What changed since a page last heard: conversation ids and the newest change, nothing else."""

from dataclasses import dataclass

from werkbote.domain import team
from werkbote.reads import access
from werkbote.store import models, scope

LIMIT = 500
_OVERLAP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """`newest` is the number to ask from next; `complete` is False where too much has changed."""

    newest: int
    conversations: tuple[int, ...]
    complete: bool


def newest(*, viewer: access.Viewer) -> int:
    """Return the number of the newest change the viewer can see; 0 where there is none.

    A page asks before it reads anything else, so that nothing falls between page and stream.
    """
    with scope.looking(organisation=viewer.organisation):
        found = (
            models.Change.objects.filter(branch_id__in=viewer.branches)
            .order_by("-id")
            .values_list("id", flat=True)
            .first()
        )
    return found or 0


def changes(*, viewer: access.Viewer, since: int) -> Changes:
    """Return the conversations of the viewer that changed after change number `since`.

    Looks back a little further, because a number handed out earlier can commit later.
    """
    access.check_right(viewer, team.Right.READ_CHATS)
    with scope.looking(organisation=viewer.organisation):
        rows = list(
            models.Change.objects.filter(id__gt=since - _OVERLAP, branch_id__in=viewer.branches)
            .order_by("-id")
            .values_list("id", "conversation_id")[: LIMIT + 1]
        )
    return Changes(
        newest=max((number for number, _ in rows), default=since),
        conversations=tuple(sorted({conversation for _, conversation in rows})),
        complete=len(rows) <= LIMIT,
    )
