"""Tests of the log: JSON lines with ids, never a request, a message of an exception or a body."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from werkbote.config import log


@pytest.fixture(autouse=True)
def logging_as_in_production() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before[0], before[1]
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_record_of_the_standard_library_is_one_json_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure(level="info")
    logging.getLogger("somewhere").warning("message %s is late", 17)
    (line,) = lines(capsys)

    assert (line["event"], line["level"], line["logger"]) == (
        "message 17 is late",
        "warning",
        "somewhere",
    )


def test_exception_is_logged_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(level="info")
    try:
        int("Petra Beispiel")
    except ValueError:
        logging.getLogger("somewhere").exception("it failed")
        structlog.get_logger("elsewhere").exception("it failed")
    first, second = lines(capsys)

    for line in (first, second):
        assert line["error"] == "ValueError"
        assert "Petra" not in json.dumps(line)


def test_request_of_django_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(level="info")
    logging.getLogger("django.request").warning("Not Found", extra={"request": "secret body"})

    assert "secret" not in json.dumps(lines(capsys))


def test_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(level="error")
    logging.getLogger("somewhere").warning("not worth it")

    assert lines(capsys) == []
