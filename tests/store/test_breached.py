"""Breached passwords are found in a sorted file of hashes, wherever they stand."""

import hashlib
import secrets
from pathlib import Path

import pytest

from werkbote.store import breached


def _hash(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.mark.shows("S-02")
def test_exactly_the_passwords_of_the_file_are_found(tmp_path: Path) -> None:
    known = [f"reifenlager-{number}" for number in range(300)]
    file = tmp_path / "pwned.txt"
    file.write_text("".join(f"{one}:{len(one)}\n" for one in sorted(map(_hash, known))))
    assert [one for one in known if not breached.stands_in(file, one)] == []
    strange = [secrets.token_hex(8) for _ in range(300)]
    assert [one for one in strange if breached.stands_in(file, one)] == []


@pytest.mark.parametrize("content", ["", "\n", "kaputt\n"])
def test_a_file_without_hashes_holds_no_password(tmp_path: Path, content: str) -> None:
    file = tmp_path / "pwned.txt"
    file.write_text(content)
    assert not breached.stands_in(file, "hebebuehne-im-hof")
