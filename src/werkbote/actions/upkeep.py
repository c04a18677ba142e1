"""What has to happen by itself, for every organisation: silence noticed, old bodies let go, jobs revived."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

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


def notice_silence(*, at: datetime) -> int:
    """Ask a person about every message whose fate stayed unknown for minutes; return how many."""
    return sum(
        outbox.notice_silence(organisation=organisation, at=at) for organisation in organisations()
    )


def tell_subscribers(*, at: datetime) -> int:
    """Tell other programs which conversations changed; return how many took something."""
    return sum(
        subscriptions.deliver(organisation=organisation, at=at) for organisation in organisations()
    )


def keep_consents(*, at: datetime) -> int:
    """Enter what fell due, publish notices whose wording changed, copy the heads of the chains.

    Returns how many events and notices are new. The copy goes to settings.WERKBOTE_CHAIN_COPY.
    """
    count = 0
    for organisation in organisations():
        count += consent.sweep(organisation=organisation, at=at)
        count += notice.publish(organisation=organisation, at=at)
    if settings.WERKBOTE_CHAIN_COPY:
        folder = Path(settings.WERKBOTE_CHAIN_COPY)
        chains.copy_heads(organisations=organisations(), folder=folder, at=at)
    return count


def erase_due(*, at: datetime) -> int:
    """Go on with erasures whose turn it is, each by itself; return how many came through."""
    return sum(
        privacy.execute(organisation=organisation, run=run, at=at) is rights.State.DONE
        for organisation in organisations()
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
    return sum(
        desk.wake(organisation=organisation, at=at) + desk.remind(organisation=organisation, at=at)
        for organisation in organisations()
    )


def index_names() -> int:
    """Make people and cases findable that an older release made; return how many."""
    return sum(search_names.catch_up(organisation=organisation) for organisation in organisations())


def remind_of_requests(*, at: datetime) -> int:
    """Remind the team of requests that near their day; return how many e-mails left."""
    count = 0
    for organisation in organisations():
        privacy.plan_reminders(organisation=organisation, at=at)
        count += outbox.send_reminders(organisation=organisation, at=at)
    return count


def sweep(*, at: datetime) -> int:
    """Do what the deletion classes say is due today, and let ended packages go; return how many rows."""
    count = 0
    for organisation in organisations():
        count += privacy.sweep(organisation=organisation, at=at)
        count += privacy.let_go_packages(organisation=organisation, at=at)
    return count


def notice_drift(*, at: datetime) -> int:
    """Write down which settings left their privacy default or came back; return how many.

    Reasons that still stand in plain from before are sealed first.
    """
    count = 0
    for organisation in organisations():
        house_rules.seal_reasons(organisation=organisation)
        count += drift.notice(organisation=organisation, at=at)
    return count


def let_go(*, at: datetime) -> int:
    """Delete what was kept for days only, in batches; return how many rows went."""
    count = 0
    for organisation in organisations():
        while gone := inbound.forget_bodies(
            organisation=organisation, before=at - KEEP_BODIES, most=_BATCH
        ):
            count += gone
        count += old_chats.sweep(organisation=organisation, at=at)
        count += desk.forget_nudges(organisation=organisation, at=at)
        count += watch.forget_reading(organisation=organisation, at=at)
        count += outbox.forget_drafts(organisation=organisation, at=at)
        count += contact.forget(organisation=organisation, before=at - KEEP_REQUESTS)
        count += _forget_changes(organisation, before=at - KEEP_CHANGES)
    return count


def _forget_changes(organisation: int, *, before: datetime) -> int:
    with scope.transaction(organisation=organisation):
        gone, _ = models.Change.objects.filter(at__lt=before).delete()
        return gone
