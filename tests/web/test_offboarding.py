"""Leaving private WhatsApp on screen: asked, reminded, signed; and the invitation for customers."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.store import models, rechtsstand, scope
from werkbote.web import clock

STEPS = [step.id for step in rechtsstand.way_out(dealers.NOW.date()).steps]
RIGHT = {"ticks": STEPS, "confirmed": "on", "name": "Bob Beispiel"}
REMINDER = "Ihre Erklärung zum Ausstieg aus privatem WhatsApp ist noch offen."


@pytest.fixture
def team() -> staff.Staff:
    return staff.everybody()


@pytest.fixture
def alice(team: staff.Staff) -> Client:
    return staff.signed_in(team.alice)


@pytest.fixture
def bob(team: staff.Staff) -> Client:
    return staff.signed_in(team.bob)


def _row(team: staff.Staff) -> models.Offboarding:
    with scope.looking(organisation=team.dealer.organisation):
        return models.Offboarding.objects.get(member=team.bob)


def _audit(team: staff.Staff) -> models.AuditEntry:
    with scope.looking(organisation=team.dealer.organisation):
        return models.AuditEntry.objects.filter(verb="offboarding.sign").get()


def test_asked_then_reminded_on_every_page_until_signed(team, alice, bob):
    assert REMINDER not in bob.get("/inbox/").content.decode()
    assert alice.post("/offboarding/ask/", {"member": team.bob}).status_code == 302
    assert REMINDER in bob.get("/inbox/").content.decode()
    assert REMINDER in bob.get("/account/").content.decode()
    assert bob.post("/offboarding/sign/", RIGHT).status_code == 302
    assert REMINDER not in bob.get("/inbox/").content.decode()
    assert "unterzeichnet" in bob.get("/offboarding/").content.decode()


@pytest.mark.shows("R-15")
def test_the_signed_paper_is_kept_and_its_hash_is_in_the_audit(team, alice, bob):
    alice.post("/offboarding/ask/", {"member": team.bob})
    bob.post("/offboarding/sign/", RIGHT)
    row = _row(team)
    answer = bob.get(f"/offboarding/{row.id}.pdf")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert answer.content.startswith(b"%PDF-")
    assert (row.state, row.digest, row.ticks) == ("signed", digest, STEPS)
    assert _audit(team).detail["sha256"] == digest
    assert b"Beispiel" not in bytes(row.paper_sealed) + bytes(row.name_sealed)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ticks": STEPS[1:]}, "Haken Sie jeden Schritt ab"),
        ({"ticks": []}, "Haken Sie jeden Schritt ab"),
        ({"ticks": [*STEPS, "more"]}, ""),
        ({"confirmed": ""}, "richtig und vollständig"),
        ({"name": ""}, "Vor- und Nachnamen"),
        ({"name": "Bob"}, "Vor- und Nachnamen"),
        ({"name": "… …"}, "Vor- und Nachnamen"),
        ({"name": "B b " * 100}, ""),
        ({"name": "Bob 鈴木"}, "lateinische Buchstaben"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_signed(team, alice, bob, changed, said):
    alice.post("/offboarding/ask/", {"member": team.bob})
    answer = bob.post("/offboarding/sign/", RIGHT | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert _row(team).state == "open"


def test_nothing_can_be_signed_that_was_not_asked_and_nothing_twice(team, alice, bob):
    assert bob.post("/offboarding/sign/", RIGHT).status_code == 422
    alice.post("/offboarding/ask/", {"member": team.bob})
    assert bob.post("/offboarding/sign/", RIGHT).status_code == 302
    assert bob.post("/offboarding/sign/", RIGHT).status_code == 422


def test_the_light_goes_from_red_to_green(team, alice):
    def light() -> str:
        page = alice.get("/offboarding/").content.decode()
        return re.findall(r"light-(red|yellow|green)\b", page)[0]

    assert light() == "red"
    alice.post("/offboarding/ask/", {"member": "all"})
    members = (team.alice, team.bob, team.charlie, team.dora)
    for member in members[:-1]:
        assert staff.signed_in(member).post("/offboarding/sign/", RIGHT).status_code == 302
    assert light() == "yellow"
    staff.signed_in(members[-1]).post("/offboarding/sign/", RIGHT)
    assert light() == "green"
    assert (
        "Übergeben, gelöscht und schriftlich erklärt" in alice.get("/offboarding/").content.decode()
    )


def test_one_who_is_late_is_shown_as_overdue(team, alice, bob):
    alice.post("/offboarding/ask/", {"member": team.bob})
    with scope.transaction(organisation=team.dealer.organisation):
        models.Offboarding.objects.update(due_on=clock.now().date() - timedelta(days=1))
    assert "überfällig" in alice.get("/offboarding/").content.decode()
    assert "überfällig" in bob.get("/offboarding/").content.decode()


def test_asking_twice_asks_once(team, alice):
    alice.post("/offboarding/ask/", {"member": team.bob})
    alice.post("/offboarding/ask/", {"member": team.bob})
    alice.post("/offboarding/ask/", {"member": "all"})
    with scope.looking(organisation=team.dealer.organisation):
        assert models.Offboarding.objects.filter(member=team.bob).count() == 1


@pytest.mark.shows("S-04")
def test_charlie_asks_nobody_and_sees_no_colleagues_paper(team, alice, bob):
    alice.post("/offboarding/ask/", {"member": team.bob})
    bob.post("/offboarding/sign/", RIGHT)
    paper = f"/offboarding/{_row(team).id}.pdf"
    charlie, dora = staff.signed_in(team.charlie), staff.signed_in(team.dora)
    assert charlie.post("/offboarding/ask/", {"member": team.charlie}).status_code == 404
    assert dora.post("/offboarding/ask/", {"member": team.dora}).status_code == 404
    assert charlie.get(paper).status_code == 404
    assert "<table" not in charlie.get("/offboarding/").content.decode()
    assert staff.signed_in(team.eve).get(paper).status_code == 404
    assert dora.get(paper).status_code == 200


def test_the_team_table_asks_as_often_for_many_as_for_few(team, alice):
    def queries() -> int:
        alice.get("/offboarding/")
        with CaptureQueriesContext(connection) as seen:
            assert alice.get("/offboarding/").status_code == 200
        return len(seen)

    few = queries()
    for _ in range(2):
        staff.member(
            team.dealer.organisation, role=staff.roles.Role.AGENT, branches=[team.dealer.branch]
        )
    assert queries() == few


def test_the_invitation_leads_to_the_number_and_shows_its_code(team, bob):
    page = bob.get("/invite/").content.decode()
    number = team.dealer.number
    assert "https://wa.me/494066969001" in page
    assert "Autohaus Nordlicht GmbH" in page
    assert bob.get(f"/invite/{number}.svg").content.startswith(b"<?xml")
    assert bob.get(f"/invite/{number}.png").content.startswith(b"\x89PNG")
    assert bob.get(f"/invite/{number}.exe").status_code == 404


def test_charlie_has_no_invitation_of_another_branch(team):
    charlie = staff.signed_in(team.charlie)
    assert "wa.me/4940" not in charlie.get("/invite/").content.decode()
    assert charlie.get(f"/invite/{team.dealer.number}.svg").status_code == 404
