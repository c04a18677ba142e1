"""One thin task per job name: each calls exactly one action."""

from datetime import UTC, datetime

import psycopg
from django.db import Error as DatabaseError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from werkbote.actions import media, newsletter, old_chats, privacy, push
from werkbote.store.queue import Job

_AGAIN = RetryStrategy(
    max_attempts=12, exponential_wait=2, retry_exceptions=(DatabaseError, psycopg.Error, OSError)
)
"""What a job lost under it, such as its database: 2, 4, 8 … seconds later again, for two hours.

What fails for a reason of its own is the action's matter, which keeps it where people see it.
"""


@app.task(name=Job.FETCH_MEDIA, queue="media", retry=_AGAIN)
def fetch_media(*, organisation: int, object_id: int) -> None:
    """Fetch one file of a received message."""
    media.fetch(organisation=organisation, media=object_id, at=datetime.now(UTC))


@app.task(name=Job.ERASE, queue="privacy", retry=_AGAIN)
def erase(*, organisation: int, object_id: int) -> None:
    """Carry out one erasure, or go on with it."""
    privacy.execute(organisation=organisation, run=object_id, at=datetime.now(UTC))


@app.task(name=Job.SPREAD_ISSUE, queue="newsletter", retry=_AGAIN)
def spread_issue(*, organisation: int, object_id: int) -> None:
    """Queue an issue of the newsletter for everybody who agreed."""
    newsletter.spread(organisation=organisation, issue=object_id, at=datetime.now(UTC))


@app.task(name=Job.TELL_DEVICES, queue="push", retry=_AGAIN)
def tell_devices(*, organisation: int, object_id: int) -> None:
    """Tell the devices of whom a conversation concerns that there is something new."""
    push.tell(organisation=organisation, conversation=object_id, at=datetime.now(UTC))


@app.task(name=Job.READ_OLD_CHAT, queue="media", retry=_AGAIN)
def read_old_chat(*, organisation: int, object_id: int) -> None:
    """Read one uploaded export of a chat."""
    old_chats.read(organisation=organisation, arrival=object_id, at=datetime.now(UTC))
