"""Subscriptions of other programs: which conversations changed, told in order until it is acknowledged.

What is told holds numbers of rows and nothing else. A receiver that answers 2xx has it; whatever it
missed comes again, named by the same delivery, so that repetition can be recognised.
"""

import asyncio
import secrets
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import orjson
from django.conf import settings

from werkbote.actions import audit, ledger
from werkbote.channels import callbacks
from werkbote.domain import team
from werkbote.store import duties, ids, keyring, models, scope

_MOST = 200
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(hours=1)
_GIVE_UP = timedelta(days=2)
_SETTLED = timedelta(seconds=2)
"""How old a change must be before it is told: a number handed out earlier can commit later."""


class UnableToSubscribe(Exception):
    """The address cannot be told; the sentence says why."""


def subscribe(*, organisation: int, url: str, by: int, at: datetime) -> str:
    """Tell an address of changes from now on; return the secret its signatures are made with."""
    try:
        callbacks.check(url, near=_near())
    except ValueError:
        raise UnableToSubscribe(
            "The address must begin with https:// and name a public host."
        ) from None
    keys, row, secret = keyring.organisation(organisation), ids.new(), secrets.token_urlsafe(32)
    with scope.transaction(organisation=organisation):
        newest = models.Change.objects.order_by("-id").values_list("id", flat=True).first()
        models.Subscription(
            id=row,
            organisation_id=organisation,
            member_id=by,
            url_sealed=keys.main.seal_text(url, table="subscription", row=row, column="url_sealed"),
            secret_sealed=keys.main.seal_text(
                secret, table="subscription", row=row, column="secret_sealed"
            ),
            told=newest or 0,
            due_at=at,
            created_at=at,
        ).save(force_insert=True)
        _record(organisation, by, "subscriptions.subscribe", row, at)
    return secret


def end(*, organisation: int, subscription: int, by: int, at: datetime) -> bool:
    """End a subscription; return whether it was open."""
    with scope.transaction(organisation=organisation):
        ended = models.Subscription.objects.filter(id=subscription, ended_at=None).update(
            ended_at=at
        )
        if ended:
            _record(organisation, by, "subscriptions.end", subscription, at)
    return bool(ended)


def deliver(*, organisation: int, at: datetime) -> int:
    """Tell every due subscription what it has not been told; return how many took something."""
    with scope.looking(organisation=organisation):
        due = list(
            models.Subscription.objects.filter(
                ended_at=None, due_at__lte=at, member__is_active=True
            ).select_related("member")
        )
        found = [(row, *_order(row, at=at)) for row in due]
        day = at.astimezone(ledger.ZONE).date()
        orders = [
            (row, order, newest)
            for row, order, newest in found
            if order is not None and not _is_stopped(order, day=day)
        ]
    return sum(_tell(organisation, row, order, newest, at=at) for row, order, newest in orders)


def _is_stopped(order: callbacks.Order, *, day: date) -> bool:
    """Return whether the house has stopped the address: what changed meanwhile waits."""
    return duties.recipient("callbacks", duties.place(order.url), day=day) in duties.stopped()


def _order(row: models.Subscription, *, at: datetime) -> tuple[callbacks.Order | None, int]:
    changes = models.Change.objects.filter(id__gt=row.told, at__lte=at - _SETTLED)
    if row.member.role != team.Role.OWNER:
        changes = changes.filter(branch__memberships__member=row.member_id)
    rows = list(changes.order_by("id").values_list("id", "conversation_id", "at")[:_MOST])
    if not rows:
        return None, row.told
    keys = keyring.organisation(row.organisation_id)
    news = [
        {"change": str(number), "conversation": str(conversation), "at": moment.isoformat()}
        for number, conversation, moment in rows
    ]
    secret = keys.main.open_text(
        row.secret_sealed, table="subscription", row=row.id, column="secret_sealed"
    )
    order = callbacks.Order(
        url=keys.main.open_text(
            row.url_sealed, table="subscription", row=row.id, column="url_sealed"
        ),
        secret=secret.encode(),
        body=orjson.dumps({"type": "conversations.changed", "changes": news}),
        name=f"{row.id}-{rows[0][0]}-{rows[-1][0]}",
        at=int(at.timestamp()),
        near=_near(),
    )
    return order, rows[-1][0]


def _tell(
    organisation: int,
    row: models.Subscription,
    order: callbacks.Order,
    newest: int,
    *,
    at: datetime,
) -> bool:
    scope.durable()
    try:
        asyncio.run(callbacks.tell(order))
    except (callbacks.UnableToTell, callbacks.UnsafeAddress) as error:
        _failed(organisation, row, getattr(error, "problem", "unsafe"), at=at)
        return False
    with scope.transaction(organisation=organisation):
        models.Subscription.objects.filter(id=row.id, told=row.told).update(
            told=newest, attempts=0, failing_since=None, problem="", due_at=at
        )
    return True


def _failed(organisation: int, row: models.Subscription, problem: str, *, at: datetime) -> None:
    since = row.failing_since or at
    pause = min(_FIRST * 2 ** min(row.attempts, 12), _LONGEST)
    with scope.transaction(organisation=organisation):
        models.Subscription.objects.filter(id=row.id).update(
            attempts=min(row.attempts + 1, 1000),
            failing_since=since,
            problem=problem,
            due_at=at + pause,
            ended_at=at if at - since > _GIVE_UP else None,
        )


def _near() -> bool:
    host = urlsplit(settings.WERKBOTE_PUBLIC_URL).hostname
    return host in {"127.0.0.1", "::1", "localhost"}


def _record(organisation: int, by: int, verb: str, row: int, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=f"subscription:{row}", at=at)
