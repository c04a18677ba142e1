"""Intake: signed bodies acknowledged per second, beside the naive receiver and the machine's limit."""

import dataclasses
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import load, place

type _Served = tuple[subprocess.Popen[bytes], int, str]

CONNECTIONS = (1, 8, 32, 128)
_COMMIT = (
    "\\set id random(1, 9000000000000000000)\n"
    "INSERT INTO bench_commit VALUES (:id) ON CONFLICT DO NOTHING;\n"
)


def run(where: place.Place) -> dict[str, Any]:
    """Return figures per number of connections for product, naive and limit, and the commit rate.

    `server_cpu_us` is the server's own processor time per body, which a busy machine changes least.
    """
    dealer = place.dealer(where)
    ways = {"limit": _limit, "naive": _naive, "product": _product}
    found: dict[str, Any] = {}
    cpu: dict[str, Any] = {}
    for name, serve in ways.items():
        with serve(where, dealer) as (process, port, path):
            order = load.Order(
                port=port,
                path=path,
                number=dealer.phone_number_id,
                account=dealer.account_id,
                secret=dealer.secret,
                run="",
                connections=1,
            )
            for count in CONNECTIONS:
                before = place.cpu_seconds(process.pid)
                figures, answered = _measured(where, order, count)
                used = (place.cpu_seconds(process.pid) - before) / answered
                found.setdefault(f"c{count}", {})[name] = figures
                cpu.setdefault(f"c{count}", {})[name] = round(used * 1e6)
    return _shaped(found) | {"server_cpu_us": cpu, "commits_per_s": _commits(where)}


def _measured(where: place.Place, order: load.Order, connections: int) -> tuple[load.Figures, int]:
    """Return the figures of one count, and all bodies answered: a short warm-up is not in the figures."""
    answered = 0
    seconds = 0.5 if where.quick else 5.0
    most = where.scaled(8_000, 400) * (1 if connections == 1 else 5)
    for span in (seconds / 5, seconds):
        one = dataclasses.replace(
            order, run=secrets.token_hex(8), connections=connections, seconds=span, most=most
        )
        figures = load.send(where.surroundings(), one)
        answered += figures.answered
    if figures.refused:
        raise place.UnableToMeasure(f"{figures.refused} bodies were not answered with 200.")
    return figures, answered


def _shaped(found: dict[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {}
    for count, ways in found.items():
        product: load.Figures = ways["product"]
        shaped[count] = {name: figures.per_s for name, figures in ways.items()}
        shaped[count] |= {
            "p50_ms": product.p50_ms,
            "p95_ms": product.p95_ms,
            "p99_ms": product.p99_ms,
            "naive_p99_ms": ways["naive"].p99_ms,
            "times_naive": round(product.per_s / ways["naive"].per_s, 1),
            "share_of_limit": round(product.per_s / ways["limit"].per_s, 2),
        }
    return shaped


@contextmanager
def _product(where: place.Place, dealer: place.Dealer) -> Iterator[_Served]:
    with place.web(where) as process:
        yield process, where.environment.port, f"/hooks/meta/{dealer.slug}"


@contextmanager
def _limit(where: place.Place, dealer: place.Dealer) -> Iterator[_Served]:
    port = where.environment.port
    words = ["-m", "bench.limit", place.HOST, str(port)]
    with place.program(where, words, port=port, BENCH_SECRET=dealer.secret) as process:
        yield process, port, "/webhook"


@contextmanager
def _naive(where: place.Place, dealer: place.Dealer) -> Iterator[_Served]:
    port = where.environment.port
    with where.owner() as connection:
        connection.execute("CREATE DATABASE naive")
    url = where.server.owner_url("naive").replace("postgresql://", "postgresql+psycopg://", 1)
    words = ["-W", "ignore", "-m", "uvicorn", "--host", place.HOST, "--port", str(port)]
    words += ["--log-level", "warning", "--no-access-log", "bench.naive.receiver:app"]
    surroundings = {"BENCH_SECRET": dealer.secret, "BENCH_DATABASE": url}
    with place.program(where, words, port=port, **surroundings) as process:
        yield process, port, "/webhook"


def _commits(where: place.Place) -> dict[str, float]:
    """Return how many one-row transactions the database commits per second, alone and 32 at once."""
    with where.owner() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_commit (id bigint PRIMARY KEY)")
    script = Path(where.environment.home) / "commit.sql"
    script.write_text(_COMMIT)
    script.chmod(0o644)
    found = {f"c{count}": _pgbench(where, script, count) for count in (1, 32)}
    with where.owner() as connection:
        connection.execute("DROP TABLE bench_commit")
    return found


def _pgbench(where: place.Place, script: Path, connections: int) -> float:
    seconds = str(where.scaled(4, 1))
    words = ["pgbench", "-n", "-c", str(connections), "-T", seconds, "-f", str(script)]
    done = where.server.run([*words, where.server.owner_url()])
    for line in done.stdout.splitlines():
        if line.startswith("tps = "):
            return round(float(line.split()[2]), 1)
    raise place.UnableToMeasure(f"pgbench said: {done.stderr.strip()}")
