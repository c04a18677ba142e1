"""A table as a download, in the form German table programs open as it is."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from werkbote.domain import tables

type Row = Sequence[object]


def download(rows: Iterable[Row], *, filename: str) -> HttpResponse:
    """Return the rows, the head first: semicolons, a byte-order mark, no formulas."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(
        [tables.harmless(cell) for cell in row] for row in rows
    )
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response
