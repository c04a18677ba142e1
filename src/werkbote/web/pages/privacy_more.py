"""Pages of persons' rights that go deeper: a package's review, its one-time link, retention, restricted data."""

import urllib.parse

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from werkbote.actions import privacy as deeds
from werkbote.domain import privacy as rights
from werkbote.domain import team
from werkbote.reads import access, privacy
from werkbote.store import ids
from werkbote.web import clock, door, labels, privacy_labels, public
from werkbote.web.forms import privacy as forms

_GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.HANDLE_REQUESTS)
def package(request: HttpRequest, viewer: access.Viewer, package: int) -> HttpResponseBase:
    """Review what is about others; on POST hide or show a message, make the package, or show a code."""
    found = privacy.bundle(viewer=viewer, package=package)
    problem, link, code = "", "", ""
    if request.method == "POST":
        try:
            if "make" in request.POST:
                token = deeds.make_package(
                    organisation=viewer.organisation,
                    package=package,
                    by=viewer.member,
                    at=clock.now(),
                )
                link = _link(viewer, token)
            elif "hand" in request.POST:
                code = deeds.hand_code(
                    organisation=viewer.organisation,
                    package=package,
                    by=viewer.member,
                    at=clock.now(),
                )
            elif "leave" in request.POST:
                deeds.leave_out(
                    organisation=viewer.organisation,
                    package=package,
                    reason=request.POST.get("why", ""),
                    by=viewer.member,
                    at=clock.now(),
                )
                return redirect("package", package)
            else:
                _redact(request, viewer, package)
                return redirect("package", package)
        except deeds.UnableToHandle as error:
            problem = labels.sentence(error)
        found = privacy.bundle(viewer=viewer, package=package)
    context: dict[str, object] = {
        "page": "privacy",
        "bundle": found,
        "link": link,
        "code": code,
        "problem": problem,
        "reason": translation.gettext("About another person (Art. 15(4))"),
    }
    return door.show(
        request, viewer, "privacy/package.html", context, status=422 if problem else 200
    )


def _redact(request: HttpRequest, viewer: access.Viewer, package: int) -> None:
    message = request.POST.get("message", "")
    if message.isdecimal() and len(message) < 20:  # noqa: PLR2004 -- no id is longer
        deeds.redact(
            organisation=viewer.organisation,
            package=package,
            message=int(message),
            reason=request.POST.get("reason", ""),
            by=viewer.member,
            at=clock.now(),
        )


def _link(viewer: access.Viewer, token: str) -> str:
    house = ids.short(min(viewer.branches))
    return urllib.parse.urljoin(
        settings.WERKBOTE_PUBLIC_URL, reverse("parcel", args=[house, token])
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def parcel(request: HttpRequest, house: str, token: str) -> HttpResponseBase:
    """Let a person fetch their package: a code to their number, then the file. No cookie, no script.

    The address is the secret and there is no session, so that a foreign page has nothing to ride on.
    """
    language = public.language(request)
    branch, problem = ids.long(house) or 0, ""
    with translation.override(language):
        try:
            deeds.check_link(branch=branch, token=token, at=clock.now())
            if request.method == "POST" and "send" in request.POST:
                deeds.send_code(branch=branch, token=token, at=clock.now())
            elif request.method == "POST":
                return _parcel(branch, token, request.POST.get("code", ""))
        except deeds.UnableToFetch as error:
            problem = labels.sentence(error)
    context: dict[str, object] = {"problem": problem, "sent": "send" in request.POST}
    status = _GONE if problem else 200
    return public.show(request, "public/parcel.html", context, language=language, status=status)


def _parcel(branch: int, token: str, code: str) -> HttpResponseBase:
    found = deeds.fetch(branch=branch, token=token, code=code, at=clock.now())
    response = StreamingHttpResponse(found.pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    response["Content-Length"] = str(found.size)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.READ_RESTRICTED)
def restricted(request: HttpRequest, viewer: access.Viewer, person: int) -> HttpResponseBase:
    """Ask why; on POST with a reason of Art. 18(2) show what is kept, and write the look down."""
    privacy.restricted(viewer=viewer, person=person)
    shown, problem = None, ""
    if request.method == "POST":
        try:
            deeds.look(
                organisation=viewer.organisation,
                person=person,
                reason=request.POST.get("reason", ""),
                by=viewer.member,
                at=clock.now(),
            )
            shown = privacy.restricted(viewer=viewer, person=person)
        except deeds.UnableToHandle as error:
            problem = labels.sentence(error)
    context: dict[str, object] = {
        "page": "privacy",
        "messages": shown,
        "problem": problem,
        "reasons": [(code, privacy_labels.LOOKS[code]) for code in rights.LOOKS],
    }
    return door.show(
        request, viewer, "privacy/restricted.html", context, status=422 if problem else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.HANDLE_REQUESTS)
def retention(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show each class with what is overdue; on POST free the brake, or note a tax audit."""
    form = forms.TaxAudit()
    if request.method == "POST":
        try:
            form = _retain(request, viewer)
            if not form.errors:
                return redirect("retention")
        except deeds.UnableToSweep as error:
            form = forms.TaxAudit(request.POST)
            form.full_clean()
            form.add_error(None, labels.sentence(error))
    found = deeds.survey(organisation=viewer.organisation, at=clock.now())
    shown = privacy.retention(viewer=viewer, findings=found, day=timezone.localdate())
    owed = privacy.owed(viewer=viewer)
    context: dict[str, object] = {
        "page": "privacy",
        "retention": shown,
        "form": form,
        "owed": owed,
    }
    return door.show(
        request, viewer, "privacy/retention.html", context, status=422 if form.errors else 200
    )


def _retain(request: HttpRequest, viewer: access.Viewer) -> forms.TaxAudit:
    if not privacy.has_house(viewer=viewer):
        raise deeds.UnableToSweep(privacy_labels.WHOLE_HOUSE)
    mark = request.POST.get("mark", "")
    if mark.isdecimal() and len(mark) < 20:  # noqa: PLR2004 -- no id is longer
        deeds.approve_sweep(
            organisation=viewer.organisation, mark=int(mark), by=viewer.member, at=clock.now()
        )
        return forms.TaxAudit()
    form = forms.TaxAudit(request.POST)
    if form.is_valid():
        deeds.open_tax_audit(
            organisation=viewer.organisation,
            year=form.cleaned_data["year"],
            until=form.cleaned_data["until"],
            by=viewer.member,
            at=clock.now(),
        )
    return form


@require_POST
@door.signed_in(team.Right.HANDLE_REQUESTS)
def unasked(request: HttpRequest, viewer: access.Viewer, document: int) -> HttpResponseBase:
    """Print the letter that an identity paper sent unasked is deleted; who prints it has told the person."""
    del request
    privacy.check_owed(viewer=viewer, document=document)
    paper = deeds.unasked_paper(
        organisation=viewer.organisation, document=document, by=viewer.member, at=clock.now()
    )
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="document-{document}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
