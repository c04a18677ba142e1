"""Who may have to wait for whom: writing beside each other must not end in a deadlock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from django.db import connection

from tests import dealers
from werkbote.actions import drafts, outbox
from werkbote.channels import outgoing
from werkbote.store import intake, models, scope


@contextmanager
def _written_beside(dealer: dealers.Dealer, table: str) -> Iterator[None]:
    """Another transaction that has added a row pointing to every row of `table`, not yet committed."""
    beside = psycopg.connect(**intake.application_conninfo())
    with beside:
        beside.execute(
            "SELECT set_config('werkbote.organisation', %s, true)", [str(dealer.organisation)]
        )
        beside.execute(f"SELECT id FROM {table} FOR KEY SHARE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")


def _queued(dealer: dealers.Dealer) -> int:
    now = datetime.now(UTC)
    dealers.arrive(dealer, dealers.body(dealer, dealers.text("Moin", at=now)), at=now)
    dealers.understand(dealer, at=now)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    return outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Golf ist fertig."),
        purpose="P-02",
        by=None,
        at=now,
    )


def test_claim_waits_for_nobody_who_adds_messages_to_the_number():
    dealer = dealers.dealer()
    message = _queued(dealer)
    with _written_beside(dealer, "number"):
        ready = outbox.claim(
            organisation=dealer.organisation, number=dealer.number, at=datetime.now(UTC)
        )
    assert [one.message for one in ready] == [message]


def test_status_waits_for_nobody_who_points_to_the_message():
    dealer = dealers.dealer()
    message = _queued(dealer)
    now = datetime.now(UTC)
    ready = outbox.claim(organisation=dealer.organisation, number=dealer.number, at=now)
    receipt = outgoing.Receipt(provider_id="wamid.sent")
    outbox.settle(
        organisation=dealer.organisation,
        outcomes=[outbox.Outcome(ready=one, at=now, receipt=receipt) for one in ready],
    )
    with _written_beside(dealer, "message"):
        news = dealers.status("read", wamid="wamid.sent", at=now)
        dealers.arrive(dealer, dealers.body(dealer, news), at=now)
        dealers.understand(dealer, at=now)
    with scope.looking(organisation=dealer.organisation):
        assert models.Message.objects.get(id=message).state == "read"
