"""Pages of the breach register: the list, one case with its clock, and every step of it."""

import json
from collections.abc import Callable

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from werkbote.actions import audit
from werkbote.actions import breaches as deeds
from werkbote.domain import breaches as law
from werkbote.domain import team, watch
from werkbote.reads import access, breaches, consent_ways
from werkbote.web import breach_paper, clock, door, labels, tables, watching
from werkbote.web.forms import breaches as forms

_RIGHT = team.Right.HANDLE_BREACHES


@require_safe
@door.signed_in(_RIGHT)
def register(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the register, and the form for a new case."""
    return _register(request, viewer, _opening(viewer))


def _opening(viewer: access.Viewer, data: object = None) -> forms.Opening:
    now = timezone.localtime(clock.now())
    return forms.Opening(
        data, branches=consent_ways.branches(viewer=viewer), initial={"aware_at": now}
    )


def _register(
    request: HttpRequest, viewer: access.Viewer, form: forms.Opening, *, status: int = 200
) -> HttpResponseBase:
    found = breaches.register(viewer=viewer, now=clock.now())
    hint = breaches.hint(now=clock.now())
    context: dict[str, object] = {
        "page": "breaches",
        "cases": found,
        "form": form,
        "hint": hint.get(translation.get_language() or "de", hint["de"]),
    }
    return door.show(request, viewer, "breaches/register.html", context, status=status)


@require_POST
@door.signed_in(_RIGHT)
def start(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Open a case."""
    form = _opening(viewer, request.POST)
    if not form.is_valid():
        return _register(request, viewer, form, status=422)
    given = form.cleaned_data
    breach = deeds.open_case(
        organisation=viewer.organisation,
        opening=deeds.Opening(
            branch=given["branch"],
            kind=law.Kind(given["kind"]),
            aware_at=given["aware_at"],
            happened_at=given["happened_at"],
            nature=given["nature"],
            records=given["records"] or 0,
        ),
        by=viewer.member,
        at=clock.now(),
    )
    return redirect("breach", breach)


@require_safe
@door.signed_in(_RIGHT)
def case(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Show one case; that it was read is noted, since it names people."""
    answer = _case(request, viewer, breach)
    audit.note(
        organisation=viewer.organisation,
        by=viewer.member,
        verb="breach.read",
        object=f"breach:{breach}",
        at=clock.now(),
    )
    return answer


def _case(
    request: HttpRequest,
    viewer: access.Viewer,
    breach: int,
    *,
    problem: str = "",
    status: int = 200,
    **given: django_forms.Form,
) -> HttpResponseBase:
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    language = translation.get_language() or "de"
    context: dict[str, object] = {
        "page": "breaches",
        "case": found,
        "problem": problem,
        "hint": found.hint.get(language, found.hint["de"]),
        "letter": _letter(found).text,
        "contents": _contents(found),
        "assessment": forms.Assessment(
            initial={"risk": found.entry.risk, "reasons": found.reasons}
        ),
        "report": forms.Report(initial={"told_at": timezone.localtime(clock.now())}),
        "query": forms.Query(),
        "telling": forms.Telling(),
        "closing": forms.Closing(),
        **given,
    }
    return door.show(request, viewer, "breaches/case.html", context, status=status)


def _contents(found: breaches.Case, data: object = None) -> forms.Contents:
    german = translation.get_language() != "en"
    points = [(one.name, one.title_de if german else one.title_en) for one in found.points]
    return forms.Contents(data, points=points, initial={one.name: one.text for one in found.points})


def _step(
    request: HttpRequest, viewer: access.Viewer, breach: int, deed: Callable[[], object]
) -> HttpResponseBase:
    """Take one step of a case; where it may not be taken, the page says why."""
    breaches.check_case(viewer=viewer, breach=breach)
    try:
        deed()
    except deeds.UnableToFind:
        raise access.UnableToSee("There is no such breach.") from None
    except law.UnableToGoOn as error:
        words = labels.of(labels.STEPS_REFUSED, error.code)
        return _case(request, viewer, breach, problem=words, status=409)
    return redirect("breach", breach)


@require_POST
@door.signed_in(_RIGHT)
def write(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Write down what the notification holds."""
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    form = _contents(found, request.POST)
    if not form.is_valid():
        return _case(request, viewer, breach, status=422, contents=form)
    return _step(
        request,
        viewer,
        breach,
        lambda: deeds.write(
            organisation=viewer.organisation,
            breach=breach,
            body=form.cleaned_data,
            by=viewer.member,
            at=clock.now(),
        ),
    )


@require_POST
@door.signed_in(_RIGHT)
def assess(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Decide about the risk."""
    form = forms.Assessment(request.POST)
    if not form.is_valid():
        return _case(request, viewer, breach, status=422, assessment=form)
    return _step(
        request,
        viewer,
        breach,
        lambda: deeds.assess(
            organisation=viewer.organisation,
            breach=breach,
            risk=form.cleaned_data["risk"],
            reasons=form.cleaned_data["reasons"],
            by=viewer.member,
            at=clock.now(),
        ),
    )


@require_POST
@door.signed_in(_RIGHT)
def tell(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Note that the authority was told."""
    form = forms.Report(request.POST)
    if not form.is_valid():
        return _case(request, viewer, breach, status=422, report=form)
    return _step(
        request,
        viewer,
        breach,
        lambda: deeds.tell(
            organisation=viewer.organisation,
            breach=breach,
            told_at=form.cleaned_data["told_at"],
            by=viewer.member,
            at=clock.now(),
        ),
    )


@require_POST
@door.signed_in(_RIGHT)
def gather(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Add those concerned."""
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    form = forms.Query(request.POST)
    if not form.is_valid():
        return _case(request, viewer, breach, status=422, query=form)
    query = deeds.Query(branch=found.branch, **form.cleaned_data)
    return _step(
        request,
        viewer,
        breach,
        lambda: deeds.gather(
            organisation=viewer.organisation,
            breach=breach,
            query=query,
            by=viewer.member,
            at=clock.now(),
        ),
    )


@require_POST
@door.signed_in(_RIGHT)
def inform(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Note that those concerned were told, and with which words."""
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    form = forms.Telling(request.POST)
    if not form.is_valid():
        return _case(request, viewer, breach, status=422, telling=form)
    return _step(
        request,
        viewer,
        breach,
        lambda: deeds.inform(
            organisation=viewer.organisation,
            breach=breach,
            way=form.cleaned_data["way"],
            text=_letter(found).text,
            by=viewer.member,
            at=clock.now(),
        ),
    )


def _letter(found: breaches.Case) -> law.Letter:
    return found.letter.get(translation.get_language() or "de", found.letter["de"])


@require_POST
@door.signed_in(_RIGHT)
def release(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Let the frozen numbers be written to again."""
    who = {"organisation": viewer.organisation, "breach": breach}
    return _step(
        request, viewer, breach, lambda: deeds.release(**who, by=viewer.member, at=clock.now())
    )


@require_POST
@door.signed_in(_RIGHT)
def close(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Close a case."""
    form = forms.Closing(request.POST)
    if not form.is_valid():
        return _case(request, viewer, breach, status=422, closing=form)
    return _step(
        request,
        viewer,
        breach,
        lambda: deeds.close(
            organisation=viewer.organisation,
            breach=breach,
            lessons=form.cleaned_data["lessons"],
            by=viewer.member,
            at=clock.now(),
        ),
    )


def _file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _took_out(viewer: access.Viewer, breach: int, what: str) -> None:
    deeds.took_out(
        organisation=viewer.organisation, breach=breach, what=what, by=viewer.member, at=clock.now()
    )


@require_POST
@door.signed_in(_RIGHT)
def paper(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Hand out the notification as a paper for the authority."""
    del request
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    made = deeds.printed(
        organisation=viewer.organisation,
        breach=breach,
        data=breach_paper.content(found),
        by=viewer.member,
        at=clock.now(),
    )
    return _file(made, kind="application/pdf", name=f"meldung-{breach}.pdf")


@require_POST
@door.signed_in(_RIGHT)
def table(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Hand out the contents of the notification as a table, to be copied into the authority's form."""
    del request
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    _took_out(viewer, breach, "breach.export_contents")
    return tables.download(breach_paper.rows(found), filename=f"meldung-{breach}.csv")


@require_POST
@door.signed_in(_RIGHT)
def data(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Hand out the contents of the notification for other programs."""
    del request
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    _took_out(viewer, breach, "breach.export_contents")
    made = json.dumps(breach_paper.data(found), ensure_ascii=False, indent=2)
    return _file(made.encode(), kind="application/json", name=f"meldung-{breach}.json")


@require_POST
@door.signed_in(_RIGHT)
def concerned(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Hand out who is concerned, and what each was told and when (Art. 34)."""
    del request
    found = breaches.concerned(viewer=viewer, breach=breach)
    held = watching.held_back(
        viewer, watch.Way.CONCERNED, persons=len(found), wanted={"breach": str(breach)}
    )
    if held is not None:
        return held
    _took_out(viewer, breach, "breach.export_people")
    return tables.download(breach_paper.concerned(found), filename=f"betroffene-{breach}.csv")


@require_POST
@door.signed_in(_RIGHT)
def letter(request: HttpRequest, viewer: access.Viewer, breach: int) -> HttpResponseBase:
    """Hand out the letter to those concerned; while it lacks something, the page says what."""
    found = breaches.case(viewer=viewer, breach=breach, now=clock.now())
    try:
        made = deeds.letter(
            organisation=viewer.organisation,
            breach=breach,
            words=_letter(found),
            lang=translation.get_language() or "de",
            by=viewer.member,
            at=clock.now(),
        )
    except law.UnableToGoOn as error:
        words = labels.of(labels.STEPS_REFUSED, error.code)
        return _case(request, viewer, breach, problem=words, status=409)
    return _file(made, kind="application/pdf", name=f"brief-{breach}.pdf")
