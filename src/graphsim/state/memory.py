"""What the simulator remembers across a restart: numbers, phones with their chats, templates and files.

The file is its own, read back by the same program only; whoever can write it can run code as its user,
as with the program itself. What was planned (receipts, webhooks on their way) is not remembered.
"""

import logging
import os
import pathlib
import pickle
from dataclasses import fields
from typing import Final

from graphsim.state import customer, fault, medium, meter, number, template
from graphsim.state.world import World

_LOG = logging.getLogger(__name__)

_KEPT: Final = (
    "numbers",
    "customers",
    "by_address",
    "templates",
    "by_name",
    "deleted_names",
    "media",
    "media_bytes",
    "wamids",
    "portfolios",
)
_FORM: Final = {
    kind.__qualname__: [each.name for each in fields(kind)]
    for kind in (
        customer.Bubble,
        customer.Chat,
        customer.Customer,
        medium.Medium,
        number.Number,
        template.Template,
    )
}
"""What the file is made of; one of another form is not read."""


def save(world: World, path: pathlib.Path) -> None:
    """Write the world's memory in place of the last one."""
    kept = {name: getattr(world, name) for name in _KEPT}
    fresh = path.with_suffix(".new")
    with open(fresh, "wb", opener=_private) as file:
        pickle.dump({"form": _FORM, "kept": kept}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def load(world: World, path: pathlib.Path) -> None:
    """Fill an empty world with what was saved; leave it empty where that cannot be read."""
    if not path.exists():
        return
    try:
        found = pickle.loads(path.read_bytes())  # noqa: S301 -- our own file, see above
        form, kept = found["form"], {name: found["kept"][name] for name in _KEPT}
    except Exception:  # noqa: BLE001 -- whatever a damaged file raises, it is not used
        form, kept = None, {}
    if form != _FORM:
        _LOG.warning("%s cannot be used, the phones begin empty.", path)
        return
    for name, value in kept.items():
        setattr(world, name, value)
    for one in world.numbers.values():
        one.faults = fault.Menu()
        one.meter = meter.Meter()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
