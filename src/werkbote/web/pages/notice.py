"""The public pages of a branch's privacy notice and imprint: no cookies, no scripts, nothing from others."""

import dataclasses

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from werkbote.actions import notice as deeds
from werkbote.domain import notice_page, team
from werkbote.reads import access
from werkbote.reads import notice as reading
from werkbote.store import ids
from werkbote.store import notice as notices
from werkbote.web import clock, door, public
from werkbote.web.forms import notice as forms


@require_safe
def notice(
    request: HttpRequest, house: str, language: str | None = None, version: str | None = None
) -> HttpResponseBase:
    """Show a branch's notice in the asked or the browser's language, or a version of it."""
    branch = ids.long(house)
    spoken = language or (translation.get_language() or "de")[:2]
    if branch is None or (language is not None and language not in notice_page.LANGUAGES):
        raise Http404
    try:
        if version is None:
            page = reading.page(branch=branch, language=spoken, at=clock.now())
        else:
            page = reading.published(branch=branch, language=spoken, version=version)
    except notices.UnableToFindNotice:
        raise Http404 from None
    return public.show(
        request,
        "public/notice.html",
        {"notice": page, "house": house, "former": version is not None},
        language=page.language,
    )


@require_safe
def imprint(request: HttpRequest, house: str | None = None) -> HttpResponseBase:
    """Show a branch's imprint (§ 5 DDG), or the operator's: as set, or of the only organisation here."""
    if house is None and settings.WERKBOTE_IMPRINT_URL:
        return redirect(settings.WERKBOTE_IMPRINT_URL)
    places = reading.imprints() if house is None else (_imprint_of(house),)
    return public.show(
        request, "public/imprint.html", {"places": places}, language=public.language(request)
    )


def _imprint_of(house: str) -> notice_page.Details:
    branch = ids.long(house)
    try:
        if branch is not None:
            return reading.imprint(branch=branch)
    except notices.UnableToFindNotice:
        pass
    raise Http404


@require_http_methods(["GET", "POST"])
@door.signed_in(team.Right.MANAGE_TEAM)
def details(request: HttpRequest, viewer: access.Viewer, branch: int) -> HttpResponseBase:
    """Show and change what the notice and the imprint of a branch say about it."""
    known = reading.details(viewer=viewer, branch=branch)
    entered = {name: getattr(known, name) for name in forms.Details.base_fields}
    form = forms.Details(request.POST if request.method == "POST" else None, initial=entered)
    if request.method == "POST" and form.is_valid():
        deeds.enter_details(
            organisation=viewer.organisation,
            branch=branch,
            details=dataclasses.replace(known, **form.cleaned_data),
            by=viewer.member,
            at=clock.now(),
        )
        return redirect("branch-details", branch)
    return door.show(
        request,
        viewer,
        "team/branch.html",
        {
            "branch": known,
            "branch_id": branch,
            "house": ids.short(branch),
            "form": form,
            "missing": known.missing(),
            "page": "team",
        },
        status=422 if form.errors else 200,
    )
