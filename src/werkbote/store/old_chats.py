"""Sealed files of old chats: written piece by piece, read from anywhere in them, never on a disk in clear."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from werkbote.domain import old_chats
from werkbote.store import ids, models, vault

SOURCE: Final = "old_chat"
"""What `Person.source` says of a person that is nothing but the key of one old chat."""

PIECE: Final = 1024 * 1024
"""Bytes of plaintext in one sealed piece."""


def pieces(
    key: vault.Key, *, file: models.OldChatFile, content: Iterable[bytes]
) -> Iterator[models.OldChatPiece]:
    """Yield a file's content as sealed pieces, ready to be inserted; holds one of them at a time."""
    waiting, position = bytearray(), 0
    for chunk in content:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield _piece(key, file, position, bytes(waiting[:PIECE]))
            del waiting[:PIECE]
            position += 1
    if waiting:
        yield _piece(key, file, position, bytes(waiting))


def _piece(
    key: vault.Key, file: models.OldChatFile, position: int, plain: bytes
) -> models.OldChatPiece:
    row = ids.new()
    return models.OldChatPiece(
        id=row,
        organisation_id=file.organisation_id,
        file_id=file.id,
        position=position,
        sealed=key.seal(plain, table="old_chat_piece", row=row, column="sealed"),
    )


def content(key: vault.Key, *, file: int) -> Iterator[bytes]:
    """Yield a file's plaintext piece by piece. Inside a scope."""
    rows = (
        models.OldChatPiece.objects.filter(file=file)
        .order_by("position")
        .values_list("id", "sealed")
    )
    for row, sealed in rows.iterator(chunk_size=2):
        yield key.open(sealed, table="old_chat_piece", row=row, column="sealed")


class Reader(io.RawIOBase):
    """A sealed file as a stream that can be read from anywhere; it holds one opened piece."""

    def __init__(self, key: vault.Key, *, file: int, size: int, look: Any) -> None:
        super().__init__()
        self._key, self._file, self._size, self._look = key, file, size, look
        self._at, self._position, self._plain = 0, -1, b""

    def readable(self) -> bool:
        """Return True: it is read."""
        return True

    def seekable(self) -> bool:
        """Return True: it is read from anywhere."""
        return True

    def tell(self) -> int:
        """Return where reading goes on."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go somewhere and return where that is; behind the end there is nothing to read."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("There is nothing before the beginning of a file.")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Read up to the end of a piece; return how much that was."""
        position, skip = divmod(self._at, PIECE)
        if self._at >= self._size:
            return 0
        if position != self._position:
            self._plain, self._position = self._opened(position), position
        got = self._plain[skip : skip + len(buffer)]
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)

    def _opened(self, position: int) -> bytes:
        with self._look():
            row, sealed = models.OldChatPiece.objects.values_list("id", "sealed").get(
                file=self._file, position=position
            )
        return self._key.open(sealed, table="old_chat_piece", row=row, column="sealed")


def page(
    key: vault.Key, *, chat: models.OldChat, arrival: int, entries: Sequence[old_chats.Entry]
) -> models.OldChatPage:
    """Return some messages as one sealed row."""
    row = ids.new()
    plain = orjson.dumps([_packed(entry) for entry in entries])
    return models.OldChatPage(
        id=row,
        organisation_id=chat.organisation_id,
        chat_id=chat.id,
        arrival_id=arrival,
        messages=len(entries),
        sealed=key.seal(plain, table="old_chat_page", row=row, column="sealed"),
    )


def opened(key: vault.Key, row: models.OldChatPage) -> list[old_chats.Entry]:
    """Return the messages of a page."""
    plain = key.open(row.sealed, table="old_chat_page", row=row.id, column="sealed")
    return [_unpacked(packed) for packed in orjson.loads(plain)]


def _packed(entry: old_chats.Entry) -> list[Any]:
    return [
        entry.at,
        _tame(entry.sender),
        entry.kind,
        _tame(entry.text),
        _tame(entry.file),
        entry.edited,
        entry.first,
        entry.count,
        entry.remarks,
    ]


def _tame(words: str) -> str:
    """Return words without halves of signs, which UTF-8 cannot hold."""
    return words.encode("utf-8", "replace").decode()


def _unpacked(packed: list[Any]) -> old_chats.Entry:
    at, sender, kind, text, file, edited, first, count, remarks = packed
    return old_chats.Entry(
        at=old_chats.local(at),
        sender=sender,
        kind=old_chats.Kind(kind),
        text=text,
        file=file,
        edited=edited,
        first=first,
        count=count,
        remarks=tuple(old_chats.Remark(remark) for remark in remarks),
    )


def remove(chats: Sequence[int]) -> int:
    """Delete chats with their files and the keys they were sealed with; return how many. In a transaction."""
    arrivals = models.OldChatArrival.objects.filter(chat__in=list(chats))
    keys = {
        *models.OldChat.objects.filter(id__in=list(chats)).values_list("person_id", flat=True),
        *arrivals.values_list("person_id", flat=True),
    }
    models.Person.objects.filter(id__in=keys, source=SOURCE).delete()
    return len(chats)
