"""Where backups lie: a folder, or a bucket of an S3-compatible store. Files go in whole or not at all."""

import os
import shutil
from pathlib import Path
from typing import Protocol

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_UNFINISHED = ".unfinished"


class UnableToReach(Exception):
    """The place of the backups does not answer, refuses us, or is full."""


class Missing(UnableToReach):
    """There is no such file on the shelf."""


class Shelf(Protocol):
    """A place for files, named by paths with slashes."""

    @property
    def address(self) -> str:
        """Where it is, in words for people; no secrets."""

    def put(self, name: str, file: Path) -> None:
        """Store a file under a name, replacing what was there; raise UnableToReach."""

    def get(self, name: str, file: Path) -> None:
        """Fetch what is stored under a name into a file; raise Missing or UnableToReach."""

    def names(self, prefix: str = "") -> list[str]:
        """Return every stored name that begins with a prefix, sorted."""

    def remove(self, name: str) -> None:
        """Remove what is stored under a name; what is absent is removed already."""


class Folder:
    """A directory: a disk of its own, a network share, a mounted drive."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def address(self) -> str:
        """Return the directory."""
        return str(self._root)

    def put(self, name: str, file: Path) -> None:
        """Copy the file beside its place, sync it and put it there in one piece."""
        target = self._root / name
        fresh = target.with_name(target.name + _UNFINISHED)
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
            with file.open("rb") as source, fresh.open("wb") as copy:
                fresh.chmod(_FILE_MODE)
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            fresh.replace(target)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise UnableToReach(
                f"The backup cannot be written to {self._root} ({error.strerror}): make room and give "
                "this user permission there; nothing half-done was left."
            ) from None

    def get(self, name: str, file: Path) -> None:
        """Copy a stored file."""
        try:
            shutil.copyfile(self._root / name, file)
        except FileNotFoundError:
            raise Missing(f"{self._root / name} does not exist: use another backup.") from None
        except OSError as error:
            raise UnableToReach(
                f"{self._root / name} cannot be read ({error.strerror}): give this user permission, or "
                "use another backup."
            ) from None

    def names(self, prefix: str = "") -> list[str]:
        """Return the names of all finished files."""
        found = [
            path.relative_to(self._root).as_posix()
            for path in self._root.rglob("*")
            if path.is_file() and not path.name.endswith(_UNFINISHED)
        ]
        return sorted(name for name in found if name.startswith(prefix))

    def remove(self, name: str) -> None:
        """Remove a file, and its directory when that was the last one."""
        path = self._root / name
        path.unlink(missing_ok=True)
        folder = path.parent
        if folder != self._root and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
