"""Old chats about an accident, or with somebody whose data is restricted: opened with a reason, or not."""

import asyncio
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import exports, staff
from werkbote.actions import cases as case_deeds
from werkbote.domain import cases
from werkbote.store import models, scope
from werkbote.web import clock
from werkbote.web.pages import old_chats_protected as pages


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


def _filed(team: staff.Staff, retention: str = "L-10") -> models.OldChatArrival:
    """Return an export of Bob's phone, filed by him."""
    done = exports.brought(team, exports.packed())
    answer = staff.signed_in(team.bob).post(
        f"/old-chats/{done.chat_id}/decide/", {"retention": retention}
    )
    assert answer.status_code == 302
    return done


def _file(team: staff.Staff, chat: int) -> int:
    with scope.looking(organisation=team.dealer.organisation):
        return models.OldChatFile.objects.get(chat=chat).id


def _content(answer: Any) -> bytes:
    assert answer.status_code == 200

    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(whole())


def _looks(team: staff.Staff) -> list[dict[str, object]]:
    with scope.looking(organisation=team.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb="old_chats.look_at_protected")
        return [dict(row.detail) for row in rows.order_by("position")]


def _opened(browser: Client, chat: int, reason: str = "claims") -> str:
    """Say why, and return the address that is open then."""
    answer = browser.post(f"/old-chats/protected/{chat}/", {"reason": reason})
    assert answer.status_code == 302
    return answer["Location"]


def _privacy(team: staff.Staff) -> Client:
    dealer = team.dealer
    return staff.signed_in(
        staff.member(dealer.organisation, role=staff.roles.Role.PRIVACY, branches=[dealer.branch])
    )


@pytest.mark.shows("S-04")
def test_an_accident_is_closed_to_the_branch_once_it_is_filed(team):
    done = _filed(team)
    colleague = staff.member(
        team.dealer.organisation, role=staff.roles.Role.AGENT, branches=[team.dealer.branch]
    )
    for member in (team.bob, colleague, team.alice):
        browser = staff.signed_in(member)
        assert "Petra" not in browser.get("/old-chats/").content.decode()
        for path in (
            f"/old-chats/{done.chat_id}/",
            f"/old-chats/files/{_file(team, done.chat_id)}/",
        ):
            assert browser.get(path).status_code == 404, path
    for member in (team.bob, colleague):
        browser = staff.signed_in(member)
        for path in ("", f"{done.chat_id}/", f"{done.chat_id}/files/{_file(team, done.chat_id)}/"):
            assert browser.get(f"/old-chats/protected/{path}").status_code == 404, path
        refiled = browser.post(f"/old-chats/{done.chat_id}/decide/", {"retention": "L-05"})
        assert refiled.status_code == 404


def test_other_classes_stay_open_to_the_branch(team):
    done = _filed(team, "L-05")
    assert staff.signed_in(team.bob).get(f"/old-chats/{done.chat_id}/").status_code == 200
    owner = staff.signed_in(team.alice)
    assert owner.get(f"/old-chats/protected/{done.chat_id}/").status_code == 404


@pytest.mark.shows("S-04")
def test_who_may_says_why_and_it_is_written_down(team):
    done = _filed(team)
    for browser in (staff.signed_in(team.alice), _privacy(team)):
        asked = browser.get(f"/old-chats/protected/{done.chat_id}/").content.decode()
        assert "Super!" not in asked
        open_now = _opened(browser, done.chat_id)
        page = browser.get(open_now).content.decode()
        assert "Super!" in page
        look = open_now.partition("?")[2]
        file = f"/old-chats/protected/{done.chat_id}/files/{_file(team, done.chat_id)}/"
        assert f"{file}?{look}" in page
        assert _content(browser.get(f"{file}?{look}")) == exports.PHOTO
    assert _looks(team) == [{"reason": "claims"}] * 2


@pytest.mark.parametrize("reason", ["", "curiosity", "claims "])
def test_without_a_reason_nothing_is_shown_or_written_down(team, reason):
    done = _filed(team)
    answer = staff.signed_in(team.alice).post(
        f"/old-chats/protected/{done.chat_id}/", {"reason": reason}
    )
    assert answer.status_code == 422
    assert "Super!" not in answer.content.decode()
    assert _looks(team) == []


def test_a_look_is_good_for_its_member_its_chat_and_a_while_only(team, monkeypatch):
    done = _filed(team)
    other = exports.brought(team, exports.packed(chat=exports.long(3), name="_chat.txt"))
    staff.signed_in(team.bob).post(f"/old-chats/{other.chat_id}/decide/", {"retention": "L-10"})
    owner = staff.signed_in(team.alice)
    open_now = _opened(owner, done.chat_id)
    look = open_now.partition("?")[2]
    for browser, path in (
        (_privacy(team), open_now),
        (owner, f"/old-chats/protected/{other.chat_id}/?{look}"),
        (owner, f"/old-chats/protected/{done.chat_id}/?{look}x"),
    ):
        page = browser.get(path).content.decode()
        assert "Super!" not in page
        assert "Nachricht 1" not in page
    monkeypatch.setattr(pages, "_OPEN_SECONDS", -1)
    assert "Super!" not in owner.get(open_now).content.decode()
    file = f"/old-chats/protected/{done.chat_id}/files/{_file(team, done.chat_id)}/"
    assert owner.get(f"{file}?{look}").status_code == 404


def test_charlie_of_another_branch_sees_no_protected_chat(team):
    done = _filed(team)
    assert staff.signed_in(team.charlie).get("/old-chats/protected/").status_code == 404
    foreign = staff.signed_in(
        staff.member(team.dealer.organisation, role=staff.roles.Role.PRIVACY, branches=[])
    )
    assert "Petra" not in foreign.get("/old-chats/protected/").content.decode()
    assert foreign.get(f"/old-chats/protected/{done.chat_id}/").status_code == 404


def test_whoever_the_case_is_assigned_to_opens_the_chat_like_any(team):
    done = _filed(team)
    dealer = team.dealer
    conversation = staff.wrote(dealer)
    with scope.looking(organisation=dealer.organisation):
        person = models.Conversation.objects.get(id=conversation).person_id
    case = case_deeds.open_case(
        organisation=dealer.organisation,
        branch=dealer.branch,
        person=person,
        details=case_deeds.Details(kind=cases.Kind.ACCIDENT, title="Unfall"),
        by=team.bob,
        at=clock.now(),
    )
    with scope.transaction(organisation=dealer.organisation):
        models.Case.objects.filter(id=case).update(owner=team.bob)
        models.OldChat.objects.filter(id=done.chat_id).update(case=case)
    browser = staff.signed_in(team.bob)
    assert browser.get(f"/old-chats/{done.chat_id}/").status_code == 200
    assert browser.get(f"/old-chats/files/{_file(team, done.chat_id)}/").status_code == 200


def test_an_owner_can_correct_the_class(team):
    done = _filed(team)
    owner = staff.signed_in(team.alice)
    assert "Löschklasse ändern" in owner.get(_opened(owner, done.chat_id)).content.decode()
    owner.post(f"/old-chats/{done.chat_id}/decide/", {"retention": "L-09"})
    assert staff.signed_in(team.bob).get(f"/old-chats/{done.chat_id}/").status_code == 200


@pytest.mark.shows("R-31")
def test_a_chat_of_a_restricted_person_is_opened_for_the_reasons_of_the_law_only(team):
    done = exports.brought(team, exports.packed())
    with scope.transaction(organisation=team.dealer.organisation):
        models.Person.objects.filter(id=done.person_id).update(restricted_at=clock.now())
    owner = staff.signed_in(team.alice)
    address = f"/old-chats/protected/{done.chat_id}/"
    assert 'value="case"' not in owner.get(address).content.decode()
    assert owner.post(address, {"reason": "case"}).status_code == 422
    assert "Super!" in owner.get(_opened(owner, done.chat_id, "request")).content.decode()
    with scope.transaction(organisation=team.dealer.organisation):
        models.Person.objects.filter(id=done.person_id).update(restricted_at=None)


def test_the_list_asks_as_often_for_three_as_for_one(team):
    owner = staff.signed_in(team.alice)
    counts = []
    for some in ((3,), (5, 7)):
        for messages in some:
            chat = exports.brought(team, exports.long(messages), filename=f"{messages}.txt").chat_id
            staff.signed_in(team.bob).post(f"/old-chats/{chat}/decide/", {"retention": "L-10"})
        owner.get("/old-chats/protected/")
        with CaptureQueriesContext(connection) as seen:
            assert owner.get("/old-chats/protected/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
