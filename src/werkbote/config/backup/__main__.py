"""The commands backup, restore and drill, each in a process of its own."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from werkbote.config import cluster, env, login, schema
from werkbote.config.backup import (
    dumping,
    fetching,
    loading,
    making,
    plan,
    restoring,
    scratch,
    sealing,
)
from werkbote.store import journal, vault

_TELLING: tuple[type[Exception], ...] = (
    *plan.TELLING,
    cluster.UnableToPlace,
    dumping.UnableToDump,
    dumping.UnableToLoad,
    env.UnableToReadEnvironment,
    journal.UnableToReadJournal,
    login.UnableToLogIn,
    plan.UnableToPlan,
    schema.UnableToPrepare,
    scratch.UnableToMake,
    vault.UnableToLoadKeys,
)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _backup(environment: env.Environment, words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="werkbote backup")
    parser.add_argument(
        "--new-identity", type=Path, metavar="FILE", help="make a key pair and print its recipient"
    )
    chosen = parser.parse_args(words)
    if chosen.new_identity is not None:
        _say(sealing.new_identity(chosen.new_identity))
        return 0
    made = plan.make(environment, say=_say)
    done = making.run(made, at=_now())
    for name in done.expired:
        _say(f"let go    {name}")
    report = {
        "backup": done.manifest.name,
        "rows": sum(done.manifest.facts.counts.values()),
        "bytes": sum(part.size for part in done.manifest.parts),
        "expired": len(done.expired),
    }
    restoring.note(
        restoring.surroundings(environment, made.owner), verb="backup.made", report=report
    )
    return 0


def _restore(environment: env.Environment, words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="werkbote restore")
    parser.add_argument("name", nargs="?", default=fetching.NEWEST, help="a backup (the newest)")
    parser.add_argument("--list", action="store_true", help="show what could be restored")
    parser.add_argument(
        "--replay", action="store_true", help="only erase again what the journal names"
    )
    chosen = parser.parse_args(words)
    if chosen.replay:
        return _replay(environment)
    made = plan.make(environment, say=_say)
    if chosen.list:
        for name in loading.listed(made.data).whole:
            _say(name)
        return 0
    return _tell(made, restoring.restore(made, chosen.name, at=_now()), verb="backup.restored")


def _replay(environment: env.Environment) -> int:
    around = restoring.surroundings(environment, login.as_owner(environment))
    told = restoring.settle(around)
    _say(
        f"journal   {told['entries']} entries, {told['missing']} were unknown here, "
        f"{told['erased']} erased again"
    )
    restoring.note(around, verb="backup.replayed", report={"backup": "", **told})
    return 0


def _drill(environment: env.Environment, words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="werkbote drill")
    parser.add_argument("name", nargs="?", default=fetching.NEWEST, help="a backup (the newest)")
    chosen = parser.parse_args(words)
    made = plan.make(environment, say=_say)
    return _tell(made, restoring.drill(made, chosen.name, at=_now()), verb="backup.drilled")


def _tell(made: plan.Plan, report: restoring.Report, *, verb: str) -> int:
    """Print a report, keep it beside the backups, and note it in every audit chain."""
    for line in report.lines():
        _say(line)
    made.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = made.work / "report.json"
    file.write_text(json.dumps(asdict(report), indent=1))
    made.data.put(f"reports/{report.kind}-{report.made[:19].replace(':', '')}.json", file)
    file.unlink()
    around = restoring.surroundings(made.environment, made.owner)
    restoring.note(around, verb=verb, report=asdict(report))
    return 0


_COMMANDS = {"backup": _backup, "restore": _restore, "drill": _drill}


def main() -> int:
    """Run the command the first word names; say in one sentence why not, and return the exit code."""
    try:
        return _COMMANDS[sys.argv[1]](env.read(), sys.argv[2:])
    except _TELLING as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(
            f"{error.filename or 'A file'} cannot be written or read ({error.strerror}): make room and "
            "give this user permission there; nothing was changed.\n"
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
