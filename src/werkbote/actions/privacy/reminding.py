"""Escalation: an unanswered request that nears its day is brought before whoever answers it, step by step."""

from datetime import date, datetime

from werkbote.actions import audit, outbox
from werkbote.actions.privacy import keeping, requesting
from werkbote.domain import delivery, privacy
from werkbote.store import models, rechtsstand, scope


def plan_reminders(*, organisation: int, at: datetime) -> int:
    """Queue an e-mail for each step that an unanswered request has passed; return how many are new.

    Of several steps passed at once only the highest counts. A step is queued once per member, whatever
    runs again; what waits from an earlier step or an earlier last day is called off.
    """
    day = keeping.today(at)
    with scope.transaction(organisation=organisation):
        waiting = models.PersonRequest.objects.filter(state__in=privacy.UNANSWERED)
        rows = waiting.select_for_update().order_by("id")
        return sum(_plan(row, day=day, at=at) for row in rows)


def _plan(row: models.PersonRequest, *, day: date, at: datetime) -> int:
    age = privacy.waited(
        received=row.received_on, due=row.due_on, is_extended=row.extended_on is not None, day=day
    )
    step = privacy.step(age, rechtsstand.escalation(day))
    if step is None:
        return 0
    known = set(
        row.reminders.filter(due_on=row.due_on, step=step).values_list("member_id", flat=True)
    )
    new = sorted(set(outbox.responsible(row.branch_id).values_list("id", flat=True)) - known)
    if not new:
        return 0
    row.reminders.filter(state=delivery.State.QUEUED).exclude(due_on=row.due_on, step=step).update(
        state=delivery.State.CANCELLED
    )
    models.RequestReminder.objects.bulk_create(
        [
            models.RequestReminder(
                organisation_id=row.organisation_id,
                request=row,
                due_on=row.due_on,
                step=step,
                member_id=member,
                due_at=at,
                created_at=at,
            )
            for member in new
        ]
    )
    if not known:
        row.reminded += 1
        row.save(update_fields=["reminded"])
    requesting.record(
        row.organisation_id,
        row.id,
        "privacy.remind",
        by=audit.SYSTEM,
        at=at,
        step=step,
        members=len(new),
    )
    return len(new)
