"""The page of joint controllers: agreements in force, adding one with its paper, ending one."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions.duties import joint as deeds
from werkbote.domain import team
from werkbote.domain.duties.joint import Agreement
from werkbote.reads import access, duties
from werkbote.web import clock, door, labels
from werkbote.web.forms import duties as forms


@require_safe
@door.signed_in(team.Right.READ_SETTINGS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show with whom the house decides about data, and on which agreement."""
    return _show(request, viewer)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    form: forms.Joint | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponseBase:
    context: dict[str, object] = {
        "page": "outside",
        "agreements": duties.agreements(viewer=viewer),
        "form": form or forms.Joint(),
        "problem": problem,
    }
    return door.show(request, viewer, "duties/joint.html", context, status=status)


@require_POST
@door.signed_in(team.Right.KEEP_REGISTERS)
def agree(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Keep an agreement with its paper."""
    form = forms.Joint(request.POST, request.FILES)
    if form.is_valid():
        given = dict(form.cleaned_data)
        paper = given.pop("paper").read()
        try:
            deeds.agree(
                organisation=viewer.organisation,
                agreement=Agreement(**given),
                paper=paper,
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToAgree as error:
            form.add_error(None, labels.sentence(error))
    if form.errors:
        return _show(request, viewer, form, status=422)
    return redirect("joint")


@require_POST
@door.signed_in(team.Right.KEEP_REGISTERS)
def end(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """End an agreement."""
    form = forms.Row(request.POST)
    if not form.is_valid():
        problem = gettext("This agreement has ended already: reload the page.")
        return _show(request, viewer, problem=problem, status=422)
    try:
        deeds.end(
            organisation=viewer.organisation,
            row=form.cleaned_data["row"],
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToAgree as error:
        return _show(request, viewer, problem=labels.sentence(error), status=422)
    return redirect("joint")


@require_POST
@door.signed_in(team.Right.READ_SETTINGS)
def paper(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Hand out an agreement as it was uploaded; that it was taken out is an entry of the audit."""
    form = forms.Row(request.POST)
    if not form.is_valid():
        problem = gettext("Choose an agreement from the list.")
        return _show(request, viewer, problem=problem, status=422)
    row = form.cleaned_data["row"]
    content = duties.agreement_paper(viewer=viewer, row=row)
    deeds.took_out(organisation=viewer.organisation, row=row, by=viewer.member, at=clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="vereinbarung-art-26.pdf"'
    response["Cache-Control"] = "no-store"
    return response
