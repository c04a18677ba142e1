"""Pages about consent: one person's, the figures of all, certificates, and a withdrawal that was heard."""

import contextlib

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import consent as deeds
from werkbote.domain import team
from werkbote.reads import access, certificates, consent, consent_tasks
from werkbote.store import rechtsstand
from werkbote.web import clock, door
from werkbote.web.forms import consent as forms

_MIMES = {"json": "application/json", "pdf": "application/pdf"}


@require_GET
@door.signed_in(team.Right.READ_DECISIONS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the figures of all consents."""
    rules = rechtsstand.on(timezone.localtime(clock.now()).date())
    found = consent.overview(viewer=viewer, rules=rules)
    context: dict[str, object] = {
        "page": "consents",
        "overview": found,
        "tasks": consent_tasks.tasks(viewer=viewer),
        "uninformed": consent_tasks.open_notices(viewer=viewer),
        "young": consent_tasks.perhaps_minors(viewer=viewer),
    }
    return door.show(request, viewer, "consent/overview.html", context)


@require_GET
@door.signed_in(team.Right.WRITE)
def task(request: HttpRequest, viewer: access.Viewer, task: int) -> HttpResponseBase:
    """Show somebody's unclear words, and ask what they meant."""
    context: dict[str, object] = {
        "page": "consents",
        "task": consent_tasks.task(viewer=viewer, task=task),
    }
    return door.show(request, viewer, "consent/task.html", context)


@require_POST
@door.signed_in(team.Right.WRITE)
def settle(request: HttpRequest, viewer: access.Viewer, task: int) -> HttpResponseBase:
    """Answer what somebody's words meant; another answer than the three is no answer."""
    found = consent_tasks.task(viewer=viewer, task=task)
    answer = request.POST.get("answer", "")
    if answer not in set(deeds.Meaning):
        return redirect("consent-task", task)
    with contextlib.suppress(deeds.UnableToSettle):
        deeds.settle(
            organisation=viewer.organisation,
            task=task,
            meaning=deeds.Meaning(answer),
            by=viewer.member,
            at=clock.now(),
        )
    return redirect("person-consents", found.conversation)


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def person(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Show where a person's consents stand, and how they came to that."""
    return _show(request, viewer, conversation, forms.Withdrawal())


def _show(
    request: HttpRequest,
    viewer: access.Viewer,
    conversation: int,
    form: forms.Withdrawal,
    *,
    status: int = 200,
) -> HttpResponseBase:
    found = consent.person(viewer=viewer, conversation=conversation)
    context: dict[str, object] = {"page": "inbox", "person": found, "form": form}
    context["now"] = clock.now()
    return door.show(request, viewer, "consent/person.html", context, status=status)


@require_POST
@door.signed_in(team.Right.WRITE)
def withdraw(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Enter a withdrawal that was heard on the phone, at the counter, by e-mail or letter."""
    access.check_conversation(viewer, conversation)
    form = forms.Withdrawal(request.POST)
    if not form.is_valid():
        return _show(request, viewer, conversation, form, status=422)
    deeds.withdraw(
        organisation=viewer.organisation,
        conversation=conversation,
        channel=form.cleaned_data["channel"],
        said=form.cleaned_data["said"],
        everything=form.cleaned_data["everything"],
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("person-consents", conversation)


@require_POST
@door.signed_in(team.Right.WRITE)
def minor(request: HttpRequest, viewer: access.Viewer, conversation: int) -> HttpResponseBase:
    """Mark somebody as perhaps under 16, or take the mark away."""
    access.check_conversation(viewer, conversation)
    marks = {"suspect": deeds.suspect_minor, "clear": deeds.clear_minor}
    deed = marks.get(request.POST.get("mark", ""))
    if deed is not None:
        with contextlib.suppress(deeds.UnableToMark):
            deed(
                organisation=viewer.organisation,
                conversation=conversation,
                by=viewer.member,
                at=clock.now(),
            )
    return redirect("person-consents", conversation)


@require_POST
@door.signed_in(team.Right.WRITE)
def send_own_page(
    request: HttpRequest, viewer: access.Viewer, conversation: int
) -> HttpResponseBase:
    """Send a person the link to their own page; whether it may leave is the gate's answer."""
    del request
    access.check_conversation(viewer, conversation)
    deeds.send_own_page(
        organisation=viewer.organisation,
        conversation=conversation,
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("conversation", conversation)


@require_GET
@door.signed_in(team.Right.READ_DECISIONS)
def certificate(
    request: HttpRequest, viewer: access.Viewer, record: str, kind: str
) -> HttpResponseBase:
    """Hand out one consent's certificate as a file: JSON or PDF."""
    del request
    content = certificates.of_record(viewer=viewer, record=record)
    return _file(content, kind=kind, name=f"consent-{record}")


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def person_certificate(
    request: HttpRequest, viewer: access.Viewer, conversation: int, kind: str
) -> HttpResponseBase:
    """Hand out the certificate of all consents of a person: JSON or PDF."""
    del request
    content = certificates.of_person(viewer=viewer, conversation=conversation)
    return _file(content, kind=kind, name=f"consents-{conversation}")


def _file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    if kind not in _MIMES:
        raise Http404
    made = certificates.printed(content) if kind == "pdf" else content
    response = HttpResponse(made, content_type=_MIMES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response
