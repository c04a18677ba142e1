"""Papers about a breach: the notification (Art. 33(3) DSGVO) and the letter to those concerned (Art. 34(2))."""

from collections.abc import Mapping
from datetime import datetime

from werkbote.domain import breaches
from werkbote.papers import press


def pdf(data: Mapping[str, object], *, at: datetime) -> bytes:
    """Return the notification as PDF (A4); raise press.UnableToPrint where a text cannot be set."""
    return press.pdf("breach", data, at=at)


def letter(words: breaches.Letter, *, lang: str, at: datetime) -> bytes:
    """Return the letter as PDF (A4), one for everybody: it names nobody. `at` is the day on it."""
    date = f"{at:%d.%m.%Y}" if lang == "de" else f"{at:%m/%d/%Y}"
    return press.pdf(
        "breach_letter",
        {
            "lang": lang,
            "title": press.printable(words.title),
            "sender": press.printable(words.branch),
            "day": date,
            "date": [at.year, at.month, at.day],
            "lead": [press.printable(words.greeting), press.printable(words.lead)],
            "parts": [
                {
                    "heading": press.printable(heading),
                    "paragraphs": [
                        press.printable(one) for one in text.splitlines() if one.strip()
                    ],
                }
                for heading, text in words.parts
            ],
            "close": press.printable(words.close),
        },
        at=at,
    )
