"""Which database login a process uses: the owner for migrations, the application for everything else.

The application's password is derived from the installation's keys, so that every host with the key
file can log in and no second secret has to travel.
"""

import dataclasses
from typing import Any, Final

import psycopg
from psycopg_pool import ConnectionPool

from werkbote.config import env
from werkbote.store import vault

_PURPOSE = "database application role"
_PATIENCE: Final = 15.0
_GIVE_UP: Final = 3.0
"""How long a use waits for a connection, and after how long a lost one is sought only by who needs it."""


class UnableToLogIn(Exception):
    """No database login is known yet."""


def installation(environment: env.Environment) -> vault.Installation:
    """Return the installation's keys; raise vault.UnableToLoadKeys with the remedy."""
    if environment.keys:
        return vault.parse(environment.keys)
    return vault.load(environment.key_file)


def application(environment: env.Environment) -> env.Login:
    """Return the application role's login, given or derived; raise when nothing is installed yet."""
    if environment.application is not None:
        return environment.application
    owner = as_owner(environment)
    return dataclasses.replace(
        owner,
        user=f"{owner.name}_app"[:63],
        password=installation(environment).derive(_PURPOSE).hex(),
    )


def as_owner(environment: env.Environment) -> env.Login:
    """Return the owner's login; raise UnableToLogIn before the embedded database was ever started."""
    if environment.owner is None:
        raise UnableToLogIn(
            "There is no database yet: run “werkbote init”, or “werkbote demo” to try it."
        )
    return environment.owner


def django(login: env.Login, *, pool: int) -> dict[str, Any]:
    """Return a login as an entry of Django's DATABASES; `pool` is 0 for a plain connection."""
    options: dict[str, Any] = dict(login.options)
    if pool:
        options["pool"] = {
            "min_size": 1,
            "max_size": pool,
            "timeout": _PATIENCE,
            "reconnect_timeout": _GIVE_UP,
            "check": check,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": login.name,
        "USER": login.user,
        "PASSWORD": login.password,
        "HOST": login.host,
        "PORT": login.port,
        "CONN_HEALTH_CHECKS": bool(pool),
        "OPTIONS": options,
    }


def check(connection: psycopg.Connection) -> None:
    """Raise where a pooled connection is lost; the others of its pool were lost with it, and go too.

    Found one by one, each would make whoever asks wait twice as long as the one before it.
    """
    from django.db import connection as ours  # noqa: PLC0415 -- settings are not there before

    try:
        ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        ours.pool.check()  # type: ignore[attr-defined]
        raise
