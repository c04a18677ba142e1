"""Files a member sends: recognised by their bytes, pictures made anew without their hidden data.

Kinds and sizes are Meta's (Cloud API, media reference, 2026).
"""

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from werkbote.actions import drafts
from werkbote.domain import events, file_kinds, voice_notes
from werkbote.web import labels

type Words = str | Promise

_MB = 1024 * 1024
_LONGEST_EDGE = 4096
_MOST_PIXELS = 60_000_000
_QUALITIES = (88, 78, 65, 50)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    kind: events.Kind
    most: int


_PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)
"""What reading a damaged picture ends in; Pillow names no single error for it."""

_VIDEO = _Rule(kind=events.Kind.VIDEO, most=16 * _MB)
_AUDIO = _Rule(kind=events.Kind.AUDIO, most=16 * _MB)
MOST = 100 * _MB
"""No file is larger, whatever it is."""

_DOCUMENT = _Rule(kind=events.Kind.DOCUMENT, most=MOST)
_IMAGE_MOST = 5 * _MB
_UPLOAD_MOST = 25 * _MB
"""How large a photo may be before it is made smaller."""

_RULES: dict[str, _Rule] = {
    "video/mp4": _VIDEO,
    "video/3gpp": _VIDEO,
    "audio/aac": _AUDIO,
    "audio/amr": _AUDIO,
    "audio/mpeg": _AUDIO,
    "audio/mp4": _AUDIO,
    "audio/ogg": _AUDIO,
    "application/pdf": _DOCUMENT,
    "application/msword": _DOCUMENT,
    "application/vnd.ms-excel": _DOCUMENT,
    "application/vnd.ms-powerpoint": _DOCUMENT,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _DOCUMENT,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _DOCUMENT,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": _DOCUMENT,
    "text/plain": _DOCUMENT,
}
_REFUSED: dict[str, Words] = {
    file_kinds.HEIC: _(
        "WhatsApp does not take HEIC pictures: save it as JPEG, or set the iPhone's camera to "
        "“Most Compatible”."
    ),
    "video/quicktime": _("WhatsApp does not take MOV films: save it as MP4."),
    file_kinds.WEBM: _("WhatsApp does not take WebM: save it as MP4."),
}
_OTHER = _(
    "WhatsApp does not take files of this kind: send a photo, a PDF, an Office document, "
    "a video (MP4) or a sound."
)
_FLAWS: dict[file_kinds.Flaw, Words] = {
    file_kinds.Flaw.DAMAGED: _(
        "The file is damaged or cut off: save it again where it comes from, then attach it anew."
    ),
    file_kinds.Flaw.HIDDEN: _(
        "A second file hides behind the first one: save it again where it comes from, or send a "
        "PDF of it."
    ),
    file_kinds.Flaw.SWELLING: _(
        "The file would swell beyond measure when it is opened: send a PDF of it."
    ),
    file_kinds.Flaw.MACROS: _("The document holds macros: save it without them, or as a PDF."),
}
ACCEPT = (
    "image/*,video/mp4,video/3gpp,audio/*,application/pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt"
)
"""What the browser's file chooser offers."""


class UnableToAttach(Exception):
    """The file cannot be sent over WhatsApp; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file ready to be sent, and as what kind of message."""

    kind: events.Kind
    attachment: drafts.Attachment


def prepare(*, content: bytes, filename: str) -> Prepared:
    """Return a member's file as it is sent; raise UnableToAttach with the remedy."""
    if not content:
        raise UnableToAttach(gettext("The file is empty: choose another one."))
    mime = file_kinds.recognise(content)
    if mime in _PICTURES:
        return _picture(content, mime, filename)
    rule = _RULES.get(mime)
    _check_size(len(content), (rule or _DOCUMENT).most)
    flaw = file_kinds.flaw(content, mime)
    if flaw is not None:
        raise UnableToAttach(str(_FLAWS[flaw]))
    if rule is None:
        raise UnableToAttach(str(_REFUSED.get(mime, _OTHER)))
    return Prepared(
        kind=rule.kind,
        attachment=drafts.Attachment(content=content, mime=mime, filename=_tidy(filename)),
    )


def voice(content: bytes) -> Prepared:
    """Return a recording as a voice note; raise UnableToAttach with the remedy."""
    _check_size(len(content), _AUDIO.most)
    try:
        if file_kinds.recognise(content) == file_kinds.WEBM:
            content = voice_notes.remux(content)
        else:
            voice_notes.check_head(voice_notes.ogg_head(content))
    except voice_notes.NotMono:
        raise UnableToAttach(
            gettext("The recording is in stereo, which WhatsApp does not take: record it again.")
        ) from None
    except voice_notes.UnableToRead:
        raise UnableToAttach(
            gettext("The recording is damaged or empty: record it again.")
        ) from None
    return Prepared(
        kind=events.Kind.VOICE,
        attachment=drafts.Attachment(
            content=content, mime="audio/ogg", filename="sprachnachricht.ogg"
        ),
    )


def check_size(size: int) -> None:
    """Raise UnableToAttach for a file too large for every kind, before it is read."""
    _check_size(size, MOST)


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise UnableToAttach(
            gettext("The file has %(size)s; WhatsApp takes %(most)s at most: make it smaller.")
            % {"size": labels.file_size(size), "most": labels.file_size(most)}
        )


def _picture(content: bytes, mime: str, filename: str) -> Prepared:
    """Make a picture anew: upright, no larger than needed, without place, device or time."""
    _check_size(len(content), _UPLOAD_MOST)
    try:
        made, mime = _anew(content, _PICTURES[mime])
    except Image.DecompressionBombError:
        raise UnableToAttach(gettext("The picture is too large: make it smaller.")) from None
    except _UNREADABLE:
        raise UnableToAttach(
            gettext("The picture is damaged: open it on your device and save it again.")
        ) from None
    stem = _tidy(filename).rpartition(".")[0] or "bild"
    ending = ".png" if mime == "image/png" else ".jpg"
    return Prepared(
        kind=events.Kind.IMAGE,
        attachment=drafts.Attachment(content=made, mime=mime, filename=stem + ending),
    )


def _anew(content: bytes, reader: str) -> tuple[bytes, str]:
    """Return a picture read by one reader alone and written by us, and what it is now."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        warnings.simplefilter("ignore", UserWarning)  # a strange remark in a picture is left behind
        with Image.open(io.BytesIO(content), formats=[reader]) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    transparent = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    made = _png(upright) if transparent else b""
    if made and len(made) <= _IMAGE_MOST:
        return made, "image/png"
    return _jpeg(upright), "image/jpeg"


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    bare = Image.new("RGBA", picture.size)
    bare.paste(picture.convert("RGBA"))
    bare.save(out, "PNG", optimize=False)
    return out.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    bare = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    bare.paste(layer, mask=layer)
    for quality in _QUALITIES:
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= _IMAGE_MOST:
            return out.getvalue()
    bare.thumbnail((_LONGEST_EDGE // 2, _LONGEST_EDGE // 2))
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=_QUALITIES[-1])
    return out.getvalue()


def _tidy(filename: str) -> str:
    """Return a file name without path and without signs that no device likes."""
    name = re.sub(r"[\x00-\x1f\x7f<>:\"|?*\\/]+", "_", re.split(r"[\\/]", filename)[-1]).strip(" .")
    if len(name) <= _LONGEST_NAME:
        return name or "datei"
    stem, dot, ending = name.rpartition(".")
    return stem[: _LONGEST_NAME - len(ending) - 1] + dot + ending
