"""What goes by its age alone: class, rows, from when the period counts, and what is done to what is due."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Max, Q, QuerySet

from werkbote.actions import audit
from werkbote.actions.privacy import keeping
from werkbote.domain import privacy
from werkbote.store import models

type Rows = "QuerySet[Any]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One kind of rows under one class. `act` is done to due rows by number and returns how many.

    `brakes` says whether a large share waits for a person; `counts_up` whether the key is a number, by
    which batches go on.
    """

    rule: str
    name: str
    rows: Rows
    due: Rows
    act: Callable[[Sequence[int]], int]
    since: str
    person: str = ""
    brakes: bool = True
    counts_up: bool = True


def midnight(day: date) -> datetime:
    """Return the first moment of a day in Germany."""
    return datetime.combine(day, time(), tzinfo=keeping.ZONE)


def before(rule: privacy.Rule, since: str, *, day: date) -> Q:
    """Return the condition on rows whose period has run out."""
    first = rule.first_kept(day)
    return Q(**{f"{since}__lt": midnight(first)}) if first else Q(pk__in=[])


def stocks(rules: privacy.Retention, *, organisation: int, day: date) -> Iterator[Stock]:
    """Yield what goes by age. Inside a scope."""
    settled = models.WebhookEvent.objects.exclude(state="received")
    yield _deleted(rules, "L-01", "webhook_event", settled, "received_at", day=day, brakes=False)
    for code, name, rows, since in _plain():
        yield _deleted(rules, code, name, rows, since, day=day)
    yield _sessions(rules, day=day)
    yield _doers(rules, day=day)
    yield _entries(rules, organisation=organisation, day=day)


def _plain() -> Iterator[tuple[str, str, Rows, str]]:
    yield "L-02", "not_understood", models.NotUnderstood.objects.all(), "received_at"
    yield "L-02", "account_news", models.AccountNews.objects.all(), "received_at"
    answered = models.PersonRequest.objects.filter(answered_at__isnull=False)
    yield "L-20", "person_request", answered, "answered_at"
    ended = models.ErasureRun.objects.filter(ended_at__isnull=False)
    yield "L-20", "erasure_run", ended, "ended_at"
    yield "L-20", "legal_hold", models.LegalHold.objects.filter(ended_at__isnull=False), "ended_at"
    yield "L-21", "breach", models.Breach.objects.filter(closed_at__isnull=False), "closed_at"
    yield "L-19", "unasked_document", models.UnaskedDocument.objects.all(), "created_at"
    yield "L-24", "sign_in", models.Entry.objects.all(), "started_at"


def _deleted(  # noqa: PLR0913 -- what a stock is made of
    rules: privacy.Retention,
    code: str,
    name: str,
    rows: Rows,
    since: str,
    *,
    day: date,
    brakes: bool = True,
) -> Stock:
    def act(found: Sequence[int]) -> int:
        rows.filter(pk__in=list(found)).delete()
        return len(found)

    due = rows.filter(before(rules.rules[code], since, day=day))
    return Stock(rule=code, name=name, rows=rows, due=due, act=act, since=since, brakes=brakes)


def _sessions(rules: privacy.Retention, *, day: date) -> Stock:
    rows = Session.objects.all()

    def act(found: Sequence[int]) -> int:
        rows.filter(pk__in=list(found)).delete()
        return len(found)

    return Stock(
        rule="L-24",
        name="session",
        rows=rows,
        due=rows.filter(before(rules.rules["L-24"], "expire_date", day=day)),
        act=act,
        since="expire_date",
        brakes=False,
        counts_up=False,
    )


def _doers(rules: privacy.Retention, *, day: date) -> Stock:
    """Return who of the team did what when in conversations: forgotten, what happened stays."""
    rows = models.ConversationEvent.objects.filter(actor__isnull=False)

    def act(found: Sequence[int]) -> int:
        return models.ConversationEvent.objects.filter(pk__in=list(found)).update(
            actor=None, target=None
        )

    return Stock(
        rule="L-23",
        name="doer",
        rows=rows,
        due=rows.filter(before(rules.rules["L-23"], "at", day=day)),
        act=act,
        since="at",
        brakes=False,
    )


def _entries(rules: privacy.Retention, *, organisation: int, day: date) -> Stock:
    """Return the audit chain: its oldest entries go together, and where it begins is written down."""
    rows = models.AuditEntry.objects.all()
    last = rows.aggregate(last=Max("position"))["last"] or 0
    first = rules.rules["L-22"].first_kept(day)
    young = rows.filter(at__gte=midnight(first)) if first else rows
    edge = young.order_by("position").values_list("position", flat=True).first() or last

    def act(found: Sequence[int]) -> int:
        del found
        until = midnight(first) if first else midnight(day)
        return audit.cut(organisation=organisation, before=until, at=midnight(day))

    return Stock(
        rule="L-22",
        name="audit_entry",
        rows=rows,
        due=rows.filter(position__lt=edge),
        act=act,
        since="at",
        brakes=False,
    )
