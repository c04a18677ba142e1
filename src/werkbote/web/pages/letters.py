"""Pages of the archive of commercial letters: what is there, opened with a reason, handed out for an auditor."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werkbote.actions import privacy as deeds
from werkbote.domain import team, watch
from werkbote.reads import access, privacy
from werkbote.web import clock, door, labels, watching
from werkbote.web.forms import letters as forms


@require_safe
@door.signed_in(team.Right.EXPORT_LETTERS)
def archive(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show which cases have letters in the archive."""
    return _archive(request, viewer)


def _archive(request: HttpRequest, viewer: access.Viewer, *, problem: str = "") -> HttpResponseBase:
    form = forms.Wanted(request.GET)
    wanted = form.wanted()
    found = privacy.archive(viewer=viewer, wanted=wanted)
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, object] = {
        "page": "letters",
        "archive": found,
        "wanted": wanted,
        "next": wanted.page + 1 if found.more else None,
        "query": query.urlencode(),
        "problem": problem,
        "reasons": forms.REASONS,
    }
    status = 422 if problem else 200
    return door.show(request, viewer, "privacy/letters.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.EXPORT_LETTERS)
def letters(request: HttpRequest, viewer: access.Viewer, case: int) -> HttpResponseBase:
    """Ask why; on POST with a reason show a page of a case's letters, and write the look down."""
    wanted = forms.Wanted(request.POST or request.GET).wanted(case=case)
    privacy.check_letters(viewer=viewer, wanted=wanted)
    shown, problem, reason = None, "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            deeds.open_letters(
                organisation=viewer.organisation,
                case=case,
                reason=reason,
                by=viewer.member,
                at=clock.now(),
            )
            shown = privacy.letters(viewer=viewer, wanted=wanted)
        except deeds.UnableToHandle as error:
            problem = labels.sentence(error)
    context: dict[str, object] = {
        "page": "letters",
        "case": case,
        "letters": shown,
        "wanted": wanted,
        "next": wanted.page + 1,
        "reason": reason,
        "problem": problem,
        "reasons": forms.REASONS,
    }
    status = 422 if problem else 200
    return door.show(request, viewer, "privacy/letters_case.html", context, status=status)


@require_POST
@door.signed_in(team.Right.EXPORT_LETTERS)
def export(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Hand out the commercial letters of a fiscal year for an auditor."""
    form = forms.Export(request.POST)
    if not form.is_valid():
        return _archive(request, viewer, problem=form.first_problem())
    year = form.cleaned_data["year"]
    reason, now = form.cleaned_data["reason"], clock.now()
    wanted = deeds.Export(year=year, branches=viewer.branches, reason=reason)
    held = watching.held_back(
        viewer,
        watch.Way.LETTERS,
        persons=deeds.concerned_by_letters(organisation=viewer.organisation, export=wanted, at=now),
        wanted={"year": year, "reason": reason},
    )
    if held is not None:
        return held
    content = deeds.export_letters(
        organisation=viewer.organisation, export=wanted, by=viewer.member, at=now
    )
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"handelsbriefe-{year}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "no-store"
    return response
