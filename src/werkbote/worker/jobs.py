"""One thin task per job name: each calls exactly one action."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from werkbote.actions import media, newsletter, old_chats, privacy, push
from werkbote.store.queue import Job


@app.task(name=Job.FETCH_MEDIA, queue="media")
def fetch_media(*, organisation: int, object_id: int) -> None:
    """Fetch one file of a received message."""
    media.fetch(organisation=organisation, media=object_id, at=datetime.now(UTC))


@app.task(name=Job.ERASE, queue="privacy")
def erase(*, organisation: int, object_id: int) -> None:
    """Carry out one erasure, or go on with it."""
    privacy.execute(organisation=organisation, run=object_id, at=datetime.now(UTC))


@app.task(name=Job.SPREAD_ISSUE, queue="newsletter")
def spread_issue(*, organisation: int, object_id: int) -> None:
    """Queue an issue of the newsletter for everybody who agreed."""
    newsletter.spread(organisation=organisation, issue=object_id, at=datetime.now(UTC))


@app.task(name=Job.TELL_DEVICES, queue="push")
def tell_devices(*, organisation: int, object_id: int) -> None:
    """Tell the devices of whom a conversation concerns that there is something new."""
    push.tell(organisation=organisation, conversation=object_id, at=datetime.now(UTC))


@app.task(name=Job.READ_OLD_CHAT, queue="media")
def read_old_chat(*, organisation: int, object_id: int) -> None:
    """Read one uploaded export of a chat."""
    old_chats.read(organisation=organisation, arrival=object_id, at=datetime.now(UTC))
