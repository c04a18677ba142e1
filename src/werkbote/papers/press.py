"""Setting a paper: a typst template and plain data in, the same bytes for the same data out."""

import json
import pathlib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

import typst

from werkbote.papers import guide

_FOLDER: Final = pathlib.Path(__file__).parent
_PIXELS: Final = 200.0
_LINE: Final = 0x0A
_LATIN: Final = (range(0x20, 0x7F), range(0xA0, 0x250))
_LACKING: Final = frozenset({0xAD, 0x149, 0x1C4})
_SIGNS: Final = frozenset(map(ord, "–—‘’‚“”„•…‹›€"))
"""What our typefaces hold of Latin letters and signs (papers/fonts)."""


class UnableToPrint(ValueError):
    """The paper cannot be set with these data; says what to change."""


def pdf(
    template: str,
    data: Mapping[str, object],
    *,
    at: datetime,
    files: Mapping[str, str] | None = None,
) -> bytes:
    """Return a template filled with data as PDF/A-2a and PDF/UA-1, dated `at`.

    `files` are further texts (drawings) by the name the template asks for them. Nothing of the data
    stays in memory. Raises UnableToPrint for signs the typeface lacks.
    """
    return _compiled(template, data, files or {}, at=at, kind="pdf")


def png(template: str, data: Mapping[str, object], *, files: Mapping[str, str]) -> bytes:
    """Return the first page of a template filled with data as a picture; raise UnableToPrint."""
    return _compiled(template, data, files, at=datetime(2026, 1, 1, tzinfo=UTC), kind="png")


def printable(text: str) -> str:
    """Return a text with every sign our typefaces lack written by its number: [U+1F6D1]."""
    return "".join(
        sign if _is_ours(ord(sign)) else f"[U+{ord(sign):04X}]"
        for sign in unicodedata.normalize("NFC", text)
    )


def _is_ours(number: int) -> bool:
    latin = any(number in block for block in _LATIN)
    return number == _LINE or number in _SIGNS or (latin and number not in _LACKING)


def _compiled(
    template: str,
    data: Mapping[str, object],
    files: Mapping[str, str],
    *,
    at: datetime,
    kind: Literal["pdf", "png"],
) -> bytes:
    try:
        made = typst.compile(
            _FOLDER / "typst" / f"{template}.typ",
            root=_FOLDER / "typst",
            format=kind,
            font_paths=guide.fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False), **files},
            pdf_standards=["a-2a", "ua-1"] if kind == "pdf" else [],
            timestamp=at.astimezone(UTC).replace(microsecond=0),
            ppi=_PIXELS,
        )
    except typst.TypstError as error:
        raise UnableToPrint(
            f"The paper cannot be set ({error.message}). Write unusual signs in Latin letters."
        ) from error
    finally:
        guide.forget()
    assert isinstance(made, bytes)
    return made
