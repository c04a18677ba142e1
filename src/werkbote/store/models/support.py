"""When support by a vendor was let in, why, how long, and on which agreement."""

from datetime import timedelta

from django.db import models

from werkbote.domain import support
from werkbote.store import ids
from werkbote.store.models import team


class SupportWindow(models.Model):
    """That an owner let a support account in until a moment; open while that lies ahead and nobody ended it.

    `vendor` is the code of a recipient in the register, `agreement_on` the day of its processor agreement
    then. `chats`: conversations too. Owners are members' numbers without constraint.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(team.Member, on_delete=models.PROTECT, related_name="windows")
    vendor = models.CharField(max_length=280)
    agreement_on = models.DateField()
    reason_sealed = models.BinaryField()
    chats = models.BooleanField(default=False)
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "support_window"
        constraints = [
            models.CheckConstraint(
                name="support_window_short",
                condition=models.Q(until__gt=models.F("opened_at"))
                & models.Q(until__lte=models.F("opened_at") + timedelta(hours=support.MOST_HOURS)),
            ),
            models.CheckConstraint(
                name="support_window_by_another",
                condition=~models.Q(opened_by=models.F("member")),
            ),
            models.UniqueConstraint(
                name="support_window_one", fields=["member"], condition=models.Q(ended_at=None)
            ),
        ]
