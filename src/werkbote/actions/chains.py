"""Both chains of every organisation: walked to the first broken link, their heads copied elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from werkbote.actions import audit, ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What walking one chain found: its length, and the first position that does not fit."""

    organisation: int
    chain: str
    length: int
    broken: int | None


def verify(*, organisations: Iterable[int]) -> list[Finding]:
    """Walk the consent chain and the audit chain of each organisation."""
    found = []
    for organisation in organisations:
        for name, chain in (("consent", ledger), ("audit", audit)):
            broken = chain.first_broken(organisation=organisation)
            length, _ = chain.head(organisation=organisation)
            found.append(
                Finding(organisation=organisation, chain=name, length=length, broken=broken)
            )
    return found


def copy_heads(*, organisations: Iterable[int], folder: Path, at: datetime) -> Path:
    """Write the heads of all chains to a file of the day and return it; a later run replaces it.

    Whoever rewrites a whole chain would have to rewrite these files as well: keep them elsewhere.
    """
    heads = {
        f"{organisation}/{name}": dict(
            zip(("position", "hash"), chain.head(organisation=organisation), strict=True)
        )
        for organisation in organisations
        for name, chain in (("consent", ledger), ("audit", audit))
    }
    stamp = at.astimezone(UTC)
    written = orjson.dumps(
        {"at": stamp, "heads": heads}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"chain-heads-{stamp:%Y-%m-%d}.json"
    fresh = file.with_suffix(".new")
    fresh.write_bytes(written)
    fresh.replace(file)
    return file
