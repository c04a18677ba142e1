"""Understanding kept bodies and parts again, and letting them go after their days."""

from datetime import datetime

from django.db import connection

from werkbote.actions import audit
from werkbote.actions.inbound import understanding
from werkbote.store import intake, keyring, models, scope

WOKEN_BY = intake.WOKEN_BY


class UnableToReplay(Exception):
    """The body or part is not there any more, or is being worked on."""


def replay_event(*, organisation: int, event: int, by: int, at: datetime) -> None:
    """Let a kept body be understood again; what it already brought stays as it is.

    Raises UnableToReplay when the body has been removed after its days.
    """
    with scope.transaction(organisation=organisation):
        found = models.WebhookEvent.objects.filter(id=event).update(state="received", problem="")
        if not found:
            raise UnableToReplay("This body is not kept any more; ask Meta's support for it.")
        audit.record(
            organisation=organisation,
            by=by,
            verb="inbound.replay_event",
            object=f"webhook_event:{event}",
            at=at,
        )
        _wake()


def replay_part(*, organisation: int, part: int, by: int, at: datetime) -> bool:
    """Read a kept part again with today's understanding; return whether it is understood now.

    Raises UnableToReplay when it was replayed before.
    """
    keys = keyring.organisation(organisation)
    with scope.transaction(organisation=organisation):
        row = (
            models.NotUnderstood.objects.select_for_update(of=("self",), no_key=True)
            .select_related("number")
            .filter(id=part, replayed_at=None)
            .first()
        )
        if row is None:
            raise UnableToReplay("This part has been replayed already; reload the page.")
        understood = understanding.read_again(keys, row, at=at)
        if understood:
            row.replayed_at = at
            row.save(update_fields=["replayed_at"])
        audit.record(
            organisation=organisation,
            by=by,
            verb="inbound.replay_part",
            object=f"not_understood:{part}",
            detail={"understood": understood},
            at=at,
        )
    return understood


def _wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [intake.WOKEN_BY])


def forget_bodies(*, organisation: int, before: datetime, most: int) -> int:
    """Delete settled bodies received before a moment, at most `most`; return how many went."""
    with scope.transaction(organisation=organisation):
        old = models.WebhookEvent.objects.filter(state="done", received_at__lt=before)
        rows = list(old.order_by("received_at").values_list("id", flat=True)[:most])
        models.WebhookEvent.objects.filter(id__in=rows).delete()
    return len(rows)
