"""What is killed at random in tests: an erasure or a sweep, in a process of its own, ready in milliseconds.

The processes are forked from a server that has everything loaded and no connection open.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connections

django.setup()

from werkbote.actions import privacy  # noqa: E402 -- models exist only after setup


def _ready(journal: str) -> None:
    settings.WERKBOTE_JOURNAL = Path(journal)


def erase(organisation: int, run: int, at: datetime, journal: str) -> None:
    """Carry an erasure out as a worker does."""
    _ready(journal)
    privacy.execute(organisation=organisation, run=run, at=at, alone=timedelta(0))


def sweep(organisation: int, run: int, at: datetime, journal: str) -> None:
    """Sweep as the nightly job does."""
    del run
    _ready(journal)
    privacy.sweep(organisation=organisation, at=at)


def killed(deed: Callable[..., None], *given: Any, chance: random.Random, longest: float) -> bool:
    """Start a deed in a process and kill it after a random time; return whether it was still alive."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.victims"])
    process = context.Process(target=deed, args=given)
    process.start()
    time.sleep(chance.uniform(0, longest))
    alive = process.is_alive()
    with suppress(ProcessLookupError):
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return alive


def hang_up() -> None:
    """Close this process's connections, so that nothing of a killed one is waited for."""
    connections.close_all()
