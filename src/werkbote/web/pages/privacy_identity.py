"""What the buttons of a request do to make sure who asks: codes, questions, facts, somebody in person."""

from collections.abc import Callable

from django.http import HttpRequest

from werkbote.actions import privacy as deeds
from werkbote.domain import privacy as rights
from werkbote.reads import access, privacy
from werkbote.web import clock
from werkbote.web.forms import privacy as forms


def _person(request: HttpRequest, viewer: access.Viewer, asked: int) -> tuple[forms.Known, int]:
    """Return whose number was typed in, or of whom the request is known to be."""
    form = forms.Known(request.POST)
    if not form.is_valid():
        raise forms.Unreadable(form)
    phone = form.cleaned_data["phone"]
    if phone:
        return form, known_by(viewer, phone)
    found = privacy.request(viewer=viewer, request=asked, at=clock.now(), day=clock.today())
    if found.subject is None:
        raise deeds.UnableToHandle("Say by which number the person is known here.")
    return form, found.subject


def known_by(viewer: access.Viewer, phone: str) -> int:
    """Return whose number this is, of those the viewer's branches have to do with."""
    person = deeds.person_of(organisation=viewer.organisation, phone=phone)
    if not privacy.has_person(viewer=viewer, person=person):
        raise deeds.UnableToHandle(deeds.NOBODY)
    return person


def _identify(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    form, person = _person(request, viewer, asked)
    deeds.identify(
        organisation=viewer.organisation,
        request=asked,
        rung=rights.Rung(form.cleaned_data["rung"] or rights.Rung.COUNTER),
        person=person,
        by=viewer.member,
        at=clock.now(),
    )


def _send_code(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.send_identity_code(
        organisation=viewer.organisation,
        request=asked,
        person=_person(request, viewer, asked)[1],
        by=viewer.member,
        at=clock.now(),
    )


def _ask_back(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.ask_whether(
        organisation=viewer.organisation,
        request=asked,
        person=_person(request, viewer, asked)[1],
        by=viewer.member,
        at=clock.now(),
    )


def _check_code(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.check_identity_code(
        organisation=viewer.organisation,
        request=asked,
        code=request.POST.get("code", "")[:20],
        by=viewer.member,
        at=clock.now(),
    )


def _check_fact(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    form = forms.Fact(request.POST)
    if not form.is_valid():
        raise deeds.UnableToHandle("Enter the plate and the month, such as 11.2026.")
    deeds.check_fact(
        organisation=viewer.organisation,
        request=asked,
        plate=form.cleaned_data["plate"],
        month=form.cleaned_data["month"],
        by=viewer.member,
        at=clock.now(),
    )


def _unidentified(_: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.tell_unidentified(
        organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now()
    )


DEEDS: dict[str, Callable[[HttpRequest, access.Viewer, int], None]] = {
    "identify": _identify,
    "send_code": _send_code,
    "ask_back": _ask_back,
    "check_code": _check_code,
    "check_fact": _check_fact,
    "unidentified": _unidentified,
}
