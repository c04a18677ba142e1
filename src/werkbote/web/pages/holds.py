"""The page of legal holds: which go on, whom a new one would cover, begun and ended with a reason."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from werkbote.actions import privacy as deeds
from werkbote.domain import privacy as rights
from werkbote.domain import team
from werkbote.domain.events import Json
from werkbote.reads import access, privacy
from werkbote.web import clock, door, labels, privacy_labels
from werkbote.web.forms import holds as forms
from werkbote.web.pages import privacy_identity as identity


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.HANDLE_REQUESTS)
def holds(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the holds; on POST count whom a new one covers, and begin it when that is confirmed."""
    places = privacy.branches(viewer=viewer)
    if request.method != "POST":
        return _show(request, viewer, forms.Hold(branches=places))
    form = forms.Hold(request.POST, branches=places)
    if not form.is_valid():
        return _show(request, viewer, form, status=422)
    try:
        subject, query = _scope(viewer, form)
        cover = deeds.covered(organisation=viewer.organisation, subject=subject, query=query)
        if "begin" not in request.POST:
            return _show(request, viewer, form, cover=cover)
        deeds.hold(
            organisation=viewer.organisation,
            subject=subject,
            reason=form.cleaned_data["reason"],
            query=query,
            review_on=form.cleaned_data["review_on"],
            by=viewer.member,
            at=clock.now(),
        )
    except (deeds.UnableToHold, deeds.UnableToHandle) as error:
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, form, status=422)
    return redirect("holds")


def _scope(viewer: access.Viewer, form: forms.Hold) -> tuple[int | None, dict[str, Json]]:
    """Return the person or the conditions that the form names."""
    data, subject, query = form.cleaned_data, None, form.query()
    if data["phone"]:
        subject = identity.known_by(viewer, data["phone"])
    elif data["plate"].strip():
        query["vehicle"] = _vehicle(viewer, data["plate"])
    elif not data["branch"] and not privacy.has_house(viewer=viewer):
        raise deeds.UnableToHold(privacy_labels.WHOLE_HOUSE)
    return subject, query


def _vehicle(viewer: access.Viewer, plate: str) -> int:
    found = deeds.vehicle_of(organisation=viewer.organisation, plate=plate, at=clock.now())
    if not privacy.has_vehicle(viewer=viewer, vehicle=found):
        raise deeds.UnableToHold(deeds.NO_VEHICLE)
    return found


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    form: forms.Hold | None,
    *,
    cover: deeds.Cover | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponseBase:
    context: dict[str, object] = {
        "page": "privacy",
        "holds": privacy.holds(viewer=viewer, day=timezone.localdate()),
        "form": form or forms.Hold(branches=privacy.branches(viewer=viewer)),
        "cover": cover,
        "problem": problem,
        "ends": [(code, privacy_labels.HOLD_ENDS[code]) for code in rights.HOLD_ENDS],
    }
    return door.show(request, viewer, "privacy/holds.html", context, status=status)


@require_POST
@door.signed_in(team.Right.HANDLE_REQUESTS)
def end(request: HttpRequest, viewer: access.Viewer, hold: int) -> HttpResponseBase:
    """End a hold with a reason."""
    if not privacy.may_end(viewer=viewer, hold=hold):
        words = str(privacy_labels.WHOLE_HOUSE)
        return _show(request, viewer, None, problem=words, status=422)
    try:
        deeds.end_hold(
            organisation=viewer.organisation,
            hold=hold,
            reason=request.POST.get("reason", ""),
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToHold as error:
        return _show(request, viewer, None, problem=labels.sentence(error), status=422)
    return redirect("holds")
