"""What a member of the demonstration sends beside words: a template, a question to tap, a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkbote.actions import drafts
from werkbote.domain import events, numbers, offers
from werkbote.store import rechtsstand

TEMPLATE = "rueckfrage_zur_anfrage"
"""The one template that is handed in when the talks begin."""


def draft(order: Mapping[str, Any], *, day: date) -> drafts.Draft:
    """Return a line of a member as a message."""
    text = str(order.get("text", ""))
    if "template" in order:
        return _template(ready(order["template"], day=day), order["fill"])
    if "list" in order:
        rows = tuple(offers.Row(title=one) for one in order["list"])
        offer = offers.Offer(kind=offers.Kind.LIST, label=order["label"], rows=rows)
        return drafts.Draft(kind=events.Kind.INTERACTIVE, text=text, content=offers.content(offer))
    if "file" in order:
        paper = drafts.Attachment(
            content=_paper(order["says"]), mime="application/pdf", filename=order["file"]
        )
        return drafts.Draft(kind=events.Kind.DOCUMENT, text=text, attachment=paper)
    return drafts.Draft(text=text)


def ready(name: str, *, day: date) -> numbers.Draft:
    """Return a ready-made template of the library."""
    return next(one.draft for one in rechtsstand.templates(day) if one.draft.name == name)


def _template(found: numbers.Draft, values: list[str]) -> drafts.Draft:
    places = {str(place): value for place, value in enumerate(values, 1)}
    return drafts.Draft(
        kind=events.Kind.TEMPLATE,
        text=numbers.fill(found.body, values),
        content={
            "template": {"name": found.name, "language": found.language, "parameters": places},
            "buttons": [{"text": one.text} for one in found.buttons],
        },
    )


def _paper(line: str) -> bytes:
    """Return a page of PDF that says one line."""
    words = b"BT /F1 18 Tf 60 760 Td (%s) Tj ET" % line.encode("latin-1")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    made, starts = b"%PDF-1.4\n", []
    for place, part in enumerate(parts, 1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (place, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 6\n0000000000 65535 f \n"
    tail = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + head + table + tail
