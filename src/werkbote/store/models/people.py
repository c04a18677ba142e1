"""People at the other end, the identities they are known by, and who must not be written to."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import team


class Person(models.Model):
    """Somebody a branch talks to. `key_wrapped` opens everything sealed about them.

    Where two turn out to be one human being, the younger row points to the older by `merged_into`
    and keeps its key for what was sealed with it. `language` is the one to write to them in, as heard
    from them or entered; empty where none is known.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    key_wrapped = models.BinaryField()
    name_sealed = models.BinaryField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    source = models.CharField(max_length=32)
    language = models.CharField(max_length=2, default="", db_default="")
    restricted_at = models.DateTimeField(null=True)
    minor_suspected_at = models.DateTimeField(null=True)
    wrong_number_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "person"


class Identity(models.Model):
    """One (scheme, value) a person is known by, found by keyed hash.

    `replaced_at` is set when the person got a new one.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    scheme = models.CharField(max_length=16)
    fingerprint = models.BinaryField()
    value_sealed = models.BinaryField()
    replaced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "identity"
        constraints = [
            models.UniqueConstraint(
                name="identity_once", fields=["organisation", "scheme", "fingerprint"]
            ),
        ]


class IdentityReview(models.Model):
    """A question for a person of the team: do these identities belong to one human being?

    `previous` and `current` are persons; accepted means they are linked, rejected that they stay
    apart. `provider_id` names the news it came from, so that a repetition asks only once. `asked_by`
    is the member who proposes it, and may not be the one who decides.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    provider_id = models.CharField(max_length=255)
    previous = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    current = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, default="open")
    asked_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "identity_review"
        constraints = [
            models.UniqueConstraint(
                name="identity_review_once", fields=["organisation", "kind", "provider_id"]
            ),
            models.CheckConstraint(
                name="identity_review_decided",
                condition=models.Q(state="open", decided_at__isnull=True)
                | models.Q(state__in=["accepted", "rejected"], decided_at__isnull=False),
            ),
        ]


class Suppression(models.Model):
    """A keyed hash that must not be written to (Sperrliste, Art. 21(3)); it survives erasure.

    `scope` is "advertising" or "everything".
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.BinaryField()
    scope = models.CharField(max_length=16)
    reason = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = [
            models.UniqueConstraint(
                name="suppression_once", fields=["organisation", "fingerprint", "scope"]
            ),
            models.CheckConstraint(
                name="suppression_scope_known",
                condition=models.Q(scope__in=["advertising", "everything"]),
            ),
        ]
