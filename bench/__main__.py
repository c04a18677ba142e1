"""`python -m bench [intake|through|out|search|gate|memory|erasure|imports|inbox|live …] --json FILE [--quick]`: measure and show."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import place

_NAMES = (
    "intake",
    "through",
    "out",
    "search",
    "gate",
    "memory",
    "erasure",
    "imports",
    "inbox",
    "live",
)


def _measures() -> Mapping[str, Callable[[place.Place], dict[str, Any]]]:
    from bench import (  # noqa: PLC0415 -- settings come first
        erasure,
        gate,
        imports,
        inbox,
        intake,
        live,
        memory,
        out,
        search,
        through,
    )

    return {
        "intake": intake.run,
        "through": through.run,
        "out": out.run,
        "search": search.run,
        "gate": gate.run,
        "memory": memory.run,
        "erasure": erasure.run,
        "imports": imports.run,
        "inbox": inbox.run,
        "live": live.run,
    }


def _machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "busy_before": round(os.getloadavg()[0], 2),
    }


def _table(figures: Mapping[str, Any], prefix: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            _table(value, f"{prefix}{name}.")
        else:
            print(f"  {prefix + name:<44} {value:>14}")


def _measured(name: str, *, quick: bool, alone: bool) -> dict[str, Any]:
    """Return one bench's figures; each has a process and an installation of its own."""
    if alone:
        with place.made(quick=quick) as where:
            return _measures()[name](where)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "figures.json"
        words = [sys.executable, "-m", "bench", name, "--json", str(target)]
        subprocess.run([*words, *(["--quick"] if quick else [])], check=True)
        figures: dict[str, Any] = json.loads(target.read_text())[name]
        return figures


def main() -> int:
    """Measure what the words name, print a table, write the JSON file; return the exit code."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(_NAMES), help="all of them if none")
    parser.add_argument("--json", type=Path, default=None, help="where to write the figures")
    parser.add_argument(
        "--quick", action="store_true", help="a smoke test; its figures say nothing"
    )
    given = parser.parse_args()
    if unknown := sorted(set(given.names) - set(_NAMES)):
        parser.error(f"{unknown[0]} is no bench: choose from {', '.join(_NAMES)}.")
    figures: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python -m bench", *given.names, *["--quick"] * given.quick]),
        "quick": given.quick,
        "machine": _machine(),
    }
    names = given.names or _NAMES
    for name in names:
        figures[name] = _measured(name, quick=given.quick, alone=len(names) == 1)
        if len(names) == 1:
            print(name)
            _table(figures[name])
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
