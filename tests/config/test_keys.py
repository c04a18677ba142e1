"""Keys and secrets change by one command; what cannot be changed is said in one sentence."""

import subprocess
import sys

import pytest

from tests import dealers, servers
from werkbote.config import env
from werkbote.store import keyring, models, scope


def run(*words: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "werkbote.config.keys", *words]
    return subprocess.run(
        command, env=env.surroundings(), input=said, capture_output=True, text=True, check=False
    )


@pytest.mark.shows("S-13", "S-17")
def test_new_app_secret_is_valid_beside_the_one_before(database: servers.Run) -> None:
    assert database.home.exists()
    dealer = dealers.dealer()
    done = run("app-secret", "--number", str(dealer.number), said="neues-geheimnis\n")
    assert (done.returncode, "neues-geheimnis" in done.stdout + done.stderr) == (0, False)
    keys = keyring.organisation(dealer.organisation)
    with scope.looking(organisation=dealer.organisation):
        row = models.Number.objects.get(id=dealer.number)
    opened = [
        keys.main.open_text(getattr(row, column), table="number", row=row.id, column=column)
        for column in ("app_secret_sealed", "app_secret_previous_sealed")
    ]
    assert opened == ["neues-geheimnis", "app-secret"]


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        (("app-secret",), "x\n", "Which number?"),
        (("app-secret", "--number", "1"), "x\n", "There is no number 1"),
    ],
)
def test_secret_that_cannot_be_changed_is_said(
    database: servers.Run, words: tuple[str, ...], said: str, told: str
) -> None:
    assert database.home.exists()
    done = run(*words, said=said)
    assert (done.returncode, done.stderr.startswith(told)) == (1, True), done.stderr
