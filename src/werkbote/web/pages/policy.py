"""Pages about the gate's answers: why a message was sent, or was not; filtered, and taken away as a file."""

from typing import Any

from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import policy as deeds
from werkbote.domain import team, watch
from werkbote.reads import access, inbox, policy
from werkbote.web import clock, door, labels, streams, watching
from werkbote.web.forms import policy as forms

_PAGE = 50
_TYPES = {
    policy.Format.CSV: "text/csv; charset=utf-8",
    policy.Format.JSON: "application/x-ndjson",
}


@require_GET
@door.signed_in(team.Right.READ_DECISIONS)
def decisions(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the newest decisions that are wanted, without any content of a message."""
    form = forms.Filter(request.GET)
    return _show(request, viewer, form, forms.Number(), status=200 if form.is_valid() else 422)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    form: forms.Filter,
    number: forms.Number,
    *,
    status: int = 200,
) -> HttpResponseBase:
    value = request.GET.get("before", "")
    before = int(value) if value.isdecimal() and len(value) < 20 else None  # noqa: PLR2004
    wanted = form.wanted() if form.is_valid() else policy.Wanted()
    found = policy.entries(viewer=viewer, wanted=wanted, before=before, limit=_PAGE + 1)
    if before is not None:
        watching.listed(viewer, [one.person for one in found])
    today = timezone.localdate()
    context: dict[str, Any] = {
        "page": "decisions",
        "form": form,
        "number": number,
        "wanted": wanted,
        "contact": policy.contact(viewer=viewer, person=wanted.person) if wanted.person else None,
        "entries": found[:_PAGE],
        "purposes": labels.purposes(today),
        "rules": labels.rules(),
        "given": form.fields_given(),
        "more": found[_PAGE - 1].decision.id if len(found) > _PAGE else None,
        "query": urlencode(form.fields_given()),
    }
    return door.show(request, viewer, "policy/decisions.html", context, status=status)


@require_POST
@door.signed_in(team.Right.READ_DECISIONS)
def find_person(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Lead from a number, which belongs in no address, to the decisions about its person."""
    number = forms.Number(request.POST)
    if number.is_valid():
        person = policy.person_called(viewer=viewer, phone=number.cleaned_data["phone"])
        if person is not None:
            return redirect(f"{reverse('decisions')}?person={person}")
        number.add_error("phone", gettext("Nobody with this number has written to your branches."))
    return _show(request, viewer, forms.Filter(QueryDict()), number, status=422)


@require_POST
@door.signed_in(team.Right.EXPORT_DECISIONS)
def export(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Hand out what is wanted as a file; that it was taken is in the audit chain before it leaves."""
    form = forms.Export(request.POST)
    if not form.is_valid():
        return _show(request, viewer, forms.Filter(request.POST), forms.Number(), status=422)
    wanted, format_ = form.wanted(), policy.Format(form.cleaned_data["format"])
    named = wanted.named()
    persons = policy.persons(viewer=viewer, wanted=wanted)
    held = watching.held_back(viewer, watch.Way.DECISIONS, persons=persons, wanted=named)
    if held is not None:
        return held
    now = clock.now()
    deeds.note_export(
        organisation=viewer.organisation,
        format_=format_.value,
        wanted=named,
        by=viewer.member,
        at=now,
    )
    pieces = policy.exported(viewer=viewer, wanted=wanted, format_=format_)
    response = StreamingHttpResponse(streams.from_threads(pieces))
    response["Content-Type"] = _TYPES[format_]
    ending = "csv" if format_ is policy.Format.CSV else "jsonl"
    name = f"werkbote-decisions-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@door.signed_in(team.Right.READ_DECISIONS)
def why(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Show why one message was sent, or was not: as a page, or as a part for the dialog."""
    found = inbox.decisions_of(viewer=viewer, message=message)
    newest = policy.entries(viewer=viewer, wanted=policy.Wanted(message=message), limit=1)
    part = "HX-Request" in request.headers
    return door.show(
        request,
        viewer,
        "policy/why.html" if part else "policy/why_page.html",
        {
            "page": "decisions",
            "decisions": found,
            "message_id": message,
            "person": newest[0].person if newest else None,
        },
    )
