"""Pages of cases: the list, one case, opening, changing, filing, closing."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import cases as deeds
from werkbote.domain import cases as words
from werkbote.domain import team
from werkbote.reads import access, cases, desk
from werkbote.web import clock, desk_labels, door, labels, watching
from werkbote.web.forms import cases as forms
from werkbote.web.pages import desk as panels

_PAGE = 50


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the cases, filtered."""
    wanted = cases.Wanted(
        state=request.GET.get("state", "open"),
        kind=request.GET.get("kind", ""),
        mine=request.GET.get("mine") == "1",
    )
    before = _number(request.GET.get("before"))
    found = cases.case_list(viewer=viewer, wanted=wanted, before=before, limit=_PAGE + 1)
    if before is not None:
        watching.listed(viewer, [one.contact.person for one in found])
    context: dict[str, object] = {
        "page": "cases",
        "cases": found[:_PAGE],
        "more": found[_PAGE - 1].id if len(found) > _PAGE else None,
        "wanted": wanted,
        "kinds": desk_labels.CASE_KINDS.items(),
        "now": clock.now(),
    }
    return door.show(request, viewer, "cases/overview.html", context)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def case(request: HttpRequest, viewer: access.Viewer, case: int) -> HttpResponseBase:
    """Show one case."""
    return _show(request, viewer, case)


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    case: int,
    problems: list[str] | None = None,
    form: forms.Case | None = None,
) -> HttpResponseBase:
    found = cases.case(viewer=viewer, case=case)
    watching.opened(viewer, found.contact.person)
    vehicle = cases.vehicle(viewer=viewer, vehicle=found.vehicle_id) if found.vehicle_id else None
    context = {
        "page": "cases",
        "case": found,
        "vehicle": vehicle,
        "problems": problems or [],
        "contracts": desk_labels.CONTRACTS.items(),
        "form": form or _form(viewer, found),
        "now": clock.now(),
    }
    return door.show(request, viewer, "cases/case.html", context, status=422 if problems else 200)


def _form(viewer: access.Viewer, found: cases.Case, data: QueryDict | None = None) -> forms.Case:
    """Return the form of a case as it stands, or as it was sent."""
    choices = cases.choices(viewer=viewer, case=found.id)
    return forms.Case(
        data,
        initial={
            "kind": found.kind,
            "title": found.title,
            "due": timezone.localtime(found.due_at).date() if found.due_at else None,
            "owner": found.owner_id,
            "team": found.team_id,
            "vehicle": found.vehicle_id,
        },
        members=tuple((one.id, one.name) for one in choices.members),
        teams=tuple((one.id, one.name) for one in choices.teams),
        vehicles=tuple((one.id, one.name) for one in choices.vehicles),
    )


@require_POST
@door.signed_in(team.Right.WRITE)
def change(request: HttpRequest, viewer: access.Viewer, case: int) -> HttpResponseBase:
    """Change what is said about a case: kind, title, day, who takes care, team, vehicle."""
    form = _form(viewer, cases.case(viewer=viewer, case=case), request.POST)
    if not form.is_valid():
        return _show(request, viewer, case, panels.problems(form), form)
    details = form.details()
    return _act(request, viewer, case, lambda where: deeds.change_case(details=details, **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def open_case(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Open a case for the person of a conversation."""
    access.check_conversation(viewer, conversation)
    panel = desk.panel(viewer=viewer, conversation=conversation)
    form = forms.Case(
        request.POST,
        members=tuple((one.id, one.name) for one in panel.members),
        teams=tuple((one.id, one.name) for one in panel.teams),
        vehicles=tuple((one.id, str(one.id)) for one in panel.vehicles),
    )
    if not form.is_valid():
        return panels.show(request, viewer, conversation, panels.problems(form))
    try:
        deeds.open_case(
            organisation=viewer.organisation,
            branch=panel.branch,
            person=panel.person,
            details=form.details(),
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToOpen as error:
        return panels.show(request, viewer, conversation, [labels.sentence(error)])
    return panels.back(request, viewer, conversation)


@require_POST
@door.signed_in(team.Right.WRITE)
def file_unfiled(
    request: HttpRequest, viewer: access.Viewer, conversation: int
) -> HttpResponseBase:
    """File what is in no case yet in a case of the person."""
    access.check_conversation(viewer, conversation)
    case = _number(request.POST.get("case")) or 0
    access.check_case(viewer, case)
    found = cases.case(viewer=viewer, case=case)
    try:
        deeds.file_unfiled(
            organisation=viewer.organisation,
            conversation=conversation,
            case=case,
            since=found.opened_at,
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToFile as error:
        return panels.show(request, viewer, conversation, [labels.sentence(error)])
    return panels.back(request, viewer, conversation)


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.WRITE)
def file_message(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Show in which case a message is, and move it into one of its person's cases, or out."""
    conversation = access.check_message(viewer, message)
    problems = []
    if request.method == "POST":
        chosen = _number(request.POST.get("case"))
        if chosen is not None:
            access.check_case(viewer, chosen)
        try:
            deeds.file_message(
                organisation=viewer.organisation,
                message=message,
                case=chosen,
                by=viewer.member,
                at=clock.now(),
            )
        except deeds.UnableToFile as error:
            problems = [labels.sentence(error)]
        else:
            return _filed(request, conversation)
    present, offered = cases.filed(viewer=viewer, message=message)
    context = {
        "page": "inbox",
        "message_id": message,
        "conversation": conversation,
        "present": present,
        "cases": offered,
        "problems": problems,
    }
    part = "HX-Request" in request.headers
    template = "cases/file.html" if part else "cases/file_page.html"
    return door.show(request, viewer, template, context, status=422 if problems else 200)


def _filed(request: HttpRequest, conversation: int) -> HttpResponseBase:
    if "HX-Request" not in request.headers:
        return redirect("conversation", conversation)
    response = HttpResponse(status=204)
    response["HX-Trigger"] = "dialog-close, thread-changed"
    return response


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 20 else None  # noqa: PLR2004


@require_POST
@door.signed_in(team.Right.WRITE)
def close(request: HttpRequest, viewer: access.Viewer, case: int) -> HttpResponseBase:
    """Close a case with the answer to its question, or answer it later."""
    access.check_case(viewer, case)
    answer = request.POST.get("contract", "")
    if answer not in set(words.Contract):
        problem = gettext("Say whether a contract came about: how long it is kept depends on it.")
        return _show(request, viewer, case, [problem])
    done = cases.case(viewer=viewer, case=case).closed_at is not None
    deed = deeds.answer_contract if done else deeds.close_case
    return _act(request, viewer, case, lambda where: deed(contract=words.Contract(answer), **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def move(request: HttpRequest, viewer: access.Viewer, case: int) -> HttpResponseBase:
    """Let a case wait, go on or open again."""
    access.check_case(viewer, case)
    cause = request.POST.get("cause", "")
    if cause not in {words.Cause.WAIT, words.Cause.RESUME, words.Cause.REOPEN}:
        raise access.UnableToSee("There is no such move.")
    return _act(
        request, viewer, case, lambda where: deeds.move_case(cause=words.Cause(cause), **where)
    )


def _act(
    request: HttpRequest,
    viewer: access.Viewer,
    case: int,
    deed: Callable[[dict[str, Any]], object],
) -> HttpResponseBase:
    where = {
        "organisation": viewer.organisation,
        "case": case,
        "by": viewer.member,
        "at": clock.now(),
    }
    try:
        deed(where)
    except deeds.UnableToChange as error:
        return _show(request, viewer, case, [labels.sentence(error)])
    return redirect("case", case)
