"""The panel beside a thread and what is done from it: assign, note, label, rest, close, block, hand out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import desk as deeds
from werkbote.actions import people
from werkbote.domain import desk as words
from werkbote.domain import team
from werkbote.reads import access, desk, inbox, search_results
from werkbote.web import clock, door, labels, watching
from werkbote.web.forms import cases as case_forms
from werkbote.web.forms import desk as forms

_MOST_PAGES = 200
_PAGE = 200


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def panel(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show the panel: a part beside the thread, a page of its own where there is no room."""
    return show(request, viewer, conversation)


def show(
    request: HttpRequest,
    viewer: access.Viewer,
    conversation: int,
    problems: list[str] | None = None,
) -> HttpResponse:
    """Return the panel, with what was wrong with a deed."""
    found = desk.panel(viewer=viewer, conversation=conversation)
    watching.opened(viewer, found.person)
    part = "HX-Request" in request.headers
    context: dict[str, Any] = {
        "panel": found,
        "page": "inbox",
        "problems": problems or [],
        "outcomes": list(words.Outcome),
        "case_form": case_forms.Case(
            members=tuple((one.id, one.name) for one in found.members),
            teams=tuple((one.id, one.name) for one in found.teams),
            vehicles=tuple(
                (one.id, one.known.plate or one.known.name or one.known.vin)
                for one in found.vehicles
            ),
        ),
        "vehicle_form": case_forms.Vehicle(),
    }
    status = 422 if problems else 200
    template = "desk/panel.html" if part else "desk/panel_page.html"
    response = door.show(request, viewer, template, context, status=status)
    if part and not problems and request.method == "POST":
        response["HX-Trigger"] = "list-changed, thread-changed"
    return response


def act(
    request: HttpRequest, viewer: access.Viewer, conversation: int, deed: Callable[[], object]
) -> HttpResponseBase:
    """Do a deed and show the panel as it stands then, or what was wrong."""
    try:
        deed()
    except deeds.UnableToDo as error:
        return show(request, viewer, conversation, [labels.sentence(error)])
    if "HX-Request" not in request.headers:
        return redirect("conversation", conversation)
    return show(request, viewer, conversation)


def _where(viewer: access.Viewer, conversation: int) -> dict[str, Any]:
    access.check_conversation(viewer, conversation)
    return {
        "organisation": viewer.organisation,
        "conversation": conversation,
        "by": viewer.member,
        "at": clock.now(),
    }


@require_POST
@door.signed_in(team.Right.WRITE)
def assign(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Give the conversation to a member or to nobody."""
    where = _where(viewer, conversation)
    member = _number(request.POST.get("member"))
    return act(request, viewer, conversation, lambda: deeds.assign(member=member, **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def hand_over(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Hand the conversation over to a member or a team, with a note."""
    where = _where(viewer, conversation)
    form = forms.HandOver(request.POST)
    if not form.is_valid():
        return show(request, viewer, conversation, problems(form))
    to, note = form.receiver(), form.cleaned_data["note"]
    return act(request, viewer, conversation, lambda: deeds.hand_over(to=to, note=note, **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def propose(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Ask the team whether this person is the same as another one."""
    access.check_conversation(viewer, conversation)
    person = desk.panel(viewer=viewer, conversation=conversation).person
    try:
        other = search_results.one_person(
            viewer=viewer, line=request.POST.get("person", ""), besides=person
        )
        people.propose(
            organisation=viewer.organisation,
            person=person,
            other=other,
            by=viewer.member,
            at=clock.now(),
        )
    except (search_results.UnableToPick, people.UnableToPropose) as error:
        return show(request, viewer, conversation, [labels.sentence(error)])
    return back(request, viewer, conversation)


@require_POST
@door.signed_in(team.Right.WRITE)
def note(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Write an internal note."""
    where = _where(viewer, conversation)
    text = request.POST.get("text", "")
    return act(request, viewer, conversation, lambda: deeds.note(text=text, **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def label(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Put a label on, or take one off."""
    where = _where(viewer, conversation)
    chosen = _number(request.POST.get("label")) or 0
    deed = deeds.take_label if request.POST.get("off") else deeds.put_label
    return act(request, viewer, conversation, lambda: deed(label=chosen, **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def snooze(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Let the conversation rest until a moment."""
    where = _where(viewer, conversation)
    form = forms.Snooze(request.POST)
    if not form.is_valid():
        return show(request, viewer, conversation, [gettext("Choose until when it rests.")])
    until: datetime = form.moment(at=where["at"])
    return act(request, viewer, conversation, lambda: deeds.snooze(until=until, **where))


@require_POST
@door.signed_in(team.Right.WRITE)
def close(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Close the conversation with its outcome."""
    where = _where(viewer, conversation)
    chosen = request.POST.get("outcome", "")
    if chosen not in set(words.Outcome):
        return show(request, viewer, conversation, [gettext("Choose how it ended.")])
    outcome = words.Outcome(chosen)
    return act(request, viewer, conversation, lambda: deeds.close(outcome=outcome, **where))


_PLAIN: dict[str, Callable[..., object]] = {
    "reopen": deeds.reopen,
    "spam": deeds.mark_spam,
    "no-spam": deeds.unmark_spam,
    "block": deeds.block,
    "unblock": deeds.unblock,
}


@require_POST
@door.signed_in(team.Right.WRITE)
def plain(
    request: HttpRequest, viewer: access.Viewer, conversation: int, deed: str
) -> HttpResponseBase:
    """Do what needs no further word: open again, spam, block, and back."""
    where = _where(viewer, conversation)
    if deed not in _PLAIN:
        raise access.UnableToSee("There is no such deed.")
    return act(request, viewer, conversation, lambda: _PLAIN[deed](**where))


@require_POST
@door.signed_in(team.Right.WRITE)
def macro(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Run a macro."""
    where = _where(viewer, conversation)
    chosen = _number(request.POST.get("macro")) or 0
    return act(request, viewer, conversation, lambda: deeds.run_macro(macro=chosen, **where))


@require_POST
@door.signed_in(team.Right.READ_CHATS)
def export(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Hand the conversation out as one file that opens anywhere; that it was is on record first."""
    where = _where(viewer, conversation)
    seen = inbox.thread(viewer=viewer, conversation=conversation, limit=1)
    watching.opened(viewer, seen.contact.person)
    deeds.record_export(**where)
    messages: list[inbox.Message] = []
    before: int | None = None
    for _ in range(_MOST_PAGES):
        thread = inbox.thread(viewer=viewer, conversation=conversation, before=before, limit=_PAGE)
        messages = [*thread.messages, *messages]
        before = thread.older
        if before is None:
            break
    response = render(
        request,
        "desk/export.html",
        {"thread": thread, "messages": messages, "viewer": viewer, "now": where["at"]},
    )
    response["Content-Disposition"] = f'attachment; filename="unterhaltung-{conversation}.html"'
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def nudges(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show what asks for the viewer's attention."""
    found = desk.nudges(viewer=viewer)
    return door.show(request, viewer, "desk/nudges.html", {"page": "nudges", "nudges": found})


@require_POST
@door.signed_in(team.Right.READ_CHATS)
def see_nudges(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Note that the viewer has seen all, or one conversation's."""
    deeds.see_nudges(
        organisation=viewer.organisation,
        conversation=_number(request.POST.get("conversation")),
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("nudges")


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 20 else None  # noqa: PLR2004


def back(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Return the panel, or the whole conversation where the browser asked without script."""
    if "HX-Request" in request.headers:
        return show(request, viewer, conversation)
    return redirect("conversation", conversation)


def problems(form: Form) -> list[str]:
    """Return what is wrong with a form, each with the name of its field."""
    return [
        f"{form.fields[name].label}: {problem}" if name in form.fields else str(problem)
        for name, errors in form.errors.items()
        for problem in errors
    ]
