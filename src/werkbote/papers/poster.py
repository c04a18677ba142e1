"""The poster of a way in: a QR code that opens the chat, and all that must be said beside it."""

import io
from collections.abc import Mapping
from datetime import datetime

import segno

from werkbote.papers import press

_BORDER = 4
_SCALE = 24


def pdf(data: Mapping[str, object], *, link: str, at: datetime) -> bytes:
    """Return the poster as PDF (A4); raise press.UnableToPrint where a text cannot be set."""
    return press.pdf("poster", data, at=at, files={"code": _drawn(link)})


def png(data: Mapping[str, object], *, link: str) -> bytes:
    """Return the poster as a picture (A4 at 200 dots per inch)."""
    return press.png("poster", data, files={"code": _drawn(link)})


def code(link: str, *, scale: int = _SCALE) -> bytes:
    """Return the QR code alone as a picture, with the quiet border that readers need."""
    written = io.BytesIO()
    _made(link).save(written, kind="png", scale=scale, border=_BORDER)
    return written.getvalue()


def _drawn(link: str) -> str:
    written = io.BytesIO()
    _made(link).save(written, kind="svg", border=0, dark="#12212e", xmldecl=False, svgversion=1.1)
    return written.getvalue().decode()


def _made(link: str) -> segno.QRCode:
    """Return a code that is still read when a quarter of it is dirty or torn."""
    return segno.make(link, error="q", micro=False)
