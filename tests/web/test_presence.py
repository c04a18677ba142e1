"""Who has a conversation open: first names, for those who may see it, and nothing of it is kept."""

import pytest
from django.db import connection

from tests import staff
from werkbote.store import models, scope


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_colleague_is_named_by_first_name_to_those_who_may_see_the_conversation(cast):
    conversation = staff.wrote(cast.dealer)
    page = f"/inbox/{conversation}/present/"
    bob = staff.signed_in(cast.bob)
    writing = bob.get(page, {"writing": cast.alice}).content.decode()
    assert ("Schreibt gerade hier:" in writing, "Anna" in writing, "Muster" in writing) == (
        True,
        True,
        False,
    )
    reading = bob.get(page, {"reading": cast.alice}).content.decode()
    assert ("Auch hier:" in reading, "Schreibt" in reading) == (True, False)


def test_who_may_not_see_the_conversation_is_not_named_and_nobody_sees_oneself(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)
    asked = {"writing": f"{cast.charlie},{cast.dora},{cast.eve},{cast.bob}"}
    shown = bob.get(f"/inbox/{conversation}/present/", asked).content.decode()
    assert "Anna" not in shown


@pytest.mark.parametrize("listed", ["", "x", "-1", "1e9", "9" * 50, ",,,", "1;2", "\0"])
def test_broken_lists_name_nobody(cast, listed):
    conversation = staff.wrote(cast.dealer)
    answer = staff.signed_in(cast.bob).get(f"/inbox/{conversation}/present/", {"reading": listed})
    assert (answer.status_code, answer.content.strip()) == (200, b"")


@pytest.mark.parametrize("who", ["charlie", "dora", "eve"])
def test_others_neither_say_nor_see_it(cast, who):
    conversation = staff.wrote(cast.dealer)
    browser = staff.signed_in(getattr(cast, who))
    page = f"/inbox/{conversation}/present/"
    assert browser.get(page, {"reading": cast.bob}).status_code == 404
    assert browser.post(page, {"doing": "2"}).status_code == 404


@pytest.mark.parametrize("doing", ["", "3", "-1", "2 ", "two", "٢"])
def test_what_nobody_does_is_refused(cast, doing):
    conversation = staff.wrote(cast.dealer)
    answer = staff.signed_in(cast.bob).post(f"/inbox/{conversation}/present/", {"doing": doing})
    assert answer.status_code == 422


def test_presence_is_written_into_no_table(cast):
    conversation = staff.wrote(cast.dealer)
    bob = staff.signed_in(cast.bob)

    def rows() -> dict[str, int]:
        with scope.looking(organisation=cast.dealer.organisation), connection.cursor() as cursor:
            found = {}
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
        return found

    bob.get("/inbox/")
    before = rows()
    for doing in ("1", "2", "0"):
        assert bob.post(f"/inbox/{conversation}/present/", {"doing": doing}).status_code == 204
    assert rows() == before


def test_restricted_person_is_nobodys_company(cast):
    conversation = staff.wrote(cast.dealer)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.update(restricted_at="2026-11-01T00:00Z")
    page = f"/inbox/{conversation}/present/"
    assert staff.signed_in(cast.bob).post(page, {"doing": "1"}).status_code == 404
