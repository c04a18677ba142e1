"""Requests for contact that came through the public form, until somebody of the team has answered."""

from django.db import models

from werkbote.store import ids
from werkbote.store.models import cases, people, team


class ContactRequest(models.Model):
    """One request. `body` is sealed JSON (name, address or number, words) under the person's key.

    `proof` says what stood in place of a foreign captcha: "work" (the browser computed) or "wait" (a
    person without scripts looked again and waited). Its id is in the form: sent twice, it is kept
    once. `case` is what the team works in. States: open → answered.
    """

    id = models.BigIntegerField(primary_key=True, default=ids.new)
    organisation = models.ForeignKey(team.Organisation, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(team.Branch, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(people.Person, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(cases.Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    body = models.BinaryField()
    proof = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        team.Member, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        db_table = "contact_request"
        constraints = [
            models.CheckConstraint(
                name="contact_request_state_known",
                condition=models.Q(state="open", answered_at__isnull=True)
                | models.Q(state="answered", answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_request_proof_known",
                condition=models.Q(proof__in=["work", "wait"]),
            ),
            models.CheckConstraint(
                name="contact_request_kind_known",
                condition=models.Q(kind__in=["contact", "demo", "callback"]),
            ),
        ]
        indexes = [
            models.Index(
                name="contact_request_open",
                fields=["branch", "created_at"],
                condition=models.Q(state="open"),
            ),
        ]
