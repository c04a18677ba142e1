"""Pages for those who run the house, and who may not see them."""

from datetime import UTC, datetime

import pytest

from tests import dealers, staff
from werkbote.domain import events
from werkbote.store import ids, models, scope

PAGES = (
    "/operation/dead-letters/",
    "/operation/not-understood/",
    "/operation/media/",
    "/operation/signatures/",
)


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_pages_say_so_when_there_is_nothing(cast):
    browser = staff.signed_in(cast.alice)
    for path in (*PAGES, "/reviews/", "/decisions/", "/costs/"):
        assert browser.get(path).status_code == 200, path


def test_an_agent_does_not_run_the_house(cast):
    browser = staff.signed_in(cast.bob)
    assert [browser.get(path).status_code for path in (*PAGES, "/costs/")] == [404] * 5


def test_an_auditor_sees_counts_and_cannot_replay(cast):
    dora, event = staff.signed_in(cast.dora), _dead(cast)
    page = dora.get("/operation/dead-letters/").content.decode()
    assert "This body is not JSON." in page
    assert "Erneut verarbeiten" not in page
    assert dora.post(f"/operation/dead-letters/{event}/").status_code == 404


def test_a_dead_letter_is_replayed_by_those_who_may(cast):
    event = _dead(cast)
    assert staff.signed_in(cast.eve).post(f"/operation/dead-letters/{event}/").status_code == 404
    alice = staff.signed_in(cast.alice)
    answer = alice.post(f"/operation/dead-letters/{event}/", follow=True)
    assert "wird erneut verarbeitet" in answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.WebhookEvent.objects.get(id=event).state == "received"


def test_what_is_still_not_understood_is_kept(cast):
    dealers.arrive(cast.dealer, dealers.body(cast.dealer, {"strange": 1}, change="hologram"))
    dealers.understand(cast.dealer)
    alice = staff.signed_in(cast.alice)
    page = alice.get("/operation/not-understood/").content.decode()
    assert "hologram" in page
    with scope.looking(organisation=cast.dealer.organisation):
        part = models.NotUnderstood.objects.get().id
    answer = alice.post(f"/operation/not-understood/{part}/", follow=True)
    assert "Weiterhin nicht verstanden" in answer.content.decode()


def test_a_file_that_failed_is_asked_for_again_by_those_who_read_the_chat(cast):
    conversation = staff.wrote(
        cast.dealer, kind="image", media=events.MediaRef(provider_id="77", mime="image/png")
    )
    with scope.transaction(organisation=cast.dealer.organisation):
        file = models.Media.objects.get()
        models.Media.objects.update(state="failed", problem="gone", created_at=datetime.now(UTC))
    assert "Erneut abrufen" in staff.signed_in(cast.alice).get("/operation/media/").content.decode()
    for other in (cast.charlie, cast.dora, cast.eve):
        assert staff.signed_in(other).post(f"/media/{file.id}/retry/").status_code == 404
    bob = staff.signed_in(cast.bob)
    assert "Erneut abrufen" in bob.get(f"/inbox/{conversation}/").content.decode()
    bob.post(f"/media/{file.id}/retry/")
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Media.objects.get().state == "waiting"


def test_a_question_about_identities_is_answered_once(cast):
    conversation = staff.wrote(cast.dealer)
    staff.wrote(cast.dealer, phone="+491713920002")
    with scope.transaction(organisation=cast.dealer.organisation):
        persons = list(models.Person.objects.order_by("id"))
        review = models.IdentityReview(
            organisation_id=cast.dealer.organisation,
            kind="identity_changed",
            provider_id=str(ids.new()),
            previous=persons[0],
            current=persons[1],
            created_at=dealers.NOW,
        )
        review.save(force_insert=True)
    assert staff.signed_in(cast.charlie).post(f"/reviews/{review.id}/").status_code == 404
    bob = staff.signed_in(cast.bob)
    assert "Ja, zusammenführen" in bob.get("/reviews/").content.decode()
    for _ in range(2):
        bob.post(f"/reviews/{review.id}/", {"answer": "reject"})
    assert "Nichts zu prüfen" in bob.get("/reviews/").content.decode()
    assert bob.get(f"/inbox/{conversation}/").status_code == 200


def _dead(cast: staff.Staff) -> int:
    dealers.arrive(cast.dealer, b"{")
    dealers.understand(cast.dealer)
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.WebhookEvent.objects.get()
        assert row.state == "dead"
        models.WebhookEvent.objects.filter(id=row.id).update(problem="This body is not JSON.")
    return row.id
