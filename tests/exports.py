"""Exports to upload: texts, ZIPs and what is wrong with them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from tests import dealers, staff
from werkbote.actions import old_chats
from werkbote.store import keyring, models, scope
from werkbote.store import old_chats as store

TITLE = "WhatsApp-Chat mit Petra Beispiel"
PHOTO = b"\xff\xd8\xff\xe0" + b"photo " * 1000
LINES = (
    "13.03.24, 10:15 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
    "13.03.24, 10:16 - Max Muster: Ihr Golf ist fertig.",
    "13.03.24, 10:17 - Petra Beispiel: Super!",
    "Ich komme um vier.",
    "13.03.24, 10:18 - Petra Beispiel: IMG-1.jpg (Datei angehängt)",
    "13.03.24, 10:19 - Petra Beispiel: <Neues Ding>",
)


def text(*lines: str) -> bytes:
    """A chat as Android writes it."""
    return "".join(f"{line}\n" for line in lines or LINES).encode()


def packed(
    files: Mapping[str, bytes] | None = None, *, chat: bytes | None = None, name: str = ""
) -> bytes:
    """An export with media."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name or f"{TITLE}.txt", text() if chat is None else chat)
        for inside, content in (files or {"IMG-1.jpg": PHOTO}).items():
            made.writestr(inside, content)
    return out.getvalue()


def long(messages: int, *, start: datetime | None = None) -> bytes:
    """A chat of so many messages, one a minute."""
    first = start or datetime(2024, 1, 1, 8, 0)  # noqa: DTZ001 -- exports know no zone
    return "".join(
        f"{first + timedelta(minutes=step):%d.%m.%y, %H:%M} - "
        f"{('Max Muster', 'Petra Beispiel')[step % 2]}: Nachricht {step}\n"
        for step in range(messages)
    ).encode()


def upload(
    people: staff.Staff,
    content: bytes,
    *,
    filename: str = f"{TITLE}.zip",
    owner: int | None = None,
    **more: str,
) -> int:
    """Let Bob upload an export; return the arrival."""
    return old_chats.receive(
        organisation=people.dealer.organisation,
        wish=old_chats.Wish(
            branch=people.dealer.branch,
            owner=owner or people.bob,
            device="iPhone, privat",
            filename=filename,
            zone="Europe/Berlin",
            **more,  # type: ignore[arg-type]
        ),
        content=(content[at : at + 70_000] for at in range(0, len(content), 70_000)),
        by=people.bob,
        at=dealers.NOW,
    )


def read(people: staff.Staff, arrival: int, *, at: datetime = dealers.NOW) -> bool:
    """Do what the job does."""
    return old_chats.read(organisation=people.dealer.organisation, arrival=arrival, at=at)


def brought(people: staff.Staff, content: bytes, **more: str) -> models.OldChatArrival:
    """Upload and read an export; return its arrival."""
    arrival = upload(people, content, **more)  # type: ignore[arg-type]
    read(people, arrival)
    with scope.looking(organisation=people.dealer.organisation):
        return models.OldChatArrival.objects.select_related("chat", "person").get(id=arrival)


def report(people: staff.Staff, arrival: models.OldChatArrival) -> dict[str, Any]:
    """What is said of an import: counts, lines, files."""
    keys = keyring.organisation(people.dealer.organisation)
    with scope.looking(organisation=people.dealer.organisation):
        row = models.OldChatArrival.objects.select_related("person").get(id=arrival.id)
    key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
    found: dict[str, Any] = orjson.loads(
        key.open(row.report_sealed, table="old_chat_arrival", row=row.id, column="report_sealed")
    )
    return found


def messages(people: staff.Staff, chat: models.OldChat) -> list[str]:
    """The words of a chat as they are kept."""
    keys = keyring.organisation(people.dealer.organisation)
    with scope.looking(organisation=people.dealer.organisation):
        row = models.OldChat.objects.select_related("person").get(id=chat.id)
        key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
        return [
            entry.text
            for page in models.OldChatPage.objects.filter(chat=row).order_by("id")
            for entry in store.opened(key, page)
        ]
