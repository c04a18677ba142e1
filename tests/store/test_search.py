"""The blind index: what is written into it, and that it goes with its message."""

import secrets

import pytest

from tests.store import rows
from werkbote.domain import search as words
from werkbote.store import models, scope, search, vault

TEXT = "Die Bremsbeläge am KA-AB 123 quietschen"


@pytest.fixture
def organisation() -> int:
    made = rows.organisation()
    with scope.transaction(organisation=made):
        models.SearchToken.objects.all().delete()
    return made


def keys(organisation: int) -> vault.OrganisationKeys:
    return vault.OrganisationKeys(
        organisation=organisation, main=vault.new_key(), index=secrets.token_bytes(32)
    )


def test_a_message_is_indexed_once_under_the_token_of_every_stem(organisation: int) -> None:
    ring = keys(organisation)
    with scope.transaction(organisation=organisation):
        message = models.Message.objects.get()
        assert search.index(keys=ring, rows=[(message.id, TEXT)]) == len(words.stems(TEXT))
        search.index(keys=ring, rows=[(message.id, TEXT)])
        found = models.SearchToken.objects.values_list("token", "message_id")
        expected = [
            (search.token(keys=ring, number=message.number_id, stem=stem), message.id)
            for stem in words.stems(TEXT)
        ]
        assert sorted(found) == sorted(expected)


def test_the_same_word_has_another_token_at_another_number_or_organisation() -> None:
    ring = keys(1)
    tokens = {
        search.token(keys=ring, number=1, stem="brems"),
        search.token(keys=ring, number=2, stem="brems"),
        search.token(keys=keys(2), number=1, stem="brems"),
    }
    assert len(tokens) == 3


def test_what_is_no_message_here_is_passed_over(organisation: int) -> None:
    other = rows.organisation()
    with scope.transaction(organisation=other):
        stranger = models.Message.objects.get().id
    with scope.transaction(organisation=organisation):
        assert search.index(keys=keys(organisation), rows=[(1, TEXT), (stranger, TEXT)]) == 0
        assert search.index(keys=keys(organisation), rows=[]) == 0


def test_forgetting_takes_the_named_messages_out(organisation: int) -> None:
    with scope.transaction(organisation=organisation):
        message = models.Message.objects.get().id
        count = search.index(keys=keys(organisation), rows=[(message, TEXT)])
        assert search.forget([message]) == count
        assert search.forget([message]) == 0


def test_a_deleted_message_takes_its_tokens_along_even_in_raw_sql(organisation: int) -> None:
    with scope.transaction(organisation=organisation):
        message = models.Message.objects.get()
        search.index(keys=keys(organisation), rows=[(message.id, TEXT)])
        models.Media.objects.all().delete()
        models.Message.objects.filter(id=message.id)._raw_delete("default")
        assert not models.SearchToken.objects.exists()


def test_another_organisations_messages_cannot_be_forgotten(organisation: int) -> None:
    with scope.transaction(organisation=organisation):
        message = models.Message.objects.get().id
        count = search.index(keys=keys(organisation), rows=[(message, TEXT)])
    with scope.transaction(organisation=rows.organisation()):
        assert search.forget([message]) == 0
    with scope.transaction(organisation=organisation):
        assert models.SearchToken.objects.count() == count
