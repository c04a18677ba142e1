"""Push: a member's device is told that there is something new, and never what.

Sent from here to the browser's own push service, sealed; between them stands no relay of a third
party. A device is told at most once in twenty seconds, since what it shows stays.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.db.models import Q

from werkbote.actions import audit, ledger
from werkbote.channels import callbacks
from werkbote.channels import push as channel
from werkbote.domain import team
from werkbote.store import duties, ids, keyring, models, queue, scope, vault

_PAUSE = timedelta(seconds=20)
_WORDS = {"de": "Neue Nachricht", "en": "New message"}
_TABLE = "push_device"


class UnableToSubscribe(Exception):
    """The browser cannot be told; the sentence says why."""


def public_key() -> bytes:
    """Return the key by which browsers know that news are ours."""
    return _signer().public


def subscribe(
    *, organisation: int, entry: int, endpoint: str, secrets: tuple[str, str], by: int, at: datetime
) -> None:
    """Tell the browser of a session from now on; `secrets` are its public key and shared secret.

    Raises UnableToSubscribe with the reason.
    """
    try:
        channel.device(endpoint=endpoint, key=secrets[0], auth=secrets[1], near=_near())
    except channel.UnsafeEndpoint:
        raise UnableToSubscribe(
            "This browser's push service is not known: use Firefox, Chrome, Edge or Safari."
        ) from None
    keys, row = keyring.organisation(organisation), ids.new()
    said = orjson.dumps({"endpoint": endpoint, "key": secrets[0], "auth": secrets[1]})
    with scope.transaction(organisation=organisation):
        if not models.Entry.objects.filter(id=entry, member_id=by, ended_at=None).exists():
            raise UnableToSubscribe("This session has ended: sign in again.")
        digest = keys.digest("push", endpoint.encode())
        models.PushDevice.objects.filter(Q(digest=digest) | Q(entry_id=entry)).delete()
        models.PushDevice(
            id=row,
            organisation_id=organisation,
            member_id=by,
            entry_id=entry,
            digest=digest,
            sealed=keys.main.seal(said, table=_TABLE, row=row, column="sealed"),
            created_at=at,
        ).save(force_insert=True)
        _record(organisation, by, "push.subscribe", row, at)


def unsubscribe(*, organisation: int, entry: int, by: int, at: datetime) -> bool:
    """Tell the browser of a session no more; return whether it was told."""
    with scope.transaction(organisation=organisation):
        gone, _ = models.PushDevice.objects.filter(entry_id=entry, member_id=by).delete()
        if gone:
            _record(organisation, by, "push.unsubscribe", entry, at)
    return bool(gone)


def call(*, organisation: int, conversations: Collection[int]) -> int:
    """Ask that devices be told of conversations, where there are any. Inside a transaction."""
    if not conversations or not models.PushDevice.objects.exists():
        return 0
    for conversation in sorted(conversations):
        queue.enqueue(queue.Job.TELL_DEVICES, organisation=organisation, object_id=conversation)
    return len(conversations)


def tell(*, organisation: int, conversation: int, at: datetime) -> int:
    """Tell the devices of whom a conversation concerns; return how many took it."""
    scope.durable()
    with scope.transaction(organisation=organisation):
        due = models.PushDevice.objects.filter(
            Q(told_at=None) | Q(told_at__lte=at - _PAUSE),
            member__in=_concerned(conversation),
            entry__ended_at=None,
        )
        rows = list(due.select_related("member").order_by("id"))
        models.PushDevice.objects.filter(id__in=[row.id for row in rows]).update(told_at=at)
    keys = keyring.organisation(organisation)
    return sum(_tell(organisation, keys, row, at=at) for row in rows)


def _concerned(conversation: int) -> list[int]:
    """Return who is told: whose conversation it is, else its team, else who sees the branch's chats."""
    row = models.Conversation.objects.select_related("number").filter(id=conversation).first()
    if row is None or row.spam_at is not None:
        return []
    if row.owner_id is not None:
        return [row.owner_id]
    may = [role for role in team.Role if team.can(role=role, right=team.Right.READ_CHATS)]
    branch = row.number.branch_id
    members = models.Member.objects.filter(
        Q(memberships__branch_id=branch) | Q(role=team.Role.OWNER), is_active=True, role__in=may
    )
    if row.team_id is not None:
        members = members.filter(team_memberships__team_id=row.team_id)
    return list(members.values_list("id", flat=True).distinct())


def _tell(
    organisation: int, keys: vault.OrganisationKeys, row: models.PushDevice, *, at: datetime
) -> bool:
    said = orjson.loads(keys.main.open(row.sealed, table=_TABLE, row=row.id, column="sealed"))
    words = {"body": _WORDS.get(row.member.language, _WORDS["en"])}
    try:
        to = channel.device(
            endpoint=said["endpoint"], key=said["key"], auth=said["auth"], near=_near()
        )
        if _is_stopped(organisation, to.endpoint, at=at):
            return False
        asyncio.run(
            channel.tell(
                to,
                words=orjson.dumps(words),
                by=_signer(),
                at=int(at.timestamp()),
                near=_near(),
            )
        )
    except (channel.Gone, channel.UnsafeEndpoint):
        with scope.transaction(organisation=organisation):
            models.PushDevice.objects.filter(id=row.id).delete()
        return False
    except callbacks.UnableToTell:
        return False
    return True


def _is_stopped(organisation: int, endpoint: str, *, at: datetime) -> bool:
    """Return whether the house has stopped a push service: then its devices are not told."""
    day = at.astimezone(ledger.ZONE).date()
    with scope.looking(organisation=organisation):
        return duties.recipient("push", duties.place(endpoint), day=day) in duties.stopped()


def _signer() -> channel.Signer:
    secret = keyring.installation().derive("web push")
    contact = settings.WERKBOTE_PUBLIC_URL
    return channel.signer(
        secret, contact=contact if contact.startswith("https:") else "mailto:push@localhost"
    )


def _near() -> bool:
    host = urlsplit(settings.WERKBOTE_PUBLIC_URL).hostname
    return host in {"127.0.0.1", "::1", "localhost"}


def _record(organisation: int, by: int, verb: str, row: int, at: datetime) -> None:
    audit.record(organisation=organisation, by=by, verb=verb, object=f"push:{row}", at=at)
