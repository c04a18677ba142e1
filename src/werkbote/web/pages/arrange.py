"""How the house is arranged: labels, teams, hours, macros and rules; for those who manage the team."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import desk as deeds
from werkbote.domain import desk as words
from werkbote.domain import team
from werkbote.reads import access, desk
from werkbote.web import clock, door, labels
from werkbote.web.forms import desk as forms

_STEPS = 4


@require_GET
@door.signed_in(team.Right.MANAGE_TEAM)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show labels, teams, macros, rules and branches."""
    return _show(request, viewer)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    problems: list[str] | None = None,
    trial: tuple[int, desk.Trial] | None = None,
) -> HttpResponseBase:
    found = desk.arranged(viewer=viewer)
    context: dict[str, Any] = {
        "page": "arrange",
        "arranged": found,
        "problems": problems or [],
        "colours": deeds.COLOURS,
        "team_form": forms.Team(),
        "rule_form": forms.Rule(),
        "steps": _steps(found),
        "trial": trial,
    }
    return door.show(request, viewer, "desk/arrange.html", context, status=422 if problems else 200)


def _steps(found: desk.Arranged, data: Any = None) -> list[forms.Step]:
    targets = _targets(found)
    return [forms.Step(data, prefix=f"s{place}", targets=targets) for place in range(_STEPS)]


def _targets(found: desk.Arranged) -> list[tuple[str, str]]:
    return [
        *((f"m{one.id}", one.name) for one in found.members),
        *((f"t{one.id}", one.name) for one in found.teams),
        *((f"l{one.id}", one.name) for one in found.labels),
    ]


def _act(
    request: HttpRequest, viewer: access.Viewer, deed: Callable[[dict[str, Any]], object]
) -> HttpResponseBase:
    who = {"organisation": viewer.organisation, "by": viewer.member, "at": clock.now()}
    try:
        deed(who)
    except deeds.UnableToDo as error:
        return _show(request, viewer, [labels.sentence(error)])
    return redirect("arrange")


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def label(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Make a label."""
    name, colour = request.POST.get("name", ""), request.POST.get("colour", "")
    return _act(request, viewer, lambda who: deeds.create_label(name=name, colour=colour, **who))


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def make_team(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Make a team of a branch."""
    desk.check_branch(viewer, branch)
    form = forms.Team(request.POST)
    if not form.is_valid():
        return _show(request, viewer, _problems([form]))
    return _act(
        request,
        viewer,
        lambda who: deeds.create_team(
            branch=branch,
            kind=team.TeamKind(form.cleaned_data["kind"]),
            name=form.cleaned_data["name"],
            **who,
        ),
    )


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def belong(request: HttpRequest, viewer: access.Viewer, team_id: int) -> HttpResponseBase:
    """Let a member belong to a team, or no more."""
    member = request.POST.get("member", "")
    number = int(member) if member.isdecimal() and len(member) < 20 else 0  # noqa: PLR2004
    deed = deeds.leave_team if request.POST.get("off") else deeds.join_team
    return _act(request, viewer, lambda who: deed(team=team_id, member=number, **who))


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def macro(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Make a macro."""
    steps, problems = _read(request, viewer)
    if problems:
        return _show(request, viewer, problems)
    name = request.POST.get("name", "")
    return _act(request, viewer, lambda who: deeds.create_macro(name=name, steps=steps, **who))


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def rule(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Make a rule; it is off until somebody switches it on."""
    form = forms.Rule(request.POST)
    steps, problems = _read(request, viewer)
    if not form.is_valid() or problems:
        return _show(request, viewer, [*_problems([form]), *problems])
    wanted = deeds.Wanted(
        name=form.cleaned_data["name"],
        trigger=words.Trigger(form.cleaned_data["trigger"]),
        conditions=form.conditions(),
        steps=steps,
    )
    return _act(request, viewer, lambda who: deeds.create_rule(wanted=wanted, **who))


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def switch(request: HttpRequest, viewer: access.Viewer, rule: int) -> HttpResponseBase:
    """Switch a rule on or off."""
    active = request.POST.get("active") == "1"
    return _act(request, viewer, lambda who: deeds.switch_rule(rule=rule, active=active, **who))


@require_GET
@door.signed_in(team.Right.MANAGE_TEAM)
def trial(request: HttpRequest, viewer: access.Viewer, rule: int) -> HttpResponseBase:
    """Show what a rule would have done in the last thirty days; nothing is done."""
    found = desk.trial(viewer=viewer, rule=rule, at=clock.now())
    return _show(request, viewer, trial=(rule, found))


_ENDS: dict[str, Callable[..., object]] = {
    "label": lambda row, **who: deeds.end_label(label=row, **who),
    "team": lambda row, **who: deeds.end_team(team=row, **who),
    "macro": lambda row, **who: deeds.end_macro(macro=row, **who),
    "rule": lambda row, **who: deeds.end_rule(rule=row, **who),
    "days": lambda row, **who: deeds.open_days(closed=row, **who),
}


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def end(request: HttpRequest, viewer: access.Viewer, what: str, row: int) -> HttpResponseBase:
    """End a label, team, macro or rule, or take closed days back."""
    if what not in _ENDS:
        raise access.UnableToSee("There is no such thing.")
    return _act(request, viewer, lambda who: _ENDS[what](row, **who))


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.MANAGE_TEAM)
def hours(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Show and set when a branch is open and what goes by itself there."""
    desk.check_branch(viewer, branch)
    found = {one.id: one for one in desk.arranged(viewer=viewer).branches}[branch]
    form = forms.Hours(request.POST or None, initial=_initial(found))
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        told = deeds.Arrangement(
            week=form.week(),
            keeps_holidays=form.cleaned_data["keeps_holidays"],
            tells_absence=form.cleaned_data["tells_absence"],
            absence=form.cleaned_data["absence"],
            reply_minutes=form.cleaned_data["reply_minutes"],
            asks_satisfaction=form.cleaned_data["asks_satisfaction"],
        )
        try:
            deeds.arrange_branch(
                organisation=viewer.organisation,
                branch=branch,
                told=told,
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToDo as error:
            problems = [labels.sentence(error)]
        else:
            return redirect("arrange")
    days = [
        (day, [(form[f"opens_{day}_{place}"], form[f"closes_{day}_{place}"]) for place in (0, 1)])
        for day in range(1, 8)
    ]
    context = {
        "page": "arrange",
        "branch": found,
        "form": form,
        "days": days,
        "problems": [*problems, *_problems([form])],
    }
    status = 422 if request.method == "POST" else 200
    return door.show(request, viewer, "desk/hours.html", context, status=status)


@require_POST
@door.signed_in(team.Right.MANAGE_TEAM)
def close_days(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Close a branch for some days."""
    desk.check_branch(viewer, branch)
    try:
        first = date.fromisoformat(request.POST.get("first", ""))
        last = date.fromisoformat(request.POST.get("last", "") or first.isoformat())
    except ValueError:
        return _show(request, viewer, [gettext("Choose the days on which you are closed.")])
    return _act(
        request,
        viewer,
        lambda who: deeds.close_days(branch=branch, first=first, last=last, **who),
    )


def _initial(branch: Any) -> dict[str, Any]:
    initial = {
        name: getattr(branch, name)
        for name in (
            "keeps_holidays",
            "tells_absence",
            "absence",
            "reply_minutes",
            "asks_satisfaction",
        )
    }
    for day, openings in branch.week.items():
        for place, one in enumerate(openings[:2]):
            initial[f"opens_{day}_{place}"] = one.opens
            initial[f"closes_{day}_{place}"] = one.closes
    return initial


def _read(request: HttpRequest, viewer: access.Viewer) -> tuple[list[dict[str, Any]], list[str]]:
    lines = _steps(desk.arranged(viewer=viewer), request.POST)
    problems = _problems(lines)
    found = [plain for line in lines if line.is_valid() and (plain := line.plain())]
    return found, problems


def _problems(forms_: Iterable[Any]) -> list[str]:
    return [str(one) for form in forms_ for errors in form.errors.values() for one in errors]
