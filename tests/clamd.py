"""A real clamd of this machine, with one signature of our own and nothing else."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import scannerserver
from werkbote.channels import scanner

NAME = "Werkbote.Test.UNOFFICIAL"
"""What it calls the words that scannerserver takes for malware too."""

MOST = 1024 * 1024
"""The largest file it takes, in bytes."""

_SECONDS = 60.0


@contextmanager
def running() -> Iterator[str]:
    """Run it on a socket of its own and yield the address; skip the test where none is installed."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed (Debian: apt-get install clamav-daemon)")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "own.ndb").write_text(f"Werkbote.Test:0:*:{scannerserver.EVIL.hex()}\n")
        address = str(place / "clamd.sock")
        (place / "clamd.conf").write_text(
            f"DatabaseDirectory {place}\nLocalSocket {address}\nForeground yes\n"
            f"TemporaryDirectory {place}\nStreamMaxLength {MOST}\n"
        )
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, "--config-file", str(place / "clamd.conf")], stdout=log, stderr=log
            )
        try:
            _wait(process, address, place / "log")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            return scanner.check(address=address)
        except scanner.UnableToScan:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.1)
