"""Keeps the checkout's .venv complete; run by the launcher with the standard library alone.

A stamp names the lock file, the checkout and the Python a finished installation was made of: with a
fitting stamp nothing is done. A marker beside it says that an installation is under way: found
without a living installer, the half-made .venv is made anew.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_EXIT_UNAVAILABLE = 69
_TAIL_LINES = 12
_STEP = 10


class UnableToInstall(Exception):
    """The packages of the lock file could not be put into .venv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is installed where: `wanted` is "runtime" or "dev" (which holds runtime)."""

    root: Path
    wanted: str

    @property
    def venv(self) -> Path:
        """Return the virtual environment's directory."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Return the virtual environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def lock(self) -> Path:
        """Return the lock file with the hashes of every package."""
        return self.root / "requirements" / f"{self.wanted}.lock"

    @property
    def stamp(self) -> Path:
        """Return the file that says what a finished installation was made of."""
        return self.venv / f"werkbote-{self.wanted}.json"

    @property
    def marker(self) -> Path:
        """Return the file that stands while .venv is being made."""
        return self.root / ".werkbote" / "install.unfinished"


def _expected(plan: Plan) -> dict[str, str]:
    return {
        "lock": hashlib.sha256(plan.lock.read_bytes()).hexdigest(),
        "checkout": str(plan.root),
    }


def _finished(plan: Plan) -> bool:
    try:
        return bool(json.loads(plan.stamp.read_text()) == _expected(plan))
    except (OSError, ValueError):
        return False


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def _alone(plan: Plan) -> Iterator[None]:
    """Hold the installer's lock; a second start waits here for the first."""
    directory = plan.root / ".werkbote"
    try:
        directory.mkdir(mode=0o711, exist_ok=True)
        handle = (directory / "install.lock").open("w")
    except OSError as error:
        raise UnableToInstall(
            f"{directory} cannot be written ({error.strerror}): make the checkout writable for "
            "this user, or run the first start as its owner."
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another start is installing; waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _usable(plan: Plan) -> bool:
    """Return True when .venv runs a fitting Python and no killed installer left it half-made."""
    if plan.marker.exists():
        return False
    check = "import sys; sys.exit(sys.version_info < (3, 12))"
    try:
        return subprocess.run([plan.python, "-I", "-c", check], check=False).returncode == 0
    except OSError:
        return False


def _make_venv(plan: Plan) -> None:
    base = Path(sys.executable).resolve()
    if base.is_relative_to(plan.venv):
        base = Path(sys.base_prefix) / "bin" / "python3"
    _say(f"Making .venv with Python {sys.version.split()[0]} …")
    shutil.rmtree(plan.venv, ignore_errors=True)
    made = subprocess.run(
        [base, "-I", "-m", "venv", plan.venv], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise UnableToInstall(
            f"{base} cannot make a virtual environment: on Debian and Ubuntu run “apt install "
            f"python3-venv” and start again.\n{(made.stdout + made.stderr).strip()}"
        )


def _pip(plan: Plan) -> subprocess.Popen[str]:
    ignored = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    surroundings = {name: value for name, value in os.environ.items() if name not in ignored}
    command = [
        str(plan.python),
        "-I",
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    return subprocess.Popen(
        [*command, "--disable-pip-version-check", "--require-hashes", "-r", str(plan.lock)],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _install(plan: Plan) -> None:
    total = sum("==" in line for line in plan.lock.read_text().splitlines())
    _say(f"Installing {total} packages from {plan.lock.relative_to(plan.root)} …")
    began = time.monotonic()
    said: list[str] = []
    fetched = 0
    with _pip(plan) as pip:
        for line in pip.stdout or ():
            said.append(line.rstrip())
            fetched += line.startswith("Collecting ")
            if line.startswith("Collecting ") and fetched % _STEP == 0:
                _say(f"  {fetched} of {total} fetched")
            if line.startswith("Installing collected"):
                _say("  unpacking …")
    if pip.returncode:
        tail = "\n".join(f"  {line}" for line in said[-_TAIL_LINES:])
        raise UnableToInstall(
            f"The packages could not be installed; pip said:\n{tail}\n"
            "Check the connection to the package index (pip's own settings are respected) and "
            "start again: what is already fetched is kept."
        )
    _say(f"  done in {time.monotonic() - began:.0f} s")


def _write_path(plan: Plan) -> None:
    query = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    found = subprocess.run(
        [plan.python, "-I", "-c", query], capture_output=True, text=True, check=True
    )
    (Path(found.stdout.strip()) / "werkbote.pth").write_text(f"{plan.root / 'src'}\n")


def complete(plan: Plan) -> None:
    """Bring .venv to the state the lock file asks for; raise UnableToInstall with the remedy."""
    if _finished(plan) and not plan.marker.exists():
        return
    with _alone(plan):
        if _finished(plan) and not plan.marker.exists():
            return
        if not _usable(plan):
            plan.marker.touch()
            _make_venv(plan)
        _install(plan)
        _write_path(plan)
        plan.stamp.write_text(json.dumps(_expected(plan)))
        plan.marker.unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    """Complete the .venv of a checkout and return the exit code."""
    root, wanted = arguments
    try:
        complete(Plan(root=Path(root), wanted=wanted))
    except (UnableToInstall, OSError) as error:
        _say(str(error))
        return _EXIT_UNAVAILABLE
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
