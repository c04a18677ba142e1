"""Pages on which the team writes down what a voice note says."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import consent as deeds
from werkbote.domain import events, team
from werkbote.reads import access, inbox
from werkbote.web import clock, door, labels
from werkbote.web.forms import consent as forms

_SPOKEN = frozenset({events.Kind.AUDIO, events.Kind.VOICE})


@require_safe
@door.signed_in(team.Right.WRITE)
def transcript(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Show a voice note with the field for what it says."""
    access.check_message(viewer, message)
    found = inbox.message(viewer=viewer, message=message)
    if found.outgoing or found.revoked or found.kind not in _SPOKEN:
        return door.missing(request, viewer)
    form = forms.Transcript(initial={"transcript": found.text})
    return _show(request, viewer, found, form)


@require_POST
@door.signed_in(team.Right.WRITE)
def transcribe(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Keep what a voice note says; a withdrawal in it counts like a written one."""
    access.check_message(viewer, message)
    found = inbox.message(viewer=viewer, message=message)
    form = forms.Transcript(request.POST)
    if not form.is_valid():
        return _show(request, viewer, found, form, status=422)
    try:
        deeds.transcribe(
            organisation=viewer.organisation,
            message=message,
            transcript=form.cleaned_data["transcript"],
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToTranscribe as error:
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, found, form, status=422)
    return redirect("conversation", found.conversation)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    found: inbox.Message,
    form: forms.Transcript,
    *,
    status: int = 200,
) -> HttpResponseBase:
    context = {"page": "inbox", "message": found, "form": form}
    return door.show(request, viewer, "consent/transcript.html", context, status=status)
