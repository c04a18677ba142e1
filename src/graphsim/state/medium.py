"""A stored media file, and what Meta accepts of each type."""

from dataclasses import dataclass

MIB = 1024 * 1024
URL_SECONDS = 300.0
UPLOAD_SECONDS = 30 * 86_400.0
INBOUND_SECONDS = 7 * 86_400.0

_DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
# Source: Meta, "Media" (Cloud API): kind -> (accepted types, largest size in bytes).
ACCEPTED: dict[str, tuple[tuple[str, ...], int]] = {
    "audio": (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MIB),
    "image": (("image/jpeg", "image/png"), 5 * MIB),
    "video": (("video/mp4", "video/3gpp"), 16 * MIB),
    "sticker": (("image/webp",), 500 * 1024),
    "document": (_DOCUMENTS, 100 * MIB),
}


def kind_of(mime_type: str) -> str | None:
    """The kind of message a MIME type belongs to, or None when Meta takes it in none."""
    bare = mime_type.partition(";")[0].strip().lower()
    return next((kind for kind, (types, _) in ACCEPTED.items() if bare in types), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One file; `expires_at` is when its id dies, in simulated seconds."""

    id: str
    number_id: str
    mime_type: str
    sha256: str
    data: bytes
    filename: str | None
    expires_at: float
    inbound: bool
