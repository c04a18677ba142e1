"""The bench runs: a smoke test of every measure; its figures say nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house import sources

_FIGURES = {
    "intake": ["c1", "c8", "c32", "c128", "commits_per_s"],
    "through": ["per_s", "p95_s"],
    "out": ["per_s", "capped_max_1s", "capped_use"],
    "search": ["p95_ms"],
    "gate": ["decide_per_s", "gathered_per_s", "gathered_facts_percent", "dispatch_per_s"],
    "memory": ["rest_mb", "load_mb"],
    "erasure": ["product_s", "plain_s", "inbox_p95_ms", "intake_p95_ms"],
    "inbox": ["list_p95_ms", "thread_p95_ms", "page_p95_ms", "search_p95_ms"],
    "live": ["pages", "members"],
    "imports": ["bytes_s", "naive_s", "parse_s", "import_s", "parse_peak_mb"],
}
_PARTS = {
    "intake": {"c32": {"product", "naive", "limit", "p99_ms"}},
    "search": {"p95_ms": {"product", "plaintext", "ilike"}},
    "live": {
        kind: {"rest_percent", "load_percent", "rows_told"} for kind in ("list", "threads", "naive")
    },
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", _FIGURES)
def test_a_quick_run_gives_every_figure(name: str, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    around = {key: value for key, value in os.environ.items() if not key.startswith("WERKBOTE_")}
    done = subprocess.run(
        [sys.executable, "-m", "bench", name, "--quick", "--json", str(target)],
        cwd=sources.ROOT,
        env=around | {"PYTHONPATH": f"{sources.SOURCE}{os.pathsep}{sources.ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=880,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    figures: dict[str, Any] = json.loads(target.read_text())
    assert figures["quick"]
    assert set(_FIGURES[name]) - figures[name].keys() == set()
    for key, parts in _PARTS.get(name, {}).items():
        assert parts - figures[name][key].keys() == set()


def test_an_unknown_bench_is_refused_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"],
        cwd=sources.ROOT,
        env={**os.environ, "PYTHONPATH": f"{sources.SOURCE}{os.pathsep}{sources.ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "choose from intake, through, out, search, gate, memory, erasure, imports" in done.stderr
