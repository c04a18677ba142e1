"""Making a backup: one instant copied, sealed, restored once to prove it, then put on the shelf."""

import dataclasses
import functools
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from werkbote.channels import shelf
from werkbote.config import login
from werkbote.config.backup import dumping, loading, scratch, sealing
from werkbote.config.backup.plan import Plan
from werkbote.domain import backup
from werkbote.store import journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a backup became: its manifest, and the names that were let go."""

    manifest: backup.Manifest
    expired: list[str]


def run(plan: Plan, *, at: datetime) -> Made:
    """Make a backup and let go of those that have lived long enough; whatever fails leaves none half-made."""
    said = plan.environment.backup
    seal = sealing.fresh(recipients=said.recipients, passphrase_file=said.passphrase_file)
    with scratch.alone(plan.owner), workshop(plan.work):
        data, keys = plan.work / "data", plan.work / "keys"
        data.mkdir()
        keys.mkdir()
        manifest = _copy(plan, seal, data=data, keys=keys, at=at)
        plan.say(f"copied    {sum(part.size for part in manifest.parts)} bytes, sealed")
        _prove(plan, seal, manifest, data=data, keys=keys)
        plan.say("restored  into a scratch database: rows and chains are those of the original")
        manifest = dataclasses.replace(manifest, verified=True)
        keys_manifest = dataclasses.replace(manifest, kind="keys", parts=_parts_of(keys))
        _store(plan.keys, keys_manifest, keys)
        _store(plan.data, manifest, data)
        plan.say(f"stored    {manifest.name} in {plan.data.address}, keys in {plan.keys.address}")
        return Made(manifest=manifest, expired=_let_go(plan, at=at))


@contextmanager
def workshop(work: Path) -> Iterator[None]:
    """Have an empty directory of ours to work in; nothing of it stays."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copy(
    plan: Plan, seal: sealing.Seal, *, data: Path, keys: Path, at: datetime
) -> backup.Manifest:
    with dumping.snapshot(plan.owner) as held:
        with (data / loading.DATABASE).open("wb") as target:
            dumping.dump(plan.programs, plan.owner, held, lambda source: seal.seal(source, target))
        for table in held.tables:
            rows = functools.partial(dumping.copy_rows, held, table)
            secrets = functools.partial(dumping.copy_keys, held, table)
            _sealed(seal, data / loading.rows_part(table.table), rows)
            _sealed(seal, keys / loading.keys_part(table.table), secrets)
        server = held.connection.info.server_version
    _sealed(seal, data / loading.JOURNAL, lambda take: take(_journal(plan)))
    _sealed(seal, keys / loading.KEY_FILE, lambda take: take(_key_file(plan)))
    for folder in (data, keys) if seal.identity else ():
        (folder / sealing.IDENTITY_PART).write_bytes(seal.identity)
    return backup.Manifest(
        at=at,
        kind="data",
        server=server,
        parts=_parts_of(data),
        facts=held.facts,
        tables=held.tables,
        sealed=seal.kind,
    )


def _sealed(
    seal: sealing.Seal, file: Path, fill: Callable[[Callable[[bytes], object]], object]
) -> None:
    plain = file.with_suffix(".plain")
    with plain.open("w+b") as spool:
        plain.chmod(0o600)
        fill(spool.write)
        spool.seek(0)
        with file.open("wb") as target:
            seal.seal(spool, target)
    plain.unlink()


def _journal(plan: Plan) -> bytes:
    """Return all files of the erasure journal as JSON; it is read whole first, so that it is whole."""
    folder = plan.environment.journal
    journal.read(folder)
    return json.dumps({file.name: file.read_text() for file in journal.files(folder)}).encode()


def _key_file(plan: Plan) -> bytes:
    login.installation(plan.environment)
    return (plan.environment.keys or plan.environment.key_file.read_text()).encode()


def _parts_of(folder: Path) -> list[backup.Part]:
    """Return the files of a folder as parts."""
    return [
        backup.Part(name=file.name, size=file.stat().st_size, digest=loading.digest(file))
        for file in sorted(folder.iterdir())
    ]


def _prove(
    plan: Plan, seal: sealing.Seal, manifest: backup.Manifest, *, data: Path, keys: Path
) -> None:
    """Restore what was just sealed into a scratch database and compare; raise UnableToLoad otherwise."""
    with scratch.database(plan.owner) as fresh:
        material = loading.Material(
            manifest=manifest, data=data, keys=keys, unseal=seal.open, unseal_keys=seal.open
        )
        lacking = loading.fill(plan, fresh, material)
        loading.compare(fresh, manifest)
        if lacking:
            raise dumping.UnableToLoad(
                f"{lacking} rows of the copy have no key: the database is damaged; run “werkbote verify”."
            )


def _store(place: shelf.Shelf, manifest: backup.Manifest, folder: Path) -> None:
    """Put the parts on a shelf and the manifest last: without it there is no backup."""
    for part in manifest.parts:
        place.put(f"{manifest.name}/{part.name}", folder / part.name)
    file = folder / backup.MANIFEST
    file.write_bytes(backup.written(manifest))
    place.put(f"{manifest.name}/{backup.MANIFEST}", file)


def _let_go(plan: Plan, *, at: datetime) -> list[str]:
    """Remove what has lived long enough and what a killed run left half-made; old databases too."""
    said = plan.environment.backup
    gone = scratch.forget_before(plan.owner, at=at)
    for place, days in ((plan.data, said.keep_days), (plan.keys, said.keys_keep_days)):
        found = loading.listed(place)
        old = backup.expired(found.whole, at=at, keep=timedelta(days=days))
        for name in [*old, *found.broken]:
            loading.remove(place, name)
            gone.append(name)
    return gone
