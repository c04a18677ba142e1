"""Memory: what all processes of an installation hold, at rest and under load (PSS, so shared pages count once)."""

import secrets
import threading
import time
from pathlib import Path
from typing import Any

from bench import load, place

_REST_SECONDS = 5.0
_LOAD_SECONDS = 15.0
_SAMPLE = 0.5


def run(where: place.Place) -> dict[str, Any]:
    """Return mebibytes of web server, worker and database together, at rest and at most under load."""
    dealer = place.dealer(where)
    with place.web(where) as web, place.worker(where) as worker:
        server = int((where.server.data / "postmaster.pid").read_text().split("\n", 1)[0])
        roots = {"web": web.pid, "worker": worker.pid, "database": server}
        time.sleep(_REST_SECONDS)
        rest = _mebibytes(roots)
        peak = _under_load(where, dealer, roots)
    return {
        "rest_mb": round(sum(rest.values())),
        "load_mb": round(sum(peak.values())),
        "rest": {name: round(size) for name, size in rest.items()},
        "load": {name: round(size) for name, size in peak.items()},
    }


def _under_load(
    where: place.Place, dealer: place.Dealer, roots: dict[str, int]
) -> dict[str, float]:
    order = load.Order(
        port=where.environment.port,
        path=f"/hooks/meta/{dealer.slug}",
        number=dealer.phone_number_id,
        account=dealer.account_id,
        secret=dealer.secret,
        run=secrets.token_hex(8),
        connections=32,
        seconds=where.scaled(int(_LOAD_SECONDS), 2),
        most=where.scaled(60_000, 1_000),
    )
    sender = threading.Thread(target=load.send, args=[where.surroundings(), order])
    sender.start()
    peak = _mebibytes(roots)
    while sender.is_alive():
        time.sleep(_SAMPLE)
        found = _mebibytes(roots)
        if sum(found.values()) > sum(peak.values()):
            peak = found
    return peak


def _mebibytes(roots: dict[str, int]) -> dict[str, float]:
    """Return the proportional set size of each root with all its descendants."""
    return {name: sum(map(_pss, place.tree(root))) / 1024 for name, root in roots.items()}


def _pss(process: int) -> int:
    """Return a process's proportional set size in kibibytes; 0 when it has just gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
