"""The hash chain: each entry's hash covers the one before it, so that no past can be rewritten."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

GENESIS = "0" * 64
"""What the first entry of a chain follows."""


class UnableToHash(TypeError):
    """A value has no canonical form; only JSON values, dates and aware datetimes have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry as stored: the hash it follows, its content and its own hash (hex SHA-256)."""

    previous: str
    content: Mapping[str, object]
    hash: str


def canonical(content: Mapping[str, object]) -> bytes:
    """Return the one byte form of a content: sorted keys, no spaces, UTF-8, times in UTC.

    Raises:
        UnableToHash: if a value has no canonical form (floats that are no numbers, naive times).
    """
    try:
        text = json.dumps(
            content,
            sort_keys=True,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
            default=_plain,
        )
        return text.encode()
    except ValueError as error:
        raise UnableToHash(f"This content has no canonical form: {error}.") from error


def link(previous: str, content: Mapping[str, object]) -> str:
    """Return the hash of an entry that follows the hash `previous`.

    Raises:
        UnableToHash: if the content has no canonical form.
    """
    return sha256(previous.encode() + b"\n" + canonical(content)).hexdigest()


def first_broken(chain: Iterable[Link]) -> int | None:
    """Return the position (from 0) of the first entry that does not fit, None if all do."""
    previous = GENESIS
    for position, entry in enumerate(chain):
        if entry.previous != previous or entry.hash != link(previous, entry.content):
            return position
        previous = entry.hash
    return None


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UnableToHash("A moment in a chain needs a time zone; pass an aware datetime.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise UnableToHash(f"A {type(value).__name__} has no canonical form; turn it into text first.")
