"""Files marked as sensitive: closed until somebody says why, and who opened them is in the audit."""

from datetime import timedelta

import pytest

from tests import erasures, staff
from werkbote.actions import cases
from werkbote.store import models, scope
from werkbote.web import clock


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def _marked(cast: staff.Staff, tag: str) -> tuple[int, int]:
    """Return a conversation and the file in it whose message bears a mark."""
    conversation = staff.wrote(cast.dealer)
    media = erasures.attach(cast.dealer, erasures.the_person(cast.dealer), b"\xff\xd8\xff bytes")
    with scope.looking(organisation=cast.dealer.organisation):
        message = models.Media.objects.get(id=media).message_id
    cases.mark_message(
        organisation=cast.dealer.organisation,
        message=message,
        tag=tag,
        by=cast.alice,
        at=clock.now(),
    )
    return conversation, media


def _openings(cast: staff.Staff) -> list[tuple[str, str, object]]:
    with scope.looking(organisation=cast.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb="media.open").order_by("id")
        return [(row.actor, row.object, row.detail) for row in rows]


@pytest.mark.parametrize("tag", ["identity_document", "accident", "application"])
def test_sensitive_file_is_shown_after_a_reason_which_is_logged(cast, tag):
    conversation, media = _marked(cast, tag)
    bob = staff.signed_in(cast.bob)
    page = bob.get(f"/inbox/{conversation}/").content.decode()
    assert (f'src="/media/{media}/"' in page, f"/media/{media}/open/" in page) == (False, True)
    assert bob.get(f"/media/{media}/").status_code == 404
    answer = bob.post(f"/media/{media}/open/", {"reason": "case"}, headers={"HX-Request": "true"})
    assert f'src="/media/{media}/"' in answer.content.decode()
    shown = bob.get(f"/media/{media}/")
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    expected = (f"member:{cast.bob}", f"media:{media}", {"tag": tag, "reason": "case"})
    assert _openings(cast) == [expected]
    assert staff.signed_in(cast.alice).get(f"/media/{media}/").status_code == 404


def test_opened_file_closes_by_itself(cast, monkeypatch):
    _, media = _marked(cast, "accident")
    bob = staff.signed_in(cast.bob)
    bob.post(f"/media/{media}/open/", {"reason": "insurer"})
    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert bob.get(f"/media/{media}/").status_code == 404


@pytest.mark.parametrize("reason", ["", "curiosity", "case ", "\0", "x" * 5000])
def test_without_a_reason_from_the_list_nothing_opens(cast, reason):
    _, media = _marked(cast, "accident")
    bob = staff.signed_in(cast.bob)
    assert bob.post(f"/media/{media}/open/", {"reason": reason}).status_code == 422
    assert bob.get(f"/media/{media}/").status_code == 404
    assert _openings(cast) == []


def test_looking_at_the_question_opens_nothing(cast):
    _, media = _marked(cast, "accident")
    bob = staff.signed_in(cast.bob)
    assert bob.get(f"/media/{media}/open/").status_code == 200
    assert (bob.get(f"/media/{media}/").status_code, _openings(cast)) == (404, [])


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_open_nothing(cast, who):
    _, media = _marked(cast, "identity_document")
    browser = staff.signed_in(getattr(cast, who))
    answers = [
        browser.get(f"/media/{media}/open/").status_code,
        browser.post(f"/media/{media}/open/", {"reason": "case"}).status_code,
        browser.get(f"/media/{media}/").status_code,
    ]
    assert (answers, _openings(cast)) == ([404, 404, 404], [])


def test_plain_file_needs_no_reason(cast):
    conversation, media = _marked(cast, "damage_photo")
    bob = staff.signed_in(cast.bob)
    assert f'src="/media/{media}/"' in bob.get(f"/inbox/{conversation}/").content.decode()
    assert bob.get(f"/media/{media}/").status_code == 200
    assert bob.get(f"/media/{media}/open/").status_code == 404
