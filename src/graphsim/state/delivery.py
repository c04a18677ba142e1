"""One webhook body on its way, and how bodies are put together and signed."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

MOST_UPDATES = 1_000
MOST_BYTES = 2_900_000
_ITEMS_A_CHANGE = 25
_CHANGES_AN_ENTRY = 20


@dataclass(frozen=True, slots=True)
class Update:
    """One update before it is batched; `key` is the list it belongs to, None for a whole value."""

    waba_id: str
    field: str
    key: str | None
    metadata: bytes
    item: bytes
    contact: bytes | None
    time: int | None

    @property
    def size(self) -> int:
        """Roughly how many bytes it takes in a body."""
        return len(self.item) + len(self.contact or b"") + 200


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One body and what became of every attempt to deliver it."""

    id: int
    number_id: str
    body: bytes
    updates: int
    created_at: float
    state: str = "queued"
    signed_wrong: bool = False
    next_at: float | None = None
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def public(self) -> dict[str, Any]:
        """The delivery as the control API shows it."""
        return {
            "id": self.id,
            "phone_number_id": self.number_id,
            "updates": self.updates,
            "bytes": len(self.body),
            "created_at": self.created_at,
            "state": self.state,
            "signed_wrong": self.signed_wrong,
            "next_at": self.next_at,
            "attempts": self.attempts,
        }


def fragment(value: Any) -> bytes:
    """JSON with escaped non-ASCII, as Meta writes (and signs) it."""
    try:
        raw = orjson.dumps(value)
    except TypeError:  # lone surrogates and very large numbers, which only `json` writes
        raw = b"\xff"
    if raw.isascii():
        return raw
    return json.dumps(value, separators=(",", ":")).encode()


def body(updates: Sequence[Update]) -> bytes:
    """A webhook body: updates of one list share a change, changes share an entry."""
    changes: list[_Change] = []
    for update in updates:
        if not changes or not changes[-1].takes(update):
            changes.append(_Change(first=update))
        changes[-1].add(update)
    entries = [
        _entry(waba_id, [change for _, change in group])
        for (waba_id, _), group in itertools.groupby(
            enumerate(changes),
            key=lambda pair: (pair[1].first.waba_id, pair[0] // _CHANGES_AN_ENTRY),
        )
    ]
    return b'{"object":"whatsapp_business_account","entry":[' + b",".join(entries) + b"]}"


@dataclass(slots=True, kw_only=True)
class _Change:
    """The updates that share one change, as JSON bytes."""

    first: Update
    items: list[bytes] = field(default_factory=list)
    contacts: dict[bytes, None] = field(default_factory=dict)

    def takes(self, update: Update) -> bool:
        """Whether the update may join: same list of the same number, and room left."""
        first = self.first
        return (
            update.key is not None
            and first.key == update.key
            and first.field == update.field
            and first.metadata == update.metadata
            and first.waba_id == update.waba_id
            and (first.contact is None) == (update.contact is None)
            and len(self.items) < _ITEMS_A_CHANGE
        )

    def add(self, update: Update) -> None:
        """Join the change."""
        self.items.append(update.item)
        if update.contact is not None:
            self.contacts[update.contact] = None

    def raw(self) -> bytes:
        """The change as JSON."""
        name = f'"field":"{self.first.field}"}}'.encode()
        if self.first.key is None:
            return b'{"value":' + self.items[0] + b"," + name
        contacts = b'"contacts":[' + b",".join(self.contacts) + b"]," if self.contacts else b""
        return (
            b'{"value":{"messaging_product":"whatsapp","metadata":'
            + self.first.metadata
            + b","
            + contacts
            + f'"{self.first.key}":['.encode()
            + b",".join(self.items)
            + b"]},"
            + name
        )


def _entry(waba_id: str, changes: list[_Change]) -> bytes:
    moment = next((c.first.time for c in changes if c.first.time is not None), None)
    time = b"" if moment is None else f'"time":{moment},'.encode()
    raw = b",".join(change.raw() for change in changes)
    return f'{{"id":"{waba_id}",'.encode() + time + b'"changes":[' + raw + b"]}"


def signature(raw: bytes, *, secret: str) -> str:
    """The X-Hub-Signature-256 of a body."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
