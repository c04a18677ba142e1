"""What the buttons of a request for correction do: put a value right, finish, note who was told."""

from collections.abc import Callable

from django.http import HttpRequest

from werkbote.actions import privacy as deeds
from werkbote.domain import privacy as rights
from werkbote.reads import access
from werkbote.web import clock


def _correct(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    try:
        target = rights.read_target(request.POST.get("target", ""))
    except rights.UnableToRead as error:
        raise deeds.UnableToHandle(str(error)) from None
    deeds.correct(
        organisation=viewer.organisation,
        request=asked,
        target=target,
        right=request.POST.get("words", ""),
        by=viewer.member,
        at=clock.now(),
    )


def _finish(_: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.finish_correction(
        organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now()
    )


def _tell(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    position = request.POST.get("position", "")
    is_number = position.isascii() and position.isdecimal() and len(position) < 4  # noqa: PLR2004 -- there are never a thousand
    deeds.tell(
        organisation=viewer.organisation,
        request=asked,
        position=int(position) if is_number else -1,
        by=viewer.member,
        at=clock.now(),
    )


DEEDS: dict[str, Callable[[HttpRequest, access.Viewer, int], None]] = {
    "correct": _correct,
    "corrected": _finish,
    "tell": _tell,
}
