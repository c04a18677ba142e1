"""The consent ledger: its chained events, their sealed evidence, where each consent stands, the ways in."""

from django.db import models

from werkbote.domain import consent
from werkbote.store import ids
from werkbote.store.models import inbox, people, team


class ConsentEvent(models.Model):
    """One event of the ledger: append-only by trigger, hash-chained per organisation.

    `person_ref` is a number without constraint, so that the chain outlives the person. `key` names
    the event (what it came from), so that it is entered once. The chain covers `evidence_digest`,
    the SHA-256 of the sealed evidence: it stays verifiable when the evidence is gone.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()
    key = models.CharField(max_length=120)
    record = models.CharField(max_length=40)
    person_ref = models.BigIntegerField()
    purpose = models.CharField(max_length=8)
    entity = models.BigIntegerField()
    deed = models.CharField(max_length=24)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=40)
    from_number = models.BooleanField()
    evidence_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "consent_event"
        constraints = [
            models.UniqueConstraint(
                name="consent_event_position", fields=["organisation", "position"]
            ),
            models.UniqueConstraint(name="consent_event_once", fields=["organisation", "key"]),
            models.CheckConstraint(
                name="consent_event_deed_known",
                condition=models.Q(deed__in=[deed.value for deed in consent.Deed]),
            ),
        ]
        indexes = [
            models.Index(name="consent_event_history", fields=["person_ref", "purpose", "entity"]),
            models.Index(name="consent_event_record", fields=["record"]),
        ]


class ConsentEvidence(models.Model):
    """The eighteen fields of one event, sealed JSON under the person's key; goes with the person."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField(ConsentEvent, on_delete=models.PROTECT, related_name="evidence")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    body = models.BinaryField()

    class Meta:
        db_table = "consent_evidence"


class Consent(models.Model):
    """Where one person stands with one purpose of one branch: recomputable from the ledger."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="consents")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8)
    state = models.CharField(max_length=16)
    record = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    asked_from_number = models.BooleanField(default=False)

    class Meta:
        db_table = "consent"
        constraints = [
            models.UniqueConstraint(name="consent_once", fields=["person", "purpose", "branch"]),
            models.CheckConstraint(
                name="consent_state_known",
                condition=models.Q(state__in=[state.value for state in consent.State]),
            ),
        ]
        indexes = [
            models.Index(name="consent_granted", fields=["branch", "purpose", "state"]),
        ]


class ConsentWay(models.Model):
    """A way in: a keyword with its code, printed as a QR code, linked, or shown on a page.

    `code` is the campaign as evidence names it; `keyword` what is sent, folded to small letters;
    `title` what the poster says in large letters, empty for the usual words.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=24)
    keyword = models.CharField(max_length=60)
    title = models.CharField(max_length=60, blank=True, db_default="")
    purposes = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "consent_way"
        constraints = [
            models.UniqueConstraint(name="consent_way_once", fields=["organisation", "code"]),
        ]


class ConsentScan(models.Model):
    """A signed paper form as a member took it: picture or PDF, sealed under the person's key.

    `record` begins the names of the consents that stand on it; who took it is `taken_by`.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    record = models.CharField(max_length=40)
    mime = models.CharField(max_length=40)
    body = models.BinaryField()
    taken_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        db_table = "consent_scan"


class HouseRule(models.Model):
    """One version of a house's own texts, keywords or hours over a shipped law file; append-only.

    `changes` are all values that differ from the file, by dotted names. The newest version of a topic
    holds from its day on; an empty one goes back to what was shipped. `made_by` is a member's number
    without constraint, so that a version outlives who made it. `reason` stands in plain in versions of
    before only, until the night seals it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=16)
    changes = models.JSONField(default=dict)
    valid_from = models.DateField()
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    reason_sealed = models.BinaryField(null=True)
    made_by = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "house_rule"
        indexes = [
            models.Index(name="house_rule_newest", fields=["organisation", "topic", "-valid_from"]),
        ]


class ConsentTask(models.Model):
    """A question about a consent that a person of the team must answer.

    Kinds: unclear (may be a withdrawal), defect (evidence missing), failed (could not be read).
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(
        inbox.Message, on_delete=models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=16)
    answer = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        db_table = "consent_task"
        constraints = [
            models.UniqueConstraint(name="consent_task_once", fields=["message", "kind"]),
        ]
        indexes = [
            models.Index(
                name="consent_task_open",
                fields=["organisation", "created_at"],
                condition=models.Q(answered_at=None),
            ),
        ]
