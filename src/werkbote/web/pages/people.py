"""Pages about people: questions whether two are one."""

import contextlib

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from werkbote.actions import people as deeds
from werkbote.domain import team
from werkbote.reads import access, people
from werkbote.web import clock, door


@require_GET
@door.signed_in(team.Right.READ_CHATS)
def reviews(request: HttpRequest, viewer: access.Viewer) -> HttpResponseBase:
    """Show the open questions."""
    return door.show(
        request,
        viewer,
        "people/reviews.html",
        {"page": "reviews", "reviews": people.reviews(viewer=viewer)},
    )


@require_POST
@door.signed_in(team.Right.WRITE)
def decide(request: HttpRequest, viewer: access.Viewer, review: int) -> HttpResponseBase:
    """Answer a question; one that was answered meanwhile is simply gone from the list."""
    people.check_review(viewer=viewer, review=review)
    answer = request.POST.get("answer")
    if answer in {"accept", "reject"}:
        with contextlib.suppress(deeds.UnableToDecide):
            deeds.decide_review(
                organisation=viewer.organisation,
                review=review,
                accept=answer == "accept",
                by=viewer.member,
                at=clock.now(),
            )
    return redirect("reviews")
