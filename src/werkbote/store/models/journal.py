"""What this database knows of the erasure journal, which lies outside of it."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class ErasureMark(models.Model):
    """One entry of the erasure journal that this database has met. `id` is the entry's.

    `settled_at` is set in the transaction that erased. An entry of the journal without a mark here
    means that the database is older than the erasure: it was restored, and is not opened.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    subject_ref = models.BigIntegerField()
    scope = models.CharField(max_length=32)
    announced_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure_mark"
        constraints = [
            models.UniqueConstraint(
                name="erasure_mark_one_open",
                fields=["organisation", "subject_ref", "scope"],
                condition=models.Q(settled_at__isnull=True),
            ),
        ]
