"""Much reading and large exports: counts without names, and what waits for a second person."""

from django.db import models

from werkbote.domain import watch
from werkbote.store import ids
from werkbote.store.models import team


class ReadingHour(models.Model):
    """About how many persons a member, or a program with a token, read in one hour.

    `marks` are bits set by keyed hashes that hold for one reader and day: they say how many, never who.
    `token` is 0 for the member's own screens. A row goes after two days.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(team.Member, on_delete=models.CASCADE, related_name="+")
    token = models.BigIntegerField(default=0)
    hour = models.DateTimeField()
    marks = models.BinaryField()
    stopped = models.BooleanField(default=False)

    class Meta:
        db_table = "reading_hour"
        constraints = [
            models.UniqueConstraint(name="reading_hour_once", fields=["member", "token", "hour"]),
        ]


class Handout(models.Model):
    """A wish to take out a file about many persons, which a second person must agree to.

    `wanted` is what was asked for as ids, codes and days; `persons` how many it was about then. Who asked
    and who decided are members' numbers without constraint, so that the row outlives them.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=16)
    wanted = models.JSONField(default=dict)
    branches = models.JSONField(default=list)
    persons = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "handout"
        constraints = [
            models.CheckConstraint(
                name="handout_known",
                condition=models.Q(way__in=[one.value for one in watch.Way])
                & models.Q(state__in=[one.value for one in watch.State]),
            ),
            models.CheckConstraint(
                name="handout_by_two",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="handout_decided",
                condition=models.Q(state="waiting", decided_by=None, decided_at=None)
                | models.Q(
                    state__in=["approved", "refused", "taken"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
        ]
