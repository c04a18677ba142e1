"""Tests of the launcher and the installer behind it, on a checkout with an empty lock file."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import ordinary

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; print('ran', sys.prefix, *sys.argv[1:])\n"


def run(
    checkout: Path,
    *words: str,
    path: Sequence[Path | str] = (),
    cwd: Path | None = None,
    before: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    where = [str(part) for part in path] or [str(Path(sys.executable).resolve().parent)]
    return subprocess.run(
        [*before, checkout / "werkbote", *words],
        env={
            "PATH": os.pathsep.join([*where, "/usr/bin", "/bin"]),
            "HOME": str(checkout / "nobody"),
            "PYTHONPATH": "/nowhere",
            "VIRTUAL_ENV": "/elsewhere",
            "PIP_NO_INDEX": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


def make_checkout(root: Path) -> Path:
    package = root / "src" / "werkbote"
    (package / "config").mkdir(parents=True)
    (root / "requirements").mkdir()
    shutil.copy(ROOT / "werkbote", root)
    shutil.copy(ROOT / "src/werkbote/config/install.py", package / "config")
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(PROGRAM)
    for name in ("runtime", "dev"):
        (root / "requirements" / f"{name}.lock").touch()
    return root


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout at a path with a space, after its first start."""
    root = make_checkout(tmp_path_factory.mktemp("a checkout") / "with space")
    assert run(root, "hello").returncode == 0
    return root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that was never started."""
    return make_checkout(tmp_path / "checkout")


def test_second_start_does_nothing_but_run(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "hello", "you", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"ran {installed / '.venv'} hello you\n"


def test_start_through_a_link_finds_the_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "werkbote").symlink_to(installed / "werkbote")
    done = run(tmp_path / "bin", "hello")

    assert done.stdout == f"ran {installed / '.venv'} hello\n"


def test_directory_of_the_caller_does_not_hide_the_product(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "werkbote").mkdir()
    (tmp_path / "werkbote" / "__init__.py").write_text("raise SystemExit('wrong one')")

    assert run(installed, "hello", cwd=tmp_path).returncode == 0


def test_changed_lock_file_is_installed_again(installed: Path) -> None:
    lock = installed / "requirements" / "runtime.lock"
    lock.write_text("# another day\n")

    assert "Installing 0 packages" in run(installed, "hello").stderr
    assert run(installed, "hello").stderr == ""


def test_package_that_cannot_be_had_says_what_pip_said_and_the_remedy(installed: Path) -> None:
    lock = installed / "requirements" / "dev.lock"
    lock.write_text(f"nothing-of-the-kind==1.0 --hash=sha256:{'0' * 64}\n")
    done = run(installed, "test")

    assert done.returncode == 69
    assert "nothing-of-the-kind" in done.stderr
    assert "Check the connection to the package index" in done.stderr
    assert "Traceback" not in done.stderr
    assert run(installed, "hello").returncode == 0


def test_half_made_environment_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (checkout / ".werkbote").mkdir()
    (checkout / ".werkbote" / "install.unfinished").touch()
    done = run(checkout, "hello")

    assert done.stdout == f"ran {checkout / '.venv'} hello\n"
    assert not (checkout / ".werkbote" / "install.unfinished").exists()


def test_two_starts_at_once_install_once(checkout: Path) -> None:
    results: list[subprocess.CompletedProcess[str]] = []
    starts = [
        threading.Thread(target=lambda: results.append(run(checkout, "hello"))) for _ in range(2)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    assert [done.returncode for done in results] == [0, 0]
    assert sum("Installing 0 packages" in done.stderr for done in results) == 1


def test_shim_that_fails_is_passed_over(checkout: Path, tmp_path: Path) -> None:
    shims = tmp_path / "shims"
    shims.mkdir()
    for name in ("python3.13", "python3.12", "python3"):
        (shims / name).write_text("#!/bin/sh\necho 'not installed' >&2\nexit 127\n")
        (shims / name).chmod(0o755)
    versions = checkout / "nobody" / ".pyenv" / "versions" / "3.13.0" / "bin"
    versions.mkdir(parents=True)
    (versions / "python").symlink_to(Path(sys.executable).resolve())
    done = run(checkout, "hello", path=[shims])

    assert done.returncode == 0, done.stderr


def test_machine_without_any_python_gets_the_remedy(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "sort", "ls", "mkdir", "readlink"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    done = subprocess.run(
        [tools / "sh", checkout / "werkbote", "demo"],
        env={"PATH": str(tools), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    if "Making .venv" in done.stderr:
        pytest.skip("this machine has a Python in /usr/local or /opt, which is found")
    assert done.returncode == 69
    assert "Remedy: install Python 3.12 or newer" in done.stderr


def test_checkout_that_cannot_be_written_gets_the_remedy(checkout: Path) -> None:
    checkout.chmod(0o555)
    done = run(checkout, "hello", before=ordinary.PREFIX)
    checkout.chmod(0o755)

    assert done.returncode == 69
    assert "make the checkout writable for this user" in done.stderr


def test_stamp_names_lock_file_and_checkout(installed: Path) -> None:
    stamp = json.loads((installed / ".venv" / "werkbote-runtime.json").read_text())

    assert set(stamp) == {"lock", "checkout"}
    assert stamp["checkout"] == str(installed)
