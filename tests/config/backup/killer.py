"""Runs a backup or a restore again and again and kills it at random moments: `python -m … PICKLE WORD COUNT`.

Forked from a warm process, so that a kill falls into the deed and not into Python's start.
"""

import json
import os
import pickle
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from werkbote.config.backup import making, plan, restoring, scratch

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def deed(environment: object, word: str, number: int) -> None:
    made = plan.make(environment, say=lambda _text: None)  # type: ignore[arg-type]
    if word == "backup":
        making.run(made, at=START + timedelta(minutes=number))
    else:
        restoring.restore(made, "newest", at=START + timedelta(days=1, minutes=number))


def child(environment: object, word: str, number: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    try:
        deed(environment, word, number)
    except scratch.UnableToMake:
        os._exit(3)
    except BaseException as error:  # noqa: BLE001 -- whatever it was, the parent is told
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)
    os._exit(0)


def main() -> int:
    environment = pickle.loads(Path(sys.argv[1]).read_bytes())
    word, count = sys.argv[2], int(sys.argv[3])
    chance = random.Random(f"{word}{count}")
    began = time.monotonic()
    _, status = os.waitpid(child(environment, word, 0), 0)
    whole = time.monotonic() - began
    killed = ended = 0
    for number in range(1, count + 1):
        pid = child(environment, word, number)
        time.sleep(chance.uniform(0.0, whole))
        os.kill(pid, signal.SIGKILL)
        _, code = os.waitpid(pid, 0)
        killed += os.WIFSIGNALED(code)
        ended += not os.WIFSIGNALED(code)
    sys.stdout.write(json.dumps({"first": status, "killed": killed, "ended": ended}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
