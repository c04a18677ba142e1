"""Fetching a backup from its shelf: complete, unchanged, and with what opens it."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from werkbote.channels import shelf
from werkbote.config.backup import dumping, loading, sealing
from werkbote.config.backup.plan import Plan
from werkbote.domain import backup
from werkbote.store import journal, vault

NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One backup on its shelf."""

    place: shelf.Shelf
    manifest: backup.Manifest
    folder: Path

    @property
    def name(self) -> str:
        """Return the backup's name."""
        return self.manifest.name

    def fetch(self, *names: str) -> None:
        """Fetch parts (all of them when none is named); raise when one is missing or changed."""
        for part in self.manifest.parts:
            if names and part.name not in names:
                continue
            file = self.folder / part.name
            self.place.get(f"{self.name}/{part.name}", file)
            if file.stat().st_size != part.size or loading.digest(file) != part.digest:
                raise dumping.UnableToLoad(
                    f"The backup {self.name} is damaged ({part.name} is not what was stored): use another "
                    "backup; nothing was changed."
                )

    def unseal(self, plan: Plan) -> loading.Unseal:
        """Return what opens its parts; raise sealing.UnableToUnseal without the right identity."""
        sealed = b""
        if self.manifest.sealed == "passphrase":
            self.fetch(sealing.IDENTITY_PART)
            sealed = (self.folder / sealing.IDENTITY_PART).read_bytes()
        said = plan.environment.backup
        known = sealing.identities(
            file=said.identity, passphrase_file=said.passphrase_file, sealed=sealed
        )
        return functools.partial(sealing.open_with, known)


def find(place: shelf.Shelf, wanted: str, *, folder: Path) -> Archive:
    """Return the wanted backup of a shelf (`NEWEST` for the newest); raise when there is none."""
    whole = loading.listed(place).whole
    if wanted != NEWEST:
        backup.instant(wanted)
    if not whole or wanted not in {NEWEST, *whole}:
        raise dumping.UnableToLoad(
            f"There is no such backup in {place.address}: use one that “werkbote restore --list” shows."
        )
    name = whole[-1] if wanted == NEWEST else wanted
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / backup.MANIFEST
    place.get(f"{name}/{backup.MANIFEST}", file)
    manifest = backup.read(file.read_bytes())
    file.unlink()
    return Archive(place=place, manifest=manifest, folder=folder)


def material(plan: Plan, wanted: str) -> loading.Material:
    """Fetch a backup of the data, and the newest keys there are."""
    data = find(plan.data, wanted, folder=plan.work / "data")
    keys = find(plan.keys, NEWEST, folder=plan.work / "keys")
    if keys.name < data.name:
        raise dumping.UnableToLoad(
            f"The newest keys in {plan.keys.address} are older than the backup {data.name}: put the "
            "archive of the keys back that was made with it or later; nothing was changed."
        )
    unseal, unseal_keys = data.unseal(plan), keys.unseal(plan)
    data.fetch()
    keys.fetch()
    return loading.Material(
        manifest=data.manifest,
        data=data.folder,
        keys=keys.folder,
        unseal=unseal,
        unseal_keys=unseal_keys,
    )


def bring_journal(plan: Plan) -> int:
    """Complete the erasure journal here from the newest backup's copy; return how many entries it has."""
    newest = find(plan.data, NEWEST, folder=plan.work / "journal")
    unseal = newest.unseal(plan)
    newest.fetch(loading.JOURNAL)
    plain = newest.folder / "journal.plain"
    with (newest.folder / loading.JOURNAL).open("rb") as source, plain.open("wb") as target:
        unseal(source, target)
    for name, content in json.loads(plain.read_bytes()).items():
        journal.merge(plan.environment.journal, name=name, content=content.encode())
    return len(journal.read(plan.environment.journal))


def merge_journal(source: Path, target: Path) -> None:
    """Complete one directory's journal from another's."""
    for file in journal.files(source):
        journal.merge(target, name=file.name, content=file.read_bytes())


def bring_keys(plan: Plan, found: loading.Material) -> bool:
    """Put the key file back where there is none; return whether it had to be."""
    if plan.environment.keys or plan.environment.key_file.exists():
        return False
    plain = found.opened_keys(loading.KEY_FILE)
    text = plain.read_text()
    plain.unlink()
    vault.parse(text)
    vault.write(plan.environment.key_file, text)
    return True
