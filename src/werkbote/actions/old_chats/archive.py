"""The export file itself: a text, or a ZIP with the text and the files. Nothing is ever unpacked to a disk."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from werkbote.domain import old_chats
from werkbote.domain.old_chats import limits

_CHUNK = 256 * 1024
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
_ZIP = b"PK"
_CHAT = re.compile(r"_chat\.txt|WhatsApp[- ]Chat.*\.txt", re.IGNORECASE)
_LITTER = re.compile(r"(?:^|[\\/])(?:__MACOSX[\\/]|\.DS_Store$|\._|Thumbs\.db$)")
_BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One attached file. `stray` says that its name held a path, which is not followed."""

    name: str
    size: int
    stray: bool
    content: Callable[[], Iterator[bytes]]


@dataclass(slots=True, kw_only=True)
class Archive:
    """An opened export: `title` is what its chat file is called; `dropped` grows while files are read."""

    title: str
    text: Callable[[], Iterator[old_chats.Line]]
    files: Callable[[], Iterator[File]]
    dropped: list[tuple[str, limits.Dropped]] = field(default_factory=list)
    broken: bool = False


def opened(source: io.RawIOBase) -> Archive:
    """Return an export as its two parts; raise old_chats.UnableToRead where there is no chat in it."""
    head = source.read(4) or b""
    source.seek(0)
    if not head:
        raise old_chats.UnableToRead(old_chats.Problem.EMPTY)
    if not head.startswith(_ZIP):
        return _plain(source)
    try:
        packed = zipfile.ZipFile(io.BufferedReader(source, _BUFFER))
    except (*_DAMAGE, NotImplementedError):
        raise old_chats.UnableToRead(old_chats.Problem.BROKEN) from None
    return _packed(packed)


def _plain(source: io.RawIOBase) -> Archive:
    buffered = io.BufferedReader(source, _BUFFER)

    def text() -> Iterator[old_chats.Line]:
        buffered.seek(0)
        yield from old_chats.lines(buffered)

    return Archive(title="", text=text, files=lambda: iter(()))


def _packed(packed: zipfile.ZipFile) -> Archive:
    members = [one for one in packed.infolist() if not one.is_dir()]
    _check(members)
    chat = _chat(members)
    made = Archive(title=_base(chat.filename), text=lambda: iter(()), files=lambda: iter(()))
    made.text = lambda: _lines(made, packed, chat)
    made.files = lambda: _files(made, packed, [one for one in members if one is not chat])
    return made


def _check(members: list[zipfile.ZipInfo]) -> None:
    """Raise old_chats.UnableToRead for what no phone has written: locked, or swelling beyond measure."""
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise old_chats.UnableToRead(old_chats.Problem.ENCRYPTED)
    whole = sum(one.file_size for one in members)
    swelling = any(
        one.file_size > limits.SMALL
        and one.file_size > limits.MOST_RATIO * max(one.compress_size, 1)
        for one in members
    )
    if len(members) > limits.MOST_MEMBERS or whole > limits.MOST_UNPACKED or swelling:
        raise old_chats.UnableToRead(old_chats.Problem.BOMB)


def _chat(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """Return the text of the chat: by its name, else the largest text file there is."""
    texts = [
        one
        for one in members
        if one.filename.lower().endswith(".txt") and not _LITTER.search(one.filename)
    ]
    named = [one for one in texts if _CHAT.fullmatch(_base(one.filename))]
    if not texts:
        raise old_chats.UnableToRead(old_chats.Problem.NO_CHAT)
    return max(named or texts, key=lambda one: one.file_size)


def _lines(
    made: Archive, packed: zipfile.ZipFile, chat: zipfile.ZipInfo
) -> Iterator[old_chats.Line]:
    """Yield the chat's lines; where the ZIP is damaged they break off, and `broken` says so."""
    made.broken = False
    try:
        with packed.open(chat) as source:
            yield from old_chats.lines(source)
    except (*_DAMAGE, NotImplementedError):
        made.broken = True


def _files(
    made: Archive, packed: zipfile.ZipFile, members: list[zipfile.ZipInfo]
) -> Iterator[File]:
    made.dropped.clear()
    seen: Counter[str] = Counter()
    for one in members:
        if _LITTER.search(one.filename):
            made.dropped.append((one.filename, limits.Dropped.LITTER))
        elif one.file_size > limits.MOST_FILE:
            made.dropped.append((one.filename, limits.Dropped.TOO_LARGE))
        else:
            base = _base(one.filename) or "datei"
            seen[base] += 1
            yield File(
                name=_counted(base, seen[base]),
                size=one.file_size,
                stray=base != one.filename,
                content=lambda one=one: _content(packed, one),  # type: ignore[misc]
            )


def _counted(name: str, time: int) -> str:
    """Return a name for the second file of that name, and for every further one."""
    if time == 1:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({time}).{ending}" if dot else f"{name} ({time})"


def _content(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a file's bytes; raise UnableToUnpack where they are damaged or packed in a strange way."""
    try:
        with packed.open(member) as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except NotImplementedError:
        raise UnableToUnpack(limits.Dropped.METHOD) from None
    except _DAMAGE:
        raise UnableToUnpack(limits.Dropped.DAMAGED) from None


class UnableToUnpack(Exception):
    """One file of the ZIP cannot be read; the others can."""

    def __init__(self, why: limits.Dropped) -> None:
        super().__init__(f"A file cannot be unpacked ({why}).")
        self.why = why


def _base(name: str) -> str:
    """Return a name without its path: nothing is written by it, and it is shown only."""
    return re.split(r"[\\/]", name)[-1].replace("\0", "").strip()
