"""The envelope of a webhook body: bytes to clean JSON, and JSON to entries and changes."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson

from werkbote.channels import driver
from werkbote.channels.meta import people, wire
from werkbote.domain import events
from werkbote.domain.events import Json

_MAX_DEPTH = 100
_TOO_DEEP = "\ufffd nested too deeply \ufffd"
_MAX_DIGITS = 400
_BODY_KEYS = frozenset({"object", "entry"})
_FRAME_KEYS = ("messaging_product", "metadata")
_ENTRY_KEYS = frozenset({"id", "time", "changes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one entry.

    `account` is the WhatsApp Business account, `number` the phone_number_id of this very change,
    `display` the digits of that number, `at` the entry's time or else `received_at`.
    """

    account: str
    field: str
    number: str | None
    display: str | None
    people: people.People
    value: wire.Item
    at: datetime
    received_at: datetime

    def required_number(self) -> str:
        """The number's id; raises `NotUnderstood` when the change names none."""
        if self.number is None:
            raise wire.NotUnderstood("The change names no phone_number_id.")
        return self.number

    def moment(self, value: Json) -> datetime:
        """An item's own time, or the entry's when it has none that can be believed."""
        return wire.moment(value, received_at=self.received_at)[0]

    def unknown(self, why: str, content: Json, *, part: wire.Item | None = None) -> events.Unknown:
        """What could not be understood, kept with the reason.

        `part` is where it stood in the value, such as {"messages": [item]}.
        """
        return events.Unknown(
            number=self.number,
            field=self.field,
            why=why,
            content=content,
            at=self.at,
            again=None if part is None else self.alone(part),
        )

    def alone(self, part: wire.Item) -> Json:
        """A whole body with nothing but this part of the change, and the contacts it names."""
        named = json.dumps(part)
        contacts = self.value.get("contacts")
        known: list[Json] = [
            contact
            for contact in (contacts if isinstance(contacts, list) else [])
            if isinstance(contact, dict)
            and any(
                isinstance(key, str) and key and key in named
                for key in (contact.get("wa_id"), contact.get("user_id"))
            )
        ]
        frame = {key: self.value[key] for key in _FRAME_KEYS if key in self.value}
        value: Json = {**frame, **({"contacts": known} if known else {}), **part}
        change: Json = {"field": self.field, "value": value}
        entry: Json = {
            "id": self.account,
            "time": int(self.at.timestamp()),
            "changes": [change],
        }
        return {"object": "whatsapp_business_account", "entry": [entry]}


def changes(body: bytes, *, received_at: datetime) -> Iterator[Change | events.Unknown]:
    """Every change of a body, and what stood beside them; raises `UnreadableBody`."""
    root = _decode(body)
    if not isinstance(root, dict) or not isinstance(entries := root.get("entry"), list):
        raise driver.UnreadableBody("The body is no webhook of Meta: it has no list of entries.")
    yield from _leftover(root, known=_BODY_KEYS, received_at=received_at)
    for entry in entries:
        yield from _entry(entry, received_at=received_at)


def _entry(entry: Json, *, received_at: datetime) -> Iterator[Change | events.Unknown]:
    if not isinstance(entry, dict) or not isinstance(found := entry.get("changes"), list):
        yield _stray("The entry has no list of changes.", entry, received_at)
        return
    yield from _leftover(entry, known=_ENTRY_KEYS, received_at=received_at)
    account = wire.text(entry.get("id"))
    at = wire.moment(entry.get("time"), received_at=received_at)[0]
    for change in found:
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(change, dict) or not isinstance(value, dict):
            yield _stray("The change has no value.", change, received_at)
            continue
        metadata = wire.item(value.get("metadata"))
        contacts = value.get("contacts")
        yield Change(
            account=account,
            field=wire.text(change.get("field")),
            number=wire.ident(metadata.get("phone_number_id")),
            display=wire.digits(metadata.get("display_phone_number")),
            people=people.People(
                [c for c in contacts if isinstance(c, dict)] if isinstance(contacts, list) else ()
            ),
            value=value,
            at=at,
            received_at=received_at,
        )


def _leftover(
    found: wire.Item, *, known: frozenset[str], received_at: datetime
) -> Iterator[events.Unknown]:
    if found.keys() <= known:
        return
    rest: Json = {key: value for key, value in found.items() if key not in known}
    yield _stray("The body carries fields that no webhook of Meta has.", rest, received_at)


def _stray(why: str, content: Json, at: datetime) -> events.Unknown:
    return events.Unknown(number=None, field="", why=why, content=content, at=at)


def _decode(body: bytes) -> Json:
    """JSON that a PostgreSQL jsonb column can hold: no NUL, no lone surrogate, no NaN, not too deep."""
    try:
        root: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _clean(_decode_leniently(body), 0)
    if b"\\u0000" in body or _is_deep(body, root):
        return _clean(root, 0)
    return root


def _is_deep(body: bytes, root: Json) -> bool:
    if body.count(b"{") + body.count(b"[") <= _MAX_DEPTH:
        return False
    try:
        orjson.dumps(root)  # refuses more than 254 levels, in a fraction of a walk's time
    except TypeError:
        return True
    return False


def _decode_leniently(body: bytes) -> Json:
    try:
        found: Json = json.loads(
            body.decode("utf-8-sig", "replace"),
            strict=False,
            parse_constant=str,
            parse_int=_integer,
        )
    except RecursionError:
        raise driver.UnreadableBody("The body is nested too deeply to be read.") from None
    except ValueError:
        raise driver.UnreadableBody("The body is not JSON.") from None
    return found


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _clean(value: Json, depth: int) -> Json:
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if not isinstance(value, list | dict):
        return value
    if depth >= _MAX_DEPTH:
        return _TOO_DEEP
    if isinstance(value, list):
        return [_clean(each, depth + 1) for each in value]
    return {_clean_text(key): _clean(each, depth + 1) for key, each in value.items()}


def _clean_text(value: str) -> str:
    """The text with NUL and lone surrogates shown as U+FFFD."""
    value = value.replace("\0", "\ufffd")
    if value.isprintable():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
