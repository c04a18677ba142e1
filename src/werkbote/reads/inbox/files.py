"""One stored file, opened piece by piece, so that a large one never stands in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from werkbote.domain import team
from werkbote.reads import access, sensitive
from werkbote.reads.inbox import bubbles, people
from werkbote.store import keyring, models, scope, vault


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to be sent to a browser; `pieces` yields its bytes in order, one mebibyte at a time."""

    mime: str
    size: int
    filename: str
    pieces: Iterator[bytes]
    sensitive: bool


def file(*, viewer: access.Viewer, media: int, day: date, opened: bool = False) -> File:
    """Return a stored file of a message the viewer may see; raise access.UnableToSee otherwise.

    One that is marked as sensitive counts as absent until somebody has `opened` it with a reason.
    """
    access.check_right(viewer, team.Right.READ_CHATS)
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.Media.objects.filter(
                id=media,
                state="stored",
                message__in=models.Message.objects.filter(access.visible_messages(viewer)),
            )
            .select_related("person", "message__person", "message__media")
            .first()
        )
        closed = row is not None and row.message.tag in sensitive.tags(day=day)
        if row is None or (closed and not opened):
            raise access.UnableToSee("There is no such file.")
        shown = bubbles.opened([row.message], keyhole=keyhole, names={}, language=viewer.language)[
            0
        ]
        chunks = list(
            models.MediaChunk.objects.filter(media_id=media)
            .order_by("position")
            .values_list("id", flat=True)
        )
    if shown.media is None:
        raise access.UnableToSee("This file was taken back.")
    key = keyhole.of(row.person)
    return File(
        mime=row.mime,
        size=row.size,
        sensitive=closed,
        filename=shown.media.filename,
        pieces=_pieces(viewer.organisation, chunks, key),
    )


def _pieces(organisation: int, chunks: list[int], key: vault.Key) -> Iterator[bytes]:
    for chunk in chunks:
        with scope.looking(organisation=organisation):
            sealed = models.MediaChunk.objects.values_list("sealed", flat=True).get(id=chunk)
        yield key.open(sealed, table="media_chunk", row=chunk, column="sealed")
