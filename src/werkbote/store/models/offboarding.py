"""Leaving private WhatsApp (Ausstieg): what each member was asked to do, and what they declared."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class Offboarding(models.Model):
    """One request to a member, and the declaration that answers it. States: open → signed.

    `digest` is SHA-256 over the declaration's PDF in `paper_sealed`; `ticks` are the ids of the
    steps the member confirmed, `version` the words they stood in.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(team.Member, on_delete=models.CASCADE, related_name="offboardings")
    asked_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, default="open")
    ticks = models.JSONField(default=list)
    version = models.CharField(max_length=16, blank=True)
    signed_at = models.DateTimeField(null=True)
    name_sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    paper_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "offboarding"
        constraints = [
            models.UniqueConstraint(
                name="offboarding_open_once",
                fields=["member"],
                condition=models.Q(state="open"),
            ),
            models.CheckConstraint(
                name="offboarding_signed",
                condition=models.Q(state="open", signed_at=None, paper_sealed=None)
                | models.Q(state="signed", signed_at__isnull=False, paper_sealed__isnull=False),
            ),
        ]
