"""The guide as a PDF: plain data in, bytes out, the same bytes for the same data."""

import json
import pathlib
import unicodedata
from datetime import UTC, date, datetime
from typing import Final

import typst

from werkbote.domain import guide
from werkbote.papers import charts, guide_content

FOLDER: Final = pathlib.Path(__file__).parent
LONGEST_NAME: Final = 120
REMEMBERED: Final = 10
LIMITS: Final = (60, 85)
WIDTH: Final = 470
"""The width of the text in points."""


class UnableToPrint(ValueError):
    """The guide cannot be printed with these data; says which and what to change."""


def render(
    result: guide.Result | None,
    *,
    dealer: str,
    today: date,
    language: guide.Language,
    catalogue: guide.Catalogue,
) -> bytes:
    """Return the guide as PDF/A-2a and PDF/UA-1; without a result it is the neutral edition.

    `dealer` may be empty in the neutral edition only. Same arguments give the same bytes.

    Raises:
        UnableToPrint: if the name is missing, too long or holds signs the typeface lacks, or the
            result was made from another catalogue or in another language.
    """
    name = _name(dealer, needed=result is not None)
    if result is not None and (result.version, result.language) != (catalogue.version, language):
        raise UnableToPrint(
            f"The result is of {result.version} in {result.language}, the guide of "
            f"{catalogue.version} in {language}. Evaluate the answers again."
        )
    content = guide_content.content(
        result, dealer=name, today=today, language=language, catalogue=catalogue
    )
    try:
        pdf = typst.compile(
            FOLDER / "typst" / "guide.typ",
            root=FOLDER / "typst",
            format="pdf",
            font_paths=fonts(),
            sys_inputs={
                "data": json.dumps(content, ensure_ascii=False),
                "areas": _areas(result, content["labels"]["not_counted"]) if result else "",
            },
            pdf_standards=["a-2a", "ua-1"],
            timestamp=datetime(today.year, today.month, today.day, tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise UnableToPrint(
            f"The guide cannot be set ({error.message}). "
            "If the dealer's name holds unusual signs, write it in Latin letters."
        ) from error
    assert isinstance(pdf, bytes)
    return pdf


def forget() -> None:
    """Make the typesetter let go of the guides it has set, names included (about 25 MB each).

    It keeps what the last ten compilations used, and offers no other way than to compile.
    """
    for _ in range(REMEMBERED + 1):
        typst.compile(b"", format="pdf", font_paths=fonts())


def fonts() -> typst.Fonts:
    """Return the typefaces of all papers: ours, and none of the machine's."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[FOLDER / "fonts"],
    )


def _areas(result: guide.Result, none: str) -> str:
    """Return the picture of the points per area."""
    rows = [
        charts.Row(
            name=area.name,
            value=area.score,
            words=none if area.score is None else str(area.score),
        )
        for area in result.areas
    ]
    return charts.bars(rows, limits=LIMITS, look=charts.PAPER, width=WIDTH)


def _name(dealer: str, *, needed: bool) -> str:
    name = " ".join(dealer.split())
    if needed and not name:
        raise UnableToPrint("The guide needs the dealer's name. Give the name of the business.")
    if len(name) > LONGEST_NAME:
        raise UnableToPrint(f"The dealer's name is longer than {LONGEST_NAME} signs. Shorten it.")
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cn", "Co", "Cs"} for sign in name):
        raise UnableToPrint("The dealer's name holds invisible signs. Type it again.")
    return name
