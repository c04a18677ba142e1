"""The eraser empties every table that ends with a person, whatever tables there will be."""

import psycopg
import pytest
from django.apps import apps

from tests.store import rows
from werkbote.store import erasing, models, personal_data, scope

ENDING = sorted(
    table.model
    for table in personal_data.TABLES
    if table.ended is personal_data.Ended.WITH_PERSON and table.model != "store.SearchToken"
)


@pytest.fixture(scope="module")
def erased(database):
    del database
    organisation = rows.organisation()
    with scope.transaction(organisation=organisation):
        people = list(models.Person.objects.values_list("id", flat=True))
        before = erasing.counts(people)
        gone: dict[str, int] = {}
        for label in erasing.stages():
            while some := erasing.delete(label, people, kept=erasing.NOTHING, most=1):
                gone = {key: gone.get(key, 0) + some.get(key, 0) for key in gone | some}
    return organisation, before, gone


@pytest.mark.parametrize("label", ENDING)
def test_one_row_of_every_table_is_counted_and_gone(erased, label):
    organisation, before, gone = erased
    with scope.looking(organisation=organisation):
        left = apps.get_model(label)._base_manager.count()
    assert (before[label] >= 1, gone[label], left) == (True, before[label], 0)


def test_every_index_is_over_columns_that_are_listed(owner: psycopg.Connection):
    listed = {
        (apps.get_model(table.model)._meta.db_table, field.column)
        for table in personal_data.TABLES
        for field in apps.get_model(table.model)._meta.concrete_fields
    }
    found = owner.execute(
        """
        SELECT c.relname, a.attname, x.indexprs IS NOT NULL FROM pg_index x
        JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN unnest(x.indkey) AS k (attnum) ON true
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE n.nspname = 'public' AND c.relname NOT LIKE 'procrastinate%'
          AND c.relname <> 'django_migrations'
        """
    ).fetchall()
    assert len(found) > 50
    strange = {(table, column) for table, column, _ in found} - listed
    assert strange == set()
