"""The register of data breaches (Art. 33(5) DSGVO), and who is concerned."""

from django.db import models

from werkbote.domain import breaches
from werkbote.store import ids
from werkbote.store.models import people, team


class Breach(models.Model):
    """One case, kept whether or not it had to be reported. `body_sealed` is JSON of what was written.

    `aware_at` starts the clock. `told_at` is the first report to the authority.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    state = models.CharField(max_length=12, default="open")
    risk = models.CharField(max_length=8, default="open")
    aware_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)
    people_count = models.PositiveIntegerField(default=0)
    records_count = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    informed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    body_sealed = models.BinaryField()

    class Meta:
        db_table = "breach"
        constraints = [
            models.CheckConstraint(
                name="breach_state_known",
                condition=models.Q(state__in=["open", "assessed", "reported", "closed"]),
            ),
            models.CheckConstraint(
                name="breach_risk_known",
                condition=models.Q(risk__in=["open", "none", "some", "high"]),
            ),
            models.CheckConstraint(
                name="breach_closed_when_decided",
                condition=~models.Q(state="closed")
                | (models.Q(closed_at__isnull=False) & ~models.Q(risk="open")),
            ),
        ]
        indexes = [models.Index(name="breach_register", fields=["organisation", "-aware_at"])]


class BreachPerson(models.Model):
    """That somebody is concerned by a breach; goes with the person, the count in the register stays.

    `told_at` and `told_way` say when and how they were told, `told_text` which of the texts that
    the case's body keeps (`told.1`, `told.2` …).
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)
    told_way = models.CharField(max_length=8, default="", blank=True, db_default="")
    told_text = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "breach_person"
        constraints = [
            models.CheckConstraint(
                name="breach_person_told_whole",
                condition=models.Q(told_at=None, told_way="", told_text=None)
                | models.Q(
                    told_at__isnull=False,
                    told_way__in=[way.value for way in breaches.Way],
                    told_text__isnull=False,
                ),
            ),
            models.UniqueConstraint(name="breach_person_once", fields=["breach", "person"]),
        ]
