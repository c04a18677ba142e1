"""What a backup needs to know before it begins: where to, sealed for whom, with which programs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from werkbote.channels import shelf
from werkbote.config import cluster, env, login
from werkbote.config.backup import sealing
from werkbote.domain import backup

_S3 = "s3://"
_S3_WORDS = ("endpoint", "region", "key", "secret")

TELLING: tuple[type[Exception], ...] = (
    shelf.UnableToReach,
    sealing.UnableToSeal,
    sealing.UnableToUnseal,
    backup.UnableToRead,
)


class UnableToPlan(Exception):
    """Backups are not set up, or not completely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a run works with; `work` is a directory of ours that every run begins by emptying."""

    environment: env.Environment
    data: shelf.Shelf
    keys: shelf.Shelf
    owner: env.Login
    programs: Path
    work: Path
    say: Callable[[str], object]


def make(environment: env.Environment, *, say: Callable[[str], object]) -> Plan:
    """Return the plan of this environment; raise UnableToPlan with what has to be set."""
    said = environment.backup
    if not said.to:
        raise UnableToPlan(
            "No place for backups is named: set WERKBOTE_BACKUP_TO to a directory on another disk or "
            "to s3://bucket/prefix."
        )
    return Plan(
        environment=environment,
        data=_shelf(said.to, said),
        keys=_shelf(said.keys_to, said),
        owner=login.as_owner(environment),
        programs=_programs(environment),
        work=environment.home / "backup.work",
        say=say,
    )


def _programs(environment: env.Environment) -> Path:
    named = environment.backup.programs
    if named is None:
        return cluster.programs()
    if not (named / "pg_dump").exists():
        raise UnableToPlan(
            f"There is no pg_dump in {named}: set WERKBOTE_DATABASE_PROGRAMS to the bin directory of "
            "a PostgreSQL as new as the server."
        )
    return named


def _shelf(address: str, said: env.Backup) -> shelf.Shelf:
    if not address.startswith(_S3):
        return shelf.Folder(Path(address).expanduser().absolute())
    from werkbote.channels import bucket, bucket_signing  # noqa: PLC0415 -- slow import

    known = _credentials(said.s3_file)
    name, _, prefix = address.removeprefix(_S3).partition("/")
    access = bucket_signing.Access(key=known["key"], secret=known["secret"], region=known["region"])
    return bucket.Bucket(
        bucket.Place(
            endpoint=known["endpoint"].rstrip("/"),
            bucket=name,
            prefix=f"{prefix.strip('/')}/" if prefix.strip("/") else "",
            access=access,
        ),
        now=lambda: datetime.now(UTC),
    )


def _credentials(file: Path | None) -> dict[str, str]:
    remedy = "set WERKBOTE_BACKUP_S3_FILE to a JSON file (mode 0600) with endpoint, region, key and secret."
    if file is None:
        raise UnableToPlan(f"The S3 store's address and keys are not named: {remedy}")
    try:
        sealing.check_private(file)
        raw = json.loads(file.read_text())
        return {word: str(raw[word]) for word in _S3_WORDS}
    except OSError as error:
        raise UnableToPlan(f"{file} cannot be read ({error.strerror}): {remedy}") from None
    except (ValueError, KeyError, TypeError):
        raise UnableToPlan(f"{file} does not hold what an S3 store needs: {remedy}") from None
