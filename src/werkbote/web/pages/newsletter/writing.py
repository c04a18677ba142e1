"""Where the team writes: sender, issues with preview, sending once, stopping, results, a word that was heard."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import newsletter as deeds
from werkbote.domain import team
from werkbote.reads import access
from werkbote.reads import newsletter as reading
from werkbote.web import clock, door, labels
from werkbote.web.forms import newsletter as forms

_PREVIEW: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": [""],
}


@require_GET
@door.signed_in(team.Right.PUBLISH)
def newsletters(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the newsletters of all branches with their results."""
    context: dict[str, object] = {
        "page": "newsletter",
        "houses": reading.overview(viewer=viewer),
        "leave": forms.Leave(),
        "said": request.GET.get("said", ""),
    }
    return door.show(request, viewer, "newsletter/overview.html", context)


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.PUBLISH)
def sender(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Set up where e-mails of a branch come from."""
    reading.check_branch(viewer=viewer, branch=branch)
    known = {house.branch: house.sender for house in reading.overview(viewer=viewer)}[branch]
    initial = {}
    if known is not None:
        initial = {
            name: getattr(known, name) for name in ("address", "name", "agreement_at", "per_second")
        }
    form = forms.Sender(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.open_sender(
                organisation=viewer.organisation,
                branch=branch,
                sender=deeds.Sender(**form.cleaned_data),
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToOpen as error:
            form.add_error(None, labels.sentence(error))
        else:
            return redirect("newsletter")
    context: dict[str, object] = {"page": "newsletter", "form": form, "branch": branch}
    status = 422 if form.errors else 200
    return door.show(request, viewer, "newsletter/sender.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.PUBLISH)
def write(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Write a new issue; saving it leads to its preview."""
    reading.check_branch(viewer=viewer, branch=branch)
    return _edit(request, viewer, branch=branch, issue=None)


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.PUBLISH)
def issue(request: HttpRequest, viewer: access.Viewer, issue: int) -> HttpResponseBase:
    """Show an issue: a draft to go on with, or what was sent and what became of it."""
    branch, found = reading.issue(viewer=viewer, issue=issue)
    return _edit(request, viewer, branch=branch, issue=found)


def _edit(
    request: HttpRequest, viewer: access.Viewer, *, branch: int, issue: reading.Issue | None
) -> HttpResponseBase:
    initial = {"language": "de"}
    if issue is not None:
        initial = {"subject": issue.subject, "text": issue.text, "language": issue.language}
    form = forms.Issue(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = deeds.save(
                organisation=viewer.organisation,
                branch=branch,
                draft=deeds.Draft(**form.cleaned_data),
                issue=None if issue is None else issue.id,
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToPublish as error:
            form.add_error(None, labels.sentence(error))
        else:
            return redirect("newsletter-issue", saved)
    return _show(request, viewer, branch=branch, issue=issue, form=form)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    *,
    branch: int,
    issue: reading.Issue | None,
    form: forms.Issue,
) -> HttpResponseBase:
    house = {one.branch: one for one in reading.overview(viewer=viewer)}[branch]
    context: dict[str, object] = {
        "page": "newsletter",
        "form": form,
        "issue": issue,
        "house": house,
    }
    status = 422 if form.errors else 200
    return door.show(request, viewer, "newsletter/write.html", context, status=status)


@require_GET
@csp_override(_PREVIEW)
@xframe_options_sameorigin
@door.signed_in(team.Right.PUBLISH)
def preview(request: HttpRequest, viewer: access.Viewer, issue: int) -> HttpResponseBase:
    """Show an issue exactly as it arrives, in a frame that may do nothing but be looked at."""
    del request
    branch, found = reading.issue(viewer=viewer, issue=issue)
    draft = deeds.Draft(subject=found.subject, text=found.text, language=found.language)
    made = deeds.preview(
        organisation=viewer.organisation, branch=branch, draft=draft, at=clock.now()
    )
    response = HttpResponse(made.html)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@door.signed_in(team.Right.PUBLISH)
def send(request: HttpRequest, viewer: access.Viewer, issue: int) -> HttpResponseBase:
    """Start sending; the button names how many readers there are."""
    branch, found = reading.issue(viewer=viewer, issue=issue)
    try:
        deeds.begin(organisation=viewer.organisation, issue=issue, by=viewer.member, at=clock.now())
    except deeds.UnableToPublish as error:
        form = forms.Issue(
            {"subject": found.subject, "text": found.text, "language": found.language}
        )
        form.add_error(None, labels.sentence(error))
        return _show(request, viewer, branch=branch, issue=found, form=form)
    return redirect("newsletter")


@require_POST
@door.signed_in(team.Right.PUBLISH)
def halt(request: HttpRequest, viewer: access.Viewer, issue: int) -> HttpResponseBase:
    """Take back what has not left yet; a draft is deleted instead."""
    del request
    _, found = reading.issue(viewer=viewer, issue=issue)
    deed = deeds.discard if found.state == "draft" else deeds.halt
    try:
        deed(organisation=viewer.organisation, issue=issue, by=viewer.member, at=clock.now())
    except deeds.UnableToPublish:
        return redirect("newsletter-issue", issue)
    return redirect("newsletter")


@require_POST
@door.signed_in(team.Right.PUBLISH)
def withdraw(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Enter that somebody wants no more newsletters."""
    reading.check_branch(viewer=viewer, branch=branch)
    form = forms.Leave(request.POST)
    if form.is_valid():
        try:
            deeds.withdraw(
                organisation=viewer.organisation,
                branch=branch,
                by=viewer.member,
                at=clock.now(),
                **form.cleaned_data,
            )
        except deeds.UnableToLeave as error:
            form.add_error("email", labels.sentence(error))
        else:
            return redirect(f"{reverse('newsletter')}?said=withdrawn")
    context: dict[str, object] = {
        "page": "newsletter",
        "houses": reading.overview(viewer=viewer),
        "leave": form,
    }
    return door.show(request, viewer, "newsletter/overview.html", context, status=422)
