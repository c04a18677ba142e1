"""The blind index of names: keyed words by which people and their cases are found (decision 0028)."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q

from werkbote.domain import search_names
from werkbote.store import models, vault

_INSERT = """
INSERT INTO name_token (organisation_id, token, person_id, case_id)
SELECT %s, t, %s, %s FROM unnest(%s::bigint[]) AS t
"""


def token(keys: vault.OrganisationKeys, key: str) -> int:
    """Return the token of a key of a name; the same word in a message has another one."""
    return keys.token(f"name\0{key}")


def index_person(
    *, keys: vault.OrganisationKeys, person: int, name: str, phones: Iterable[str]
) -> int:
    """Make a person findable by name and by the ends of their numbers; return how many keys."""
    found = [*search_names.keys(name), *(search_names.tail(phone) for phone in phones)]
    models.NameToken.objects.filter(person_id=person, case=None).delete()
    return _write(keys, person, None, [key for key in found if key])


def index_phone(*, keys: vault.OrganisationKeys, person: int, phone: str) -> int:
    """Make a person findable by the end of one more number; return how many keys."""
    end = search_names.tail(phone)
    return _write(keys, person, None, [end] if end else [])


def index_name(*, keys: vault.OrganisationKeys, person: int, name: str) -> int:
    """Make a person findable by a name where none was known; return how many keys."""
    return _write(keys, person, None, search_names.keys(name))


def index_case(*, keys: vault.OrganisationKeys, person: int, case: int, title: str) -> int:
    """Make a case findable by its title; return how many keys."""
    models.NameToken.objects.filter(case_id=case).delete()
    return _write(keys, person, case, search_names.keys(title))


def phones_of(person: models.Person, key: vault.Key) -> list[str]:
    """Return a person's numbers, opened."""
    rows = models.Identity.objects.filter(person=person, scheme="phone", replaced_at=None)
    return [
        key.open_text(row.value_sealed, table="identity", row=row.id, column="value_sealed")
        for row in rows
    ]


def found_by(keys: vault.OrganisationKeys, words: str, *, field: str, cases: bool) -> Q | None:
    """Return the condition on rows whose name holds all the words; None where they say nothing.

    `field` is the lookup that leads to the row's id: "id", or "person_id".
    """
    condition: Q | None = None
    for word in search_names.wanted(words):
        rows = models.NameToken.objects.filter(
            organisation_id=keys.organisation, token__in=[token(keys, key) for key in word]
        )
        rows = rows.exclude(case=None) if cases else rows.filter(case=None)
        one = Q(**{f"{field}__in": rows.values("case_id" if cases else "person_id")})
        condition = one if condition is None else condition & one
    return condition


def _write(
    keys: vault.OrganisationKeys, person: int, case: int | None, found: Sequence[str]
) -> int:
    if found:
        tokens = [token(keys, key) for key in found]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [keys.organisation, person, case, tokens])
    return len(found)
