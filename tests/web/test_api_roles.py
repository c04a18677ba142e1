"""Every operation of the API for every role and branch: generated from the routes, none forgotten."""

from typing import Any

import pytest
from django.test import Client

from tests import furnished, staff
from werkbote.actions import team as deeds
from werkbote.domain import team
from werkbote.store import models, scope
from werkbote.web import api, clock

RIGHT_OF = {
    "GET /conversations": team.Right.READ_CHATS,
    "GET /conversations/{conversation}/messages": team.Right.READ_CHATS,
    "POST /conversations/{conversation}/messages": team.Right.WRITE,
    "GET /messages/{message}": team.Right.READ_CHATS,
    "GET /messages/{message}/decisions": team.Right.READ_DECISIONS,
    "GET /changes": team.Right.READ_CHATS,
}
"""What each operation asks of the role of the token's member."""


def operations() -> list[str]:
    """Every operation, as the routes name it."""
    return sorted(
        f"{method} {path.removeprefix('/api/v1')}"
        for path, methods in api.api.get_openapi_schema(path_prefix="")["paths"].items()
        for method in map(str.upper, methods)
    )


@pytest.fixture(scope="module")
def house(database: object) -> furnished.House:
    del database
    made = furnished.House(crew=staff.everybody(), at=clock.now())
    kinds = ("conversation", "message", "reply")
    furnished.furnish(made, {kind: furnished.MAKERS[kind] for kind in kinds})
    return made


def _elsewhere(house: furnished.House) -> int:
    with scope.looking(organisation=house.organisation):
        return models.Branch.objects.exclude(id=house.branch).get().id


def _caller(member: int) -> Client:
    secret = deeds.issue_token(
        organisation=staff.viewer(member).organisation,
        name="Autohaus-System",
        scopes=tuple(team.Scope),
        days=30,
        by=member,
        at=clock.now(),
    )
    return Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {secret}"})


def _call(house: furnished.House, caller: Client, operation: str) -> Any:
    method, _, path = operation.partition(" ")
    for name, kind in (("conversation", "conversation"), ("message", "reply")):
        path = path.replace(f"{{{name}}}", str(house.first[kind]))
    if method == "GET":
        return caller.get(f"/api/v1{path}")
    return caller.post(
        f"/api/v1{path}",
        {"kind": "text", "text": "Ihr Wagen ist fertig."},
        content_type="application/json",
        headers={"idempotency-key": f"auftrag-{id(caller)}"},
    )


def test_every_operation_says_which_right_it_asks_for():
    assert operations() == sorted(RIGHT_OF)


_ROLES = [role for role in team.Role if role is not team.Role.SUPPORT]
"""Support has no token: test_support.py."""


@pytest.mark.shows("S-04", "S-05")
@pytest.mark.parametrize("operation", operations())
@pytest.mark.parametrize("role", _ROLES)
def test_an_operation_answers_exactly_the_roles_that_have_its_right(house, role, operation):
    caller = _caller(staff.member(house.organisation, role=role, branches=[house.branch]))
    answer = _call(house, caller, operation)
    assert (answer.status_code < 300) is team.can(role=role, right=RIGHT_OF[operation])
    assert answer.status_code in {200, 202, 404}


@pytest.mark.shows("S-04", "S-05")
@pytest.mark.parametrize("operation", operations())
@pytest.mark.parametrize("role", _ROLES)
def test_an_operation_tells_nothing_to_another_branch_or_house(house, role, operation):
    who = house.crew.eve
    if role is not team.Role.OWNER:
        who = staff.member(house.organisation, role=role, branches=[_elsewhere(house)])
    answer = _call(house, _caller(who), operation)
    if "{" in operation:
        assert answer.status_code == 404
    assert str(house.first["conversation"]) not in answer.content.decode()
    with scope.looking(organisation=house.organisation):
        assert not models.Message.objects.filter(author=who).exists()
