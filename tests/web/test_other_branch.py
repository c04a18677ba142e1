"""With a valid sign-in of another branch or house: every address with a row looks as if it were not there."""

from collections.abc import Iterator

import pytest

from tests import furnished, furnished_house, staff
from tests.web import addresses
from werkbote.domain import team
from werkbote.store import models, scope

NOBODY = 1
"""The id of no row."""

_CHAINS = {"audit"}
"""The house's one chain of what was done, for who audits the house: ids and deeds, no names or words."""

_ARRIVAL = {"team.create_member", "team.acknowledge_policy", "team.sign_in", "support.look"}


@pytest.fixture(scope="module")
def house(database: object) -> Iterator[furnished.House]:
    """A house with a row of everything at one branch, and another branch beside it."""
    del database
    with furnished.arranged():
        made = furnished.House(crew=staff.everybody())
        furnished.furnish(made, furnished_house.EVERYTHING)
        yield made


def _elsewhere(house: furnished.House) -> int:
    with scope.looking(organisation=house.organisation):
        return models.Branch.objects.exclude(id=house.branch).get().id


def _intruder(house: furnished.House, role: team.Role) -> int:
    """Somebody of this house's other branch; an owner works everywhere, so theirs is another house."""
    if role is team.Role.OWNER:
        return house.crew.eve
    return staff.member(house.organisation, role=role, branches=[_elsewhere(house)])


@pytest.mark.shows("S-04", "S-05")
@pytest.mark.parametrize("role", team.Role)
def test_a_row_of_another_branch_looks_like_no_row(house, role):
    member = _intruder(house, role)
    browser = staff.signed_in(member)
    different = []
    for name in addresses.with_rows():
        theirs, nobodys = addresses.address(house, name), addresses.address(house, name, row=NOBODY)
        for call in (browser.get, browser.post):
            answers = (call(theirs).status_code, call(nobodys).status_code)
            if answers[0] != answers[1] or answers[0] < 300:
                different.append((name, call.__name__, answers))
    assert different == []
    assert _did(house, member) == set()


def _did(house: furnished.House, member: int) -> set[str]:
    """What the house's audit says a member did, beyond coming in."""
    with scope.looking(organisation=house.organisation):
        rows = models.AuditEntry.objects.filter(actor=f"member:{member}")
        return set(rows.values_list("verb", flat=True)) - _ARRIVAL


@pytest.mark.shows("S-04", "S-05")
@pytest.mark.parametrize("role", team.Role)
def test_no_list_names_a_row_of_another_branch(house, role):
    """Ids and names of the house's rows stand on no page without a row; labels are the whole house's."""
    browser = staff.signed_in(_intruder(house, role))
    told = {}
    kinds = sorted(
        furnished.MAKERS.keys() - {"label"} | {"breach", "asked", "hold", "run", "ask", "chat"}
    )
    for name in addresses.without_rows():
        page = browser.get(addresses.address(house, name))
        words = "" if page.streaming else page.content.decode(errors="replace")
        found = [kind for kind in kinds if str(house.first[kind]) in words]
        found = [] if name in _CHAINS else found
        if found or "Petra Beispiel" in words:
            told[name] = found
    assert told == {}
