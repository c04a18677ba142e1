"""Whether an export is of a chat that is here already: same phone, same title or people, same words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db.models import Q

from werkbote.domain import old_chats
from werkbote.store import ids, models, scope, vault
from werkbote.store import old_chats as store

_MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An opened export with what its name and its first look say."""

    arrival: models.OldChatArrival
    title: str
    survey: old_chats.Survey
    text: Callable[[], Iterator[old_chats.Line]]

    def entries(self) -> Iterator[old_chats.Entry]:
        """Yield the messages from the beginning."""
        return old_chats.entries(self.text(), order=self.survey.order)


def chat_of(export: Export, *, keys: vault.OrganisationKeys, at: datetime) -> models.OldChat:
    """Return the chat an export belongs to, made where none shares a word with it."""
    arrival = export.arrival
    if arrival.chat_id is not None:
        with scope.looking(organisation=keys.organisation):
            return models.OldChat.objects.select_related("person").get(id=arrival.chat_id)
    chat = _known(export, keys)
    with scope.transaction(organisation=keys.organisation):
        if chat is None:
            chat = _made(export, keys, at=at)
            chat.save(force_insert=True)
        arrival.chat = chat
        arrival.save(update_fields=["chat"])
    return chat


def _known(export: Export, keys: vault.OrganisationKeys) -> models.OldChat | None:
    title, people = _digests(export, keys)
    alike = Q(people_digest=people) if title is None else Q(title_digest=title)
    with scope.looking(organisation=keys.organisation):
        rows = list(
            models.OldChat.objects.select_related("person")
            .filter(alike, owner=export.arrival.owner_id, branch=export.arrival.branch_id)
            .order_by("-id")[:_MOST_CANDIDATES]
        )
        for chat in rows:
            key = keys.unwrap(chat.person.key_wrapped, person=chat.person_id)
            known = old_chats.Known(
                one for one in kept(chat, key) if one.kind is not old_chats.Kind.SYSTEM
            )
            if any(known.take(entry) for entry in export.entries()):
                return chat
    return None


def kept(chat: models.OldChat, key: vault.Key) -> Iterator[old_chats.Entry]:
    """Yield the messages of a chat, page by page. Inside a scope."""
    rows = models.OldChatPage.objects.filter(chat=chat).order_by("id")
    for row in rows.iterator(chunk_size=4):
        yield from store.opened(key, row)


def _digests(export: Export, keys: vault.OrganisationKeys) -> tuple[bytes | None, bytes]:
    people = "\0".join(sorted(export.survey.participants)).casefold()
    title = export.title.casefold()
    return (
        keys.digest("old_chat_title", title.encode("utf-8", "replace")) if title else None,
        keys.digest("old_chat_people", people.encode("utf-8", "replace")),
    )


def _made(export: Export, keys: vault.OrganisationKeys, *, at: datetime) -> models.OldChat:
    arrival, names = export.arrival, export.survey.participants
    key = keys.unwrap(arrival.person.key_wrapped, person=arrival.person_id)
    row, (title, people) = ids.new(), _digests(export, keys)
    shown = export.title or ", ".join(names[:4])
    models.Person.objects.filter(id=arrival.person_id).update(
        name_sealed=key.seal_text(
            shown, table="person", row=arrival.person_id, column="name_sealed"
        )
    )
    return models.OldChat(
        id=row,
        organisation_id=keys.organisation,
        branch_id=arrival.branch_id,
        person=arrival.person,
        owner_id=arrival.owner_id,
        title_digest=title,
        people_digest=people,
        title_sealed=key.seal_text(shown, table="old_chat", row=row, column="title_sealed"),
        participants_sealed=key.seal(
            orjson.dumps([name.encode("utf-8", "replace").decode() for name in names]),
            table="old_chat",
            row=row,
            column="participants_sealed",
        ),
        own=_own(export.title, names),
        zone=arrival.zone,
        created_at=at,
    )


def _own(title: str, names: tuple[str, ...]) -> int | None:
    """Return which of two is us, where the title names the other; None where a person must say it."""
    if len(names) == 2 and title in names:  # noqa: PLR2004 -- a chat of two
        return 1 - names.index(title)
    return None


def move(
    arrival: models.OldChatArrival,
    *,
    to: models.OldChat,
    key: vault.Key,
    keys: vault.OrganisationKeys,
) -> None:
    """Seal an arrival's own words with its chat's key and let go of the key it came with.

    Inside a transaction, after the export itself is gone.
    """
    if arrival.person_id == to.person_id:
        return
    old = keys.unwrap(arrival.person.key_wrapped, person=arrival.person_id)
    table, row = "old_chat_arrival", arrival.id
    for column in ("device_sealed", "filename_sealed"):
        plain = old.open(getattr(arrival, column), table=table, row=row, column=column)
        setattr(arrival, column, key.seal(plain, table=table, row=row, column=column))
    before, arrival.person = arrival.person, to.person
    arrival.save(update_fields=["device_sealed", "filename_sealed", "person"])
    before.delete()
