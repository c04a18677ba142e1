"""Starts the simulator: python -m graphsim --host 127.0.0.1 --port 8090."""

import argparse
import asyncio
import json
import logging
import pathlib
import sys
from dataclasses import fields

from graphsim import server
from graphsim.state.world import Settings

_YEAR = 366 * 86_400


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="graphsim", description="Meta's Graph API on loopback.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--mail-port", type=int, default=0, help="also take e-mail there (none)")
    parser.add_argument("--seed", type=int, default=None, help="the same seed gives the same ids")
    parser.add_argument("--config", type=pathlib.Path, default=None, help="a JSON file of settings")
    parser.add_argument(
        "--memory",
        type=pathlib.Path,
        default=None,
        help="a file to remember in (forget at the end)",
    )
    parser.add_argument("--clock-rate", type=float, default=1.0, help="simulated seconds a second")
    parser.add_argument("--clock-behind", type=float, default=0.0, help="begin so many seconds ago")
    given = parser.parse_args()
    if given.clock_rate <= 0:
        parser.error("--clock-rate must be above 0.")
    if not 0 <= given.clock_behind <= _YEAR:
        parser.error("--clock-behind must be from 0 to a year of seconds.")
    try:
        settings = _settings(given.config)
    except (OSError, ValueError, TypeError) as error:
        parser.error(f"{given.config} cannot be read: {error}")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    app = server.create_app(settings=settings, clock_rate=given.clock_rate, seed=given.seed)
    app[server.WORLD].clock.set_back(given.clock_behind)
    try:
        asyncio.run(
            server.run(
                app,
                host=given.host,
                port=given.port,
                mail_port=given.mail_port,
                memory_file=given.memory,
            )
        )
    except server.UnableToListen as error:
        parser.error(f"{error}. Choose another address with --host and --port.")


def _settings(path: pathlib.Path | None) -> Settings:
    if path is None:
        return Settings()
    found = json.loads(path.read_text(encoding="utf-8"))
    known = {each.name for each in fields(Settings)}
    if not isinstance(found, dict) or not set(found) <= known:
        raise ValueError(f"use an object with these settings: {', '.join(sorted(known))}")
    return Settings(**found)


if __name__ == "__main__":
    main()
