"""Pages of templates: what Meta holds, the editor with its preview, and the library of ready-made ones."""

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from werkbote.actions import numbers as deeds
from werkbote.domain import numbers as words
from werkbote.domain import team
from werkbote.reads import access, numbers_setup, numbers_templates
from werkbote.web import clock, door, labels
from werkbote.web.forms import numbers as forms
from werkbote.web.pages import numbers_setup as setting_up

_RIGHT = team.Right.WRITE_TEMPLATES
_REFUSALS = (words.UnableToChange, words.UnableToSubmit, deeds.UnableToAsk)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What the editor shows: the form, what it reads as, the template it changes, and a refusal."""

    form: forms.Template
    draft: words.Draft | None
    row: numbers_templates.Row | None = None
    error: Exception | None = None


@require_GET
@door.signed_in(_RIGHT)
def templates(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Show the templates of a number's account, with review, quality and class."""
    return _show(request, viewer, number)


def _show(
    request: HttpRequest, viewer: access.Viewer, number: int, problem: str = ""
) -> HttpResponseBase:
    context: dict[str, object] = {
        "page": "templates",
        "number": number,
        "numbers": numbers_templates.places(viewer=viewer),
        "templates": numbers_templates.templates(viewer=viewer, number=number, at=clock.now()),
        "problems": [problem] if problem else [],
    }
    status = 422 if problem else 200
    return door.show(request, viewer, "numbers/templates.html", context, status=status)


@require_GET
@door.signed_in(_RIGHT)
def first(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Lead to the templates of the viewer's first number."""
    for number, _ in numbers_templates.places(viewer=viewer):
        return redirect("templates-of", number)
    return door.show(request, viewer, "numbers/no_number.html", {"page": "templates"})


@require_POST
@door.signed_in(_RIGHT)
def refresh(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Take over what Meta holds now."""
    numbers_setup.check(viewer, number, _RIGHT)
    try:
        deeds.take_over(organisation=viewer.organisation, number=number, at=clock.now())
    except deeds.UnableToAsk as error:
        return _show(request, viewer, number, setting_up.refusal(error))
    return redirect("templates-of", number)


@require_http_methods(["GET", "POST"])
@door.signed_in(_RIGHT)
def write(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Write a new template, empty or after a ready-made one, and hand it in."""
    numbers_setup.check(viewer, number, _RIGHT)
    if request.method == "GET":
        after = numbers_templates.ready_draft(name=request.GET.get("after", ""), at=clock.now())
        sheet = _Sheet(form=_form(None, draft=after), draft=after)
        return _edit(request, viewer, number, sheet)
    sheet = _read(_form(request))
    return _hand_in(request, viewer, number, sheet, deeds.hand_in)


@require_http_methods(["GET", "POST"])
@door.signed_in(_RIGHT)
def edit(
    request: HttpRequest, viewer: access.Viewer, number: int, template: int
) -> HttpResponseBase:
    """Change a template within what Meta allows."""
    found = numbers_templates.template(
        viewer=viewer, number=number, template=template, at=clock.now()
    )
    form = _form(request if request.method == "POST" else None, draft=found.draft, fixed=True)
    if request.method == "GET":
        sheet = _Sheet(form=form, draft=found.draft, row=found)
        return _edit(request, viewer, number, sheet)
    sheet = dataclasses.replace(_read(form), row=found)
    deed = functools.partial(deeds.change, template=template)
    return _hand_in(request, viewer, number, sheet, deed)


def _read(form: forms.Template) -> _Sheet:
    form.is_valid()  # what is wrong is said by the domain, in one place
    return _Sheet(form=form, draft=form.draft())


def _hand_in(
    request: HttpRequest,
    viewer: access.Viewer,
    number: int,
    sheet: _Sheet,
    deed: Callable[..., object],
) -> HttpResponseBase:
    """Hand in what was typed, unless only its preview is asked for."""
    if "preview" in request.POST:
        return _edit(request, viewer, number, sheet)
    try:
        deed(draft=sheet.draft, **_who(viewer, number))
    except _REFUSALS as error:
        return _edit(request, viewer, number, dataclasses.replace(sheet, error=error))
    return redirect("templates-of", number)


@require_POST
@door.signed_in(_RIGHT)
def preview(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Show what is being typed as a bubble, with what is still wrong; nothing is stored."""
    numbers_setup.check(viewer, number, _RIGHT)
    form = _form(request)
    form.is_valid()
    context: dict[str, object] = _shown(form.draft())
    return door.show(request, viewer, "numbers/preview.html", context)


@require_POST
@door.signed_in(_RIGHT)
def delete(
    request: HttpRequest, viewer: access.Viewer, number: int, template: int
) -> HttpResponseBase:
    """Delete a template at Meta."""
    numbers_templates.template(viewer=viewer, number=number, template=template, at=clock.now())
    try:
        deeds.delete(template=template, **_who(viewer, number))
    except _REFUSALS as error:
        return _show(request, viewer, number, _sentence(error))
    return redirect("templates-of", number)


@require_GET
@door.signed_in(_RIGHT)
def library(request: HttpRequest, viewer: access.Viewer, number: int) -> HttpResponseBase:
    """Show the ready-made templates by occasion."""
    return _library(request, viewer, number)


def _library(
    request: HttpRequest, viewer: access.Viewer, number: int, problem: str = ""
) -> HttpResponseBase:
    context: dict[str, object] = {
        "page": "templates",
        "number": number,
        "groups": numbers_templates.library(
            viewer=viewer, number=number, language=viewer.language, at=clock.now()
        ),
        "problems": [problem] if problem else [],
    }
    status = 422 if problem else 200
    return door.show(request, viewer, "numbers/library.html", context, status=status)


@require_POST
@door.signed_in(_RIGHT)
def adopt(request: HttpRequest, viewer: access.Viewer, number: int, name: str) -> HttpResponseBase:
    """Hand a ready-made template in."""
    numbers_setup.check(viewer, number, _RIGHT)
    try:
        deeds.adopt(name=name, **_who(viewer, number))
    except LookupError:
        return door.missing(request, viewer)
    except _REFUSALS as error:
        return _library(request, viewer, number, _sentence(error))
    return redirect(f"{request.path.rpartition('/library/')[0]}/library/#{name}")


def _who(viewer: access.Viewer, number: int) -> dict[str, Any]:
    return {
        "organisation": viewer.organisation,
        "number": number,
        "by": viewer.member,
        "at": clock.now(),
    }


def _form(
    request: HttpRequest | None, *, draft: words.Draft | None = None, fixed: bool = False
) -> forms.Template:
    purposes = [*labels.purposes(clock.today()), (words.ASKS, labels.template_asks())]
    return forms.Template(
        request.POST if request else None,
        initial=forms.initial(draft) if draft else {"language": "de"},
        purposes=purposes,
        fixed=fixed,
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, deeds.UnableToAsk):
        return setting_up.refusal(error)
    return labels.sentence(error)


def _shown(draft: words.Draft | None) -> dict[str, object]:
    """Return the bubble, and what is wrong with it; nothing yet for an empty page."""
    if draft is None or not draft.body:
        return {"draft": draft, "wrong": ()}
    found = deeds.problems(draft, at=clock.now())
    return {"draft": draft, "wrong": [labels.sentence(one.sentence) for one in found]}


def _edit(
    request: HttpRequest, viewer: access.Viewer, number: int, sheet: _Sheet
) -> HttpResponseBase:
    error = sheet.error
    told = [] if error is None or isinstance(error, words.UnableToSubmit) else [_sentence(error)]
    context: dict[str, object] = {
        "page": "templates",
        "number": number,
        "form": sheet.form,
        "row": sheet.row,
        "problems": told,
        **_shown(sheet.draft),
    }
    status = 422 if error else 200
    return door.show(request, viewer, "numbers/write.html", context, status=status)
