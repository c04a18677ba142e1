"""Pages of the watch: who read much, which files wait for a second person, and what the house calls much."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werkbote.actions import watch as deeds
from werkbote.domain import team
from werkbote.domain import watch as law
from werkbote.reads import access, watch
from werkbote.web import clock, door, labels
from werkbote.web.forms import watch as forms


@require_safe
@door.signed_in(team.Right.WATCH)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show who read much lately and what waits for a second person."""
    return _overview(request, viewer)


def _overview(
    request: HttpRequest,
    viewer: access.Viewer,
    *,
    form: forms.Thresholds | None = None,
    problem: str = "",
) -> HttpResponseBase:
    found = watch.overview(viewer=viewer, at=clock.now())
    kept = found.thresholds
    given = {"alone": kept.alone, "hourly": kept.hourly, "daily": kept.daily}
    context: dict[str, object] = {
        "page": "watch",
        "found": found,
        "form": form or forms.Thresholds(initial=given),
        "problem": problem,
    }
    status = 422 if form or problem else 200
    return door.show(request, viewer, "watch/overview.html", context, status=status)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def thresholds(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Set what the house calls much."""
    form = forms.Thresholds(request.POST)
    if not form.is_valid():
        return _overview(request, viewer, form=form)
    try:
        deeds.set_thresholds(
            organisation=viewer.organisation,
            wanted=form.wanted(),
            by=viewer.member,
            at=clock.now(),
        )
    except law.UnableToSetThresholds as error:
        return _overview(request, viewer, form=form, problem=labels.sentence(error))
    return redirect("watch")


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in()
def handout(request: HttpRequest, viewer: access.Viewer, handout: int) -> HttpResponseBase:
    """Show one wish to whoever asked and to whoever may decide; on POST decide on it."""
    found = watch.handout(viewer=viewer, handout=handout, at=clock.now())
    problem = ""
    if request.method == "POST":
        access.check_right(viewer, team.Right.WATCH)
        try:
            _answer(viewer, handout, request.POST.get("answer", ""))
        except law.UnableToDecide as error:
            problem = labels.sentence(error)
        else:
            return redirect("handout", handout)
    context: dict[str, object] = {
        "page": "watch",
        "handout": found,
        "problem": problem,
    }
    status = 422 if problem else 200
    return door.show(request, viewer, "watch/handout.html", context, status=status)


def _answer(viewer: access.Viewer, handout: int, answer: str) -> None:
    deed = {"approve": deeds.approve, "refuse": deeds.refuse}.get(answer)
    if deed is None:
        raise law.UnableToDecide("Choose whether the file may leave.")
    deed(organisation=viewer.organisation, handout=handout, by=viewer.member, at=clock.now())
