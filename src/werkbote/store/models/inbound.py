"""What arrived at a webhook before anybody understood it."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import numbers, team


class WebhookEvent(models.Model):
    """One signed body as it came, sealed; kept for days. A repeated body is the same row.

    One foreign key holds number and organisation together (`webhook_event_of_number`), checked once a row.
    States: received → done | dead (not a webhook body, or its parts cannot be stored; see
    `problem`). `counts` says what was found in it, by kind.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(
        team.Organisation,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    number = models.ForeignKey(
        numbers.Number,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    digest = models.BinaryField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="received", db_default="received")
    problem = models.CharField(max_length=200, blank=True, db_default="")
    counts = models.JSONField(default=dict, db_default={})
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_event"
        constraints = [
            models.UniqueConstraint(name="webhook_event_once", fields=["number", "digest"]),
            models.CheckConstraint(
                name="webhook_event_state_known",
                condition=models.Q(state__in=["received", "done", "dead"]),
            ),
        ]
        indexes = [
            models.Index(
                name="webhook_event_waiting",
                fields=["organisation", "id"],
                condition=models.Q(state="received"),
            ),
            models.Index(
                name="webhook_event_dead",
                fields=["organisation", "id"],
                condition=models.Q(state="dead"),
            ),
            models.Index(name="webhook_event_age", fields=["received_at"]),
        ]


class NotUnderstood(models.Model):
    """A part of a body this version cannot read: kept sealed, shown, replayable after an update."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField()
    field = models.CharField(max_length=120)
    why = models.CharField(max_length=300)
    content = models.BinaryField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "not_understood"
        constraints = [
            models.UniqueConstraint(name="not_understood_once", fields=["number", "digest"]),
        ]


class AccountNews(models.Model):
    """What the provider said about the account or the number: kept, shown, counted."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField()
    field = models.CharField(max_length=120)
    event = models.CharField(max_length=120, blank=True)
    content = models.BinaryField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "account_news"
        constraints = [
            models.UniqueConstraint(name="account_news_once", fields=["number", "digest"]),
        ]


class HookRejection(models.Model):
    """How often a number's webhook was called with a wrong or missing signature, per day."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(numbers.Number, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=16)
    count = models.PositiveBigIntegerField()

    class Meta:
        db_table = "hook_rejection"
        constraints = [
            models.UniqueConstraint(name="hook_rejection_once", fields=["number", "day", "reason"]),
        ]
