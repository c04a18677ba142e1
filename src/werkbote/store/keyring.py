"""The keys this process works with: the installation's from the settings, an organisation's from its row."""

import functools
import time
from pathlib import Path

from django.conf import settings

from werkbote.store import models, scope, vault

KEY_COLUMN = "key_wrapped"
INDEX_COLUMN = "index_wrapped"
OTHER_COLUMN = "other_wrapped"


def installation() -> vault.Installation:
    """Return the installation's keys; raise vault.UnableToLoadKeys with the remedy.

    `settings.WERKBOTE_KEYS` (the key file's text) comes before `settings.WERKBOTE_KEY_FILE`.
    """
    text = getattr(settings, "WERKBOTE_KEYS", "") or ""
    file = getattr(settings, "WERKBOTE_KEY_FILE", None)
    return _installation(str(text), str(file or ""))


@functools.lru_cache(maxsize=4)
def _installation(text: str, file: str) -> vault.Installation:
    if text:
        return vault.parse(text)
    if file:
        return vault.load(Path(file))
    raise vault.UnableToLoadKeys(
        "No key file is named: set WERKBOTE_KEY_FILE, or run “werkbote init” for a new installation."
    )


REMEMBERED = 300.0
"""Seconds a process works with the keys it has read; a rotation waits longer between its steps."""

_KNOWN: dict[int, tuple[float, vault.OrganisationKeys]] = {}


def organisation(organisation_id: int) -> vault.OrganisationKeys:
    """Return an organisation's keys; raise vault.UnableToOpen when its row or its key is not ours."""
    known = _KNOWN.get(organisation_id)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    found = _read(organisation_id)
    _KNOWN[organisation_id] = (time.monotonic() + REMEMBERED, found)
    return found


def forget(organisation_id: int) -> None:
    """Read an organisation's keys anew at the next use."""
    _KNOWN.pop(organisation_id, None)


def _read(organisation_id: int) -> vault.OrganisationKeys:
    with scope.looking(organisation=organisation_id):
        row = models.Organisation.objects.filter(id=organisation_id).first()
    if row is None:
        raise vault.UnableToOpen(
            f"There is no organisation {organisation_id} here: check the database address."
        )
    keys = _holding(row.key_name)

    def unwrap(wrapped: bytes, column: str) -> bytes:
        return keys.unwrap(wrapped, organisation=organisation_id, column=column, name=row.key_name)

    others = () if row.other_wrapped is None else (unwrap(bytes(row.other_wrapped), OTHER_COLUMN),)
    return vault.OrganisationKeys(
        organisation=organisation_id,
        main=vault.Key(unwrap(bytes(row.key_wrapped), KEY_COLUMN), others),
        index=unwrap(bytes(row.index_wrapped), INDEX_COLUMN),
    )


def _holding(name: str) -> vault.Installation:
    """Return the installation's keys; the key file is read again where a key of that name is new to us."""
    keys = installation()
    if name not in keys.keys:
        _installation.cache_clear()
        keys = installation()
    return keys
