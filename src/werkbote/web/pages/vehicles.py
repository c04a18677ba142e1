"""Pages of vehicles: one vehicle, recording, correcting it, and who is what to it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import cases as deeds
from werkbote.domain import cases as words
from werkbote.domain import team
from werkbote.reads import access, cases, desk, search_results
from werkbote.web import clock, door, labels, watching
from werkbote.web.forms import cases as forms
from werkbote.web.pages import desk as panels


@require_POST
@door.signed_in(team.Right.WRITE)
def record_vehicle(
    request: HttpRequest, viewer: access.Viewer, conversation: int
) -> HttpResponseBase:
    """Record a vehicle for the person of a conversation."""
    access.check_conversation(viewer, conversation)
    form = forms.Vehicle(request.POST)
    if not form.is_valid():
        return panels.show(request, viewer, conversation, panels.problems(form))
    panel = desk.panel(viewer=viewer, conversation=conversation)
    try:
        deeds.record_vehicle(
            organisation=viewer.organisation,
            person=panel.person,
            role=words.Role(form.cleaned_data["role"]),
            told=form.told(),
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToRecord as error:
        return panels.show(request, viewer, conversation, [labels.sentence(error)])
    return panels.back(request, viewer, conversation)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def vehicle(request: HttpRequest, viewer: access.Viewer, vehicle: int) -> HttpResponseBase:
    """Show one vehicle with its people."""
    return _show(request, viewer, vehicle)


@require_POST
@door.signed_in(team.Right.WRITE)
def correct(request: HttpRequest, viewer: access.Viewer, vehicle: int) -> HttpResponseBase:
    """Say anew what is known of a vehicle."""
    access.check_vehicle(viewer, vehicle)
    form = forms.Known(request.POST)
    if not form.is_valid():
        return _show(request, viewer, vehicle, problems=panels.problems(form), form=form)
    told = form.told()
    return _act(
        request,
        viewer,
        vehicle,
        lambda: deeds.correct_vehicle(
            organisation=viewer.organisation,
            vehicle=vehicle,
            told=told,
            by=viewer.member,
            at=clock.now(),
        ),
    )


@require_POST
@door.signed_in(team.Right.WRITE)
def give_role(request: HttpRequest, viewer: access.Viewer, vehicle: int) -> HttpResponseBase:
    """Make somebody holder, driver, client or payer of a vehicle."""
    access.check_vehicle(viewer, vehicle)
    form = forms.Role(request.POST)
    if not form.is_valid():
        return _show(request, viewer, vehicle, problems=panels.problems(form))
    try:
        person = search_results.one_person(viewer=viewer, line=form.cleaned_data["person"])
    except search_results.UnableToPick as error:
        return _show(request, viewer, vehicle, problems=[labels.sentence(error)])
    return _act(
        request,
        viewer,
        vehicle,
        lambda: deeds.give_role(
            organisation=viewer.organisation,
            vehicle=vehicle,
            person=person,
            role=words.Role(form.cleaned_data["role"]),
            by=viewer.member,
            at=clock.now(),
        ),
    )


@require_POST
@door.signed_in(team.Right.WRITE)
def end_role(
    request: HttpRequest, viewer: access.Viewer, vehicle: int, role: int
) -> HttpResponseBase:
    """End who somebody is to a vehicle."""
    found = cases.vehicle(viewer=viewer, vehicle=vehicle)
    if role not in {one.id for one in found.roles}:
        raise access.UnableToSee("There is no such role.")
    return _act(
        request,
        viewer,
        vehicle,
        lambda: deeds.end_role(
            organisation=viewer.organisation, role=role, by=viewer.member, at=clock.now()
        ),
    )


def _act(
    request: HttpRequest, viewer: access.Viewer, vehicle: int, deed: Callable[[], object]
) -> HttpResponseBase:
    try:
        deed()
    except deeds.UnableToRecord as error:
        return _show(request, viewer, vehicle, problems=[labels.sentence(error)])
    return redirect("vehicle", vehicle)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    vehicle: int,
    *,
    problems: list[str] | None = None,
    form: forms.Known | None = None,
) -> HttpResponseBase:
    found = cases.vehicle(viewer=viewer, vehicle=vehicle)
    watching.opened(viewer, *(one.contact.person for one in found.roles))
    context: dict[str, object] = {
        "page": "cases",
        "vehicle": found,
        "problems": problems or [],
        "form": form or forms.Known(initial=forms.Known.of(found.known)),
        "role_form": forms.Role(),
    }
    return door.show(
        request, viewer, "cases/vehicle.html", context, status=422 if problems else 200
    )
