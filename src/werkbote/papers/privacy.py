"""Letters to persons as PDF: access, extension, refusal, confirmation of an erasure. Plain data in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from werkbote.papers import press


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a letter: paragraphs, and a table where `rows` are given; `columns` are widths."""

    heading: str
    paragraphs: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    columns: Sequence[int] = (1, 1)


def letter(
    *,
    title: str,
    sender: str,
    foot: str,
    lead: Sequence[str],
    sections: Sequence[Section],
    at: datetime,
) -> bytes:
    """Return a letter as PDF/A-2a; raise press.UnableToPrint for signs the typeface lacks."""
    return press.pdf(
        "letter",
        {
            "title": press.printable(title),
            "sender": press.printable(sender),
            "foot": press.printable(foot),
            "date": [at.year, at.month, at.day],
            "day": f"{at:%d.%m.%Y}",
            "lead": [press.printable(one) for one in lead],
            "sections": [
                {
                    "heading": press.printable(one.heading),
                    "paragraphs": [press.printable(text) for text in one.paragraphs],
                    "head": list(one.head),
                    "rows": [[press.printable(cell) for cell in row] for row in one.rows],
                    "columns": list(one.columns),
                }
                for one in sections
            ],
        },
        at=at,
    )
