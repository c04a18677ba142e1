"""Restoring: a fresh database is filled, migrated, cleared of who was erased, checked, and only then put in place."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkbote.config import env, login
from werkbote.config.backup import dumping, fetching, loading, making, scratch
from werkbote.config.backup.plan import Plan

_INSIDE = "werkbote.config.backup.inside"
_SCHEMA = "werkbote.config.schema"
_JOURNAL = "journal.replayed"
"""A copy: what a replay writes into it counts only once its database is the one that runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a restore or a drill found, in counts: fit for a file, a screen and the audit."""

    backup: str
    made: str
    rows: int
    without_key: int
    entries: int
    missing: int
    erased: int
    chains: int
    seconds: float
    kind: str

    def lines(self) -> list[str]:
        """Return the report in sentences."""
        return [
            f"backup    {self.backup}: {self.rows} rows as its manifest promises",
            (
                f"journal   {self.entries} entries, {self.missing} unknown to the backup, "
                f"{self.erased} erased again"
            ),
            f"keys      {self.without_key} rows stay unreadable: their people were erased since",
            f"chains    {self.chains} walked, all whole",
            f"time      {self.seconds:.1f} seconds",
        ]


def restore(plan: Plan, wanted: str, *, at: datetime) -> Report:
    """Put a backup in the place of the database; until the last step nothing of the old one changes."""
    with scratch.alone(plan.owner), making.workshop(plan.work):
        found = fetching.material(plan, wanted)
        if fetching.bring_keys(plan, found):
            plan.say(f"keys      put back into {plan.environment.key_file}")
        fetching.bring_journal(plan)
        with scratch.database(plan.owner) as fresh:
            report = _fill(plan, fresh, found, kind="restore", at=at)
            old = scratch.promote(plan.owner, fresh, at=at)
        fetching.merge_journal(plan.work / _JOURNAL, plan.environment.journal)
        plan.say(f"replaced  the database; the one before is kept as {old} for seven days")
    return report


def drill(plan: Plan, wanted: str, *, at: datetime) -> Report:
    """Restore into a scratch database, replay, check, throw it away; the installation is not touched."""
    with scratch.alone(plan.owner), making.workshop(plan.work):
        found = fetching.material(plan, wanted)
        with scratch.database(plan.owner) as fresh:
            return _fill(plan, fresh, found, kind="drill", at=at)


def _fill(
    plan: Plan, fresh: env.Login, found: loading.Material, *, kind: str, at: datetime
) -> Report:
    lacking = loading.fill(plan, fresh, found)
    loading.compare(fresh, found.manifest)
    plan.say(f"filled    a fresh database from {found.manifest.name}")
    around = surroundings(plan.environment, fresh)
    _child([_SCHEMA], {**around, "WERKBOTE_DATABASE_ROLE": "owner"})
    copied = plan.work / _JOURNAL
    fetching.merge_journal(plan.environment.journal, copied)
    plan.say("migrated  to the tables of this release")
    told = settle({**around, "WERKBOTE_JOURNAL": str(copied)})
    return Report(
        backup=found.manifest.name,
        made=at.isoformat(),
        rows=sum(found.manifest.facts.counts.values()),
        without_key=lacking,
        kind=kind,
        seconds=told.pop("seconds"),
        **told,
    )


def surroundings(environment: env.Environment, fresh: env.Login) -> dict[str, str]:
    """Return the environment of a program of ours that works with another database than usual."""
    application = dataclasses.replace(login.application(environment), name=fresh.name)
    return env.surroundings(
        DJANGO_SETTINGS_MODULE="werkbote.config.settings",
        WERKBOTE_HOME=str(environment.home),
        WERKBOTE_KEY_FILE=str(environment.key_file),
        WERKBOTE_DATABASE_URL=fresh.url(),
        WERKBOTE_DATABASE_APP_URL=application.url(),
        WERKBOTE_JOURNAL=str(environment.journal),
    )


def settle(around: Mapping[str, str]) -> dict[str, Any]:
    """Replay the journal and walk the chains inside a database; return the counts."""
    told: dict[str, Any] = json.loads(_child([_INSIDE, "settle"], around))
    return told


def note(around: Mapping[str, str], *, verb: str, report: Mapping[str, object]) -> None:
    """Write what was done into the audit of every organisation."""
    _child([_INSIDE, "note", verb, json.dumps(report)], around)


def _child(words: list[str], around: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", *words],
        env=dict(around),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        reason = said[-1].strip() if said else f"{words[0]} gave no reason"
        raise dumping.UnableToLoad(f"{reason.rstrip('.')}. The database that runs was not touched.")
    return done.stdout
