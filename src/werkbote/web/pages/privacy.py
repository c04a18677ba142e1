"""Pages of persons' rights: requests with their month, erasures, packages, holds, retention."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import privacy as deeds
from werkbote.domain import privacy as rights
from werkbote.domain import team
from werkbote.reads import access, drift, privacy, watch
from werkbote.web import clock, door, labels, privacy_labels
from werkbote.web.forms import privacy as forms
from werkbote.web.pages import privacy_correction as correction
from werkbote.web.pages import privacy_identity as identity
from werkbote.web.pages import privacy_lifting as lifting

_UNABLE = (deeds.UnableToHandle, deeds.UnableToErase, deeds.UnableToHold, deeds.UnableToSweep)


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.HANDLE_REQUESTS)
def overview(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show what waits; on POST enter a request that was heard or read."""
    if request.method != "POST":
        return _overview(request, viewer, forms.Received(branches=privacy.branches(viewer=viewer)))
    form = forms.Received(request.POST, branches=privacy.branches(viewer=viewer))
    if not form.is_valid():
        return _overview(request, viewer, form, status=422)
    try:
        made = deeds.receive(
            organisation=viewer.organisation,
            received=deeds.Received(
                branch=form.cleaned_data["branch"],
                kind=rights.Kind(form.cleaned_data["kind"]),
                channel=form.cleaned_data["channel"],
                said=form.cleaned_data["said"],
                received_on=form.cleaned_data["received_on"],
            ),
            by=viewer.member,
            at=clock.now(),
        )
    except deeds.UnableToHandle as error:
        form.add_error(None, labels.sentence(error))
        return _overview(request, viewer, form, status=422)
    return redirect("person-request", made)


def _overview(
    request: HttpRequest, viewer: access.Viewer, form: forms.Received, *, status: int = 200
) -> HttpResponseBase:
    found = privacy.overview(viewer=viewer, day=timezone.localdate())
    context: dict[str, object] = {
        "page": "privacy",
        "overview": found,
        "form": form,
        "unexplained": drift.unexplained(viewer=viewer),
        "handouts_waiting": watch.waiting(viewer=viewer, at=clock.now()),
    }
    return door.show(request, viewer, "privacy/overview.html", context, status=status)


@require_GET
@door.signed_in(team.Right.HANDLE_REQUESTS)
def person_request(request: HttpRequest, viewer: access.Viewer, asked: int) -> HttpResponseBase:
    """Show one request and what can be done."""
    return _request(request, viewer, asked)


def _request(
    request: HttpRequest,
    viewer: access.Viewer,
    asked: int,
    *,
    problem: str = "",
    form: forms.Known | None = None,
) -> HttpResponseBase:
    found = privacy.request(viewer=viewer, request=asked, at=clock.now(), day=timezone.localdate())
    context: dict[str, object] = {
        "page": "privacy",
        "asked": found,
        "problem": problem,
        "form": form or forms.Known(),
        "fact": forms.Fact(),
        "lifts": tuple(privacy_labels.LIFTS.items()),
    }
    if found.kind == rights.Kind.ERASURE and found.subject and found.is_open:
        try:
            context["preview"] = deeds.preview(
                organisation=viewer.organisation, person=found.subject, at=clock.now()
            )
        except deeds.UnableToErase:
            context["preview"] = None
    status = 422 if problem or (form and form.errors) else 200
    return door.show(request, viewer, "privacy/request.html", context, status=status)


@require_POST
@door.signed_in(team.Right.HANDLE_REQUESTS)
def act(request: HttpRequest, viewer: access.Viewer, asked: int) -> HttpResponseBase:
    """Do what the pressed button says with a request."""
    privacy.request(viewer=viewer, request=asked, at=clock.now(), day=timezone.localdate())
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        return redirect("person-request", asked)
    try:
        return deed(request, viewer, asked) or redirect("person-request", asked)
    except forms.Unreadable as error:
        return _request(request, viewer, asked, form=error.form)
    except _UNABLE as error:
        return _request(request, viewer, asked, problem=labels.sentence(error))


type Deed = Callable[[HttpRequest, access.Viewer, int], HttpResponseBase | None]


def _review(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    word = request.POST.get("deed")
    deeds.review(
        organisation=viewer.organisation,
        request=asked,
        is_one=word != "drop",
        doubt=word == "doubt",
        by=viewer.member,
        at=clock.now(),
    )


def _said(request: HttpRequest) -> str:
    form = forms.Words(request.POST)
    return str(form.cleaned_data["words"]) if form.is_valid() else ""


def _extend(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.extend(
        organisation=viewer.organisation,
        request=asked,
        reason=_said(request),
        by=viewer.member,
        at=clock.now(),
    )


def _refuse(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.refuse_request(
        organisation=viewer.organisation,
        request=asked,
        reason=_said(request),
        by=viewer.member,
        at=clock.now(),
    )


def _restrict(_: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.restrict(
        organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now()
    )


def _object(_: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.object_(organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now())


def _erase(request: HttpRequest, viewer: access.Viewer, asked: int) -> HttpResponseBase:
    word = request.POST.get("stop", "")
    run = deeds.erase(
        organisation=viewer.organisation,
        request=asked,
        stop=rights.Stop(word) if word in set(rights.Stop) else rights.Stop.KEEP,
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("erasure", run)


def _pack(_: HttpRequest, viewer: access.Viewer, asked: int) -> HttpResponseBase:
    package = deeds.begin_package(
        organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now()
    )
    return redirect("package", package)


_DEEDS: dict[str, Deed] = {
    "accept": _review,
    "doubt": _review,
    "drop": _review,
    **identity.DEEDS,
    "extend": _extend,
    "refuse": _refuse,
    **correction.DEEDS,
    **lifting.DEEDS,
    "restrict": _restrict,
    "object": _object,
    "erase": _erase,
    "pack": _pack,
}


@require_GET
@door.signed_in(team.Right.HANDLE_REQUESTS)
def letter(request: HttpRequest, viewer: access.Viewer, asked: int, kind: str) -> HttpResponseBase:
    """Hand out the letter that tells an extension or a refusal, or who was told of a change."""
    del request
    print_ = _LETTERS.get(kind)
    if print_ is None:
        raise access.UnableToSee("There is no such letter.")
    privacy.request(viewer=viewer, request=asked, at=clock.now(), day=timezone.localdate())
    try:
        paper = print_(
            organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now()
        )
    except deeds.UnableToHandle as error:
        raise access.UnableToSee(str(error)) from None
    return _pdf(paper, f"{kind}-{asked}.pdf")


_LETTERS = {
    "letter": deeds.reply_paper,
    "recipients": deeds.told_paper,
    "lift": deeds.lift_paper,
    "unidentified": deeds.unidentified_paper,
}


def _pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@door.signed_in(team.Right.HANDLE_REQUESTS)
def erasure(request: HttpRequest, viewer: access.Viewer, run: int) -> HttpResponseBase:
    """Show one erasure; on POST decide about it as the second person."""
    found = privacy.erasure(viewer=viewer, run=run)
    problem = ""
    if request.method == "POST":
        decide = deeds.approve if request.POST.get("answer") == "approve" else deeds.refuse
        try:
            decide(organisation=viewer.organisation, run=run, by=viewer.member, at=clock.now())
            return redirect("erasure", run)
        except deeds.UnableToErase as error:
            problem = labels.sentence(error)
    context: dict[str, object] = {"page": "privacy", "run": found, "problem": problem}
    return door.show(
        request, viewer, "privacy/erasure.html", context, status=422 if problem else 200
    )


@require_GET
@door.signed_in(team.Right.HANDLE_REQUESTS)
def certificate(
    request: HttpRequest, viewer: access.Viewer, run: int, kind: str
) -> HttpResponseBase:
    """Hand out the internal protocol (JSON) or the confirmation for the person (PDF)."""
    del request
    found = privacy.erasure(viewer=viewer, run=run)
    if found.protocol is None or kind not in {"json", "pdf"}:
        raise access.UnableToSee("This erasure is not done yet.")
    if kind == "json":
        response = JsonResponse(
            dict(
                deeds.protocol_paper(
                    organisation=viewer.organisation, run=run, by=viewer.member, at=clock.now()
                )
            )
        )
        response["Content-Disposition"] = f'attachment; filename="erasure-{run}.json"'
        response["Cache-Control"] = "no-store"
        return response
    paper = deeds.confirmation_paper(
        organisation=viewer.organisation, run=run, by=viewer.member, at=clock.now()
    )
    return _pdf(paper, f"erasure-{run}.pdf")
