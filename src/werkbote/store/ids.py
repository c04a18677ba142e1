"""Row numbers known before the row exists, so that ciphertext can be bound to its row.

63 bits: 41 of milliseconds since 2026-01-01, 22 by chance, which need not be hard to guess: an id opens
nothing. They sort by time of creation, within a process strictly, need no sequence and carry nothing
personal. Two rows of one table meet by chance once in four million when made in the same millisecond by
two processes; the primary key then refuses and the transaction is repeated.
"""

import os
import random
import threading
import time

_EPOCH_MS = 1_767_225_600_000
_RANDOM_BITS = 22
_STEP_BITS = 8
_lock = threading.Lock()
_chance = random.Random()  # noqa: S311 -- not a secret
os.register_at_fork(after_in_child=_chance.seed)
_last = 0


def new() -> int:
    """Return a new row id, larger than every id this process has made."""
    global _last  # noqa: PLW0603 -- the order within a process is the point
    elapsed = time.time_ns() // 1_000_000 - _EPOCH_MS
    made = (elapsed << _RANDOM_BITS) | _chance.getrandbits(_RANDOM_BITS)
    with _lock:
        if made <= _last:
            made = _last + 1 + _chance.getrandbits(_STEP_BITS)
        _last = made
    return made


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def short(row: int) -> str:
    """Return an id in base 36, for addresses that people see."""
    digits = ""
    while row:
        row, digit = divmod(row, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits or "0"


def long(text: str) -> int | None:
    """Return the id that `short` wrote, None for anything else."""
    try:
        row = int(text, len(_DIGITS))
    except ValueError:
        return None
    return row if 0 <= row < 1 << 63 and short(row) == text else None
