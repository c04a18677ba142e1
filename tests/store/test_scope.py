"""The two words for the database hold what they promise."""

import pytest
from django.db import IntegrityError

from tests.store import rows
from werkbote.store import ids, models, scope


def test_a_deed_inside_another_is_refused() -> None:
    with scope.transaction(organisation=1), pytest.raises(scope.UnableToNest):
        scope.transaction(organisation=1).__enter__()


def test_what_cannot_be_undone_is_refused_inside_a_transaction() -> None:
    scope.durable()
    with scope.transaction(organisation=1), pytest.raises(scope.UnableInsideTransaction):
        scope.durable()


def test_a_deed_that_raises_leaves_nothing_behind() -> None:
    organisation = rows.organisation()

    def half_done() -> None:
        with scope.transaction(organisation=organisation):
            models.Branch(
                organisation_id=organisation,
                name_sealed=b"",
                legal_entity_sealed=b"",
                state_code="BY",
                created_at=rows.AT,
            ).save(force_insert=True)
            raise IntegrityError

    with pytest.raises(IntegrityError):
        half_done()
    with scope.looking(organisation=organisation):
        assert models.Branch.objects.count() == 1


def test_looking_inside_a_deed_sees_the_deeds_organisation() -> None:
    organisation = rows.organisation()
    with scope.transaction(organisation=organisation), scope.looking(organisation=organisation):
        assert models.Organisation.objects.get().id == organisation


def test_row_ids_are_positive_grow_with_time_and_differ() -> None:
    made = [ids.new() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert min(made) > 0
    assert max(made) < 2**63
    assert made[0] >> 22 <= made[-1] >> 22
