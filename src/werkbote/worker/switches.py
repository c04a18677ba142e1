"""Which recipients the houses have stopped, looked up at most once a second for all that is on its way."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from werkbote.actions import outbox

_HOLDS = 1.0
"""Seconds an answer holds: so long a message that was permitted before can still leave."""


@dataclass(slots=True, kw_only=True)
class Switches:
    """One answer per organisation at a time; whoever asks meanwhile waits for the same one."""

    pool: ThreadPoolExecutor
    _answers: dict[int, tuple[float, "asyncio.Future[frozenset[str] | None]"]] = field(
        default_factory=dict
    )

    async def stopped(self, organisation: int, recipient: str) -> bool:
        """Return whether nothing may go to a recipient; what cannot be looked up may not."""
        now = time.monotonic()
        asked, answer = self._answers.get(organisation, (0.0, None))
        if answer is None or now - asked > _HOLDS:
            loop = asyncio.get_running_loop()
            answer = loop.run_in_executor(self.pool, outbox.stopped, organisation)
            self._answers[organisation] = (now, answer)
        found = await asyncio.shield(answer)
        return found is None or recipient in found
