"""What the buttons at a standing restriction do: tell the person that it ends, and end it."""

from collections.abc import Callable

from django.http import HttpRequest

from werkbote.actions import privacy as deeds
from werkbote.reads import access
from werkbote.web import clock


def _announce(request: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.announce_lift(
        organisation=viewer.organisation,
        request=asked,
        reason=request.POST.get("reason", ""),
        by=viewer.member,
        at=clock.now(),
    )


def _lift(_: HttpRequest, viewer: access.Viewer, asked: int) -> None:
    deeds.lift(organisation=viewer.organisation, request=asked, by=viewer.member, at=clock.now())


DEEDS: dict[str, Callable[[HttpRequest, access.Viewer, int], None]] = {
    "announce": _announce,
    "lift": _lift,
}
