"""What a backup is made of, what its manifest says, and when it has lived long enough."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
DRILL_EVERY = timedelta(days=92)
"""A restore is tested at least once a quarter (Art. 32(1)(d) DSGVO; BSI CON.3)."""

_NAME = re.compile(r"\d{8}T\d{6}Z")
_STAMP = "%Y%m%dT%H%M%SZ"


class UnableToRead(Exception):
    """A manifest is damaged, or of a format this release does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sealed file of a backup; `digest` is the SHA-256 of its bytes as stored."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTable:
    """A table with keys of people: `columns` are all of them, in the order of its copy."""

    table: str
    column: str
    columns: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stood in the database at the instant of the backup: rows, ends of the chains, migrations."""

    counts: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    migrations: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself, in clear: no names, numbers or texts. It is written last."""

    at: datetime
    kind: str
    server: int
    parts: Sequence[Part]
    facts: Facts
    tables: Sequence[KeyTable]
    sealed: str
    verified: bool = False

    @property
    def name(self) -> str:
        """Return the backup's name: its instant."""
        return name(self.at)

    def part(self, wanted: str) -> Part:
        """Return a part by name; raise UnableToRead when the backup has none."""
        for part in self.parts:
            if part.name == wanted:
                return part
        raise UnableToRead(f"The backup {self.name} has no part {wanted}: use another backup.")


def name(at: datetime) -> str:
    """Return the name of a backup made at an instant; names sort by time."""
    return at.astimezone(UTC).strftime(_STAMP)


def instant(of: str) -> datetime:
    """Return the instant a name says; raise UnableToRead for what is no name."""
    if not _NAME.fullmatch(of):
        raise UnableToRead(f"“{of}” names no backup: use one that “werkbote restore --list” shows.")
    return datetime.strptime(of, _STAMP).replace(tzinfo=UTC)


def is_name(text: str) -> bool:
    """Return whether a text is the name of a backup."""
    return _NAME.fullmatch(text) is not None


def written(manifest: Manifest) -> bytes:
    """Return the manifest as the JSON that is stored."""
    content = {
        "format": FORMAT,
        **asdict(manifest),
        "at": manifest.at.astimezone(UTC).isoformat(),
    }
    return json.dumps(content, indent=1, sort_keys=True).encode()


def read(content: bytes) -> Manifest:
    """Return the manifest of stored JSON; raise UnableToRead with the remedy."""
    try:
        raw: dict[str, Any] = json.loads(content)
        stated = raw.pop("format")
        if stated == FORMAT:
            parts = [Part(**part) for part in raw.pop("parts")]
            facts = Facts(**raw.pop("facts"))
            tables = [KeyTable(**table) for table in raw.pop("tables")]
            at = datetime.fromisoformat(raw.pop("at"))
            return Manifest(at=at, parts=parts, facts=facts, tables=tables, **raw)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnableToRead("The backup's manifest is damaged: use another backup.") from None
    raise UnableToRead(
        f"The backup has format {stated}, this release reads {FORMAT}: update Werkbote, then restore."
    )


def expired(names: Iterable[str], *, at: datetime, keep: timedelta) -> list[str]:
    """Return the names of backups that have lived long enough; the newest always stays."""
    ordered = sorted(names)
    return [one for one in ordered[:-1] if at - instant(one) > keep]


def differences(*, promised: Facts, found: Facts) -> list[str]:
    """Return in which points what was restored differs from what the manifest promises."""
    told = []
    for title, one, other in (
        ("rows of", promised.counts, found.counts),
        ("end of chain", promised.heads, found.heads),
    ):
        told += [
            f"{title} {key}: {one.get(key, 0)} promised, {other.get(key, 0)} found"
            for key in sorted(set(one) | set(other))
            if one.get(key, 0) != other.get(key, 0)
        ]
    return told
