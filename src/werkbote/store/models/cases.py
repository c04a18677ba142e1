"""Cases (Vorgänge), the vehicles they are about, who somebody is to a vehicle, and what finds them."""

from django.db import models

from werkbote.domain import cases
from werkbote.store import ids
from werkbote.store.models import people, team


class Vehicle(models.Model):
    """A vehicle, sealed with a key of its own: it has several people, and goes with the last of them.

    `plate_hash` and `vin_hash` find it; `country` is the sign of the country of registration, and
    a plate is checked where it is D. `details_sealed` is JSON: make, model, first registration,
    mileage. Only the month of the next inspection (HU) stands in plain, since reminders ask for it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    key_wrapped = models.BinaryField()
    country = models.CharField(max_length=3, default="D")
    plate_sealed = models.BinaryField(null=True)
    plate_hash = models.BinaryField(null=True)
    vin_sealed = models.BinaryField(null=True)
    vin_hash = models.BinaryField(null=True)
    details_sealed = models.BinaryField()
    hu_due_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "vehicle"
        constraints = [
            models.UniqueConstraint(
                name="vehicle_plate_once",
                fields=["organisation", "plate_hash"],
                condition=models.Q(plate_hash__isnull=False),
            ),
            models.UniqueConstraint(
                name="vehicle_vin_once",
                fields=["organisation", "vin_hash"],
                condition=models.Q(vin_hash__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="vehicle_hu_due",
                fields=["organisation", "hu_due_on"],
                condition=models.Q(hu_due_on__isnull=False),
            ),
        ]


class VehicleRole(models.Model):
    """That a person is holder, driver, client or payer of a vehicle, from one day until another.

    `valid_to` is the last day; none means still. A trigger lets the vehicle go with its last role.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="roles")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="vehicles")
    role = models.CharField(max_length=8)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "vehicle_role"
        constraints = [
            models.UniqueConstraint(
                name="vehicle_role_once",
                fields=["vehicle", "person", "role"],
                condition=models.Q(valid_to__isnull=True),
            ),
            models.CheckConstraint(
                name="vehicle_role_known",
                condition=models.Q(role__in=[role.value for role in cases.Role]),
            ),
            models.CheckConstraint(
                name="vehicle_role_in_order",
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]


class Case(models.Model):
    """A case (Vorgang): what retention, the gate and the daily work hang on.

    `person` is whose case it is (Auftraggeber), by whose key the title is sealed. `contract` answers
    „Vertrag zustande gekommen?“: asked when it is closed, empty before. `opened_by` is empty where
    the house opened it.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="cases")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.SET_NULL, null=True, related_name="cases")
    owner = models.ForeignKey(team.Member, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    team = models.ForeignKey(team.Team, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=8, default=cases.State.OPEN)
    contract = models.CharField(max_length=8, blank=True)
    title_sealed = models.BinaryField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "customer_case"
        constraints = [
            models.CheckConstraint(
                name="case_kind_known",
                condition=models.Q(kind__in=[kind.value for kind in cases.Kind]),
            ),
            models.CheckConstraint(
                name="case_closed_with_an_answer",
                condition=models.Q(
                    state=cases.State.CLOSED,
                    closed_at__isnull=False,
                    contract__in=[answer.value for answer in cases.Contract],
                )
                | models.Q(
                    state__in=[cases.State.OPEN, cases.State.WAITING],
                    closed_at__isnull=True,
                    contract="",
                ),
            ),
        ]
        indexes = [
            models.Index(name="case_latest", fields=["branch", "state", "-changed_at", "-id"]),
            models.Index(
                name="case_due",
                fields=["branch", "due_at"],
                condition=models.Q(closed_at=None, due_at__isnull=False),
            ),
            models.Index(
                name="case_ended",
                fields=["organisation", "closed_at"],
                condition=models.Q(closed_at__isnull=False),
            ),
        ]


class NameToken(models.Model):
    """One keyed word by which a person, or a case of theirs, is found: the blind index of names.

    Without `case` it is of the person's name or the end of their number, with it of the case's title.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        team.Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    token = models.BigIntegerField()
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "name_token"
        indexes = [models.Index(name="name_token_found", fields=["organisation", "token"])]


class UnaskedDocument(models.Model):
    """That whoever sent an identity paper unasked is owed the notice that it is deleted (L-11).

    `message_ref` outlives the message; `notice_ref` is the message that tells it, null where none could
    leave. `letter_at` is when the letter was handed out in its stead. It says nothing about the paper.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    message_ref = models.BigIntegerField()
    notice_ref = models.BigIntegerField(null=True)
    received_on = models.DateField()
    due_on = models.DateField()
    letter_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "unasked_document"
        constraints = [
            models.UniqueConstraint(
                name="unasked_document_once", fields=["organisation", "message_ref"]
            ),
        ]
