"""WhatsApp numbers, their templates, their pace and what they cost."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class Number(models.Model):
    """A business number of the Cloud API with its secrets; it belongs to one branch.

    `hook_slug` is the last part of its webhook address. Two app secrets are valid at once while
    they are rotated. `agreement_at` is the date of the processor agreement (AVV) on record.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="numbers")
    channel = models.CharField(max_length=16, default="whatsapp")
    phone_number_id = models.CharField(max_length=64, unique=True)
    account_id = models.CharField(max_length=64)
    phone_sealed = models.BinaryField()
    label_sealed = models.BinaryField()
    token_sealed = models.BinaryField()
    app_secret_sealed = models.BinaryField()
    app_secret_previous_sealed = models.BinaryField(null=True)
    verify_token_sealed = models.BinaryField()
    pin_sealed = models.BinaryField(null=True)
    hook_slug = models.CharField(max_length=64, unique=True)
    graph_url = models.CharField(max_length=200)
    graph_version = models.CharField(max_length=8, default="v23.0")
    per_second = models.PositiveIntegerField(default=80)
    pace = models.JSONField(default=dict)
    paused_until = models.DateTimeField(null=True)
    paused_code = models.IntegerField(null=True)
    agreement_at = models.DateField(null=True)
    quality = models.CharField(max_length=16, blank=True)
    tier = models.CharField(max_length=32, blank=True)
    throughput = models.CharField(max_length=16, blank=True, db_default="")
    storage_region = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "number"
        constraints = [
            models.UniqueConstraint(name="number_of_organisation", fields=["id", "organisation"]),
            models.CheckConstraint(
                name="number_pace_possible", condition=models.Q(per_second__gte=1)
            ),
        ]


class NumberCheck(models.Model):
    """How one step of setting a number up stands, or one condition: since when, and who said so.

    `how` is "meta" where its interface answered, "person" where somebody confirmed it on `on_day`;
    `detail` is a code, a region or a count.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="checks")
    step = models.CharField(max_length=24)
    state = models.CharField(max_length=8)
    how = models.CharField(max_length=8)
    detail = models.CharField(max_length=32, blank=True)
    on_day = models.DateField(null=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "number_check"
        constraints = [
            models.UniqueConstraint(name="number_check_once", fields=["number", "step"]),
            models.CheckConstraint(
                name="number_check_state_known",
                condition=models.Q(state__in=["passed", "failed"]),
            ),
            models.CheckConstraint(
                name="number_check_person_dated",
                condition=models.Q(how="meta", on_day=None)
                | models.Q(how="person", on_day__isnull=False, by__isnull=False),
            ),
        ]


class Template(models.Model):
    """A message template as Meta holds it, with the purpose German law sees in it.

    `components` is Meta's own JSON (texts with placeholders, no personal data); `changed` holds per
    column the time of the news it was taken from, so that older news never overwrites newer.
    `edits` are the times of changes handed in, `deleted_at` blocks the name at Meta for 30 days.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    account_id = models.CharField(max_length=64)
    provider_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    status = models.CharField(max_length=32)
    category = models.CharField(max_length=32, blank=True)
    purpose = models.CharField(max_length=8, blank=True)
    quality = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    components = models.JSONField(default=list)
    changed = models.JSONField(default=dict)
    edits = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    submitted_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "template"
        constraints = [
            models.UniqueConstraint(
                name="template_once", fields=["organisation", "account_id", "name", "language"]
            ),
        ]


class Meter(models.Model):
    """How many delivered messages a number was charged for, per month and kind of price."""

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey(Number, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    category = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    billable = models.BooleanField()
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "meter"
        constraints = [
            models.UniqueConstraint(
                name="meter_once", fields=["number", "month", "category", "kind", "billable"]
            ),
        ]
