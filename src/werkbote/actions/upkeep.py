"""What has to happen by itself, for every organisation: silence noticed, old bodies let go, jobs revived.

Nobody waits for another: what fails for one organisation is logged, and the others get their turn.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection

from werkbote.actions import (
    audit,
    chains,
    consent,
    contact,
    desk,
    drift,
    house_rules,
    inbound,
    notice,
    old_chats,
    outbox,
    privacy,
    search_names,
    subscriptions,
    watch,
)
from werkbote.domain import privacy as rights
from werkbote.domain.events import Json
from werkbote.store import models, scope

_LOG = logging.getLogger(__name__)

KEEP_BODIES = timedelta(days=7)
"""How long raw webhook bodies are kept after they came, for replay."""

KEEP_REQUESTS = timedelta(days=182)
"""How long answered requests for contact are kept (L-02: six months)."""

KEEP_CHANGES = timedelta(days=2)
"""How long open pages can catch up from what they missed."""

_BATCH = 5000


def organisations() -> Iterator[int]:
    """Yield the ids of all organisations of this installation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM werkbote_organisations()")
        rows = cursor.fetchall()
    yield from (row[0] for row in rows)


def _each(what: str, *deeds: Callable[[int], int]) -> int:
    """Do every deed for every organisation; return the sum of what they return.

    A deed that fails is logged and left for the next time; neither another deed nor another organisation
    waits for it. Raises django.db.Error when the database is away, which concerns everybody.
    """
    count = 0
    for organisation in organisations():
        for deed in deeds:
            try:
                count += deed(organisation)
            except Exception as error:
                if _is_lost(error):
                    raise
                _LOG.error(
                    "%s of organisation %d failed: %s",
                    what,
                    organisation,
                    type(error).__name__,
                    exc_info=error,
                )
    return count


def _is_lost(error: Exception) -> bool:
    """Return whether the database is away; after a deadlock, say, a fresh connection opens."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    connection.close()
    try:
        connection.ensure_connection()
    except DatabaseError:
        return True
    return False


def notice_silence(*, at: datetime) -> int:
    """Ask a person about every message whose fate stayed unknown for minutes; return how many."""
    return _each("silence", lambda one: outbox.notice_silence(organisation=one, at=at))


def tell_subscribers(*, at: datetime) -> int:
    """Tell other programs which conversations changed; return how many took something."""
    return _each("telling", lambda one: subscriptions.deliver(organisation=one, at=at))


def keep_consents(*, at: datetime) -> int:
    """Enter what fell due, publish notices whose wording changed, copy the heads of the chains.

    Returns how many events and notices are new. The copy goes to settings.WERKBOTE_CHAIN_COPY.
    """
    count = _each(
        "consents",
        lambda one: consent.sweep(organisation=one, at=at),
        lambda one: notice.publish(organisation=one, at=at),
    )
    if settings.WERKBOTE_CHAIN_COPY:
        folder = Path(settings.WERKBOTE_CHAIN_COPY)
        chains.copy_heads(organisations=organisations(), folder=folder, at=at)
    return count


def erase_due(*, at: datetime) -> int:
    """Go on with erasures whose turn it is, each by itself; return how many came through."""
    return _each("erasures", lambda one: _erase_due(one, at=at))


def _erase_due(organisation: int, *, at: datetime) -> int:
    return sum(
        privacy.execute(organisation=organisation, run=run, at=at) is rights.State.DONE
        for run in privacy.due(organisation=organisation, at=at)
    )


def note_care(*, verb: str, report: Mapping[str, Json], at: datetime) -> None:
    """Write what was done for the whole installation (backup, restore, drill) into every audit chain."""
    for organisation in organisations():
        with scope.transaction(organisation=organisation):
            audit.record(
                organisation=organisation,
                by=audit.SYSTEM,
                verb=verb,
                object=f"backup:{report.get('backup', '')}",
                detail=report,
                at=at,
            )


def mind_the_desk(*, at: datetime) -> int:
    """Bring back what rested long enough, tell of windows that close; return how many conversations."""
    return _each(
        "desk",
        lambda one: desk.wake(organisation=one, at=at),
        lambda one: desk.remind(organisation=one, at=at),
    )


def index_names() -> int:
    """Make people and cases findable that an older release made; return how many."""
    return _each("names", lambda one: search_names.catch_up(organisation=one))


def remind_of_requests(*, at: datetime) -> int:
    """Remind the team of requests that near their day; return how many e-mails left."""
    _each("reminders", lambda one: privacy.plan_reminders(organisation=one, at=at))
    return _each("reminders", lambda one: outbox.send_reminders(organisation=one, at=at))


def sweep(*, at: datetime) -> int:
    """Do what the deletion classes say is due today, and let ended packages go; return how many rows."""
    return _each(
        "sweep",
        lambda one: privacy.sweep(organisation=one, at=at),
        lambda one: privacy.let_go_packages(organisation=one, at=at),
    )


def notice_drift(*, at: datetime) -> int:
    """Write down which settings left their privacy default or came back; return how many.

    Reasons that still stand in plain from before are sealed first.
    """
    _each("reasons", lambda one: house_rules.seal_reasons(organisation=one))
    return _each("drift", lambda one: drift.notice(organisation=one, at=at))


def let_go(*, at: datetime) -> int:
    """Delete what was kept for days only, in batches; return how many rows went."""
    return _each(
        "letting go",
        lambda one: _forget_bodies(one, before=at - KEEP_BODIES),
        lambda one: old_chats.sweep(organisation=one, at=at),
        lambda one: desk.forget_nudges(organisation=one, at=at),
        lambda one: watch.forget_reading(organisation=one, at=at),
        lambda one: outbox.forget_drafts(organisation=one, at=at),
        lambda one: contact.forget(organisation=one, before=at - KEEP_REQUESTS),
        lambda one: _forget_changes(one, before=at - KEEP_CHANGES),
    )


def _forget_bodies(organisation: int, *, before: datetime) -> int:
    count = 0
    while gone := inbound.forget_bodies(organisation=organisation, before=before, most=_BATCH):
        count += gone
    return count


def _forget_changes(organisation: int, *, before: datetime) -> int:
    with scope.transaction(organisation=organisation):
        gone, _ = models.Change.objects.filter(at__lt=before).delete()
        return gone
