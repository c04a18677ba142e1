"""Pages of the way out: sending words, files and templates; taking back; deciding what is in doubt."""

import contextlib
import secrets
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import cases, drafts, outbox, scanning
from werkbote.domain import desk, team
from werkbote.domain import offers as words
from werkbote.reads import access, inbox, numbers
from werkbote.reads import desk as replies
from werkbote.web import clock, door, formatting, labels
from werkbote.web.forms import offers
from werkbote.web.forms import outbox as forms
from werkbote.web.pages import inbox as pages

_UNABLE = (
    cases.UnableToFile,
    drafts.UnableToDraft,
    outbox.UnableToQueue,
    scanning.Infected,
    scanning.UnableToScan,
)


@require_POST
@door.signed_in(team.Right.WRITE)
def send(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Queue a message in the member's own words; whether it may leave is the gate's answer."""
    access.check_conversation(viewer, conversation)
    form = forms.Message(request.POST, request.FILES)
    problems = _problems(form)
    held = bool(request.FILES) and not form.errors.keys() & {"file", "photo"}
    said = _said(request)
    concerned = labels.concerns(said) or desk.gaps(said)
    if not problems and concerned and request.POST.get("warned") != "yes":
        return _again(request, viewer, conversation, [], held=held)
    if not problems:
        kept, purpose = form.kept(), form.cleaned_data["purpose"]
        parts = [kept] if kept else form.parts()
        problems = _queue(viewer, conversation, parts, purpose=purpose, send=kept is None)
    if problems:
        return _again(request, viewer, conversation, problems, held=held)
    if "HX-Request" not in request.headers:
        return redirect("conversation", conversation)
    response = door.show(
        request,
        viewer,
        "inbox/composer.html",
        composer(viewer, conversation),
    )
    response["HX-Trigger"] = "thread-changed"
    return response


@require_POST
@door.signed_in(team.Right.WRITE)
def voice(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Queue a voice note; what is being written in the composer stays as it is."""
    access.check_conversation(viewer, conversation)
    form = forms.Voice(request.POST, request.FILES)
    problems = _problems(form)
    if not problems:
        try:
            outbox.queue_message(
                organisation=viewer.organisation,
                conversation=conversation,
                draft=form.draft(),
                purpose=form.cleaned_data["purpose"],
                by=viewer.member,
                at=clock.now(),
            )
        except _UNABLE as error:
            problems = [labels.sentence(error)]
    if problems:
        context: dict[str, object] = {"problems": problems}
        return door.show(request, viewer, "components/problems.html", context, status=422)
    return back(request, conversation)


@require_POST
@door.signed_in(team.Right.WRITE)
def warning(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show what has no place in a chat, while it is written; keep nothing of it."""
    access.check_conversation(viewer, conversation)
    context = {**_warnings(request), "live": True}
    return door.show(request, viewer, "inbox/warning.html", context)


def _said(request: HttpRequest) -> str:
    """Return everything the customer would read, to look it over."""
    offer = offers.asked(request.POST)
    return "\n".join([request.POST.get("text", ""), *(words.words(offer) if offer else ())])


def _warnings(request: HttpRequest) -> dict[str, object]:
    """Return what is said about a message before it leaves: concerns, gaps, and how it will look."""
    said, text = _said(request), request.POST.get("text", "")[: drafts.MOST_TEXT]
    offer = offers.asked(request.POST)
    return {
        "concerns": labels.concerns(said),
        "gaps": desk.gaps(said),
        "preview": text if offer is None and formatting.is_marked(text) else "",
        "offered": offers.shown(offer, text),
    }


def composer(viewer: access.Viewer, conversation: int) -> dict[str, object]:
    """Return what the composer's part needs to be shown alone."""
    return {
        "open": conversation,
        "thread_id": conversation,
        **pages.composer_context(viewer, conversation),
    }


@require_GET
@door.signed_in(team.Right.WRITE)
def begun(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show the composer alone, with what the viewer has begun."""
    access.check_conversation(viewer, conversation)
    return door.show(request, viewer, "inbox/composer.html", composer(viewer, conversation))


@require_POST
@door.signed_in(team.Right.WRITE, while_locked=True)
def keep(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Keep what the viewer has written so far."""
    access.check_conversation(viewer, conversation)
    form = forms.Begun(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    outbox.keep_draft(
        organisation=viewer.organisation,
        conversation=conversation,
        begun=form.begun(),
        by=viewer.member,
        at=clock.now(),
    )
    return HttpResponse(status=204)


@require_GET
@door.signed_in(team.Right.WRITE)
def ready(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Offer the texts kept ready, filled for this conversation."""
    found = replies.offered(viewer=viewer, conversation=conversation, at=clock.now())
    return door.show(request, viewer, "inbox/ready.html", {"replies": found})


def _again(
    request: HttpRequest,
    viewer: access.Viewer,
    conversation: int,
    problems: list[str],
    *,
    held: bool,
) -> HttpResponse:
    """Show the composer again with all that stood in it; `held` says that its file was good.

    A page can put the file back itself; where no script runs, a sentence asks for it.
    """
    if held and "HX-Request" not in request.headers:
        problems = [*problems, gettext("Attach the file again: no browser keeps it for us.")]
    context = {
        "thread_id": conversation,
        **pages.composer_context(viewer, conversation),
        **_warnings(request),
        "panel": offers.panel(offers.asked(request.POST)),
        "text": request.POST.get("text", ""),
        "reply_to": request.POST.get("reply_to", ""),
        "purpose": request.POST.get("purpose", pages.PURPOSE),
        "problems": problems,
        "held": held,
        "case": request.POST.get("case", ""),
    }
    if "HX-Request" in request.headers:
        return door.show(request, viewer, "inbox/composer.html", context, status=422)
    whole = pages.page_context(viewer, conversation)
    return pages.page(request, viewer, {**whole, **context}, status=422)


@require_GET
@door.signed_in(team.Right.WRITE)
def templates(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Offer the approved templates of the conversation's number."""
    thread = inbox.thread(viewer=viewer, conversation=conversation, limit=1)
    found = numbers.templates(viewer=viewer, account=thread.account_id)
    return door.show(
        request,
        viewer,
        "inbox/templates.html",
        {"thread": thread, "choices": _choices(viewer, conversation, found)},
    )


def _choices(
    viewer: access.Viewer, conversation: int, found: Sequence[numbers.Template]
) -> list[tuple[numbers.Template, list[labels.Obstacle]]]:
    """Return each template with what stands in the way of sending it to this person."""
    answers = outbox.outlooks(
        organisation=viewer.organisation,
        conversation=conversation,
        wanted=[(forms.draft(one, dict.fromkeys(one.places, "…")), one.purpose) for one in found],
        at=clock.now(),
    )
    return [
        (one, [labels.obstacle(refusal) for refusal in refusals])
        for one, (_, refusals) in zip(found, answers, strict=True)
    ]


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.WRITE)
def template(
    request: HttpRequest, viewer: access.Viewer, conversation: int, template: int
) -> HttpResponseBase:
    """Fill in one template, then send it."""
    thread = inbox.thread(viewer=viewer, conversation=conversation, limit=1)
    found = {
        one.id: one
        for one in numbers.templates(viewer=viewer, account=thread.account_id)
        if one.simple
    }
    chosen = found.get(template)
    if chosen is None:
        raise access.UnableToSee("There is no such template.")
    posted = request.method == "POST"
    form = forms.Template(
        request.POST if posted else None,
        template=chosen,
        initial={"key": secrets.token_urlsafe(18)},
    )
    problems: list[str] = []
    if posted and form.is_valid():
        problems = _queue(
            viewer,
            conversation,
            [form.draft()],
            purpose=chosen.purpose,
        )
        if not problems:
            return _sent(request, conversation)
    context = {"thread": thread, "template": chosen, "form": form, "problems": problems}
    status = 422 if posted else 200
    return door.show(request, viewer, "inbox/template.html", context, status=status)


def _sent(request: HttpRequest, conversation: int) -> HttpResponseBase:
    if "HX-Request" not in request.headers:
        return redirect("conversation", conversation)
    response = HttpResponse(status=200)
    response["HX-Trigger"] = '{"thread-changed": true, "dialog-close": true}'
    response["HX-Reswap"] = "none"
    return response


def _queue(
    viewer: access.Viewer,
    conversation: int,
    parts: Sequence[drafts.Draft],
    *,
    purpose: str,
    send: bool = True,
) -> list[str]:
    for case in {part.case for part in parts if part.case is not None}:
        access.check_case(viewer, case)
    try:
        deed = cases.compose if send else cases.keep
        deed(
            organisation=viewer.organisation,
            conversation=conversation,
            parts=parts,
            purpose=purpose,
            by=viewer.member,
            at=clock.now(),
        )
    except _UNABLE as error:
        return [labels.sentence(error)]
    return []


def _problems(form: forms.Message | forms.Voice) -> list[str]:
    if form.is_valid():
        return []
    return [str(problem) for errors in form.errors.values() for problem in errors]


@require_POST
@door.signed_in(team.Right.WRITE)
def cancel(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Take a queued message back, if it has not left; one's own words return into the composer."""
    conversation = access.check_message(viewer, message)
    taken = outbox.take_back(
        organisation=viewer.organisation,
        message=message,
        by=viewer.member,
        at=clock.now(),
    )
    return back(request, conversation, also="composer-changed" if taken else "")


@require_POST
@door.signed_in(team.Right.WRITE)
def settle(request: HttpRequest, viewer: access.Viewer, message: int) -> HttpResponseBase:
    """Decide about a message in doubt: lost, or sent once more."""
    conversation = access.check_message(viewer, message)
    with contextlib.suppress(outbox.UnableToSettle):
        outbox.settle_unknown(
            organisation=viewer.organisation,
            message=message,
            again=request.POST.get("again") == "yes",
            by=viewer.member,
            at=clock.now(),
        )
    return back(request, conversation)


def back(request: HttpRequest, conversation: int, *, also: str = "") -> HttpResponseBase:
    """Return to a conversation: its part is refreshed, or the page is shown again."""
    if "HX-Request" not in request.headers:
        return redirect("conversation", conversation)
    response = HttpResponse(status=204)
    response["HX-Trigger"] = ", ".join(filter(None, ("thread-changed", also)))
    return response
