"""Everything that is kept of a person, opened and named: what access and copy are made of.

Read from `personal_data`: a table listed there as exported is in the copy without anybody writing
code for it, field by field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.apps import apps
from django.db.models import Q

from werkbote.store import cases, erasing, models, personal_data, vault

_HIDDEN = frozenset({personal_data.Kind.KEY, personal_data.Kind.CREDENTIAL})
_HASHED = frozenset({personal_data.Protection.KEYED_HASH, personal_data.Protection.PASSWORD_HASH})
_SEALED = frozenset(
    {
        personal_data.Protection.PERSON_KEY,
        personal_data.Protection.VEHICLE_KEY,
        personal_data.Protection.ORGANISATION_KEY,
    }
)
_REDACTED = {"table": "access_package", "column": "redactions"}
_FILES = frozenset({"store.MediaChunk"})
type Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose data is opened: the numbers they are known under, and their keys."""

    people: tuple[int, ...]
    keys: vault.OrganisationKeys
    own: Mapping[int, vault.Key]


def open_person(keys: vault.OrganisationKeys, people: Sequence[int]) -> Person:
    """Return the person with their keys. Inside a scope."""
    rows = models.Person.objects.filter(id__in=list(people))
    own = {row.id: keys.unwrap(row.key_wrapped, person=row.id) for row in rows}
    return Person(people=tuple(people), keys=keys, own=own)


def hide(person: Person, package: models.AccessPackage, words: str) -> str:
    """Return why something is hidden from a copy, as its package keeps it: sealed with the person's key."""
    key = person.own[package.person_id]
    return key.seal_text(words, row=package.id, **_REDACTED).hex()


def hidden(person: Person, package: models.AccessPackage) -> dict[str, str]:
    """Return what is hidden from a copy, by the number of its row, and why."""
    key = person.own[package.person_id]
    return {
        row: key.open_text(bytes.fromhex(sealed), row=package.id, **_REDACTED)
        for row, sealed in package.redactions.items()
    }


def tables() -> tuple[personal_data.Table, ...]:
    """Return the tables that belong into a copy; files travel beside it as files."""
    return tuple(
        table for table in personal_data.TABLES if table.exported and table.model not in _FILES
    )


def records(person: Person) -> dict[str, list[Row]]:
    """Return every row of every exported table, by table, in the order of its numbers. In a scope."""
    return {table.model: list(rows(person, table)) for table in tables()}


_OWN_WORDS: Mapping[str, Q] = {
    "store.Message": Q(outgoing=False, archived_at=None),
    "store.Media": Q(message__outgoing=False, message__archived_at=None, state="stored"),
}
"""Which rows the person gave; what is archived is kept by law alone (Art. 6(1)(c)), not portable."""


def portable_tables() -> tuple[personal_data.Table, ...]:
    """Return the tables with what a person gave by themselves (Art. 20(1))."""
    return tuple(table for table in tables() if table.provided)


def portable(person: Person) -> dict[str, list[Row]]:
    """Return what a person gave by themselves, by table, in the order of its numbers. In a scope."""
    return {
        table.model: [
            {name: row[name] for name in table.provided}
            for row in rows(person, table, only=_OWN_WORDS.get(table.model, Q()))
        ]
        for table in portable_tables()
    }


def worded(table: personal_data.Table) -> tuple[str, ...]:
    """Return the fields of a table that hold words of somebody or about them: what a copy can hide."""
    return tuple(
        one.name
        for one in table.fields
        if one.protection in _SEALED and one.kind not in _HIDDEN | {personal_data.Kind.PROVIDER_ID}
    )


def rows(person: Person, table: personal_data.Table, *, only: Q | None = None) -> Iterator[Row]:
    """Yield every row of one table, opened, in the order of its numbers. In a scope."""
    model: Any = apps.get_model(table.model)
    mine = _mine(person, table) & (Q() if only is None else only)
    for row in model._base_manager.filter(mine).distinct().order_by("pk"):  # noqa: SLF001 -- the managers of models hide nothing here
        yield {
            field.name: _value(person, row, field)
            for field in table.fields
            if field.kind not in _HIDDEN and field.protection not in _HASHED
        }


def _mine(person: Person, table: personal_data.Table) -> Q:
    people = list(person.people)
    if table.person:
        return erasing.condition(table.model, people)
    if table.subject:
        return Q(**{f"{table.subject}__in": people})
    messages = models.Message.objects.filter(person__in=people)
    return Q(message_ref__in=messages.values("id"))


def _value(person: Person, row: Any, field: personal_data.Field) -> Any:
    column = row._meta.get_field(field.name).attname  # noqa: SLF001 -- Django's own word
    value = getattr(row, column)
    if value is None:
        return None
    if isinstance(value, bytes | memoryview):
        return _opened(person, row, field, bytes(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _opened(person: Person, row: Any, field: personal_data.Field, sealed: bytes) -> Any:
    table = row._meta.db_table  # noqa: SLF001 -- the name ciphertext is bound to
    for key in _keys(person, row, field):
        try:
            plain = key.open(sealed, table=table, row=row.pk, column=field.name)
        except vault.UnableToOpen:
            continue
        return _read(plain)
    return None


def _keys(person: Person, row: Any, field: personal_data.Field) -> Iterator[vault.Key]:
    if field.protection is personal_data.Protection.ORGANISATION_KEY:
        yield person.keys.main
    elif field.protection is personal_data.Protection.VEHICLE_KEY:
        yield cases.key_of(person.keys, row)
    else:
        sealing = getattr(row, "person_id", row.pk)
        if sealing in person.own:
            yield person.own[sealing]
        yield from (key for number, key in person.own.items() if number != sealing)


def _read(plain: bytes) -> Any:
    try:
        return orjson.loads(plain)
    except orjson.JSONDecodeError:
        return plain.decode("utf-8", "replace")


def file(person: Person, media: models.Media) -> bytes:
    """Return a stored file's content. Inside a scope."""
    chunks = models.MediaChunk.objects.filter(media=media).order_by("position")
    key = person.own[media.person_id]
    return b"".join(
        key.open(one.sealed, table="media_chunk", row=one.id, column="sealed") for one in chunks
    )


_TYPES: Mapping[str, list[str]] = {
    "BigIntegerField": ["integer"],
    "IntegerField": ["integer"],
    "PositiveIntegerField": ["integer"],
    "PositiveSmallIntegerField": ["integer"],
    "PositiveBigIntegerField": ["integer"],
    "ForeignKey": ["integer"],
    "OneToOneField": ["integer"],
    "BooleanField": ["boolean"],
    "CharField": ["string"],
    "TextField": ["string"],
    "DateField": ["string"],
    "DateTimeField": ["string"],
}
"""JSON types by kind of field; what is sealed or JSON itself may be anything."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of data.json, made from the tables themselves."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "werkbote person data 1",
        "type": "object",
        "required": [
            "format",
            "made_at",
            "hidden",
            "left_out",
            "information",
            "disclosed",
            "tables",
        ],
        "properties": {
            "format": {"const": "werkbote person data 1"},
            "made_at": {"type": "string", "format": "date-time"},
            "hidden": {"type": "integer", "minimum": 0},
            "left_out": {"type": "object"},
            "information": {"type": "object"},
            "disclosed": {"type": "object"},
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "required": [table.model for table in tables()],
                "properties": {table.model: _table_schema(table) for table in tables()},
            },
        },
    }


PORTABLE = "werkbote portable data 1"


def portable_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what a person takes along (Art. 20)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": PORTABLE,
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "made_at", "hidden", "tables"],
        "properties": {
            "format": {"const": PORTABLE},
            "made_at": {"type": "string", "format": "date-time"},
            "hidden": {"type": "integer", "minimum": 0},
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "required": [table.model for table in portable_tables()],
                "properties": {
                    table.model: _table_schema(table, only=table.provided)
                    for table in portable_tables()
                },
            },
        },
    }


def _table_schema(table: personal_data.Table, *, only: Sequence[str] = ()) -> dict[str, Any]:
    model = apps.get_model(table.model)
    shown = [
        field
        for field in table.fields
        if field.kind not in _HIDDEN
        and field.protection not in _HASHED
        and (not only or field.name in only)
    ]
    return {
        "description": f"{table.purpose}; {table.kept}",
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [field.name for field in shown],
            "properties": {field.name: _field_schema(model, field.name) for field in shown},
        },
    }


def _field_schema(model: Any, name: str) -> dict[str, Any]:
    field = model._meta.get_field(name)  # noqa: SLF001 -- Django's own word
    known = _TYPES.get(field.get_internal_type())
    if known is None:
        return {}
    return {"type": [*known, "null"] if field.null else known}


def text(person: Person, row: models.Message) -> str:
    """Return what a message says."""
    sealed = person.own[row.person_id].open(row.body, table="message", row=row.id, column="body")
    return str(orjson.loads(sealed).get("text", ""))


def phone(person: Person) -> str:
    """Return the newest number of a person, empty where none is kept. Inside a scope."""
    row = (
        models.Identity.objects.filter(person__in=person.people, scheme="phone")
        .order_by("-created_at", "-id")
        .first()
    )
    if row is None:
        return ""
    key = person.own[row.person_id]
    return key.open_text(row.value_sealed, table="identity", row=row.id, column="value_sealed")
