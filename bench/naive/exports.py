"""A line reader as many a script has it: one regular expression, the rest is dropped or glued on."""

import re
from pathlib import Path

_LINE = re.compile(
    r"^\[?(\d{1,2}\.\d{1,2}\.\d{2,4}), (\d{1,2}:\d{2})(?::\d{2})?\]?(?: -)? (.*?): (.*)$"
)


def read(path: Path) -> list[tuple[str, str, str, str]]:
    """Return date, time, sender and words of every line that looks like a message."""
    found: list[tuple[str, str, str, str]] = []
    with path.open(encoding="utf-8", errors="ignore") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match:
                day, clock, sender, words = match.groups()
                found.append((day, clock, sender, words))
            elif found:
                day, clock, sender, words = found[-1]
                found[-1] = (day, clock, sender, f"{words}\n{line.rstrip()}")
    return found
