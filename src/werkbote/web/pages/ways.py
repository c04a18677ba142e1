"""Pages of the ways in: what is offered, a new one, its poster and code, and its end."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from werkbote.actions import consent as deeds
from werkbote.domain import team
from werkbote.reads import access, consent_ways
from werkbote.store import ids
from werkbote.web import clock, door, labels, purpose_labels
from werkbote.web.forms import ways as forms

_MIMES = {
    deeds.Sheet.PDF: "application/pdf",
    deeds.Sheet.PNG: "image/png",
    deeds.Sheet.CODE: "image/png",
}


@require_safe
@door.signed_in(team.Right.OFFER)
def ways(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the ways in, and the form for a new one."""
    return _show(request, viewer, _form(viewer))


def _form(viewer: access.Viewer, data: object = None) -> forms.Way:
    places = consent_ways.branches(viewer=viewer)
    day = timezone.localtime(clock.now()).date()
    return forms.Way(data, branches=places, purposes=purpose_labels.consent_purposes(day))


def _show(
    request: HttpRequest, viewer: access.Viewer, form: forms.Way, *, status: int = 200
) -> HttpResponseBase:
    pages = [
        (name, request.build_absolute_uri(f"/e/{ids.short(branch)}"))
        for branch, name in consent_ways.branches(viewer=viewer)
    ]
    context: dict[str, object] = {
        "page": "consents",
        "ways": consent_ways.ways(viewer=viewer),
        "form": form,
        "pages": pages,
        "now": clock.now(),
    }
    return door.show(request, viewer, "consent/ways.html", context, status=status)


@require_POST
@door.signed_in(team.Right.OFFER)
def offer(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Open a way in."""
    form = _form(viewer, request.POST)
    if form.is_valid():
        try:
            deeds.offer(
                organisation=viewer.organisation,
                offer=form.offer(),
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToOffer as error:
            form.add_error(None, labels.sentence(error))
        else:
            return redirect("ways")
    return _show(request, viewer, form, status=422)


@require_POST
@door.signed_in(team.Right.OFFER)
def end(request: HttpRequest, viewer: access.Viewer, way: int) -> HttpResponseBase:
    """Close a way in; given consents stay."""
    del request
    consent_ways.check_way(viewer=viewer, way=way)
    deeds.end(organisation=viewer.organisation, way=way, by=viewer.member, at=clock.now())
    return redirect("ways")


@require_GET
@door.signed_in(team.Right.OFFER)
def sheet(request: HttpRequest, viewer: access.Viewer, way: int, kind: str) -> HttpResponseBase:
    """Hand out a way's poster, as PDF or picture, or its bare QR code."""
    consent_ways.check_way(viewer=viewer, way=way)
    if kind not in set(deeds.Sheet):
        raise Http404
    wanted = deeds.Sheet(kind)
    try:
        made = deeds.sheet(organisation=viewer.organisation, way=way, kind=wanted, at=clock.now())
    except (deeds.UnableToPost, deeds.UnableToPrint) as error:
        form = _form(viewer, {})
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, form, status=422)
    response = HttpResponse(made, content_type=_MIMES[wanted])
    response["Content-Disposition"] = f'inline; filename="{ids.short(way)}-{kind}"'
    response["Cache-Control"] = "no-store"
    return response
