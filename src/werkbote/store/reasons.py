"""Why something is as it is, in words of the team: sealed with the house's key, since words may name people."""

from werkbote.store import keyring, models, vault

type Reasoned = models.HouseRule | models.SettingNote

_COLUMN = "reason_sealed"
_BATCH = 500


def sealed(keys: vault.OrganisationKeys, words: str, *, table: str, row: int) -> bytes:
    """Return a reason as the row of a table keeps it."""
    return keys.main.seal_text(words, table=table, row=row, column=_COLUMN)


def words(keys: vault.OrganisationKeys, row: Reasoned) -> str:
    """Return the reason of a row, empty where none was given."""
    if row.reason_sealed is None:
        return row.reason
    return keys.main.open_text(row.reason_sealed, table=_table(row), row=row.id, column=_COLUMN)


def seal_old(organisation: int) -> int:
    """Seal a batch of reasons that still stand in plain, and return how many. In a transaction.

    The keys are opened only where there is one.
    """
    rows = _plain()
    for row in rows:
        keys = keyring.organisation(organisation)
        type(row)._default_manager.filter(id=row.id).update(  # noqa: SLF001 -- Django's documented interface
            reason="", reason_sealed=sealed(keys, row.reason, table=_table(row), row=row.id)
        )
    return len(rows)


def _plain() -> list[Reasoned]:
    return [
        *models.HouseRule.objects.exclude(reason="").order_by("id")[:_BATCH],
        *models.SettingNote.objects.exclude(reason="").order_by("id")[:_BATCH],
    ]


def _table(row: Reasoned) -> str:
    return row._meta.db_table  # noqa: SLF001 -- as above
