"""A message in a case, for tests of how long it is kept: filed, marked, closed and swept."""

from datetime import UTC, date, datetime

from tests import dealers, phones
from werkbote.actions import cases, privacy
from werkbote.domain import cases as matter
from werkbote.store import models, scope

AT = dealers.NOW


def wrote(dealer: dealers.Dealer) -> int:
    phones.writes(dealer, "Guten Morgen", at=AT)
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.latest("id").id


def opened(dealer: dealers.Dealer, message: int, kind: matter.Kind) -> int:
    with scope.looking(organisation=dealer.organisation):
        person = models.Message.objects.get(id=message).person_id
    case = cases.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=person,
        details=cases.Details(kind=kind, title="Vorgang"),
        by="system",
        at=AT,
    )
    cases.file_message(
        organisation=dealer.organisation, message=message, case=case, by="system", at=AT
    )
    return case


def close(dealer: dealers.Dealer, case: int, contract: matter.Contract) -> None:
    cases.close_case(
        organisation=dealer.organisation, case=case, contract=contract, by="system", at=AT
    )


def mark(dealer: dealers.Dealer, message: int, tag: str, by: int) -> None:
    cases.mark_message(organisation=dealer.organisation, message=message, tag=tag, by=by, at=AT)


def tag_of(dealer: dealers.Dealer, message: int) -> str:
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.get(id=message).tag


def sweep(dealer: dealers.Dealer, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    privacy.sweep(organisation=dealer.organisation, at=at)
