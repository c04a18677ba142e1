"""What a member has begun to write, and the texts the house keeps ready."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import inbox, people, team


class MessageDraft(models.Model):
    """What one member has written into one conversation and not sent. `body_sealed` is JSON."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        inbox.Conversation, on_delete=models.CASCADE, related_name="drafts"
    )
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(team.Member, on_delete=models.CASCADE, related_name="+")
    body_sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "message_draft"
        constraints = [
            models.UniqueConstraint(name="message_draft_once", fields=["conversation", "member"]),
        ]
        indexes = [models.Index(name="message_draft_age", fields=["organisation", "changed_at"])]


class CannedReply(models.Model):
    """A text kept ready: for the whole house, for a branch, or for one team of a branch."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(team.Team, on_delete=models.CASCADE, null=True, related_name="+")
    name_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "canned_reply"
        constraints = [
            models.CheckConstraint(
                name="canned_reply_team_has_branch",
                condition=models.Q(team__isnull=True) | models.Q(branch__isnull=False),
            ),
        ]
