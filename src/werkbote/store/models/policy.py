"""The gate's answers: one row per permit or refusal, never changed."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class Decision(models.Model):
    """A permit or a refusal with its reason: the proof of why something was sent, or was not.

    `evidence` lists references (kind:id), never contents.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    message_ref = models.BigIntegerField()
    permitted = models.BooleanField()
    purpose = models.CharField(max_length=8, blank=True)
    basis = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=64, blank=True)
    article = models.CharField(max_length=200, blank=True)
    sentence_de = models.TextField(blank=True)
    sentence_en = models.TextField(blank=True)
    remedy = models.CharField(max_length=40, blank=True)
    retry_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=list)
    policy_version = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "decision"
        indexes = [models.Index(name="decision_of_message", fields=["message_ref"])]
        constraints = [
            models.CheckConstraint(
                name="decision_has_a_reason",
                condition=models.Q(permitted=True) & ~models.Q(basis="")
                | models.Q(permitted=False) & ~models.Q(rule=""),
            ),
        ]
