"""The audit page: filtered, paged, exported, for those who have the right and nobody else."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import audit
from werkbote.store import scope


@pytest.fixture(scope="module")
def people(database) -> staff.Staff:
    assert database.home.exists()
    return staff.everybody()


def entered(people: staff.Staff, count: int, *, verb: str, days: int = 0) -> None:
    for number in range(count):
        with scope.transaction(organisation=people.dealer.organisation):
            audit.record(
                organisation=people.dealer.organisation,
                by=people.bob,
                verb=verb,
                object=f"message:{number}",
                detail={"n": number},
                at=dealers.NOW + timedelta(days=days),
            )


@pytest.mark.shows("R-08", "S-24")
def test_page_shows_who_did_what_to_what_and_narrows(people):
    entered(people, 2, verb="outbox.cancel", days=40)
    dora = staff.signed_in(people.dora)
    words = dora.get("/audit/").content.decode()
    assert "Organisation gegründet" in words
    assert "Anna Muster" in words
    assert "Werkbote selbst" in words
    for query in (
        f"actor=member:{people.bob}",
        "verb=outbox.cancel",
        "object=message:1&verb=outbox.cancel",
        "since=2027-01-01",
    ):
        narrowed = dora.get(f"/audit/?{query}").content.decode()
        assert "message:1" in narrowed, query
        assert "<td>Organisation gegründet</td>" not in narrowed, query
    assert "Nichts gefunden" in dora.get("/audit/?until=2020-01-01").content.decode()
    assert dora.get("/audit/?since=gestern&before=x&object=%00").status_code == 200


def test_page_goes_on_where_it_ended(people):
    entered(people, 60, verb="test.many")
    dora = staff.signed_in(people.dora)
    first = dora.get("/audit/?verb=test.many").content.decode()
    assert first.count("<td><code>message:") == 50
    before = first.split("before=")[1].split('"')[0]
    second = dora.get(f"/audit/?verb=test.many&before={before}").content.decode()
    assert second.count("<td><code>message:") == 10


@pytest.mark.shows("R-08", "S-24")
def test_export_holds_what_the_filter_leaves_and_is_an_entry_itself(people):
    entered(people, 3, verb="test.export")
    dora = staff.signed_in(people.dora)
    assert dora.get("/audit/export/").status_code == 405
    answer = dora.post("/audit/export/", {"verb": "test.export"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["position", "at", "actor", "name"]
    assert [row[4] for row in rows[1:]] == ["test.export"] * 3
    assert "Protokoll ausgegeben" in dora.get("/audit/?verb=audit.export").content.decode()


def test_cell_is_never_a_formula(people):
    entered(people, 1, verb="=cmd|x")
    answer = staff.signed_in(people.dora).post("/audit/export/", {"verb": "=cmd|x"})
    assert ";'=cmd|x;" in answer.content.decode()


@pytest.mark.shows("S-04")
def test_page_is_missing_for_others(people):
    for member in (people.bob, people.charlie):
        assert staff.signed_in(member).get("/audit/").status_code == 404
        assert staff.signed_in(member).post("/audit/export/").status_code == 404
    stranger = staff.signed_in(people.eve).get("/audit/").content.decode()
    assert f"branch:{people.dealer.branch}" not in stranger


def test_page_costs_the_same_for_one_entry_and_three(people):
    dora = staff.signed_in(people.dora)
    dora.get("/audit/?verb=test.queries")
    counts = []
    for number in (1, 2):
        entered(people, number, verb="test.queries")
        with CaptureQueriesContext(connection) as caught:
            dora.get("/audit/?verb=test.queries")
        counts.append(len(caught))
    assert counts[0] == counts[1]
