"""An issue for many readers is sent by somebody else than whoever wrote it last, where there is somebody."""

from collections.abc import Iterator

import pytest

from tests import dealers, readers, staff
from werkbote.actions import newsletter
from werkbote.domain import newsletter as domain
from werkbote.domain import team as roles
from werkbote.store import models, scope

START = dealers.NOW


@pytest.fixture
def house() -> Iterator[readers.House]:
    dealer = dealers.dealer()
    staff.member(dealer.organisation, role=roles.Role.OWNER, branches=[dealer.branch])
    with readers.house(dealer) as made:
        yield made


def _written(house: readers.House, *, by: int, issue: int | None = None) -> int:
    return newsletter.save(
        organisation=house.dealer.organisation,
        branch=house.branch,
        draft=newsletter.Draft(subject="Herbst", text="Hallo"),
        issue=issue,
        by=by,
        at=START,
    )


def _begins(house: readers.House, issue: int, *, by: int) -> None:
    newsletter.begin(organisation=house.dealer.organisation, issue=issue, by=by, at=START)


def _state(house: readers.House, issue: int) -> str:
    with scope.looking(organisation=house.dealer.organisation):
        return models.NewsletterIssue.objects.get(id=issue).state


def test_many_readers_get_an_issue_once_somebody_else_has_looked(house, monkeypatch):
    monkeypatch.setattr(domain, "ALONE", 0)
    house.subscribes(readers.ANNA, at=START)
    here = house.dealer
    second = staff.member(here.organisation, role=roles.Role.MARKETING, branches=[here.branch])
    issue = _written(house, by=house.author)
    with pytest.raises(newsletter.UnableToPublish, match="somebody else has looked"):
        _begins(house, issue, by=house.author)
    _written(house, by=second, issue=issue)
    with pytest.raises(newsletter.UnableToPublish, match="somebody else has looked"):
        _begins(house, issue, by=second)
    assert _state(house, issue) == "draft"
    _begins(house, issue, by=house.author)
    assert _state(house, issue) == "sending"


@pytest.mark.parametrize(
    ("alone", "other", "active"),
    [
        (0, roles.Role.AGENT, True),
        (0, roles.Role.MARKETING, False),
        (1, roles.Role.MARKETING, True),
    ],
)
def test_few_readers_and_a_house_with_one_who_publishes_wait_for_nobody(
    house, monkeypatch, alone, other, active
):
    monkeypatch.setattr(domain, "ALONE", alone)
    house.subscribes(readers.ANNA, at=START)
    here = house.dealer
    second = staff.member(here.organisation, role=other, branches=[here.branch])
    with scope.transaction(organisation=here.organisation):
        models.Member.objects.filter(id=second).update(is_active=active)
    issue = _written(house, by=house.author)
    _begins(house, issue, by=house.author)
    assert _state(house, issue) == "sending"
