"""What a file is by its first bytes, and what is wrong with it; its name is never asked."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

HEIC = "image/heic"
ZIP = "application/zip"
PDF = "application/pdf"
WEBM = "video/webm"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OOXML = {
    "word/": f"{_OFFICE}.wordprocessingml.document",
    "xl/": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}.presentationml.presentation",
}
_OLE: Mapping[str, str] = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", PDF),
    (b"\x1aE\xdf\xa3", WEBM),
    (b"#!AMR\n", "audio/amr"),
    (b"ID3", "audio/mpeg"),
)
"""Whole beginnings; what needs a second look has its own function below."""

_BRANDS: Mapping[bytes, str] = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_MP4 = re.compile(rb"iso[m2-9a]|mp4[12]|avc1|dash|MSNV|M4V |mmp4|f4v |F4V ")
_BOXED = frozenset({"video/mp4", "video/3gpp", "audio/mp4"})
_FIELDS = 10
_NO_RATE, _NO_PACE, _MOST_PACES = 15, 3, 13
_FOREIGN_TEXT = re.compile(
    rb"\s*(<!doctype|<html|<svg|<\?xml|<\?php|<script|#!|%!ps|%pdf-|\{\\rtf)", re.IGNORECASE
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_TAIL = 1024
"""So much may follow the end of a PDF or a film; Acrobat allows the same."""

_DIRECTORY = 66_000
"""Where a ZIP's directory of names ends: 64 KiB of remark and its own fields before the end."""

_MOST_UNPACKED = 1024**3
_MOST_ENTRIES = 20_000


class Flaw(StrEnum):
    """Why a file of a good kind is not sent."""

    DAMAGED = "damaged"
    HIDDEN = "hidden"
    SWELLING = "swelling"
    MACROS = "macros"


def recognise(content: bytes) -> str:
    """Return the MIME type the bytes speak for, empty where they speak for none we know."""
    for beginning, mime in _BEGINNINGS:
        if content.startswith(beginning):
            return mime
    for look in _LOOKS:
        if mime := look(content):
            return mime
    return ""


def flaw(content: bytes, mime: str) -> Flaw | None:
    """Return what keeps a recognised file from being sent, None where nothing does.

    Pictures have none here: they are made anew, and only what a picture is survives that.
    """
    if mime.startswith("image/"):
        return None
    if mime == ZIP or mime in _OOXML.values():
        return _packed_flaw(content)
    if _holds_archive(content):
        return Flaw.HIDDEN
    if mime == PDF:
        return _pdf_flaw(content)
    return _boxed_flaw(content) if mime in _BOXED else None


def _riff(content: bytes) -> str:
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _bitmap(content: bytes) -> str:
    is_one = content[:2] == b"BM" and content[6:10] == bytes(4) and len(content) > 2 * _FIELDS
    return "image/bmp" if is_one else ""


def _boxed(content: bytes) -> str:
    if content[4:8] != b"ftyp":
        return ""
    brand = content[8:12]
    if brand[:2] == b"3g":
        return "video/3gpp"
    return _BRANDS.get(brand) or ("video/mp4" if _MP4.fullmatch(brand) else "")


def _ogg(content: bytes) -> str:
    """Opus alone: it is the one kind of Ogg that WhatsApp takes."""
    return "audio/ogg" if content[:4] == b"OggS" and b"OpusHead" in content[:64] else ""


def _framed(content: bytes) -> str:
    """MP3 and AAC without a head: eleven or twelve bits in a row, and fields that make sense."""
    if len(content) < _FIELDS or content[0] != 0xFF:  # noqa: PLR2004 -- the sync word
        return ""
    second, third = content[1], content[2]
    if second & 0xF6 == 0xF0:  # noqa: PLR2004 -- ADTS: layer is zero
        return "audio/aac" if (third >> 2) & 0xF < _MOST_PACES else ""
    is_layer3 = second & 0xE6 == 0xE2  # noqa: PLR2004
    sound = third >> 4 not in {0, _NO_RATE} and (third >> 2) & 3 != _NO_PACE
    return "audio/mpeg" if is_layer3 and sound else ""


def _ole(content: bytes) -> str:
    if not content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ""
    for name, mime in _OLE.items():
        if name.encode("utf-16-le") in content:
            return mime
    return ""


def _packed(content: bytes) -> str:
    if not content.startswith(b"PK\x03\x04"):
        return ""
    names = [entry.filename for entry in _entries(content)]
    if "[Content_Types].xml" in names:
        for folder, mime in _OOXML.items():
            if any(name.startswith(folder) for name in names):
                return mime
    return ZIP


def _text(content: bytes) -> str:
    """Plain text is UTF-8 without control characters that does not begin like a page or a script."""
    if not content or _CONTROLS.search(content) or _FOREIGN_TEXT.match(content[:_TAIL]):
        return ""
    try:
        content.decode()
    except UnicodeDecodeError:
        return ""
    return "text/plain"


_LOOKS: tuple[Callable[[bytes], str], ...] = (
    _riff,
    _bitmap,
    _boxed,
    _ogg,
    _framed,
    _ole,
    _packed,
    _text,
)


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    """Return what a ZIP's directory names; nothing where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return opened.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OSError):
        return []


def _packed_flaw(content: bytes) -> Flaw | None:
    entries = _entries(content)
    if not entries:
        return Flaw.DAMAGED
    if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_UNPACKED:
        return Flaw.SWELLING
    if any(one.filename.lower().endswith("vbaproject.bin") for one in entries):
        return Flaw.MACROS
    return None


def _pdf_flaw(content: bytes) -> Flaw | None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        return Flaw.DAMAGED
    rest = content[end + 5 :].strip(b"\0 \t\r\n")
    return Flaw.HIDDEN if len(rest) > _TAIL else None


def _boxed_flaw(content: bytes) -> Flaw | None:
    names = list(_boxes(content))
    if b"moov" not in names or names[-1] == b"":
        return Flaw.DAMAGED
    return Flaw.HIDDEN if names[-1] == b"rest" else None


def _boxes(content: bytes) -> Iterator[bytes]:
    """Yield the names of the outer boxes; an empty one where a box is cut off, `rest` for a long tail."""
    place = 0
    while len(content) - place >= 8:  # noqa: PLR2004 -- length and name
        size, name = struct.unpack_from(">I4s", content, place)
        if size == 1 and len(content) - place >= 16:  # noqa: PLR2004 -- a longer length
            (size,) = struct.unpack_from(">Q", content, place + 8)
        elif size == 0:
            size = len(content) - place
        if size < 8 or not name.isascii():  # noqa: PLR2004
            if len(content[place:].strip(b"\0")) > _TAIL:
                yield b"rest"
            return
        yield name
        place += size
    if place > len(content):
        yield b""


def _holds_archive(content: bytes) -> bool:
    """Return whether a ZIP hides at the end of what begins as something else."""
    end = content[-_DIRECTORY:]
    return b"PK\x05\x06" in end and b"PK\x01\x02" in content
