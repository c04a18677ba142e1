"""Letters of closed cases, and the day on which they go into the archive."""

from datetime import UTC, datetime
from typing import Any

from tests import dealers, phones
from werkbote.actions import cases, privacy
from werkbote.domain import cases as matter
from werkbote.store import models, scope

ARCHIVED = datetime(2027, 2, 24, 12, tzinfo=UTC)
"""The first day on which letters of a case closed at dealers.NOW are in the archive."""


def closed(
    dealer: dealers.Dealer, words: str, contract: matter.Contract, at: datetime, **more: Any
) -> int:
    """A message in a case that is closed with an answer; returns the message."""
    phones.writes(dealer, words, at=at, **more)
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.latest("id")
    case = cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=row.person_id,
        details=cases.Details(kind=matter.Kind.REPAIR_ORDER, title="Auftrag"),
        by="system",
        at=at,
    )
    cases.file_message(
        organisation=dealer.organisation, message=row.id, case=case, by="system", at=at
    )
    cases.close_case(
        organisation=dealer.organisation, case=case, contract=contract, by="system", at=at
    )
    return row.id


def archived(dealer: dealers.Dealer, words: str, **more: Any) -> int:
    """A message that has gone into the archive; returns it."""
    message = closed(dealer, words, matter.Contract.YES, dealers.NOW, **more)
    privacy.sweep(organisation=dealer.organisation, at=ARCHIVED)
    return message


def case_of(dealer: dealers.Dealer, message: int) -> int:
    """The case a message is filed in."""
    with scope.looking(organisation=dealer.organisation):
        return int(models.Message.objects.values_list("case", flat=True).get(id=message) or 0)
