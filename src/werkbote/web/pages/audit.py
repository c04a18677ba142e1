"""The audit page: who did what to which object, when and why; and its export for the authority."""

import json

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import audit as deeds
from werkbote.domain import team
from werkbote.reads import access, audit, drift, watch
from werkbote.web import clock, door, tables
from werkbote.web.forms import audit as forms

_COLUMNS = ("position", "at", "actor", "name", "verb", "object", "detail", "hash")


@require_safe
@door.signed_in(team.Right.READ_AUDIT)
def entries(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show a page of the chain."""
    form = forms.Filter(request.GET)
    found = audit.page(viewer=viewer, wanted=form.wanted())
    query = request.GET.copy()
    query.pop("before", None)
    context: dict[str, object] = {
        "page": "audit",
        "unexplained": drift.unexplained(viewer=viewer),
        "handouts_waiting": watch.waiting(viewer=viewer, at=clock.now()),
        "kept": list(query.items()),
        "found": found,
        "form": form,
        "query": query.urlencode(),
    }
    return door.show(request, viewer, "audit/entries.html", context)


@require_POST
@door.signed_in(team.Right.READ_AUDIT)
def export(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Hand out what the filter leaves as a table; that it was taken out is an entry itself."""
    wanted = forms.Filter(request.POST).wanted()
    rows = [_row(entry) for entry in audit.export(viewer=viewer, wanted=wanted)]
    deeds.note(
        organisation=viewer.organisation,
        by=viewer.member,
        verb="audit.export",
        object="audit",
        detail={"entries": len(rows)},
        at=clock.now(),
    )
    return tables.download([_COLUMNS, *rows], filename="protokoll.csv")


def _row(entry: audit.Entry) -> tables.Row:
    values = [getattr(entry, name) for name in _COLUMNS]
    values[1] = entry.at.isoformat()
    values[6] = json.dumps(entry.detail, sort_keys=True)
    return values
