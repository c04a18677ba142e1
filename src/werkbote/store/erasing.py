"""What an eraser needs of the tables: which hold rows of a person, in which order they go, and how.

Everything is read from `personal_data`: a table listed there with a lookup to the person is erased
without anybody writing code for it.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q

from werkbote.store import archive, personal_data, search, vault
from werkbote.store import models as tables

_INDEX = "store.SearchToken"
_MESSAGE = "store.Message"
_LEFT_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What must stay: per table the condition on rows that some rule keeps. Empty: nothing does."""

    rows: Mapping[str, Q] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.rows)


NOTHING = Kept()


@functools.cache
def stages() -> tuple[str, ...]:
    """Return the tables that end with a person, each before those its rows refer to."""
    labels = [
        table.model
        for table in personal_data.TABLES
        if table.ended is personal_data.Ended.WITH_PERSON and table.model != _INDEX
    ]
    left = {label: _refers_to(label) & set(labels) - {label} for label in labels}
    order: list[str] = []
    while left:
        free = sorted(label for label in left if not any(label in refs for refs in left.values()))
        order += free
        left = {label: refs for label, refs in left.items() if label not in free}
    return tuple(order)


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _refers_to(label: str) -> set[str]:
    return {
        target.related_model._meta.label  # noqa: SLF001 -- Django's own word for a model's description
        for target in _model(label)._meta.concrete_fields  # noqa: SLF001
        if target.related_model is not None
    }


@functools.cache
def _lookups(label: str) -> tuple[str, ...]:
    """Return every lookup by which a row is the person's: the listed one, and any other key to it."""
    listed = next(table.person for table in personal_data.TABLES if table.model == label)
    if label == "store.Person":
        return ("id",)
    others = [
        one.name
        for one in _model(label)._meta.concrete_fields  # noqa: SLF001
        if one.related_model is tables.Person
        and getattr(one.remote_field, "on_delete", None) is models.CASCADE
        and one.name != listed
    ]
    return (listed, *others)


def condition(label: str, people: Sequence[int]) -> Q:
    """Return the condition on rows of a table that are these persons'."""
    of_them = Q()
    for lookup in _lookups(label):
        of_them |= Q(**{f"{lookup}__in": list(people)})
    return of_them


def rows(label: str, people: Sequence[int], *, kept: Kept = NOTHING) -> Any:
    """Return the rows of a table that are these persons', without those that are kept."""
    found = _model(label)._base_manager.filter(condition(label, people))  # noqa: SLF001
    return found.exclude(kept.rows[label]) if label in kept.rows else found


def delete(label: str, people: Sequence[int], *, kept: Kept, most: int) -> dict[str, int]:
    """Delete at most `most` rows of a table and return how many rows of what went. In a transaction.

    Messages take their words in the index along; rows elsewhere that only point here lose the link.
    """
    found = list(rows(label, people, kept=kept).order_by().values_list("pk", flat=True)[:most])
    if not found:
        return {}
    gone: dict[str, int] = {}
    archive.end()
    if label == _MESSAGE:
        gone[_INDEX] = search.forget(found)
    _release(label, found)
    model = _model(label)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [found])  # noqa: S608 -- ours
        gone[label] = cursor.rowcount
    return {store: count for store, count in gone.items() if count}


def _release(label: str, found: Sequence[int]) -> None:
    """Cut the links that rows which stay have to rows that go."""
    for relation in _model(label)._meta.related_objects:  # noqa: SLF001
        key = relation.remote_field if relation.field is None else relation.field
        if relation.on_delete is models.SET_NULL:
            relation.related_model._base_manager.filter(  # noqa: SLF001
                **{f"{key.name}__in": found}
            ).update(**{key.name: None})


def counts(people: Sequence[int], *, kept: Kept = NOTHING) -> dict[str, int]:
    """Return how many rows of each table would go; tables without any are left out."""
    found = {label: rows(label, people, kept=kept).count() for label in stages()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM search_token WHERE message_id = ANY(%s)",
            [list(rows(_MESSAGE, people, kept=kept).values_list("id", flat=True))],
        )
        found[_INDEX] = cursor.fetchone()[0]
    return {label: count for label, count in found.items() if count}


def searched() -> tuple[tuple[str, str], ...]:
    """Return (table, sealed field) of what is found only by opening and searching it."""
    return tuple((table.model, table.searched) for table in personal_data.TABLES if table.searched)


def holding(
    keys: vault.OrganisationKeys, *, needles: Iterable[bytes], after: int, label: str, column: str
) -> Iterator[tuple[int, bool]]:
    """Yield (row, whether it holds a needle) of one batch of rows after `after`, in their order.

    What does not open with this organisation's key holds nothing that anybody could read.
    """
    wanted = tuple(needles)
    model = _model(label)
    table = model._meta.db_table  # noqa: SLF001
    batch = (
        model._base_manager.filter(pk__gt=after)  # noqa: SLF001
        .order_by("pk")
        .values_list("pk", column)[:_LEFT_BATCH]
    )
    for row, sealed in batch:
        try:
            plain = keys.main.open(sealed, table=table, row=row, column=column)
        except vault.UnableToOpen:
            plain = b""
        yield row, any(needle in plain for needle in wanted)


def origins(label: str, found: Sequence[int]) -> set[tuple[int, datetime]]:
    """Return at which number and when these rows came in: parts of one body share both."""
    rows_ = _model(label)._base_manager.filter(pk__in=found)  # noqa: SLF001
    return set(rows_.values_list("number_id", "received_at"))


def come_from(label: str, wanted: Iterable[tuple[int, datetime]]) -> list[int]:
    """Return the rows of a table that came in with these bodies."""
    where = Q(pk__in=[])
    for number, received_at in wanted:
        where |= Q(number=number, received_at=received_at)
    return list(_model(label)._base_manager.filter(where).values_list("pk", flat=True))  # noqa: SLF001


def older(label: str, found: Sequence[int], *, than: datetime) -> int:
    """Return how many of these rows were received before a moment."""
    return int(
        _model(label)._base_manager.filter(pk__in=found, received_at__lt=than).count()  # noqa: SLF001
    )


def drop(label: str, found: Sequence[int]) -> int:
    """Delete rows by number and return how many went. In a transaction."""
    deleted, _ = _model(label)._base_manager.filter(pk__in=found).delete()  # noqa: SLF001
    return int(deleted)
