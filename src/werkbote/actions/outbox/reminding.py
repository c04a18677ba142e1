"""E-mails to the team about requests that near their day: through the same gate, and never twice.

One is claimed right before it leaves, so that a crash leaves the others waiting. One that was being
handed over when the crash came is in doubt, and is not sent again: the next step is.
"""

import asyncio
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from werkbote.actions import mailing, numbers, policy
from werkbote.actions.outbox import claims, sending
from werkbote.channels import outgoing
from werkbote.domain import delivery, events, failures, privacy, team
from werkbote.domain import policy as gate
from werkbote.store import duties, keyring, models, rechtsstand, scope, vault

NO_SENDER = "no_sender"
"""Why a reminder waits where a branch has no sender of e-mails."""

RESTING = "mail_server"
"""Why it waits while that sender rests, or its mail server is not the one agreed on."""

_SILENT = timedelta(minutes=15)
_PAUSE = timedelta(minutes=5)
_LATER = timedelta(hours=1)
_OPEN = (delivery.State.QUEUED, delivery.State.SENDING)


def responsible(branch: int) -> QuerySet[models.Member]:
    """Return who answers the requests of a branch: by their role, at that branch; owners everywhere."""
    may = [role for role in team.Role if team.can(role=role, right=team.Right.HANDLE_REQUESTS)]
    here = models.Membership.objects.filter(branch=branch).values("member")
    return models.Member.objects.filter(
        Q(id__in=here) | Q(role=team.Role.OWNER), is_active=True, role__in=may
    )


def send_reminders(*, organisation: int, at: datetime) -> int:
    """Let every reminder leave whose turn it is, one after the other; return how many were taken."""
    scope.durable()
    count = 0
    while (ready := claim_reminder(organisation=organisation, at=at)) is not None:
        outcome = asyncio.run(sending.send(ready, clock=lambda: at))
        settle_reminder(organisation=organisation, outcome=outcome, at=at)
        count += outcome.receipt is not None
    return count


def claim_reminder(*, organisation: int, at: datetime) -> claims.Ready | None:
    """Claim the next reminder, ask the gate, store its answer; return it, None where none may leave.

    One of a request that has been answered, or of a member who left or does something else now, is
    called off. One that the gate or a missing sender holds back is looked at again in an hour.
    """
    with scope.transaction(organisation=organisation):
        _doubt(at=at)
        rows = (
            models.RequestReminder.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("request", "member")
            .filter(state=delivery.State.QUEUED, due_at__lte=at)
            .order_by("due_at", "id")
        )
        for row in rows:
            ready = _ready(row, at=at)
            row.save()
            if ready is not None:
                return ready
    return None


def _doubt(*, at: datetime) -> None:
    silent = models.RequestReminder.objects.filter(
        state=delivery.State.SENDING, claimed_at__lte=at - _SILENT
    )
    silent.update(state=delivery.move(state=delivery.State.SENDING, cause=delivery.Cause.SILENCE))


def _ready(row: models.RequestReminder, *, at: datetime) -> claims.Ready | None:
    number = models.Number.objects.filter(
        branch=row.request.branch_id, channel=numbers.MAIL
    ).first()
    facts = _facts(row, number, at=at)
    if not (facts.is_open and facts.is_member and facts.is_theirs):
        row.state = delivery.move(state=delivery.State.QUEUED, cause=delivery.Cause.CANCEL)
        return None
    if number is None or numbers.rests(number, at=at):
        _wait(row, RESTING if number else NO_SENDER, at=at)
        return None
    answer = gate.decide_for_staff(facts, now=at)
    if isinstance(answer, gate.Refusal):
        _wait(row, answer.rule, at=at)
        return None
    keys = keyring.organisation(row.organisation_id)
    row.permit = _decision(row, answer)
    row.state = delivery.move(state=delivery.State.QUEUED, cause=delivery.Cause.PERMIT)
    row.claimed_at, row.attempts, row.problem = at, row.attempts + 1, ""
    return claims.Ready(
        message=row.id,
        organisation=row.organisation_id,
        number=number.id,
        scheme=number.channel,
        permit=answer,
        outgoing=_outgoing(keys, number, row, at=at),
        access=numbers.access(keys, number),
        attempt=row.attempts,
    )


def _wait(row: models.RequestReminder, problem: str, *, at: datetime) -> None:
    row.state = delivery.move(state=delivery.State.QUEUED, cause=delivery.Cause.WAIT)
    row.problem, row.due_at = problem, at + _LATER


def _facts(
    row: models.RequestReminder, number: models.Number | None, *, at: datetime
) -> gate.StaffFacts:
    asked = row.request
    day = at.astimezone(mailing.ZONE).date()
    return gate.StaffFacts(
        law=rechtsstand.on(day),
        message_id=str(row.id),
        duty=rechtsstand.reminder(day).source,
        ground=f"person_request:{asked.id}",
        is_member=row.member.is_active,
        is_theirs=responsible(asked.branch_id).filter(id=row.member_id).exists(),
        is_open=asked.state in privacy.UNANSWERED and asked.due_on == row.due_on,
        processor=policy.processor(number, stopped=duties.stopped()) if number else None,
    )


def _decision(row: models.RequestReminder, permit: gate.Permit) -> models.Decision:
    made = models.Decision(
        organisation_id=row.organisation_id,
        message_ref=row.id,
        purpose=permit.purpose,
        permitted=True,
        basis=permit.basis,
        evidence=[f"{one.kind}:{one.id}" for one in permit.evidence],
        policy_version=permit.policy_version,
        decided_at=permit.decided_at,
    )
    made.save(force_insert=True)
    return made


def _outgoing(
    keys: vault.OrganisationKeys,
    number: models.Number,
    row: models.RequestReminder,
    *,
    at: datetime,
) -> outgoing.Outgoing:
    to = keys.main.open_text(
        row.member.email_sealed, table="member", row=row.member_id, column="email_sealed"
    )
    return outgoing.Outgoing(
        message_id=str(row.id),
        to=events.Party(email=to),
        body=mailing.reminder(number, row, at=at),
    )


def settle_reminder(*, organisation: int, outcome: sending.Outcome, at: datetime) -> None:
    """Store what became of a reminder; without a word of the mail server it is in doubt."""
    with scope.transaction(organisation=organisation):
        row = (
            models.RequestReminder.objects.select_for_update()
            .filter(id=outcome.ready.message, state__in=_OPEN)
            .first()
        )
        if row is None or row.claimed_at != outcome.ready.permit.decided_at:
            return
        if outcome.receipt is not None:
            row.state, row.sent_at = _moved(delivery.Cause.ACCEPTED), outcome.at
        elif outcome.missed:
            row.state, row.due_at = _moved(delivery.Cause.RETRY), at + _PAUSE
        elif outcome.verdict is None:
            row.state, row.problem = _moved(delivery.Cause.SILENCE), "mail_unclear"
        else:
            _settle_failure(row, outcome.verdict, number=outcome.ready.number, at=at)
        row.save()


def _moved(cause: delivery.Cause) -> delivery.State:
    return delivery.move(state=delivery.State.SENDING, cause=cause)


def _settle_failure(
    row: models.RequestReminder, verdict: failures.Verdict, *, number: int, at: datetime
) -> None:
    """A server that is away, is asked again for as long as the step lasts; a box that is none, never."""
    row.problem = verdict.reason.name
    if verdict.pauses_number:
        models.Number.objects.filter(id=number).update(
            paused_until=at + _PAUSE, paused_code=verdict.code
        )
    elif not (verdict.may_retry or verdict.exhausted):
        row.state = _moved(delivery.Cause.GIVE_UP)
        return
    row.state = _moved(delivery.Cause.RETRY)
    row.due_at = at + (failures.delay(verdict, row.attempts, 0.0) if verdict.may_retry else _LATER)
