"""Two persons are proposed as one by a member and decided by another."""

import pytest

from tests import staff
from werkbote.store import models, scope

OTHER = "+491713920002"


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def proposed(cast: staff.Staff) -> int:
    conversation = staff.wrote(cast.dealer)
    staff.wrote(cast.dealer, phone=OTHER, name="Petra B.")
    bob = staff.signed_in(cast.bob)
    answer = bob.post(f"/inbox/{conversation}/same/", {"person": "0171 3920002"})
    assert answer.status_code == 302, answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        return models.IdentityReview.objects.get(kind="proposed").id


def persons(cast: staff.Staff) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Person.objects.filter(merged_into=None).count()


def test_who_proposed_it_does_not_decide_it(cast):
    review = proposed(cast)
    bob = staff.signed_in(cast.bob)
    page = bob.get("/reviews/").content.decode()
    assert "Das haben Sie selbst vorgeschlagen" in page
    assert "Ja, zusammenlegen" not in page
    bob.post(f"/reviews/{review}/", {"answer": "accept"})
    assert persons(cast) == 2


@pytest.mark.parametrize(("answer", "left"), [("accept", 1), ("reject", 2)])
def test_somebody_else_decides(cast, answer, left):
    review = proposed(cast)
    alice = staff.signed_in(cast.alice)
    alice.post(f"/reviews/{review}/", {"answer": answer})
    assert persons(cast) == left
    assert "hält die beiden" not in alice.get("/reviews/").content.decode()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "keine Unterhaltung"),
        ("Niemand", "keine Unterhaltung"),
        ("0171 3920001", "keine Unterhaltung"),
        ("Petra", "mehrere Personen"),
    ],
)
def test_a_proposal_names_one_other_person(cast, line, says):
    conversation = staff.wrote(cast.dealer)
    for number in (2, 3):
        staff.wrote(cast.dealer, phone=f"+49171392000{number}", name=f"Petra {number}")
    answer = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/same/", {"person": line})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_question_that_is_open_is_not_asked_twice(cast):
    proposed(cast)
    with scope.looking(organisation=cast.dealer.organisation):
        conversation = models.Conversation.objects.order_by("id")[0].id
    again = {"person": "01713920002"}
    answer = staff.signed_in(cast.alice).post(f"/inbox/{conversation}/same/", again)
    assert "schon offen" in answer.content.decode()


def test_a_proposal_holds_up_no_message(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    before = bob.get(f"/inbox/{conversation}/verdict/").content
    proposed(cast)
    assert bob.get(f"/inbox/{conversation}/verdict/").content == before
