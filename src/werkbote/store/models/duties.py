"""Who receives data from the house: the register of processors and transfers (Art. 28, 44-49 DSGVO)."""

from django.db import models

from werkbote.domain.duties import recipients
from werkbote.store import ids
from werkbote.store.models import team


class Processor(models.Model):
    """What the house has recorded about one recipient, and its switch.

    `code` is that of `domain.duties.outside`, or `other:…` for one without a connection of ours. Data
    lies in `country` and is passed on to `onward`. `checked_on` is the day the basis was looked up,
    `assessed_on` that of the transfer assessment. `body_sealed` is JSON of what was written. While
    `stopped_at` is set, nothing goes there.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=280)
    country = models.CharField(max_length=2, blank=True)
    onward = models.CharField(max_length=2, blank=True)
    basis = models.CharField(max_length=10, blank=True)
    agreement_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    assessed_on = models.DateField(null=True)
    body_sealed = models.BinaryField()
    stopped_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "processor"
        constraints = [
            models.UniqueConstraint(name="processor_once", fields=["organisation", "code"]),
            models.CheckConstraint(
                name="processor_basis_known",
                condition=models.Q(basis__in=["", *(one.value for one in recipients.Basis)]),
            ),
        ]


class Paper(models.Model):
    """One version of a paper that can become outdated, append-only by trigger but for a new seal.

    `position` counts the versions of a kind. `body_sealed` is JSON: the digests of its sources, and what
    it says in each language; `digest` is the SHA-256 of that, as printed on the paper.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    body_sealed = models.BinaryField()
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "paper"
        constraints = [
            models.UniqueConstraint(name="paper_once", fields=["organisation", "kind", "position"]),
        ]


class Officer(models.Model):
    """What a house says about its data protection officer (Art. 37-39 DSGVO, § 38 BDSG), and since when.

    `people` work constantly with personal data; `assessment` says that an impact assessment is owed.
    `body_sealed` is JSON of name, contact and the receipt of the authority, told on `notified_on`.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.OneToOneField(
        team.Organisation, on_delete=models.PROTECT, related_name="+"
    )
    people = models.PositiveIntegerField()
    assessment = models.BooleanField()
    appointed_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    body_sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "officer"


class JointController(models.Model):
    """Somebody with whom the house decides about data (Art. 26 DSGVO), with the agreement as it was uploaded.

    `body_sealed` is JSON of name, subject and essence. Ended ones stay, and are published no more.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField()
    body_sealed = models.BinaryField()
    paper_sealed = models.BinaryField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "joint_controller"
