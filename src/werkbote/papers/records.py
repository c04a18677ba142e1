"""The records of processing activities on paper (Art. 30 DSGVO). Plain data in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from werkbote.papers import press


def pdf(data: Mapping[str, object], *, at: datetime) -> bytes:
    """Return the records as PDF (A4); signs the typeface lacks are written by their number."""
    return press.pdf("records", {name: _printable(one) for name, one in data.items()}, at=at)


def _printable(value: object) -> object:
    if isinstance(value, str):
        return press.printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_printable(one) for one in value]
    return value
