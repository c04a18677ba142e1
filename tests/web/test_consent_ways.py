"""The pages of the ways in: who may offer, what is handed out, and to whom not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import staff
from werkbote.domain import team
from werkbote.reads import consent_ways
from werkbote.store import models, scope

NEW = {"keyword": "WERBUNG JA", "code": "w26", "purposes": ["P-05"], "title": ""}


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff()


def _offer(people: staff.Staff, member: int, **changes: object):
    given = {**NEW, "branch": people.dealer.branch, **changes}
    return staff.signed_in(member).post("/consents/ways/offer/", given)


def _way(people: staff.Staff) -> int:
    with scope.looking(organisation=people.dealer.organisation):
        return models.ConsentWay.objects.get().id


def test_a_member_offers_a_way_and_gets_poster_and_code(people):
    assert _offer(people, people.bob).status_code == 302
    bob = staff.signed_in(people.bob)
    assert "WERBUNG JA W26" in bob.get("/consents/ways/").content.decode()
    for kind, begin in (
        ("poster.pdf", b"%PDF"),
        ("poster.png", b"\x89PNG"),
        ("qr.png", b"\x89PNG"),
    ):
        answer = bob.get(f"/consents/ways/{_way(people)}/{kind}")
        assert answer.status_code == 200
        assert answer.content.startswith(begin)
    assert bob.get(f"/consents/ways/{_way(people)}/poster.svg").status_code == 404


@pytest.mark.parametrize(
    "changes", [{"purposes": []}, {"code": "a b"}, {"branch": "1"}, {"keyword": ""}]
)
def test_an_offer_that_lacks_something_is_shown_again(people, changes):
    assert _offer(people, people.bob, **changes).status_code == 422
    with scope.looking(organisation=people.dealer.organisation):
        assert models.ConsentWay.objects.count() == 0


def test_marketing_offers_and_others_must_not(people):
    marketing = staff.member(
        people.dealer.organisation, role=team.Role.MARKETING, branches=[people.dealer.branch]
    )
    assert _offer(people, marketing).status_code == 302
    for member in (people.dora, people.eve, people.charlie):
        assert _offer(people, member, code="other").status_code in {404, 422}
        browser = staff.signed_in(member)
        assert browser.get(f"/consents/ways/{_way(people)}/qr.png").status_code == 404
        assert browser.post(f"/consents/ways/{_way(people)}/end/").status_code == 404
    with scope.looking(organisation=people.dealer.organisation):
        assert models.ConsentWay.objects.get().ended_at is None


def test_ending_is_a_post_and_keeps_the_row(people):
    _offer(people, people.bob)
    alice = staff.signed_in(people.alice)
    address = f"/consents/ways/{_way(people)}/end/"
    assert alice.get(address).status_code == 405
    assert alice.post(address).status_code == 302
    assert "beendet" in alice.get("/consents/ways/").content.decode()


def test_the_list_asks_the_database_equally_often_for_any_length(people):
    viewer, counts = staff.viewer(people.bob), []
    for number in range(3):
        _offer(people, people.bob, code=f"c{number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(consent_ways.ways(viewer=viewer)) == number + 1
        counts.append(len(queries))
    assert counts[0] == counts[2]
