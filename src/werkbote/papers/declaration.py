"""The declaration on the end of private WhatsApp use as a PDF: plain data in, bytes out."""

import hashlib
import json
import pathlib
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import typst

FOLDER: Final = pathlib.Path(__file__).parent
ZONE: Final = zoneinfo.ZoneInfo("Europe/Berlin")

_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "signed_by": "Unterzeichnet durch Eingabe des Namens",
        "account": "Angemeldet als",
        "signed_at": "Zeitpunkt",
        "confirmed": "Bestätigt",
        "version": "Fassung des Textes",
        "seal": "Prüfsumme des Inhalts (SHA-256)",
        "foot": "Auf dem Bildschirm unterzeichnet (einfache elektronische Signatur, Art. 3 Nr. 10 "
        "eIDAS-Verordnung). Die Prüfsumme dieser Datei steht im Protokoll des Betriebs.",
        "when": "{day:02d}.{month:02d}.{year}, {hour:02d}:{minute:02d} Uhr",
    },
    "en": {
        "signed_by": "Signed by typing the name",
        "account": "Signed in as",
        "signed_at": "Time",
        "confirmed": "Confirmed",
        "version": "Version of the text",
        "seal": "Checksum of the content (SHA-256)",
        "foot": "Signed on screen (simple electronic signature, Art. 3 no. 10 eIDAS Regulation). "
        "The checksum of this file is in the business's audit log.",
        "when": "{day} {month:02d}/{year}, {hour:02d}:{minute:02d}",
    },
}


class UnableToPrint(ValueError):
    """The declaration cannot be set; the text says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Everything the paper says. `name` is what was typed, `account` who was signed in."""

    language: str
    title: str
    company: str
    opening: str
    sentences: Sequence[str]
    closing: str
    confirm: str
    name: str
    account: str
    version: str
    signed_at: datetime

    def seal(self) -> str:
        """Return SHA-256 over the content as canonical JSON (keys sorted, time in ISO 8601)."""
        plain = asdict(self) | {"signed_at": self.signed_at.isoformat()}
        return hashlib.sha256(
            json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()


def render(declaration: Declaration) -> bytes:
    """Return the paper as PDF/A-2a and PDF/UA-1; the same content gives the same bytes.

    Raises:
        UnableToPrint: if a name holds signs that the typeface lacks.
    """
    labels = _LABELS[declaration.language]
    at = declaration.signed_at.astimezone(ZONE)
    content = asdict(declaration) | {
        "labels": {key: words for key, words in labels.items() if key != "when"},
        "signed_at": labels["when"].format(
            day=at.day, month=at.month, year=at.year, hour=at.hour, minute=at.minute
        ),
        "date": [at.year, at.month, at.day],
        "seal": declaration.seal(),
    }
    try:
        pdf = typst.compile(
            FOLDER / "typst" / "declaration.typ",
            root=FOLDER / "typst",
            format="pdf",
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[FOLDER / "fonts"],
            ),
            sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=declaration.signed_at.replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise UnableToPrint(
            f"The declaration cannot be set ({error.message}). Type the name in Latin letters."
        ) from error
    assert isinstance(pdf, bytes)
    return pdf
