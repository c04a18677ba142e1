"""Pages of the records of processing: how they stand, making a version, and taking one out."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import duties as deeds
from werkbote.domain import team
from werkbote.reads import access, duties
from werkbote.web import clock, door, duties_paper, labels, tables

_KINDS = ("pdf", "csv")
_DIGITS = 6


@require_safe
@door.signed_in(team.Right.READ_SETTINGS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show what the records say today, whether the newest version still holds, and every version; or one."""
    if "of" in request.GET:
        found = duties.version(viewer=viewer, position=_position(request.GET["of"]))
        context: dict[str, object] = {"page": "outside", "version": found}
        return door.show(request, viewer, "duties/version.html", context)
    return _show(request, viewer)


def _show(
    request: HttpRequest, viewer: access.Viewer, *, problem: str = "", status: int = 200
) -> HttpResponseBase:
    found = duties.records(viewer=viewer, day=clock.today())
    context: dict[str, object] = {"page": "outside", "standing": found, "problem": problem}
    return door.show(request, viewer, "duties/records.html", context, status=status)


@require_POST
@door.signed_in(team.Right.KEEP_REGISTERS)
def make(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Keep a version of the records as they are today."""
    try:
        deeds.make(organisation=viewer.organisation, by=viewer.member, at=clock.now())
    except deeds.UnableToMake as error:
        return _show(request, viewer, problem=labels.sentence(error), status=409)
    return redirect("records")


@require_POST
@door.signed_in(team.Right.READ_SETTINGS)
def take_out(request: HttpRequest, viewer: access.Viewer, kind: str) -> HttpResponseBase:
    """Hand a version out as a paper or as a table; that it was taken out is an entry of the audit."""
    if kind not in _KINDS:
        raise access.UnableToSee("A version can be had as pdf or csv.")
    found = duties.version(viewer=viewer, position=_position(request.POST.get("version", "")))
    who = {"organisation": viewer.organisation, "paper": found.id, "by": viewer.member}
    name = f"verarbeitungsverzeichnis-{found.position}.{kind}"
    if kind == "csv":
        deeds.took_out(**who, at=clock.now())
        return tables.download(duties_paper.records_table(found), filename=name)
    data = duties_paper.records(found)
    response = HttpResponse(
        deeds.take_out(**who, data=data, at=clock.now()), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _position(word: str) -> int:
    """Return the number of a version; 0, which none has, for what is no number."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _DIGITS else 0
