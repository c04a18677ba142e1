"""Persons' requests, reminders of them and packages, erasures with every step, legal holds, tax audits, the sweep's marks."""

from django.db import models

from werkbote.domain import privacy
from werkbote.store import ids
from werkbote.store.models import people, policy, team


class ErasureRun(models.Model):
    """One erasure of one person. `subject` is a number without constraint: the person goes, it stays.

    `targets_sealed` is what outside systems and the verification still need (fingerprints, user ids),
    sealed with the organisation's key and emptied when the run ends. `preview`, `blocks` and
    `protocol` hold codes, counts and times, no contents; `digest` is the hash of the protocol.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.BigIntegerField()
    scope = models.CharField(max_length=16, default="person")
    trigger = models.CharField(max_length=16)
    request_ref = models.BigIntegerField(null=True)
    identified_by = models.CharField(max_length=24, blank=True)
    state = models.CharField(max_length=8, default=privacy.State.READY)
    stop = models.CharField(max_length=8, default=privacy.Stop.KEEP)
    preview = models.JSONField(default=dict)
    blocks = models.JSONField(default=list)
    targets_sealed = models.BinaryField(null=True)
    asked_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    keys_destroyed = models.JSONField(default=list)
    protocol = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "erasure_run"
        constraints = [
            models.UniqueConstraint(
                name="erasure_run_open_once",
                fields=["organisation", "subject"],
                condition=models.Q(state__in=sorted(privacy.OPEN)),
            ),
            models.CheckConstraint(
                name="erasure_run_state_known",
                condition=models.Q(state__in=[state.value for state in privacy.State]),
            ),
            models.CheckConstraint(
                name="erasure_run_done_has_protocol",
                condition=~models.Q(state=privacy.State.DONE)
                | models.Q(protocol__isnull=False, targets_sealed__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="erasure_run_latest", fields=["organisation", "-asked_at"]),
            models.Index(
                name="erasure_run_due",
                fields=["organisation", "next_at"],
                condition=models.Q(state__in=["ready", "running", "failed"]),
            ),
        ]


class ErasureStep(models.Model):
    """What became of one store in one run; `count` grows in the transactions that delete."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(ErasureRun, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    store = models.CharField(max_length=60)
    state = models.CharField(max_length=8, default=privacy.StepState.WAITING)
    count = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "erasure_step"
        constraints = [
            models.UniqueConstraint(name="erasure_step_once", fields=["run", "store"]),
        ]


class LegalHold(models.Model):
    """That something must not be deleted for now (Aussetzung), with reason and a date of review.

    `subject` is a person's number, or null for everybody in `query`, a scope of conditions such as
    {"case_kind": "accident"} or {"branch": 7}. It stops deletion, never restriction. The reason of a hold
    for a person goes with that person: then it has ended.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.BigIntegerField(null=True)
    query = models.JSONField(default=dict)
    reason_sealed = models.BinaryField(null=True)
    asked_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    began_at = models.DateTimeField()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "legal_hold"
        indexes = [
            models.Index(
                name="legal_hold_open",
                fields=["organisation", "subject"],
                condition=models.Q(ended_at=None),
            ),
        ]


class TaxAudit(models.Model):
    """That a tax audit (Betriebsprüfung) of a fiscal year is open until a day: its letters stay so long."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    open_until = models.DateField()
    set_by = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "tax_audit"
        constraints = [
            models.UniqueConstraint(name="tax_audit_once", fields=["organisation", "year"]),
        ]


class RetentionMark(models.Model):
    """How far the sweep of one day is with one kind of rows of a class, and what it did; numbers only.

    `state`: running | braked (a person must approve) | done. `name` says what kind of rows.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    rule = models.CharField(max_length=8)
    name = models.CharField(max_length=24, default="", db_default="")
    state = models.CharField(max_length=8, default="running")
    stock = models.PositiveBigIntegerField(default=0)
    due = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(default=0)
    oldest = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retention_mark"
        constraints = [
            models.UniqueConstraint(
                name="retention_mark_once", fields=["organisation", "day", "rule", "name"]
            ),
            models.CheckConstraint(
                name="retention_mark_state_known",
                condition=models.Q(state__in=["running", "braked", "done"]),
            ),
        ]


class PersonRequest(models.Model):
    """A request of a person (Art. 15 to 21). `subject` outlives the person; contents are sealed.

    `kind`: access | copy | correction | erasure | restriction | objection. `state`: review (somebody
    must say whether it is one) | identify | open | answered | refused | dropped. `identified_by` is the
    rung of the identity ladder, `proof` every step that was taken to make sure (codes, numbers of rows,
    times). `received_on` is the day the month of Art. 12(3) is counted from, `reminded` how often the
    house has reminded of it. `changes_sealed` holds what a correction replaced by what, `notices` who
    was told of it (Art. 19).
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    subject = models.BigIntegerField(null=True)
    message_ref = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    said_sealed = models.BinaryField(null=True)
    reason_sealed = models.BinaryField(null=True)
    received_on = models.DateField()
    due_on = models.DateField()
    extended_on = models.DateField(null=True)
    identified_by = models.CharField(max_length=16, blank=True)
    identified_at = models.DateTimeField(null=True)
    proof = models.JSONField(default=list, db_default=[])
    code_digest = models.BinaryField(null=True)
    changes_sealed = models.BinaryField(null=True)
    notices = models.JSONField(default=list, db_default=[])
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "person_request"
        constraints = [
            models.UniqueConstraint(
                name="person_request_once",
                fields=["organisation", "message_ref", "kind"],
                condition=models.Q(message_ref__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="person_request_open",
                fields=["organisation", "due_on"],
                condition=models.Q(answered_at=None),
            ),
        ]


class RequestReminder(models.Model):
    """An e-mail to a member about a request that nears its day: one per step of escalation and member.

    `due_on` belongs to the step, since an extension begins the steps anew. `problem` is why it has not
    left yet: a rule of the gate or a code of the mail server's. It says nothing about the person.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(PersonRequest, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    step = models.PositiveSmallIntegerField()
    member = models.ForeignKey(team.Member, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, default="queued")
    permit = models.ForeignKey(
        policy.Decision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "request_reminder"
        constraints = [
            models.UniqueConstraint(
                name="request_reminder_once", fields=["request", "due_on", "step", "member"]
            ),
            models.CheckConstraint(
                name="request_reminder_permitted",
                condition=models.Q(state__in=["queued", "cancelled"])
                | models.Q(
                    state__in=["sending", "unknown", "sent", "failed"], permit__isnull=False
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="request_reminder_open",
                fields=["organisation", "due_at"],
                condition=models.Q(state__in=["queued", "sending"]),
            ),
        ]


class AccessPackage(models.Model):
    """A package for a person (Art. 15(3), 20), sealed with their key; goes with them, or after days.

    `code_digest` is the keyed hash of the code that was sent to the verified number; `token_digest` of
    the one-time link. `redactions` lists numbers of rows a person of the team has hidden, and, sealed, why.
    `left_out_sealed` is why what is kept by law alone is not in it (§ 34(1) no. 2 BDSG), null where it is.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    request_ref = models.BigIntegerField()
    state = models.CharField(max_length=10, default="review")
    redactions = models.JSONField(default=dict)
    left_out_sealed = models.BinaryField(null=True)
    manifest_digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    token_digest = models.BinaryField(null=True)
    code_digest = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    downloaded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "access_package"
        constraints = [
            models.UniqueConstraint(name="access_package_once", fields=["request_ref"]),
        ]
        indexes = [models.Index(name="access_package_token", fields=["token_digest"])]


class PackageChunk(models.Model):
    """One sealed mebibyte of a package."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(AccessPackage, on_delete=models.CASCADE, related_name="chunks")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "package_chunk"
        constraints = [
            models.UniqueConstraint(name="package_chunk_once", fields=["package", "position"]),
        ]
