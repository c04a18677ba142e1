"""Whoever and whatever was here before the index of names is entered into it."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from werkbote.store import keyring, models, scope, search_names

_BATCH = 500


def catch_up(*, organisation: int) -> int:
    """Enter persons and cases that the index does not know yet; return how many."""
    return sum(_through(organisation, step) for step in (_persons, _cases))


def _through(organisation: int, step: Callable[[int, int], list[tuple[int, int]]]) -> int:
    """Take one batch after another, each in its own transaction; return how many were entered."""
    count, after = 0, 0
    while entered := step(organisation, after):
        count += sum(1 for _, keys in entered if keys)
        after = entered[-1][0]
    return count


def _persons(organisation: int, after: int) -> list[tuple[int, int]]:
    keys = keyring.organisation(organisation)
    known = models.NameToken.objects.filter(person_id=OuterRef("pk"), case=None)
    entered = []
    with scope.transaction(organisation=organisation):
        rows = models.Person.objects.filter(~Exists(known), name_sealed__isnull=False)
        for row in rows.filter(id__gt=after).order_by("id")[:_BATCH]:
            key = keys.unwrap(row.key_wrapped, person=row.id)
            name = key.open_text(row.name_sealed, table="person", row=row.id, column="name_sealed")
            phones = search_names.phones_of(row, key)
            made = search_names.index_person(keys=keys, person=row.id, name=name, phones=phones)
            entered.append((row.id, made))
    return entered


def _cases(organisation: int, after: int) -> list[tuple[int, int]]:
    keys = keyring.organisation(organisation)
    known = models.NameToken.objects.filter(case_id=OuterRef("pk"))
    entered = []
    with scope.transaction(organisation=organisation):
        rows = models.Case.objects.filter(~Exists(known), id__gt=after).select_related("person")
        for row in rows.order_by("id")[:_BATCH]:
            key = keys.unwrap(row.person.key_wrapped, person=row.person_id)
            title = key.open_text(
                row.title_sealed, table="customer_case", row=row.id, column="title_sealed"
            )
            made = search_names.index_case(
                keys=keys, person=row.person_id, case=row.id, title=title
            )
            entered.append((row.id, made))
    return entered
