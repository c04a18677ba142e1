"""What the database itself refuses: changed history, unpermitted sending, impossible values."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection

from tests import dealers
from tests.store import rows
from werkbote.domain import delivery
from werkbote.store import models, scope


@pytest.fixture
def organisation() -> int:
    return rows.organisation()


@pytest.mark.parametrize("table", [models.AuditEntry, models.Decision])
def test_what_was_decided_or_done_cannot_be_changed(organisation: int, table: Any) -> None:
    def rewrite() -> None:
        with scope.transaction(organisation=organisation):
            table.objects.update(organisation=organisation)

    with pytest.raises(DatabaseError, match="append-only"):
        rewrite()


def test_what_was_done_cannot_be_deleted(organisation: int, owner: psycopg.Connection[Any]) -> None:
    def delete() -> None:
        with scope.transaction(organisation=organisation):
            models.AuditEntry.objects.all().delete()

    with pytest.raises(DatabaseError, match="append-only"):
        delete()
    for command in ("DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(command)


def _try(organisation: int, **values: Any) -> None:
    with scope.transaction(organisation=organisation):
        assert models.Message.objects.update(**values) == 1


@pytest.mark.parametrize("state", sorted(delivery.NEEDS_PERMIT))
def test_no_message_is_sent_without_a_permit_on_record(
    organisation: int, state: delivery.State
) -> None:
    with pytest.raises(IntegrityError, match="message_beyond_queue_has_permit"):
        _try(organisation, state=state)
    with scope.transaction(organisation=organisation):
        permit = models.Decision.objects.get()
    _try(organisation, state=state, permit=permit)
    with pytest.raises(IntegrityError, match="message_beyond_queue_has_permit"):
        _try(organisation, permit=None)


@pytest.mark.parametrize("due", [-1, 0, 1])
def test_a_number_waits_when_a_queued_message_is_due_whenever_it_was_written(
    organisation: int, due: int
) -> None:
    now = rows.AT + timedelta(hours=1)
    _try(organisation, state=delivery.State.QUEUED, due_at=now + timedelta(seconds=due))
    with scope.transaction(organisation=organisation):
        models.Number.objects.update(paused_until=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation FROM werkbote_waiting_numbers(%s)", [now])
        assert ((organisation,) in cursor.fetchall()) is (due <= 0)


def test_a_refused_message_has_its_refusal_on_record(organisation: int) -> None:
    with pytest.raises(IntegrityError, match="message_refused_has_refusal"):
        _try(organisation, state=delivery.State.REFUSED)


def test_a_permit_cannot_go_while_a_message_rests_on_it(organisation: int) -> None:
    with scope.transaction(organisation=organisation):
        models.Message.objects.update(permit=models.Decision.objects.get())

    def remove() -> None:
        with scope.transaction(organisation=organisation):
            models.Decision.objects.all()._raw_delete("default")

    with pytest.raises(IntegrityError, match="permit"):
        remove()


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (models.Message, {"state": "teleported"}),
        (models.WebhookEvent, {"state": "lost"}),
        (models.Media, {"state": "somewhere"}),
        (models.Suppression, {"scope": "nothing"}),
        (models.IdentityReview, {"state": "accepted", "decided_at": None}),
        (models.Number, {"per_second": 0}),
        (models.Member, {"language": "fr"}),
    ],
)
def test_impossible_values_are_refused(
    organisation: int, table: Any, values: Mapping[str, Any]
) -> None:
    def spoil() -> None:
        with scope.transaction(organisation=organisation):
            table.objects.update(**values)

    with pytest.raises(IntegrityError):
        spoil()


def test_a_body_belongs_to_the_organisation_of_its_number(organisation: int) -> None:
    other, number = dealers.dealer(), _number(organisation)

    def stray() -> None:
        with scope.transaction(organisation=other.organisation):
            models.WebhookEvent.objects.create(
                organisation_id=other.organisation,
                number_id=number,
                digest=b"d",
                body=b"b",
                received_at=dealers.NOW,
            )

    with pytest.raises(IntegrityError, match="webhook_event_of_number"):
        stray()


def _number(organisation: int) -> int:
    with scope.looking(organisation=organisation):
        return models.Number.objects.values_list("id", flat=True)[0]
