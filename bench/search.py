"""Search: the blind index over encrypted messages, beside plaintext full-text search and ILIKE.

All three look at the same messages of the same numbers. The plaintext ways are asked by the owner,
without row-level security and without anything to open; the product by `reads.search`, which opens
what it found.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bench import bodies, load, place, rows

_FULL_TEXT = """
SELECT id, body FROM bench_plain WHERE words @@ websearch_to_tsquery('german', %s)
    AND number = ANY(%s) ORDER BY id DESC LIMIT 50
"""
_ILIKE = """
SELECT id, body FROM bench_plain WHERE {} AND number = ANY(%s) ORDER BY id DESC LIMIT 50
"""


def run(where: place.Place) -> dict[str, Any]:
    """Return latencies in milliseconds over all queries and per class of query, and index costs."""
    size = where.scaled(1_000_000, 3_000)
    stock = rows.made(where, size, people=3_000)
    queries = queries_of(stock, where.scaled(50, 4))
    ways = {
        "product": asker(stock),
        "plaintext": _plaintext(where, stock),
        "ilike": _ilike(where, stock),
    }
    found: dict[str, Any] = {"messages": size}
    everything: dict[str, list[float]] = {name: [] for name in ways}
    for kind, asked in queries.items():
        for name, ask in ways.items():
            few = asked[: max(2, len(asked) // 5)] if name == "ilike" else asked
            taken = sorted(_timed(ask, few))
            everything[name] += taken
            found.setdefault(f"{kind}_p95_ms", {})[name] = round(load.percentile(taken, 0.95), 2)
            found.setdefault(f"{kind}_p50_ms", {})[name] = round(load.percentile(taken, 0.5), 2)
    found["p95_ms"] = {
        name: round(load.percentile(sorted(taken), 0.95), 2) for name, taken in everything.items()
    }
    found["agree"] = _agreement(stock, where, queries)
    return found | _costs(where, stock)


def _timed(ask: Callable[[str], Any], asked: Sequence[str]) -> Iterator[float]:
    for query in asked:
        began = time.perf_counter()
        ask(query)
        yield (time.perf_counter() - began) * 1e3


def queries_of(stock: rows.Stock, count: int) -> dict[str, list[str]]:
    """Return queries by class: words in under 0.01 %, about 0.1 % and over 1 % of the messages."""
    source = random.Random(7)
    shares = {word: hits / stock.size for word, hits in stock.frequency.items()}
    rare = sorted(word for word, share in shares.items() if share <= 0.0001)
    medium = sorted(word for word, share in shares.items() if 0.0003 < share <= 0.003)
    frequent = sorted(word for word, share in shares.items() if share > 0.01)
    two = [f"{source.choice(frequent)} {source.choice(medium)}" for _ in range(count // 2)]
    two += [f"{source.choice(medium)} {source.choice(medium)}" for _ in range(count - count // 2)]
    return {
        "rare": source.choices(rare or medium, k=count),
        "medium": source.choices(medium, k=count),
        "frequent": source.choices(frequent, k=count),
        "two_words": two,
    }


def asker(stock: rows.Stock) -> Callable[[str], Any]:
    from werkbote.domain import team  # noqa: PLC0415 -- beside the two that need Django's setup
    from werkbote.reads import access, search  # noqa: PLC0415 -- models exist only after setup

    viewer = access.Viewer(
        member=1,
        organisation=stock.dealer.organisation,
        name="",
        role=team.Role.OWNER,
        language="de",
        branches=frozenset({stock.dealer.branch}),
    )
    return lambda query: search.messages(viewer=viewer, words=query)


def _plaintext(where: place.Place, stock: rows.Stock) -> Callable[[str], Any]:
    connection = where.owner()
    return lambda query: connection.execute(_FULL_TEXT, [query, stock.numbers]).fetchall()


def _ilike(where: place.Place, stock: rows.Stock) -> Callable[[str], Any]:
    connection = where.owner()

    def ask(query: str) -> Any:
        parts = query.split()
        condition = " AND ".join(["body ILIKE %s"] * len(parts))
        asked = [*(f"%{part}%" for part in parts), stock.numbers]
        return connection.execute(_ILIKE.format(condition), asked).fetchall()

    return ask


def _agreement(stock: rows.Stock, where: place.Place, queries: dict[str, list[str]]) -> float:
    """Return the share of queries for which product and plaintext search find the same messages."""
    product, plaintext = asker(stock), _plaintext(where, stock)
    asked = [query for kind in queries.values() for query in kind]
    same = sum(
        [one.id for one in product(query)] == [row for row, _ in plaintext(query)]
        for query in asked
    )
    return round(same / len(asked), 3)


def _costs(where: place.Place, stock: rows.Stock) -> dict[str, Any]:
    with where.owner() as connection:
        sizes = connection.execute(
            "SELECT pg_total_relation_size('search_token'), pg_total_relation_size('message'),"
            " pg_indexes_size('bench_plain')"
        ).fetchone()
    assert sizes is not None
    return {
        "index_bytes_per_message": round(sizes[0] / stock.size),
        "message_bytes_per_message": round(sizes[1] / stock.size),
        "full_text_index_bytes_per_message": round(sizes[2] / stock.size),
        "indexed_per_s": _write_rate(stock),
    }


def _write_rate(stock: rows.Stock) -> float:
    """Return how many messages a second one process indexes into the full table, batches of 50."""
    from werkbote.store import (  # noqa: PLC0415 -- models exist only after setup
        keyring,
        models,
        scope,
        search,
    )

    keys = keyring.organisation(stock.dealer.organisation)
    source = random.Random(11)
    with scope.looking(organisation=stock.dealer.organisation):
        known = list(models.Message.objects.order_by("-id").values_list("id", flat=True)[:2_000])
        search.forget(known)
    batches = [known[first : first + 50] for first in range(0, len(known), 50)]
    texts = [[(message, bodies.text(source)) for message in batch] for batch in batches]
    began = time.perf_counter()
    for batch in texts:
        with scope.transaction(organisation=stock.dealer.organisation):
            search.index(keys=keys, rows=batch)
    return round(len(known) / (time.perf_counter() - began))
