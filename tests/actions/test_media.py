"""Files of received messages: fetched by a job of their own, again and again while they may still come."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import dealers, hostile, simulator
from werkbote.actions import media
from werkbote.store import keyring, models, scope

PICTURE = hostile.picture("PNG")


@pytest.fixture
def dealer(simulator: simulator.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made)
    return made


def _upload(sim: simulator.Simulator, to: dealers.Dealer) -> str:
    answer = sim.client.post(
        f"{sim.url}/v23.0/{to.phone_number_id}/media",
        headers={"Authorization": "Bearer token"},
        data={"messaging_product": "whatsapp", "type": "image/png"},
        files={"file": ("a.png", PICTURE, "image/png")},
    )
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def _arrived(to: dealers.Dealer, provider_id: str, *, at: datetime) -> int:
    """Let a picture arrive; return its file's row. Nothing has been fetched yet."""
    value = dealers.text("", at=at)
    value["messages"][0] |= {
        "type": "image",
        "image": {"id": provider_id, "mime_type": "image/png", "caption": "Kratzer"},
    }
    dealers.arrive(to, dealers.body(to, value), at=at)
    assert dealers.understand(to, at=at) == 1
    with scope.looking(organisation=to.organisation):
        return models.Media.objects.get().id


def _row(to: dealers.Dealer) -> models.Media:
    with scope.looking(organisation=to.organisation):
        return models.Media.objects.select_related("message", "person").get()


def _fetch(to: dealers.Dealer, row: int, *, at: datetime) -> bool:
    return media.fetch(organisation=to.organisation, media=row, at=at)


def test_file_that_cannot_be_had_now_is_fetched_later_and_holds_nothing_back(dealer, simulator):
    now = datetime.now(UTC)
    row = _arrived(dealer, _upload(simulator, dealer), at=now)
    faults = [{"kind": "http_503", "place": "media", "times": 1}]
    simulator.call("POST", f"numbers/{dealer.phone_number_id}/faults", api=faults)
    assert not _fetch(dealer, row, at=now)
    waiting = _row(dealer)
    assert (waiting.state, waiting.attempts, waiting.message.kind) == ("waiting", 1, "image")
    assert _fetch(dealer, row, at=now)
    stored = _row(dealer)
    assert (stored.state, stored.size, stored.problem) == ("stored", len(PICTURE), "")
    key = keyring.organisation(dealer.organisation).unwrap(
        stored.person.key_wrapped, person=stored.person_id
    )
    with scope.looking(organisation=dealer.organisation):
        assert b"".join(media.content(key, media=row)) == PICTURE
    assert not _fetch(dealer, row, at=now)


def test_file_that_is_gone_fails_and_may_be_asked_for_again_within_seven_days(dealer):
    now = datetime.now(UTC)
    row = _arrived(dealer, "9999999999", at=now)
    assert not _fetch(dealer, row, at=now)
    assert _row(dealer).state == "failed"
    again = {"organisation": dealer.organisation, "media": row, "by": 1}
    media.retry_media(**again, at=now + timedelta(days=6))
    assert (_row(dealer).state, _row(dealer).attempts) == ("waiting", 0)
    with pytest.raises(media.UnableToRetry, match="send it again"):
        media.retry_media(**again, at=now + timedelta(days=6))


def test_file_older_than_metas_seven_days_is_given_up(dealer):
    now = datetime.now(UTC)
    row = _arrived(dealer, "9999999999", at=now)
    late = now + timedelta(days=8)
    assert not _fetch(dealer, row, at=late)
    assert (_row(dealer).state, _row(dealer).problem) == ("expired", "expired")
    with pytest.raises(media.UnableToRetry):
        media.retry_media(organisation=dealer.organisation, media=row, by=1, at=late)
