"""The page of everything that leaves the house, and the list to take along."""

import json

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import audit
from werkbote.domain import team
from werkbote.reads import access, duties
from werkbote.web import clock, door, duties_paper, tables

_KINDS = ("csv", "json")


@require_safe
@door.signed_in(team.Right.READ_SETTINGS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show every connection the product can open, and which are open to right now."""
    found = duties.outside(viewer=viewer, day=clock.today())
    context: dict[str, object] = {"page": "outside", "outside": found}
    return door.show(request, viewer, "duties/outside.html", context)


@require_POST
@door.signed_in(team.Right.READ_SETTINGS)
def export(request: HttpRequest, viewer: access.Viewer, kind: str) -> HttpResponseBase:
    """Hand the list out as a table or for programs; that it was taken out is an entry of the audit."""
    del request
    if kind not in _KINDS:
        raise access.UnableToSee("The list can be had as csv or json.")
    found = duties.outside(viewer=viewer, day=clock.today())
    audit.note(
        organisation=viewer.organisation,
        by=viewer.member,
        verb="outside.export",
        object="outside",
        detail={"kind": kind, "connections": len(found.recipients) + len(found.own)},
        at=clock.now(),
    )
    if kind == "csv":
        return tables.download(duties_paper.connections(found), filename="verbindungen.csv")
    text = json.dumps(duties.plain(found), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="verbindungen.json"'
    response["Cache-Control"] = "no-store"
    return response
