"""Who did what to which object, when and why: append-only by trigger, hash-chained; and why settings differ."""

from django.db import models

from werkbote.domain import drift
from werkbote.store import ids
from werkbote.store.models import team


class AuditEntry(models.Model):
    """One deed. `detail` holds ids, codes and counts, never names, numbers or texts."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    object = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_entry"
        constraints = [
            models.UniqueConstraint(
                name="audit_entry_position", fields=["organisation", "position"]
            ),
        ]


class AuditCut(models.Model):
    """Where the chain begins after its oldest entries have ended by age: the last of them, append-only.

    Without such a row the database refuses to delete an entry; `werkbote verify` starts from `hash`.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()
    hash = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_cut"
        constraints = [
            models.UniqueConstraint(name="audit_cut_once", fields=["organisation", "position"]),
        ]


class SettingNote(models.Model):
    """That a setting was away from its privacy default, why it may be, and that it came back; append-only.

    `object` is what the setting is of, as `store.drift` names it, `value` what it was. Noticed and ended
    are written by the night; `made_by` is a member's number without constraint, so that a reason
    outlives who gave it. `reason` stands in plain in rows of before only, until the night seals it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    setting = models.CharField(max_length=24)
    object = models.CharField(max_length=40)
    value = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, blank=True)
    reason_sealed = models.BinaryField(null=True)
    made_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "setting_note"
        constraints = [
            models.CheckConstraint(
                name="setting_note_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in drift.Note]),
            ),
            models.CheckConstraint(
                name="setting_note_explained",
                condition=models.Q(kind="explained", made_by__isnull=False)
                & (~models.Q(reason="") | models.Q(reason_sealed__isnull=False))
                | ~models.Q(kind="explained")
                & models.Q(made_by=None, reason="", reason_sealed=None),
            ),
        ]
        indexes = [
            models.Index(
                name="setting_note_newest", fields=["organisation", "setting", "object", "-id"]
            ),
        ]
