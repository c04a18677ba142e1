"""What is written about a breach, sealed in its row as JSON."""

from collections.abc import Mapping

import orjson

from werkbote.store import models, vault

_PLACE = {"table": "breach", "column": "body_sealed"}
_TOLD = "told."


def sealed(keys: vault.OrganisationKeys, breach: int, body: Mapping[str, str]) -> bytes:
    """Return a case's texts as they are stored."""
    return keys.main.seal(orjson.dumps(dict(body)), row=breach, **_PLACE)


def body(keys: vault.OrganisationKeys, row: models.Breach) -> dict[str, str]:
    """Return what was written about a case."""
    found: dict[str, str] = orjson.loads(keys.main.open(row.body_sealed, row=row.id, **_PLACE))
    return found


def told_key(number: int) -> str:
    """Return where a case keeps the text that those concerned were told with."""
    return f"{_TOLD}{number}"


def next_told(body: Mapping[str, str]) -> int:
    """Return the number of the next such text."""
    return 1 + sum(name.startswith(_TOLD) for name in body)
