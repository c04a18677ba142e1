"""Pages of who receives data: the register, recording one recipient, and its switch."""

from dataclasses import asdict

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werkbote.actions.duties import recipients as deeds
from werkbote.domain import team
from werkbote.reads import access, duties
from werkbote.web import clock, door, labels
from werkbote.web.forms import duties as forms


@require_safe
@door.signed_in(team.Right.READ_SETTINGS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show everybody who receives data, on which ground, and whether anything goes there."""
    return _show(request, viewer)


def _show(
    request: HttpRequest, viewer: access.Viewer, *, problem: str = "", status: int = 200
) -> HttpResponseBase:
    found = duties.recipients(viewer=viewer, day=clock.today())
    context: dict[str, object] = {"page": "outside", "recipients": found, "problem": problem}
    return door.show(request, viewer, "duties/recipients.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.KEEP_REGISTERS)
def record(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the form of one recipient, and keep what was entered."""
    code = request.POST.get("code", "") if request.method == "POST" else request.GET.get("of", "")
    known = duties.recipient(viewer=viewer, code=code, day=clock.today()) if code else None
    if request.method != "POST":
        start = {"code": code, **asdict(known.entry)} if known else {"code": ""}
        return _form(request, viewer, known, forms.Recording(initial=start))
    form = forms.Recording(request.POST)
    if form.is_valid():
        try:
            deeds.record(
                organisation=viewer.organisation,
                code=code,
                entry=form.entry(),
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToRecord as error:
            form.add_error(None, labels.sentence(error))
    if form.errors:
        return _form(request, viewer, known, form, status=422)
    return redirect("recipients")


def _form(
    request: HttpRequest,
    viewer: access.Viewer,
    known: duties.Recipient | None,
    form: forms.Recording,
    *,
    status: int = 200,
) -> HttpResponseBase:
    context: dict[str, object] = {"page": "outside", "known": known, "form": form}
    return door.show(request, viewer, "duties/recipient.html", context, status=status)


@require_POST
@door.signed_in(team.Right.KEEP_REGISTERS)
def switch(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Stop a recipient, or release it."""
    form = forms.Switch(request.POST)
    if not form.is_valid():
        return _show(request, viewer, problem=gettext("Say why in up to 300 signs."), status=422)
    given = form.cleaned_data
    who = {"organisation": viewer.organisation, "code": given["code"]}
    try:
        if given["deed"] == "stop":
            deeds.stop(**who, reason=given["reason"], by=viewer.member, at=clock.now())
        else:
            deeds.release(**who, by=viewer.member, at=clock.now())
    except (deeds.UnableToSwitch, deeds.UnableToRecord) as error:
        return _show(request, viewer, problem=labels.sentence(error), status=422)
    return redirect("recipients")
