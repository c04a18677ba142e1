"""Tests of founding: what is asked, what is refused before anything is made, and the founded house."""

import dataclasses
import json
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from werkbote.config import database, env, installation

ANSWERS: dict[str, Any] = {
    "organisation": "Autohaus Nord",
    "branch": "Hauptbetrieb",
    "legal_entity": "Autohaus Nord GmbH",
    "state_code": "HH",
    "name": "Alice",
    "email": "alice@nord.example",
    "password": "sehr-langes-wort-17",
}
NUMBER = {
    "phone_number_id": "100",
    "account_id": "200",
    "phone": "+49 40 66969 010",
    "label": "Service",
    "token": "t",
    "app_secret": "s",
    "verify_token": "v",
    "agreement_at": "2026-01-02",
}


def problems(answers: dict[str, Any]) -> list[str]:
    with pytest.raises(installation.UnableToFound) as caught:
        installation.check(answers)
    return caught.value.problems


def test_complete_answers_are_accepted() -> None:
    installation.check(ANSWERS | {"number": NUMBER})


def test_everything_missing_is_said_at_once() -> None:
    assert len(problems({})) == len(installation.QUESTIONS)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "alice"}, "“email” is not an e-mail address: use one such as name@example.de."),
        ({"password": "short"}, "“password” is too short: use 12 characters or more."),
        ({"colour": "red"}, "“colour” is not asked for: remove it."),
        (
            {"number": NUMBER | {"phone": "12"}},
            "“phone” is not a phone number: write it like +49 30 23125000.",
        ),
        (
            {"number": NUMBER | {"agreement_at": "soon"}},
            "“agreement_at” is not a date: write it like 2026-01-31.",
        ),
        ({"number": 5}, "“number” is not a JSON object: give each answer its name."),
        (
            {"number": NUMBER | {"app_secret": ""}},
            "“app_secret” is missing: app secret.",
        ),
    ],
)
def test_wrong_answer_is_refused_with_its_remedy(change: dict[str, Any], sentence: str) -> None:
    assert problems(ANSWERS | change) == [sentence]


def test_answers_readable_for_others_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS))
    path.chmod(0o644)
    with pytest.raises(installation.UnableToFound, match="chmod 600"):
        installation.read(path)
    path.chmod(0o600)

    assert installation.read(path) == ANSWERS


def test_asking_asks_every_question_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def say(text: str) -> str:
        asked.append(text)
        return "n" if "now?" in text else "x"

    monkeypatch.setattr(installation.getpass, "getpass", say)
    answers = installation.ask(say)

    assert set(answers) == set(installation.QUESTIONS)
    assert len(asked) == len(installation.QUESTIONS) + 1


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "home"


def init(home: Path, answers: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    file = home.parent / "answers.json"
    file.write_text(json.dumps(answers))
    file.chmod(0o600)
    kept = {
        name: value
        for name, value in env.surroundings().items()
        if not name.startswith("WERKBOTE_")
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "werkbote.cli", "init", "--answers", file],
        env=kept | {"WERKBOTE_HOME": str(home), "WERKBOTE_FSYNC": "off"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_init_founds_once_and_never_again(home: Path) -> None:
    refused = init(home, ANSWERS | {"state_code": "XX"})
    assert (refused.returncode, home.exists()) == (1, False)

    first = init(home, ANSWERS | {"number": NUMBER})
    keys = (home / "keys.json").read_bytes()
    again = init(home, ANSWERS)

    assert first.returncode == 0, first.stderr
    assert "Enter at Meta as callback address: http://127.0.0.1:8000/hooks/meta/" in first.stdout
    assert stat.S_IMODE((home / "keys.json").stat().st_mode) == 0o600
    assert again.returncode == 1
    assert "founded already" in again.stderr
    assert (home / "keys.json").read_bytes() == keys
    with database.running(home, durable=False):
        owner = env.refreshed(env.read({"WERKBOTE_HOME": str(home)})).owner
        assert owner is not None
        with psycopg.connect(owner.url()) as connection:
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM organisation), (SELECT count(*) FROM member),"
                " (SELECT count(*) FROM number)"
            ).fetchone()
    assert counts == (1, 1, 1)
    assert dataclasses.asdict(owner)["name"] == "werkbote"
