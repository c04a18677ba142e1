"""Keeps the tests' PostgreSQL alive for as long as the pytest process that asked for it.

Run as a program: home directory, then the process id to follow.
"""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from werkbote.config import database

_PAUSE = 0.3


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    home, pid = Path(sys.argv[1]), int(sys.argv[2])
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with database.running(home, durable=False) as cluster:
        while not stopped.wait(_PAUSE) and _alive(pid):
            pass
        place = cluster.place
    shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
