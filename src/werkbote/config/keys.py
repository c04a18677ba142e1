"""`werkbote keys rotate`: a new installation key, and new organisation keys, while everything runs."""

import argparse
import getpass
import sys
import time
from datetime import UTC, datetime

import django

from werkbote.config import env
from werkbote.store import vault

_MARGIN = 10.0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _now() -> datetime:
    return datetime.now(UTC)


def rotate(environment: env.Environment, *, new: str, wait: float) -> int:
    """Renew all keys; after an interruption the same command goes on where it stopped."""
    from werkbote.actions import rotation, upkeep  # noqa: PLC0415 -- slow import

    active = vault.load(environment.key_file).active
    if new != active:
        vault.add_key(environment.key_file, name=new)
        _say(f"key file  holds the new key “{new}”: give every host the new file, back it up now")
    for organisation in upkeep.organisations():
        rotation.rewrap(organisation=organisation, by="system", at=_now())
        count = rotation.rotate(
            organisation=organisation, by="system", now=_now, settle=lambda: time.sleep(wait)
        )
        _say(f"renewed   organisation {organisation}: {count} values sealed anew")
    return 0


class UnableToChange(Exception):
    """The app secret cannot be changed; the sentence says why."""


def change_app_secret(*, number: int, secret: str) -> None:
    """Make `secret` the app secret of a number; the one before stays valid beside it."""
    from werkbote.actions import numbers, upkeep  # noqa: PLC0415 -- slow import

    for organisation in upkeep.organisations():
        if number in numbers.ids_of(organisation=organisation):
            numbers.rotate_app_secret(
                organisation=organisation, number=number, secret=secret, by="system", at=_now()
            )
            return
    raise UnableToChange(f"There is no number {number}: “werkbote doctor” lists those there are.")


def _app_secret(number: int | None) -> int:
    from werkbote.actions import numbers  # noqa: PLC0415 -- slow import

    if number is None:
        sys.stderr.write("Which number? Add --number; “werkbote doctor” lists those there are.\n")
        return 1
    asked = sys.stdin.isatty()
    secret = getpass.getpass("New app secret: ") if asked else sys.stdin.readline()
    try:
        change_app_secret(number=number, secret=secret.strip())
    except (UnableToChange, numbers.UnableToConnect) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _say("changed   the app secret; Meta's calls are accepted with the new one and the one before")
    return 0


def main() -> int:
    """Rotate, and say in one sentence what stands in the way."""
    from werkbote.store import keyring  # noqa: PLC0415 -- after setup

    parser = argparse.ArgumentParser(prog="werkbote keys")
    parser.add_argument("deed", choices=["rotate", "app-secret"])
    parser.add_argument("--number", type=int, help="id of the number whose app secret changes")
    parser.add_argument("--name", default=f"{_now():%Y-%m}-{_now():%d}", help="name of the new key")
    parser.add_argument(
        "--wait",
        type=float,
        default=keyring.REMEMBERED + _MARGIN,
        help="seconds between the steps (running processes read the keys anew meanwhile)",
    )
    chosen = parser.parse_args()
    if chosen.deed == "app-secret":
        return _app_secret(chosen.number)
    from werkbote.actions import rotation  # noqa: PLC0415 -- slow import

    try:
        environment = env.read()
        if environment.keys:
            sys.stderr.write(
                "The keys come from WERKBOTE_KEYS, which this command cannot change: put them into a "
                "key file first.\n"
            )
            return 1
        return rotate(environment, new=chosen.name, wait=chosen.wait)
    except (vault.UnableToLoadKeys, vault.UnableToOpen, rotation.UnableToRotate) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
