"""What a page says to the watch before it shows or hands out the data of many persons."""

import math
from collections.abc import Collection, Mapping

from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from werkbote.actions import watch as deeds
from werkbote.domain import watch
from werkbote.domain.events import Json
from werkbote.reads import access
from werkbote.web import clock


def opened(viewer: access.Viewer, *persons: int) -> None:
    """Count persons whose data is shown; raise watch.UnableToRead where it is too much."""
    _look(viewer, persons, listed=False)


def listed(viewer: access.Viewer, persons: Collection[int]) -> None:
    """Count persons who stand in a further page of a list, or among what a search found."""
    _look(viewer, persons, listed=True)


def _look(viewer: access.Viewer, persons: Collection[int], *, listed: bool) -> None:
    reader = deeds.Reader(organisation=viewer.organisation, member=viewer.member)
    deeds.look(reader=reader, persons=persons, at=clock.now(), listed=listed)


def held_back(
    viewer: access.Viewer, way: watch.Way, *, persons: int, wanted: Mapping[str, Json]
) -> HttpResponseBase | None:
    """Return None where a file may leave, else the way to the page where it waits for a second person."""
    waits = deeds.hand_out(
        organisation=viewer.organisation,
        parcel=deeds.Parcel(way=way, wanted=wanted, branches=viewer.branches, persons=persons),
        by=viewer.member,
        at=clock.now(),
    )
    return None if waits is None else redirect("handout", waits)


def seconds_until(error: watch.UnableToRead) -> int:
    """Return after how many seconds reading goes on."""
    return max(1, math.ceil((error.until - clock.now()).total_seconds()))
