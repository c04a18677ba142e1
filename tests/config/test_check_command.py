"""Tests of `werkbote check`: verdict and guide from a file of answers, with no installation at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.papers import claims
from werkbote.config import env

EXAMPLES = Path(__file__).parents[2] / "docs" / "how-to" / "answers"
ANSWERS = "answers:\n  channel: private_app\n  groups: no\n  bot: no\n"


def check(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    kept = {
        name: value
        for name, value in env.surroundings().items()
        if not name.startswith("WERKBOTE_") and name != "DJANGO_SETTINGS_MODULE"
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "werkbote.cli", "check", *words],
        env=kept | {"WERKBOTE_HOME": str(home / "none")},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS)
    return path


@pytest.mark.usefixtures("answers")
def test_check_with_answers_prints_verdict_and_writes_the_guide(tmp_path):
    done = check(tmp_path, "--answers", "answers.yaml", "--pdf", "ratgeber.pdf")

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0].startswith("Rot: ")
    assert lines[0].endswith(" von 100 Punkten")
    assert lines[-2].startswith("→ Ausschlussgrund: Sie schreiben Kunden mit der privaten")
    assert (tmp_path / "ratgeber.pdf").read_bytes()[:5] == b"%PDF-"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.yaml", "ratgeber.pdf"]
    assert claims.found_in(done.stdout) == []


@pytest.mark.parametrize(
    ("example", "said"),
    [("red", "Rot: 67 von"), ("yellow", "Gelb: 92 von"), ("green", "Grün: 100 von")],
)
def test_the_invented_answers_give_the_light_they_are_named_for(tmp_path, example, said):
    done = check(tmp_path, "--answers", str(EXAMPLES / f"{example}.yaml"))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(said)


def test_check_in_english_speaks_english(answers, tmp_path):
    done = check(tmp_path, "--answers", "answers.yaml", "--language", "en")

    assert done.stdout.splitlines()[0].startswith("Red: ")
    assert "→ Knock-out: You message customers with the private" in done.stdout
    assert list(tmp_path.iterdir()) == [answers]


def test_check_neutral_writes_the_edition_without_answers(tmp_path):
    done = check(tmp_path, "--neutral", "--pdf", "neutral.pdf")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("neutral.pdf: ")
    assert (tmp_path / "neutral.pdf").read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("channel: fax\n", 'channel cannot be "fax". Choose: private_app, '),
        ("colour: red\n", 'The check has no question "colour".'),
        ("- a\n", "The answers are not a list of question and answer."),
        ("{", "answers.yaml is no YAML."),
    ],
)
def test_check_with_answers_that_do_not_fit_says_what(answers, tmp_path, text, sentence):
    answers.write_text(text)

    done = check(tmp_path, "--answers", "answers.yaml", "--pdf", "ratgeber.pdf")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(sentence)
    assert not (tmp_path / "ratgeber.pdf").exists()


def test_check_without_the_file_of_answers_says_so(tmp_path):
    done = check(tmp_path, "--answers", "answers.yaml")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "answers.yaml cannot be read: No such file or directory.\n"


@pytest.mark.usefixtures("answers")
def test_check_with_a_name_the_typeface_lacks_says_so(tmp_path):
    done = check(tmp_path, "--answers", "answers.yaml", "--pdf", "r.pdf", "--dealer", "汽车行")

    assert done.returncode == 1
    assert "write it in Latin letters" in done.stderr
    assert not (tmp_path / "r.pdf").exists()


@pytest.mark.usefixtures("answers")
def test_check_into_a_missing_directory_says_so_and_leaves_nothing(tmp_path):
    done = check(tmp_path, "--answers", "answers.yaml", "--pdf", "nowhere/r.pdf")

    assert done.returncode == 1
    assert done.stderr.startswith("nowhere/r.pdf cannot be written (No such file or directory)")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--neutral",),
        ("--neutral", "--pdf", "r.pdf", "--dealer", "Muster"),
        ("--neutral", "--answers", "answers.yaml", "--pdf", "r.pdf"),
        ("--answers", "answers.yaml", "--language", "fr"),
    ],
)
def test_check_with_wrong_words_prints_the_usage(answers, tmp_path, words):
    done = check(tmp_path, *words)

    assert done.returncode == 2
    assert "usage: werkbote check" in done.stderr
    assert list(tmp_path.iterdir()) == [answers]
