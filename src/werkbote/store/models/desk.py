"""The desk: labels, notes, what happened to a conversation, nudges, macros, rules, opening hours."""

from django.db import models

from werkbote.domain import desk
from werkbote.store import ids
from werkbote.store.models import inbox, people, team


class Label(models.Model):
    """A word a dealer sorts conversations by; `colour` is one of the design system's names."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.BinaryField()
    colour = models.CharField(max_length=12)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "label"


class ConversationLabel(models.Model):
    """That a conversation carries a label."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        inbox.Conversation, on_delete=models.CASCADE, related_name="labels"
    )
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "conversation_label"
        constraints = [
            models.UniqueConstraint(
                name="conversation_label_once", fields=["conversation", "label"]
            ),
        ]


class Note(models.Model):
    """What the team says about a conversation among itself: no message, so it cannot leave."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        inbox.Conversation, on_delete=models.CASCADE, related_name="notes"
    )
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    body_sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "note"
        indexes = [models.Index(name="note_latest", fields=["conversation", "-created_at"])]


class ConversationEvent(models.Model):
    """What happened to a conversation beside its messages.

    `actor` is empty where it went by itself; `target` is the row it happened with (a member, a team,
    a label, a note), without constraint, since it may go before.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        inbox.Conversation, on_delete=models.CASCADE, related_name="events"
    )
    kind = models.CharField(max_length=24)
    actor = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    target = models.BigIntegerField(null=True)
    value = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "conversation_event"
        constraints = [
            models.CheckConstraint(
                name="conversation_event_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in desk.Event]),
            ),
        ]
        indexes = [
            models.Index(name="conversation_event_latest", fields=["conversation", "-at", "-id"]),
        ]


class Nudge(models.Model):
    """That a member's attention is asked for; it says why and where, never what."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(team.Member, on_delete=models.CASCADE, related_name="nudges")
    conversation = models.ForeignKey(inbox.Conversation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "nudge"
        constraints = [
            models.CheckConstraint(
                name="nudge_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in desk.Nudge]),
            ),
        ]
        indexes = [
            models.Index(
                name="nudge_unseen",
                fields=["member", "-created_at"],
                condition=models.Q(seen_at=None),
            ),
        ]


class Macro(models.Model):
    """Several deeds in one. `steps_sealed` is JSON, since a note or reply has a text."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.BinaryField()
    steps_sealed = models.BinaryField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "macro"


class AutomationRule(models.Model):
    """When, if, then. `body_sealed` is JSON: conditions, which hold words, and steps."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.CASCADE, null=True, related_name="+")
    name_sealed = models.BinaryField()
    trigger = models.CharField(max_length=16)
    body_sealed = models.BinaryField()
    active = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "automation_rule"
        constraints = [
            models.CheckConstraint(
                name="automation_rule_trigger_known",
                condition=models.Q(trigger__in=[one.value for one in desk.Trigger]),
            ),
        ]


class BranchHours(models.Model):
    """When a branch is open, what it says while it is not, and how soon it promises an answer.

    `week` is JSON as `desk.parse_week` reads it; `reply_minutes` counts opening time, none promises
    nothing; `asks_satisfaction` sends the question after closing to those who agreed to P-06.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.OneToOneField(team.Branch, on_delete=models.CASCADE, related_name="hours")
    week = models.JSONField(default=dict)
    keeps_holidays = models.BooleanField(default=True)
    tells_absence = models.BooleanField(default=False)
    absence_sealed = models.BinaryField()
    reply_minutes = models.PositiveIntegerField(null=True)
    asks_satisfaction = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "branch_hours"


class BranchClosed(models.Model):
    """Days on which a branch is closed although its week says otherwise."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.CASCADE, related_name="closed")
    first = models.DateField()
    last = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "branch_closed"
        constraints = [
            models.CheckConstraint(
                name="branch_closed_in_order", condition=models.Q(last__gte=models.F("first"))
            ),
        ]
