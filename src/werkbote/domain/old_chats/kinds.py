"""What a message of an export is: words, a file, a deletion, a notice of WhatsApp, or not known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from werkbote.domain.old_chats import phrases, text


class Kind(StrEnum):
    """The kinds a message of an export can have."""

    TEXT = "text"
    FILE = "file"
    OMITTED = "omitted"
    DELETED = "deleted"
    VIEW_ONCE = "view_once"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    EVENT = "event"
    CALL = "call"
    SYSTEM = "system"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a message is. `text` is a caption where there is a `file`."""

    kind: Kind
    text: str
    file: str = ""
    edited: bool = False


_SIGNS = re.compile(f"[{text.MARKS}]")
_ATTACHED_IOS = re.compile(r"<(?:Anhang|angehängt|attached): ([^\n]+?)>[ ]?", re.IGNORECASE)
_ATTACHED_ANDROID = re.compile(
    r"([^\n]+?\.\w{1,8}) \((?:Datei angehängt|file attached)\)\n?", re.IGNORECASE
)
_EDITED = re.compile(
    r"[ \n]?<(?:Diese Nachricht wurde bearbeitet|This message was edited)\.?>$", re.IGNORECASE
)
_ANGLES = re.compile(r"<[^<>\n]{3,80}>")
_SHORT = 400


def classify(words: str, *, notice: bool) -> Found:
    """Return what a message is; `notice` says that no sender stands before it."""
    marked = words.startswith(tuple(text.MARKS))
    bare = words.lstrip(text.MARKS)
    if notice:
        return Found(kind=Kind.SYSTEM if is_notice(bare) else Kind.UNKNOWN, text=bare)
    edited = False
    if "<" in bare:
        plain = _bare(bare) if bare.endswith(">") else bare
        if found := _EDITED.search(plain):
            bare, edited = plain[: found.start()], True
    found_ = _file(bare) or _said(bare, marked=marked)
    return Found(kind=found_.kind, text=found_.text, file=found_.file, edited=edited)


def _file(bare: str) -> Found | None:
    """Return the file a message carries; its caption stands behind it (or, on iOS, around it)."""
    if "(" in bare and (found := _ATTACHED_ANDROID.match(bare)):
        name, rest = found[1], bare[found.end() :]
    elif "<" in bare and (found := _ATTACHED_IOS.search(bare)):
        name = found[1]
        rest = (bare[: found.start()] + bare[found.end() :]).strip(text.MARKS + " \n")
    else:
        return None
    name = _bare(name).strip()
    kind = Kind.CONTACT if name.lower().endswith(".vcf") else Kind.FILE
    return Found(kind=kind, text=rest, file=name)


def _said(bare: str, *, marked: bool) -> Found:
    kind = _short(bare, marked=marked) if len(bare) <= _SHORT else None
    if kind is None and ":" in bare:
        kind = _first(_OPENINGS, bare)
    return Found(kind=kind or (Kind.UNKNOWN if marked and bare else Kind.TEXT), text=bare)


def _short(bare: str, *, marked: bool) -> Kind | None:
    """Return what a message says that one phrase fills, None where it is words of its own."""
    plain = _bare(bare).strip()
    low = plain.lower()
    if any(word in low for word in phrases.WORDS):
        kind = _first(_PHRASES, plain)
        if kind is not None:
            return kind
    if marked and is_notice(plain):
        return Kind.SYSTEM
    return Kind.UNKNOWN if plain == "null" or _ANGLES.fullmatch(plain) else None


def _first(patterns: Iterable[tuple[Kind, re.Pattern[str]]], words: str) -> Kind | None:
    return next((kind for kind, pattern in patterns if pattern.match(words)), None)


def is_notice(words: str) -> bool:
    """Return whether a line is a notice WhatsApp itself writes into a chat."""
    return bool(_NOTICE.match(_bare(words).strip()))


def _bare(words: str) -> str:
    """Return words without signs that have no width."""
    return words if words.isascii() else _SIGNS.sub("", words)


def _any(patterns: tuple[str, ...], *, end: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(patterns)}){end}", re.IGNORECASE | re.DOTALL)


_PHRASES = (
    (Kind.OMITTED, _any(phrases.OMITTED, end=r"\.?$")),
    (Kind.DELETED, _any(phrases.DELETED, end=r"\.?$")),
    (Kind.VIEW_ONCE, _any(phrases.VIEW_ONCE, end=r"\.?$")),
    (Kind.CONTACT, _any(phrases.CONTACT, end=r"\.?$")),
    (Kind.LOCATION, _any(phrases.LOCATION, end="")),
    (Kind.CALL, _any(phrases.CALL, end=r"\.?$")),
)
_OPENINGS = (
    (Kind.POLL, _any(phrases.POLL, end="")),
    (Kind.EVENT, _any(phrases.EVENT, end="")),
)
_NOTICE = _any(phrases.NOTICES, end="")
