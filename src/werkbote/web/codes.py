"""QR codes of addresses, as pictures to print or show."""

import io
from typing import Final

import segno
from django.http import HttpResponse

KINDS: Final = {"svg": "image/svg+xml", "png": "image/png"}


def picture(link: str, *, kind: str, name: str) -> HttpResponse:
    """Return the code of an address as a file of a kind of KINDS."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind=kind, scale=12, border=4)
    response = HttpResponse(out.getvalue(), content_type=KINDS[kind])
    response["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response
