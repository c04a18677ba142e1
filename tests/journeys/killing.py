"""Kills parts of a running demonstration without warning, and waits until each is back."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from tests.journeys import demonstration

_LONGEST_ABSENCE = 90.0
_PLAN = {"web": 7, "worker": 5, "backend": 6, "database": 3}
"""How often each victim dies: the web server while it answers, the worker, one of the database's
connections (all others then fall with it), the whole database."""


@dataclass(slots=True, kw_only=True)
class Killer:
    """Kills by plan, in an order of chance."""

    demo: demonstration.Demonstration
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)

    def run(self, *, seconds: float) -> None:
        """Kill everything of the plan within about `seconds`."""
        plan = [name for name, count in _PLAN.items() for _ in range(count)]
        self.chance.shuffle(plan)
        began = time.monotonic()
        for position, name in enumerate(plan):
            due = began + (position + self.chance.random()) * seconds / len(plan)
            time.sleep(max(0.0, due - time.monotonic()))
            self._kill(name)

    def _kill(self, name: str) -> None:
        deadline = time.monotonic() + _LONGEST_ABSENCE
        while not (victims := self._victims(name)):
            assert time.monotonic() < deadline, f"The {name} did not come back."
            time.sleep(0.05)
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(victims), signal.SIGKILL)
            self.killed[name] += 1

    def _victims(self, name: str) -> list[int]:
        if name == "web":
            found = [self.demo.pids()[name]] if self.demo.speaks() else []
        elif name == "backend":
            found = self.demo.backends()
        else:
            found = [self.demo.pids()[name]]
        return [pid for pid in found if demonstration.lives(pid)]
