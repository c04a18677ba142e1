"""Runs the embedded PostgreSQL as a child of ours: start, recovery, restart, stop."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from werkbote.config import cluster as place
from werkbote.config import furniture

_PAUSE = 0.05
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_READY, _BUSY = 0, 1


class UnableToRunDatabase(Exception):
    """The embedded PostgreSQL does not start or does not stop."""


def follow_parent(signal_number: int) -> Callable[[], None] | None:
    """Return what a child runs before exec so that it is signalled when its parent dies (Linux).

    The parent is the thread that starts the child: start children from the main thread.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def start(cluster: place.Cluster, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server as a child and return it at once; it may still be recovering.

    `durable=False` switches fsync off: for tests, where the data is thrown away.
    """
    furniture.make(cluster)
    furniture.furnish(cluster)
    _clear_stale(cluster)
    options = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
    with cluster.log.open("ab") as log:
        return subprocess.Popen(
            [cluster.programs / "postgres", "-D", cluster.data, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cluster.place,
            env=place.surroundings(),
            start_new_session=True,
            preexec_fn=follow_parent(signal.SIGINT),  # noqa: PLW1509 -- we start no threads
            **place.identity(cluster.account),
        )


def answers(cluster: place.Cluster) -> bool:
    """Return True when the server accepts connections."""
    if not cluster.address.exists():
        return False
    command = ["pg_isready", "-q", "-h", str(cluster.socket), "-t", "2"]
    return cluster.run(command).returncode == _READY


def start_ready(cluster: place.Cluster, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server, repeat a start that a dying predecessor spoils, return it when it answers.

    Crash recovery may take as long as it needs; only a server that keeps dying is given up on.
    """
    deadline = time.monotonic() + _START_SECONDS
    server = start(cluster, durable=durable)
    while not answers(cluster):
        if server.poll() is None:
            time.sleep(_PAUSE)
        elif time.monotonic() < deadline and _disturbed(cluster):
            time.sleep(4 * _PAUSE)
            server = start(cluster, durable=durable)
        else:
            raise UnableToRunDatabase(_reason(cluster))
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server cleanly (fast shutdown); after a minute without mercy, recovery then follows."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(_STOP_SECONDS)


@contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[place.Cluster]:
    """Yield the cluster of `home` while it runs: the one that runs already, or one started for this.

    Only who holds the lock starts and stops; everyone else is a guest.
    """
    cluster = place.locate(home)
    with lock_file(home) as lock:
        if not try_lock(lock):
            _await_host(cluster)
            yield cluster
            return
        server = start_ready(cluster, durable=durable)
        try:
            yield cluster
        finally:
            stop(server)


def lock_file(home: Path) -> IO[str]:
    """Open the file whose lock says that a process runs the database of `home`."""
    return (home / "database.lock").open("w")


def try_lock(lock: IO[str]) -> bool:
    """Take the lock; False when another process runs the database."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _await_host(cluster: place.Cluster) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers(cluster):
        if time.monotonic() > deadline:
            raise UnableToRunDatabase(
                "Another Werkbote process runs the database but it does not answer: "
                "stop that process and start again."
            )
        time.sleep(4 * _PAUSE)


def _clear_stale(cluster: place.Cluster) -> None:
    """Deal with a postmaster.pid left behind: stop an orphan of ours, forget a number reused since."""
    pid_file = cluster.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if not _is_ours(pid, cluster.data):
        pid_file.unlink(missing_ok=True)
        return
    for signal_number in (signal.SIGINT, signal.SIGQUIT):
        os.kill(pid, signal_number)
        deadline = time.monotonic() + _STOP_SECONDS / 4
        while time.monotonic() < deadline:
            if not _is_ours(pid, cluster.data):
                return
            time.sleep(_PAUSE)


def _is_ours(pid: int, data: Path) -> bool:
    """Return True when process `pid` lives and is a server on this data directory."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        if Path("/proc/self").exists():
            return False
    said = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(data) in said.stdout


def _disturbed(cluster: place.Cluster) -> bool:
    """Return True when the last start failed only because a predecessor has not quite gone."""
    last = _last_words(cluster)
    signs = (
        "pre-existing shared memory block",
        "already exists",
        "is still in use",
        "is still running",
    )
    return any(sign in last for sign in signs)


def _last_words(cluster: place.Cluster) -> str:
    try:
        return "\n".join(cluster.log.read_text(errors="replace").splitlines()[-4:])
    except OSError:
        return ""


def _reason(cluster: place.Cluster) -> str:
    said = [
        line for line in _last_words(cluster).splitlines() if "FATAL" in line or "PANIC" in line
    ]
    words = said[-1].split(":  ", 1)[-1] if said else "it gave no reason"
    return (
        f"The embedded PostgreSQL does not start: {words}. "
        f"Its log is {cluster.log}; check free space and permissions in {cluster.place}."
    )
