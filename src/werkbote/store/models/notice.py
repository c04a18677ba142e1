"""The full privacy notice of a branch: what fills it, and every version that was published."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class BranchDetails(models.Model):
    """What a branch's notice needs to say about the branch: sealed JSON of texts."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.OneToOneField(team.Branch, on_delete=models.CASCADE, related_name="details")
    body_sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "branch_details"


class PublishedNotice(models.Model):
    """One version of a branch's notice as it was shown, sealed JSON; append-only by trigger."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    version = models.CharField(max_length=40)
    body_sealed = models.BinaryField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "published_notice"
        constraints = [
            models.UniqueConstraint(
                name="published_notice_once", fields=["branch", "language", "version"]
            ),
        ]
