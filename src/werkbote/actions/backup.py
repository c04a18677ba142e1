"""Nightly backups and quarterly drills: run as programs of their own, so that a dump that dies takes nothing along."""

import subprocess
import sys
from datetime import datetime

from django.conf import settings

from werkbote.actions import upkeep

_PROGRAM = ("-P", "-m", "werkbote.config.backup")
_LONGEST = 300


class UnableToBackUp(Exception):
    """A backup or a drill did not come to its end; the sentence is the program's own."""


def make(*, at: datetime) -> bool:
    """Make tonight's backup; return False where none is set up, raise UnableToBackUp when it failed."""
    return _run("backup", at=at)


def drill(*, at: datetime) -> bool:
    """Test a restore; return False where no backups are set up, raise UnableToBackUp when it failed."""
    return _run("drill", at=at)


def _run(word: str, *, at: datetime) -> bool:
    if not settings.WERKBOTE_BACKUP_TO:
        return False
    done = subprocess.run(  # noqa: S603 -- our own program, no words from outside
        [sys.executable, *_PROGRAM, word], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        upkeep.note_care(verb=f"backup.{word}_failed", report={"backup": ""}, at=at)
        raise UnableToBackUp(said[-1][:_LONGEST] if said else f"The {word} gave no reason.")
    return True
