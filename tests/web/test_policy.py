"""Evidence: who may see and take away which decisions, filtered; and what it costs to show them."""

import asyncio
import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import dealers, servers, staff
from werkbote.actions import drafts, outbox
from werkbote.reads import policy
from werkbote.store import ids, models, scope

NOW = dealers.NOW
BOB = "+491713920002"


@pytest.fixture(scope="module")
def cast(database: servers.Run) -> staff.Staff:
    """Petra asked and was answered, and was to be advertised to; Bob was answered a day later."""
    assert database
    made = staff.staff()
    petra = staff.wrote(made.dealer)
    bob = staff.wrote(made.dealer, phone=BOB, name="Bernd Muster", at=NOW + timedelta(days=1))
    _asked(made, petra, "P-02", NOW)
    _asked(made, petra, "P-05", NOW)
    _asked(made, bob, "P-02", NOW + timedelta(days=1))
    return made


@pytest.fixture(scope="module")
def browsers(cast: staff.Staff) -> dict[str, Client]:
    """Everybody signed in once."""
    names = ("alice", "bob", "charlie", "dora", "eve")
    return {name: staff.signed_in(getattr(cast, name)) for name in names}


def _asked(cast: staff.Staff, conversation: int, purpose: str, at: Any) -> None:
    outbox.queue_message(
        organisation=cast.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Geheimes Angebot", request_key=str(ids.new())),
        purpose=purpose,
        by=cast.bob,
        at=at,
    )
    outbox.claim(organisation=cast.dealer.organisation, number=cast.dealer.number, at=at)


def _person(cast: staff.Staff) -> int:
    found = policy.person_called(viewer=staff.viewer(cast.bob), phone=BOB)
    assert found is not None
    return found


def _shown(page: str) -> tuple[int, int]:
    """How many permits and refusals a page lists."""
    rows = page.partition("<tbody>")[2]
    return rows.count("bg-teal-lt"), rows.count("bg-red-lt")


@pytest.mark.shows("R-02", "R-08")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", (2, 1)),
        ("?answer=yes", (2, 0)),
        ("?answer=no", (0, 1)),
        ("?purpose=P-05", (0, 1)),
        ("?purpose=P-02", (2, 0)),
        ("?rule=consent_missing", (0, 1)),
        ("?rule=restricted", (0, 0)),
        ("?since=2026-11-24", (1, 0)),
        ("?until=2026-11-23", (1, 1)),
        ("?since=2026-11-23&until=2026-11-24", (2, 1)),
        ("?person=1", (0, 0)),
        ("?message=1", (0, 0)),
    ],
)
def test_decisions_are_filtered(query, shown, browsers):
    page = browsers["bob"].get(f"/decisions/{query}").content.decode()
    assert _shown(page) == shown
    assert "Geheimes Angebot" not in page


@pytest.mark.parametrize(
    "query",
    [
        "?since=gestern",
        "?until=2026-13-01",
        "?since=2026-11-24&until=2026-11-01",
        "?answer=vielleicht",
        "?person=Petra",
        "?message=99999999999999999999999",
        "?purpose=P-0123456",
    ],
)
def test_a_filter_that_is_none_is_named(query, browsers):
    answer = browsers["bob"].get(f"/decisions/{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_decisions_of_one_person_are_found_by_their_number(browsers):
    browser = browsers["bob"]
    answer = browser.post("/decisions/person/", {"phone": "0171 3920002"})
    assert answer.status_code == 302
    assert "3920002" not in answer["Location"]
    page = browser.get(answer["Location"]).content.decode()
    assert _shown(page) == (1, 0)
    assert "Bernd Muster" in page


@pytest.mark.parametrize("phone", ["", "Petra", "12", "+491713920009"])
def test_a_number_nobody_has_leads_nowhere(phone, browsers):
    answer = browsers["bob"].post("/decisions/person/", {"phone": phone})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.shows("S-04")
def test_others_find_no_person_and_no_decision(cast, browsers):
    for browser in (browsers["charlie"], browsers["eve"]):
        assert _shown(browser.get("/decisions/").content.decode()) == (0, 0)
        narrowed = browser.get(f"/decisions/?person={_person(cast)}").content.decode()
        assert _shown(narrowed) == (0, 0)
        assert "Bernd Muster" not in narrowed
        assert browser.post("/decisions/person/", {"phone": BOB}).status_code == 422


@pytest.mark.shows("R-04")
def test_an_auditor_sees_numbers_of_records_and_no_names(cast, browsers):
    page = browsers["dora"].get("/decisions/").content.decode()
    assert _shown(page) == (2, 1)
    assert "Muster" not in page
    assert ids.short(_person(cast)) in page


def _file(answer: Any) -> str:
    assert answer.status_code == 200

    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(whole()).decode()


def _audit(cast: staff.Staff) -> list[models.AuditEntry]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.AuditEntry.objects.filter(verb="policy.export").order_by("position"))


@pytest.mark.shows("R-08", "R-53", "S-24")
def test_evidence_is_taken_away_as_a_table_and_it_is_audited(cast, browsers):
    before = len(_audit(cast))
    answer = browsers["alice"].post(
        "/decisions/export/", {"format": "csv", "purpose": "P-05", "until": "2026-11-30"}
    )
    table = list(csv.DictReader(io.StringIO(_file(answer).removeprefix("\ufeff")), delimiter=";"))
    assert tuple(table[0]) == policy.COLUMNS
    (row,) = table
    assert (row["answer"], row["rule"], row["purpose"]) == ("refused", "consent_missing", "P-05")
    entry = _audit(cast)[before]
    assert entry.actor == f"member:{cast.alice}"
    assert entry.detail == {"format": "csv", "purpose": "P-05", "until": "2026-11-30"}


def test_evidence_is_taken_away_line_by_line_for_machines(browsers):
    answer = browsers["dora"].post("/decisions/export/", {"format": "json"})
    rows = [json.loads(line) for line in _file(answer).splitlines()]
    assert sorted(row["answer"] for row in rows) == ["permitted", "permitted", "refused"]
    assert all(row["evidence"] for row in rows if row["answer"] == "permitted")
    assert "Muster" not in json.dumps(rows)


def test_evidence_of_more_than_one_piece_is_whole(cast, monkeypatch):
    monkeypatch.setattr(policy, "_AT_ONCE", 2)
    for format_, lines in ((policy.Format.CSV, 4), (policy.Format.JSON, 3)):
        pieces = policy.exported(
            viewer=staff.viewer(cast.alice), wanted=policy.Wanted(), format_=format_
        )
        assert len(b"".join(pieces).decode().splitlines()) == lines


@pytest.mark.parametrize("fields", [{}, {"format": "xlsx"}, {"format": "csv", "since": "nie"}])
def test_a_file_that_cannot_be_is_not_audited(cast, fields, browsers):
    before = len(_audit(cast))
    answer = browsers["alice"].post("/decisions/export/", fields)
    assert answer.status_code == 422
    assert len(_audit(cast)) == before


@pytest.mark.shows("S-04")
def test_who_may_read_evidence_may_not_take_it_away(cast, browsers):
    before = len(_audit(cast))
    browser = browsers["bob"]
    assert "decisions/export" not in browser.get("/decisions/").content.decode()
    assert browser.post("/decisions/export/", {"format": "csv"}).status_code == 404
    assert browsers["alice"].get("/decisions/export/").status_code == 405
    assert len(_audit(cast)) == before


def test_decisions_cost_the_same_for_one_and_for_three(cast):
    viewer = staff.viewer(cast.bob)
    costs = set()
    for wanted, count in ((policy.Wanted(purpose="P-05"), 1), (policy.Wanted(), 3)):
        with CaptureQueriesContext(connection) as queries:
            assert len(policy.entries(viewer=viewer, wanted=wanted)) == count
        costs.add(len(queries))
    assert len(costs) == 1


def test_from_one_message_to_everything_about_its_person(cast, browsers):
    viewer = staff.viewer(cast.bob)
    (entry,) = policy.entries(viewer=viewer, wanted=policy.Wanted(purpose="P-05"))
    for headers in ({}, {"HX-Request": "true"}):
        page = browsers["bob"].get(f"/messages/{entry.decision.message}/why/", headers=headers)
        assert f"/decisions/?person={entry.person}" in page.content.decode()
