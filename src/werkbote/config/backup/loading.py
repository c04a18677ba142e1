"""Filling an empty database from a backup: parts fetched, checked, opened, loaded and compared."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from werkbote.channels import shelf
from werkbote.config import env, schema
from werkbote.config.backup import dumping
from werkbote.config.backup.plan import Plan
from werkbote.domain import backup

DATABASE, JOURNAL, KEY_FILE = "database.age", "journal.age", "keyfile.age"

Unseal = Callable[[IO[bytes], IO[bytes]], None]


def rows_part(table: str) -> str:
    """Return the part that holds a key table's rows without keys."""
    return f"rows-{table}.age"


def keys_part(table: str) -> str:
    """Return the part that holds a key table's keys."""
    return f"keys-{table}.age"


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A backup's files on this machine, still sealed, and what opens them."""

    manifest: backup.Manifest
    data: Path
    keys: Path
    unseal: Unseal
    unseal_keys: Unseal

    def opened(self, part: str) -> Path:
        """Open a part of the data beside it and return the plain file."""
        return _opened(self.data / part, self.unseal)

    def opened_keys(self, part: str) -> Path:
        """Open a part of the keys beside it and return the plain file."""
        return _opened(self.keys / part, self.unseal_keys)


def _opened(file: Path, unseal: Unseal) -> Path:
    plain = file.with_suffix(".plain")
    with file.open("rb") as source, plain.open("wb") as target:
        plain.chmod(0o600)
        unseal(source, target)
    return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What lies on a shelf: names of whole backups, and of those whose manifest never came."""

    whole: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def listed(place: shelf.Shelf) -> Listing:
    """Return the backups on a shelf; other files there are none of our business."""
    found: dict[str, bool] = {}
    for path in place.names():
        name, _, rest = path.partition("/")
        if backup.is_name(name) and rest and "/" not in rest:
            found[name] = found.get(name, False) or rest == backup.MANIFEST
    return Listing(
        whole=sorted(name for name, whole in found.items() if whole),
        broken=sorted(name for name, whole in found.items() if not whole),
    )


def remove(place: shelf.Shelf, name: str) -> None:
    """Remove a backup, its manifest first, so that what is left is never taken for whole."""
    place.remove(f"{name}/{backup.MANIFEST}")
    for path in place.names(f"{name}/"):
        place.remove(path)


def fill(plan: Plan, target: env.Login, material: Material) -> int:
    """Load an empty database and return how many rows have no key; raise UnableToLoad or UnableToUnseal."""
    archive = material.opened(DATABASE)
    dumping.load(plan.programs, target, archive, "pre-data")
    dumping.load(plan.programs, target, archive, "data")
    lacking = 0
    with schema.connect(target) as connection:
        for table in material.manifest.tables:
            rows = material.opened(rows_part(table.table))
            dumping.load_rows(connection, table.table, table.columns, rows)
            rows.unlink()
            keys = material.opened_keys(keys_part(table.table))
            lacking += dumping.load_keys(connection, table.table, table.column, keys)
            keys.unlink()
    dumping.load(plan.programs, target, archive, "post-data")
    archive.unlink()
    return lacking


def compare(target: env.Login, manifest: backup.Manifest) -> None:
    """Raise UnableToLoad when rows or chains are not those the manifest promises."""
    with schema.connect(target) as connection:
        found = dumping.facts(connection)
    different = backup.differences(promised=manifest.facts, found=found)
    if different:
        raise dumping.UnableToLoad(
            f"The backup {manifest.name} does not hold what it promises ({'; '.join(different[:3])}): "
            "use another backup; nothing was changed."
        )
