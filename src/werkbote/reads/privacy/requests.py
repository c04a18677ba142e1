"""Requests as screens show them: what is asked, until when, and how it was made sure who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from werkbote.domain import delivery, privacy, team
from werkbote.reads import access
from werkbote.reads.inbox import people
from werkbote.reads.privacy import correctable
from werkbote.store import exporting, keyring, ledger, models, rechtsstand, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step that was taken to make sure who asks. `state` is how far its message came."""

    sign: str
    at: datetime
    by_house: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What was done to make sure who asks, and what can be done now.

    `code_open`: a code was sent and can be told. `asks_fact`: the code was right, a fact is needed too.
    """

    steps: tuple[Step, ...]
    code_open: bool
    asks_fact: bool
    is_denied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """How far the end of a restriction has come. `state` is where the message to the person stands."""

    reason: str
    state: str
    has_letter: bool
    is_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """How many of the team were reminded at a step, in days, and how far those e-mails came."""

    step: int
    state: str
    problem: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `level` counts the escalations it has passed; `earlier` the person's own in the year before."""

    id: int
    kind: str
    state: str
    channel: str
    received_on: date
    due_on: date
    left: int
    level: int
    is_extended: bool
    identified_by: str
    subject: int | None
    contact: people.Contact | None
    said: str
    reason: str
    result: Mapping[str, Any]
    package: int | None
    reminded: int = 0
    earlier: int = 0
    identity: Identity | None = None
    lift: Lift | None = None
    choices: tuple[correctable.Choice, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    notices: tuple[Mapping[str, Any], ...] = ()
    reminders: tuple[Reminder, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in privacy.UNANSWERED


def opened(viewer: access.Viewer, rows: Any, *, day: date) -> tuple[Request, ...]:
    """Return rows of requests as screens show them. Inside a scope."""
    found = list(rows)
    known = models.Person.objects.filter(id__in=[row.subject for row in found if row.subject])
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    contacts = people.contacts(list(known), keyhole)
    packages = dict(
        models.AccessPackage.objects.filter(request_ref__in=[row.id for row in found]).values_list(
            "request_ref", "id"
        )
    )
    return tuple(
        _request(viewer, row, contacts.get(row.subject or 0), packages.get(row.id), day=day)
        for row in found
    )


def _request(
    viewer: access.Viewer,
    row: models.PersonRequest,
    contact: people.Contact | None,
    package: int | None,
    *,
    day: date,
) -> Request:
    main = keyring.organisation(viewer.organisation).main

    def text(column: str) -> str:
        sealed = getattr(row, column)
        return main.open_text(sealed, table="person_request", row=row.id, column=column)

    age = privacy.waited(
        received=row.received_on,
        due=row.due_on,
        is_extended=row.extended_on is not None,
        day=day,
    )
    return Request(
        id=row.id,
        kind=row.kind,
        state=row.state,
        channel=row.channel,
        received_on=row.received_on,
        due_on=row.due_on,
        left=(row.due_on - day).days,
        level=privacy.level(age, rechtsstand.escalation(day)),
        is_extended=row.extended_on is not None,
        identified_by=row.identified_by,
        subject=row.subject,
        contact=contact,
        said=text("said_sealed"),
        reason=text("reason_sealed"),
        result=row.result,
        package=package,
        reminded=row.reminded,
    )


def request(*, viewer: access.Viewer, request: int, at: datetime, day: date) -> Request:
    """Return one request with its words and how it was made sure who asks.

    Where it was written on WhatsApp its words are that one message, which is addressed to whoever
    answers requests; the rest of the chat stays closed to them. Raises access.UnableToSee where it is
    not the viewer's.
    """
    access.check_right(viewer, team.Right.HANDLE_REQUESTS)
    with scope.looking(organisation=viewer.organisation):
        rows = list(models.PersonRequest.objects.filter(id=request, branch__in=viewer.branches))
        found = opened(viewer, rows, day=day)
        if not found:
            raise access.UnableToSee("There is no such request.")
        is_correction = rows[0].kind == privacy.Kind.CORRECTION
        waits = rows[0].state == privacy.RequestState.OPEN and found[0].contact is not None
        keys = keyring.organisation(viewer.organisation)
        return replace(
            found[0],
            choices=correctable.choices(keys, rows[0]) if is_correction and waits else (),
            changes=correctable.changes(keys, rows[0]),
            earlier=_earlier(rows[0]),
            notices=tuple(rows[0].notices),
            said=found[0].said or _written(viewer, rows[0]),
            identity=_identity(rows[0], at=at),
            lift=_lift(rows[0]),
            reminders=_reminders(rows[0]),
        )


def _earlier(row: models.PersonRequest) -> int:
    """Return how many requests the same person made before, in a year, whatever became of them."""
    if not row.subject:
        return 0
    since = row.received_on - privacy.COUNTED
    own = models.PersonRequest.objects.filter(
        subject__in=ledger.group(row.subject), received_on__gte=since, id__lt=row.id
    )
    return own.exclude(state=privacy.RequestState.DROPPED).count()


def _lift(row: models.PersonRequest) -> Lift | None:
    """Return how the end of a restriction that still stands has come along, None without one."""
    group = ledger.group(row.subject) if row.subject and "restricted" in row.result else []
    stands = models.Person.objects.filter(id__in=group, restricted_at__isnull=False)
    if "lifted" in row.result or not (group and stands.exists()):
        return None
    notice = models.Message.objects.filter(id=row.result.get("notice", 0))
    state = notice.values_list("state", flat=True).first() or ""
    return Lift(
        reason=row.result.get("lift", ""),
        state=state,
        has_letter="letter" in row.result,
        is_told=privacy.told_of_end(row.result, state=state),
    )


def _reminders(row: models.PersonRequest) -> tuple[Reminder, ...]:
    found = row.reminders.exclude(state=delivery.State.CANCELLED)
    grouped = found.values("due_on", "step", "state", "problem").annotate(count=Count("id"))
    return tuple(
        Reminder(step=one["step"], state=one["state"], problem=one["problem"], count=one["count"])
        for one in grouped.order_by("due_on", "step", "state", "problem")
    )


def _written(viewer: access.Viewer, row: models.PersonRequest) -> str:
    message = models.Message.objects.filter(id=row.message_ref or 0).first()
    if message is None:
        return ""
    keys = keyring.organisation(viewer.organisation)
    return exporting.text(exporting.open_person(keys, [message.person_id]), message)


def _identity(row: models.PersonRequest, *, at: datetime) -> Identity:
    sent = [step["message"] for step in row.proof if "message" in step]
    states = dict(models.Message.objects.filter(id__in=sent).values_list("id", "state"))
    signs = [step["sign"] for step in row.proof]
    return Identity(
        steps=tuple(
            Step(
                sign=step["sign"],
                at=datetime.fromisoformat(step["at"]),
                by_house="by" not in step,
                state=states.get(step.get("message", 0), ""),
            )
            for step in row.proof
        ),
        code_open=privacy.code_of(row.proof, at=at) is not None,
        asks_fact=privacy.known_by_code(row.proof) is not None,
        is_denied=bool(signs) and signs[-1] == privacy.Sign.DENIED,
    )
