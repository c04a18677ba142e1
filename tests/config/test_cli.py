"""Tests of the command line: help, wrong words, and one sentence with an exit code for each refusal."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from werkbote.config import env
from werkbote.store import vault


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "home"


def werkbote(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in env.surroundings().items()
        if not name.startswith("WERKBOTE_")
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "werkbote.cli", *words],
        env=kept | {"WERKBOTE_HOME": str(home), "WERKBOTE_FSYNC": "off"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_names_every_setting(home: Path) -> None:
    done = werkbote(home, "--help")

    assert done.returncode == 0
    assert [name for name in env.VARIABLES if name not in done.stdout] == []


def test_unknown_command_is_refused(home: Path) -> None:
    assert werkbote(home, "dmeo").returncode == 2


@pytest.mark.parametrize("command", ["demo", "serve", "worker", "verify", "migrate"])
@pytest.mark.parametrize(("word", "code"), [("--help", 0), ("--dry-run", 2), ("now", 2)])
def test_a_command_without_words_starts_nothing_when_it_gets_one(
    home: Path, command: str, word: str, code: int
) -> None:
    done = werkbote(home, command, word)

    assert done.returncode == code
    assert f"usage: werkbote {command}" in done.stdout + done.stderr
    assert not home.exists()


def test_who_stops_reading_is_told_nothing(home: Path) -> None:
    """`werkbote check … | head` is no fault of anybody: no sentence, no trace."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "werkbote.cli", "requirements"],
            env=env.surroundings() | {"WERKBOTE_HOME": str(home)},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_wrong_settings_are_all_said_and_nothing_is_made(home: Path) -> None:
    done = werkbote(home, "demo", WERKBOTE_PORT="many", WERKBOTE_COLOUR="red")

    assert (done.returncode, len(done.stderr.splitlines())) == (78, 2)
    assert not home.exists()


def test_taken_port_is_refused_before_anything_is_made(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = werkbote(home, "serve", WERKBOTE_PORT=str(port))

    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} on 127.0.0.1 is taken by another program: stop that program, or set "
        "WERKBOTE_PORT to a free port.\n"
    )
    assert not home.exists()


def test_serve_without_keys_says_how_to_begin(home: Path) -> None:
    done = werkbote(home, "serve", WERKBOTE_PORT="0")
    assert done.returncode == 78

    done = werkbote(home, "migrate")
    assert done.returncode == 1
    assert "run “werkbote init” for a new installation" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_what_runs_without_keys_makes_nothing(home: Path, command: str) -> None:
    done = werkbote(home, command, WERKBOTE_PORT="18090")

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "run “werkbote init” for a new installation" in done.stderr
    assert not home.exists()


@pytest.mark.parametrize("command", ["migrate", "worker"])
def test_database_that_does_not_answer_is_named(home: Path, tmp_path: Path, command: str) -> None:
    keys = tmp_path / "keys.json"
    vault.create(keys, name="some")
    done = werkbote(
        home,
        command,
        WERKBOTE_DATABASE_URL="postgresql://a:b@127.0.0.1:9/c",
        WERKBOTE_KEY_FILE=str(keys),
    )

    assert done.returncode == 1
    assert "The database c at 127.0.0.1 cannot be reached as a" in done.stderr
    assert "Traceback" not in done.stderr


def test_home_that_is_no_directory_is_one_sentence(home: Path) -> None:
    done = werkbote(Path("/dev/full") / "home", "demo")

    assert done.returncode == 78
    assert done.stderr == (
        "/dev/full/home cannot be used (Not a directory): set WERKBOTE_HOME to another directory.\n"
    )
    assert not home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make a small file system")
def test_file_system_that_is_full_is_one_sentence(tmp_path: Path) -> None:
    small = Path(tempfile.mkdtemp(prefix="wb-"))
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=12m,mode=711", "tmpfs", small], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no file systems")
    try:
        done = werkbote(small / "home", "demo", WERKBOTE_PORT="18000")
    finally:
        subprocess.run(["/bin/umount", small], check=True)
        small.rmdir()

    assert done.returncode == 1
    assert "Check free space" in done.stderr
    assert "Traceback" not in done.stderr
    assert tmp_path.exists()
