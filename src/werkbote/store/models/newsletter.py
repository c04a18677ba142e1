"""Issues of the newsletter: what was written, and what became of it; no copy is kept per reader."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class NewsletterIssue(models.Model):
    """One issue of a branch's newsletter: draft → sending → sent. Its text is public once sent.

    `text` is Markdown. `readers` is how many copies were queued, `unsubscribed` how many left by a
    link of this very issue. A CHECK holds that only what was begun has a time of sending.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=150)
    text = models.TextField()
    language = models.CharField(max_length=2, default="de")
    state = models.CharField(max_length=8, default="draft")
    readers = models.PositiveIntegerField(default=0)
    unsubscribed = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "newsletter_issue"
        constraints = [
            models.CheckConstraint(
                name="newsletter_issue_state_known",
                condition=models.Q(state="draft", begun_at__isnull=True)
                | models.Q(state="sending", begun_at__isnull=False)
                | models.Q(state="sent", begun_at__isnull=False, queued_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="newsletter_issue_latest", fields=["branch", "-begun_at", "-id"]),
        ]
