"""The simulator as a part of the group: started, and told on loopback what it should know."""

import http.client
import json
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any

from werkbote.config import env

HOST = "127.0.0.1"
_SECONDS = 10


class UnableToIntroduce(Exception):
    """The simulator did not take what it was told."""


def address(environment: env.Environment) -> str:
    """Return the simulator's address."""
    return f"http://{HOST}:{environment.sandbox_port}"


def words(environment: env.Environment) -> list[str]:
    """Return how the simulator is started: as a program of its own."""
    words = ["-m", "graphsim", "--host", HOST, "--port", str(environment.sandbox_port)]
    mail = urllib.parse.urlsplit(environment.mail_url).port
    return [*words, "--mail-port", str(mail)] if mail else words


def catch_up(environment: env.Environment) -> None:
    """Let the simulator's clock, which may have begun long ago, show the present."""
    behind = time.time() - float(ask(environment, "GET", "/sim/clock")["now"])
    if behind > 0:
        ask(environment, "POST", "/sim/clock", {"advance_seconds": behind})


def put(environment: env.Environment, path: str, content: Mapping[str, Any]) -> None:
    """Set something in the simulator; raise UnableToIntroduce with its own words."""
    ask(environment, "PUT", path, content)


def ask(
    environment: env.Environment, method: str, path: str, content: Mapping[str, Any] | None = None
) -> Any:
    """Return what the simulator answers; raise UnableToIntroduce with its own words."""
    line = http.client.HTTPConnection(HOST, environment.sandbox_port, timeout=_SECONDS)
    try:
        headers = {"content-type": "application/json"}
        line.request(method, path, body=json.dumps(content or {}), headers=headers)
        answer = line.getresponse()
        said = answer.read().decode(errors="replace")
    except OSError as error:
        raise UnableToIntroduce(
            f"The simulator at {address(environment)} does not answer ({error}): start it again."
        ) from None
    finally:
        line.close()
    if answer.status not in {200, 201}:
        raise UnableToIntroduce(f"The simulator refused {path}: {said}")
    return json.loads(said)
