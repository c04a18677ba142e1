"""Files: kept in sealed pieces beside their message, fetched from the provider by a job of their own."""

import asyncio
import hashlib
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from werkbote.actions import audit, numbers, pictures, scanning
from werkbote.channels import driver, registry, sessions
from werkbote.domain import events, failures, privacy
from werkbote.store import ids, keyring, live, models, queue, scope, vault

CHUNK = 1024 * 1024
"""Size of one sealed piece, in bytes of plaintext."""

MOST_BYTES = 100 * 1024 * 1024
"""Largest file the provider delivers (Cloud API, media)."""

STOPPED = "stopped"
"""Why a file waits while the house has stopped its provider."""

_LIFE = timedelta(days=7)
_MOST_ATTEMPTS = 40


class UnableToRetry(Exception):
    """The file is there already, or the provider does not keep it any more."""


def pieces(
    key: vault.Key, *, organisation: int, media: int, content: bytes, first: int = 0
) -> list[models.MediaChunk]:
    """Return the sealed pieces of a file's content, ready to be inserted."""
    found = []
    for position, start in enumerate(range(0, len(content), CHUNK), start=first):
        row = ids.new()
        found.append(
            models.MediaChunk(
                id=row,
                organisation_id=organisation,
                media_id=media,
                position=position,
                sealed=key.seal(
                    content[start : start + CHUNK], table="media_chunk", row=row, column="sealed"
                ),
            )
        )
    return found


def content(key: vault.Key, *, media: int) -> Iterator[bytes]:
    """Yield a file's plaintext piece by piece. Inside a scope."""
    for row, sealed in (
        models.MediaChunk.objects.filter(media=media)
        .order_by("position")
        .values_list("id", "sealed")
        .iterator(chunk_size=4)
    ):
        yield key.open(sealed, table="media_chunk", row=row, column="sealed")


def fetch(*, organisation: int, media: int, at: datetime) -> bool:
    """Fetch a file of a received message; return whether it is stored now.

    What may come later is enqueued again with back-off, until the provider's seven days are over;
    what never will is marked with its reason. The message itself never waits for this.
    """
    keys = keyring.organisation(organisation)
    with scope.looking(organisation=organisation):
        row = (
            models.Media.objects.select_related("message__number", "person")
            .filter(id=media, state__in=["waiting", "failed"])
            .first()
        )
    if row is None:
        return False
    if at - row.created_at > _LIFE:
        return _note(row, state="expired", problem="expired", at=at)
    parts: list[bytes] = []
    try:
        with scope.looking(organisation=organisation):
            access = numbers.access(keys, row.message.number)
        got = asyncio.run(_fetch(row, access, parts.append))
    except numbers.UnableToSpeak:
        return _later(row, problem=STOPPED, at=at)
    except driver.UnusableMedia:
        return _note(row, state="failed", problem="unusable", at=at)
    except driver.Unable as error:
        return _come_again(row, error.verdict, at=at)
    return _keep_clean(keys, row, b"".join(parts), got, at=at)


def _keep_clean(
    keys: vault.OrganisationKeys,
    row: models.Media,
    whole: bytes,
    got: driver.Fetched,
    *,
    at: datetime,
) -> bool:
    """Keep a file the scanner has nothing against; of an infected one not a byte is kept."""
    try:
        scanning.check(whole)
    except scanning.Infected:
        return _note(row, state="failed", problem=scanning.INFECTED, at=at)
    except scanning.TooLargeToScan:
        return _note(row, state="failed", problem=scanning.TOO_LARGE, at=at)
    except scanning.UnableToScan:
        return _later(row, problem=scanning.UNSCANNED, at=at)
    return _keep(keys, row, whole, got, at=at)


async def _fetch(
    row: models.Media, access: driver.Access, sink: Callable[[bytes], object]
) -> driver.Fetched:
    reference = events.MediaRef(
        provider_id=row.provider_id, mime=row.mime, sha256=row.sha256 or None
    )
    speaker = registry.driver(row.message.number.channel)
    try:
        return await speaker.fetch_media(reference, access=access, sink=sink, limit=MOST_BYTES)
    finally:
        await sessions.close()


def _keep(
    keys: vault.OrganisationKeys,
    row: models.Media,
    whole: bytes,
    got: driver.Fetched,
    *,
    at: datetime,
) -> bool:
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    with scope.transaction(organisation=row.organisation_id):
        claimed = models.Media.objects.filter(id=row.id).exclude(state="stored")
        if not claimed.update(
            state="stored",
            problem=pictures.problem(whole, got.mime[:127] or row.mime),
            size=len(whole),
            mime=got.mime[:127] or row.mime,
            sha256=hashlib.sha256(whole).hexdigest(),
            attempts=row.attempts + 1,
        ):
            return False
        models.MediaChunk.objects.bulk_create(
            pieces(key, organisation=row.organisation_id, media=row.id, content=whole)
        )
        live.announce(conversations={row.message.conversation_id}, at=at)
    return True


def _come_again(row: models.Media, verdict: failures.Verdict, *, at: datetime) -> bool:
    gone = verdict.course is failures.Course.GIVE_UP and not verdict.exhausted
    if gone or row.attempts + 1 >= _MOST_ATTEMPTS:
        return _note(row, state="failed", problem=str(verdict.code or "gone"), at=at)
    return _later(row, problem=str(verdict.code or verdict.course), at=at)


def _later(row: models.Media, *, problem: str, at: datetime) -> bool:
    """Enqueue another try for what may still arrive; reading twice does no harm."""
    attempt = row.attempts + 1
    wait = timedelta(seconds=min(5 * 2 ** min(attempt, 12), 6 * 3600) * (1 + random.random() / 4))  # noqa: S311 -- jitter, no secret
    with scope.transaction(organisation=row.organisation_id):
        models.Media.objects.filter(id=row.id, state__in=["waiting", "failed"]).update(
            state="waiting", attempts=attempt, problem=problem[:32]
        )
        queue.enqueue(
            queue.Job.FETCH_MEDIA,
            organisation=row.organisation_id,
            object_id=row.id,
            delay=wait,
        )
        live.announce(conversations={row.message.conversation_id}, at=at)
    return False


def _note(row: models.Media, *, state: str, problem: str, at: datetime) -> bool:
    with scope.transaction(organisation=row.organisation_id):
        models.Media.objects.filter(id=row.id).exclude(state="stored").update(
            state=state, problem=problem[:32], attempts=row.attempts + 1
        )
        live.announce(conversations={row.message.conversation_id}, at=at)
    return False


class UnableToOpen(Exception):
    """The file does not open without a reason from the list."""


def open_sensitive(
    *, organisation: int, media: int, tag: str, reason: str, by: int, at: datetime
) -> None:
    """Note who opens a sensitive file and why; raise UnableToOpen without a reason from the list."""
    if reason not in set(privacy.Reason):
        raise UnableToOpen("Say why you open this file: choose a reason from the list.")
    with scope.transaction(organisation=organisation):
        audit.record(
            organisation=organisation,
            by=by,
            verb="media.open",
            object=f"media:{media}",
            detail={"tag": tag, "reason": reason},
            at=at,
        )


def retry_media(*, organisation: int, media: int, by: int, at: datetime) -> None:
    """Ask the provider for a failed file once more; raise UnableToRetry when that is pointless."""
    with scope.transaction(organisation=organisation):
        failed = models.Media.objects.filter(id=media, state="failed", created_at__gt=at - _LIFE)
        claimed = failed.exclude(problem=scanning.INFECTED)
        if not claimed.update(state="waiting", problem="", attempts=0):
            raise UnableToRetry(
                "This file is not waiting for a retry: it is there, being fetched, or older than the "
                "seven days Meta keeps it. Ask the customer to send it again."
            )
        queue.enqueue(queue.Job.FETCH_MEDIA, organisation=organisation, object_id=media)
        audit.record(
            organisation=organisation, by=by, verb="media.retry", object=f"media:{media}", at=at
        )
