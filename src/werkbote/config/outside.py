"""Lists everything that leaves the installation, by organisation: `werkbote outside [--json]`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from werkbote.reads import duties

_LOCKED = "What it recorded does not open with these keys: ask “werkbote doctor”."
_WORDS = {"on": "ON", "off": "off", "stopped": "STOPPED"}


def main() -> int:
    """Print every connection of every organisation, as a table or as JSON; return 0."""
    parser = argparse.ArgumentParser(prog="werkbote outside", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args()
    django.setup()
    sys.stdout.write(told(as_json=given.json, day=datetime.now(UTC).date()))
    return 0


def told(*, as_json: bool, day: date) -> str:
    """Return the list of every organisation's connections as text; one whose keys are missing says so."""
    from werkbote.actions import upkeep  # noqa: PLC0415 -- slow import
    from werkbote.reads import duties  # noqa: PLC0415 -- slow import

    found = {one: _of_house(one, day) for one in upkeep.organisations()}
    if as_json:
        houses = [
            {"organisation": one, **(duties.plain(said) if said else {"problem": _LOCKED})}
            for one, said in found.items()
        ]
        return json.dumps(houses, ensure_ascii=False, indent=1) + "\n"
    return "".join(
        f"Organisation {one}\n"
        + "".join(f"{line}\n" for line in (_table(said) if said else [_LOCKED]))
        for one, said in found.items()
    )


def _of_house(organisation: int, day: date) -> "duties.Outside | None":
    from werkbote.reads import duties  # noqa: PLC0415 -- slow import
    from werkbote.store import vault  # noqa: PLC0415 -- slow import

    try:
        return duties.of_house(organisation=organisation, day=day, language="en")
    except vault.UnableToOpen:
        return None


def _table(said: "duties.Outside") -> Iterator[str]:
    rows = [
        (
            _WORDS[one.state],
            one.title,
            one.destination or "–",
            one.name or one.role,
            "→".join(filter(None, (one.country, one.onward))) or "?",
            one.protocol,
            one.purpose,
        )
        for one in (*said.recipients, *said.own)
    ]
    head = ("", "connection", "destination", "recipient", "country", "protocol", "purpose")
    yield from _aligned([head, *rows])


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
