"""Pages to enter consents: what a member took, the scan of a form, and a file from elsewhere."""

from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from werkbote.actions import consent as deeds
from werkbote.domain import team
from werkbote.reads import access, consent, consent_ways
from werkbote.web import attachments, clock, door, labels, purpose_labels
from werkbote.web.forms import consent_entry as forms


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.WRITE)
def enter(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the form; on POST enter what was taken and ask the number to confirm."""
    form = forms.Entry(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"conversation": request.GET.get("conversation", ""), "on": _today()},
        branches=consent_ways.branches(viewer=viewer),
        purposes=purpose_labels.entered_purposes(_today()),
    )
    if request.method != "POST" or not form.is_valid():
        return _show_entry(request, viewer, form, status=422 if form.is_bound else 200)
    known = form.cleaned_data["conversation"]
    if known:
        access.check_conversation(viewer, known)
    try:
        entered = deeds.enter(
            organisation=viewer.organisation,
            taken=_taken(form),
            by=viewer.member,
            at=clock.now(),
        )
    except (deeds.UnableToEnter, attachments.UnableToAttach) as error:
        form.add_error(None, labels.sentence(error))
        return _show_entry(request, viewer, form, status=422)
    context: dict[str, object] = {"page": "consents", "entered": entered}
    return door.show(request, viewer, "consent/entered.html", context)


def _today() -> date:
    return timezone.localtime(clock.now()).date()


def _show_entry(
    request: HttpRequest, viewer: access.Viewer, form: forms.Entry, *, status: int
) -> HttpResponseBase:
    context: dict[str, object] = {"page": "consents", "form": form}
    return door.show(request, viewer, "consent/enter.html", context, status=status)


def _taken(form: forms.Entry) -> deeds.Taken:
    given = form.cleaned_data
    file = given["scan"]
    scan = None
    if file is not None:
        made = attachments.prepare(content=file.read(), filename=file.name).attachment
        scan = deeds.Scan(content=made.content, mime=made.mime)
    now = clock.now()
    noon = timezone.make_aware(datetime.combine(given["on"], time(12)))
    return deeds.Taken(
        branch=given["branch"],
        purposes=tuple(given["purposes"]),
        how=given["how"],
        given_at=now if given["on"] == _today() else noon,
        phone=given["phone"],
        conversation=given["conversation"],
        scan=scan,
    )


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.KEEP_CONSENTS)
def take_over(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the form; on POST take over a file and report on every row."""
    form = forms.Import(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        branches=consent_ways.branches(viewer=viewer),
    )
    report, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                report = deeds.import_consents(
                    organisation=viewer.organisation,
                    branch=form.cleaned_data["branch"],
                    content=form.cleaned_data["file"].read(),
                    by=viewer.member,
                    at=clock.now(),
                )
                status = 200
            except deeds.UnableToImport as error:
                form.add_error(None, labels.sentence(error))
    context: dict[str, object] = {
        "page": "consents",
        "form": form,
        "report": report,
        "columns": deeds.COLUMNS,
    }
    return door.show(request, viewer, "consent/import.html", context, status=status)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def scan(request: HttpRequest, viewer: access.Viewer, scan: int) -> HttpResponseBase:
    """Hand out a signed form."""
    del request
    content, mime = consent.scan(viewer=viewer, scan=scan)
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'inline; filename="scan-{scan}"'
    response["Cache-Control"] = "no-store"
    return response
