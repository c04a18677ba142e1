"""Whether the house has stopped a recipient, asked right before each call: who cannot tell does not send."""

import asyncio
from collections.abc import Awaitable, Callable

from django.db import Error, connection

from werkbote.actions.outbox import claims
from werkbote.store import duties, scope

type Stopped = Callable[[int, str], Awaitable[bool]]
"""Organisation and code of a recipient; answers whether nothing may go there."""


def recipient(ready: claims.Ready) -> str:
    """Return the code of who would get a message."""
    return duties.recipient_of_number(ready.scheme, ready.access.base_url)


def stopped(organisation: int) -> frozenset[str] | None:
    """Return the codes of all recipients an organisation has stopped, None where nobody can tell."""
    try:
        with scope.looking(organisation=organisation):
            return duties.stopped()
    except Error:
        connection.close()
        return None


async def looked_up(organisation: int, recipient: str) -> bool:
    """Ask the database, in a thread of its own."""
    return await asyncio.to_thread(_asked, organisation, recipient)


def _asked(organisation: int, recipient: str) -> bool:
    try:
        found = stopped(organisation)
        return found is None or recipient in found
    finally:
        connection.close()
