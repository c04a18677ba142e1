"""The page of the data protection officer: whether one is needed, whom the house appointed, who was told."""

from dataclasses import asdict

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions.duties import officer as deeds
from werkbote.domain import team
from werkbote.domain.duties.officer import Answer
from werkbote.reads import access, duties
from werkbote.web import clock, door, labels
from werkbote.web.forms import duties as forms


@require_safe
@door.signed_in(team.Right.READ_SETTINGS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show how the house stands, and the question to whoever may answer it."""
    return _show(request, viewer)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    form: forms.Officer | None = None,
    *,
    status: int = 200,
) -> HttpResponseBase:
    found = duties.officer(viewer=viewer, day=clock.today())
    known = asdict(found.answer) if found.answer else {"people": found.members}
    context: dict[str, object] = {
        "page": "outside",
        "officer": found,
        "form": form or forms.Officer(initial=known),
    }
    return door.show(request, viewer, "duties/officer.html", context, status=status)


@require_POST
@door.signed_in(team.Right.KEEP_REGISTERS)
def answer(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Keep what the house says."""
    form = forms.Officer(request.POST)
    if form.is_valid():
        try:
            deeds.answer(
                organisation=viewer.organisation,
                answer=Answer(**form.cleaned_data),
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToAppoint as error:
            form.add_error(None, labels.sentence(error))
    if form.errors:
        return _show(request, viewer, form, status=422)
    return redirect("officer")
