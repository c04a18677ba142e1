"""Files and the malware scanner: what leaves, what arrives, and what happens while it is silent."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings

from tests import dealers, hostile, scannerserver, simulator
from tests.actions import test_media as arriving
from werkbote.actions import drafts, media, outbox, scanning
from werkbote.domain import events
from werkbote.store import keyring, models, scope

EVIL = b"%PDF-1.7\n" + scannerserver.EVIL + b"\n%%EOF\n"


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[scannerserver.Scanner]:
    with scannerserver.serving() as made:
        monkeypatch.setattr(settings, "WERKBOTE_CLAMAV", made.address)
        yield made


@pytest.fixture
def dealer(simulator: simulator.Simulator) -> dealers.Dealer:
    made = dealers.dealer(graph_url=simulator.url)
    simulator.connect(made)
    return made


def _queue(dealer: dealers.Dealer, content: bytes) -> int:
    now = datetime.now(UTC)
    dealers.arrive(dealer, dealers.body(dealer, dealers.text("Hallo", at=now)), at=now)
    dealers.understand(dealer, at=now)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(
            kind=events.Kind.DOCUMENT,
            attachment=drafts.Attachment(content=content, mime="application/pdf", filename="a.pdf"),
        ),
        purpose="P-02",
        by=None,
        at=now,
    )


def _queued(dealer: dealers.Dealer) -> int:
    with scope.looking(organisation=dealer.organisation):
        return models.Message.objects.filter(outgoing=True).count()


def test_what_is_clean_is_queued(dealer, peer):
    _queue(dealer, b"%PDF-1.7 %%EOF")
    assert peer.received == [b"%PDF-1.7 %%EOF"]
    assert _queued(dealer) == 1


@pytest.mark.shows("S-14")
@pytest.mark.usefixtures("peer")
def test_what_is_infected_is_not_queued(dealer):
    with pytest.raises(scanning.Infected):
        _queue(dealer, EVIL)
    assert _queued(dealer) == 0


def test_while_the_scanner_is_silent_nothing_is_queued(dealer, monkeypatch):
    monkeypatch.setattr(settings, "WERKBOTE_CLAMAV", "127.0.0.1:1")
    with pytest.raises(scanning.UnableToScan, match="WERKBOTE_CLAMAV"):
        _queue(dealer, b"%PDF-1.7 %%EOF")
    assert _queued(dealer) == 0


def test_without_a_scanner_files_are_queued(dealer):
    _queue(dealer, EVIL)
    assert _queued(dealer) == 1


def _sent(sim: simulator.Simulator, dealer: dealers.Dealer, content: bytes) -> int:
    answer = sim.client.post(
        f"{sim.url}/v23.0/{dealer.phone_number_id}/media",
        headers={"Authorization": "Bearer token"},
        data={"messaging_product": "whatsapp", "type": "image/png"},
        files={"file": ("a.png", io.BytesIO(content), "image/png")},
    )
    return arriving._arrived(dealer, str(answer.json()["id"]), at=datetime.now(UTC))


def _row(dealer: dealers.Dealer) -> models.Media:
    with scope.looking(organisation=dealer.organisation):
        return models.Media.objects.select_related("person").get()


@pytest.mark.shows("S-14")
@pytest.mark.usefixtures("peer")
def test_not_a_byte_of_an_infected_file_is_kept_and_it_is_not_fetched_again(dealer, simulator):
    row = _sent(simulator, dealer, hostile.picture("PNG") + scannerserver.EVIL)
    fetch = {"organisation": dealer.organisation, "media": row, "at": datetime.now(UTC)}
    assert not media.fetch(**fetch)
    assert (_row(dealer).state, _row(dealer).problem) == ("failed", "infected")
    with scope.looking(organisation=dealer.organisation):
        assert not models.MediaChunk.objects.exists()
    with pytest.raises(media.UnableToRetry):
        media.retry_media(**fetch, by=1)


def test_a_received_file_waits_for_a_silent_scanner_and_is_kept_when_it_speaks(
    dealer, simulator, peer
):
    row = _sent(simulator, dealer, hostile.picture("PNG"))
    fetch = {"organisation": dealer.organisation, "media": row, "at": datetime.now(UTC)}
    peer.says = b"stream: Can't open file ERROR\0"
    assert not media.fetch(**fetch)
    assert (_row(dealer).state, _row(dealer).problem) == ("waiting", "unscanned")
    peer.says = None
    assert media.fetch(**fetch)
    stored = _row(dealer)
    key = keyring.organisation(dealer.organisation).unwrap(
        stored.person.key_wrapped, person=stored.person_id
    )
    with scope.looking(organisation=dealer.organisation):
        assert b"".join(media.content(key, media=row)) == hostile.picture("PNG")


def test_a_received_file_larger_than_the_scanner_takes_is_not_kept(dealer, simulator, peer):
    row = _sent(simulator, dealer, hostile.picture("PNG"))
    peer.says = b"INSTREAM size limit exceeded. ERROR\0"
    assert not media.fetch(organisation=dealer.organisation, media=row, at=datetime.now(UTC))
    assert (_row(dealer).state, _row(dealer).problem) == ("failed", "unscannable")
