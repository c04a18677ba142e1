"""What tests of the desk's pages look at: a conversation, an opened case, the queries of a page."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import cases as case_deeds
from werkbote.domain import cases
from werkbote.store import models, scope

NOW = dealers.NOW


def look(cast: staff.Staff, conversation: int) -> models.Conversation:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Conversation.objects.get(id=conversation)


def by_bob(cast: staff.Staff, conversation: int) -> dict[str, Any]:
    return {
        "organisation": cast.dealer.organisation,
        "conversation": conversation,
        "by": cast.bob,
        "at": NOW,
    }


def opened(cast: staff.Staff, conversation: int, title: str = "Bremsen") -> int:
    return case_deeds.open_case(
        organisation=cast.dealer.organisation,
        branch=cast.dealer.branch,
        person=look(cast, conversation).person_id,
        details=case_deeds.Details(kind=cases.Kind.REPAIR_ORDER, title=title),
        by=cast.bob,
        at=NOW,
    )


def queries(browser: Any, path: str) -> int:
    """How often a page asks; who is seen for the first time in an hour is counted before."""
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)
