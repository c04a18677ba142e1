"""The texts for missed calls and the website: of the own branches, with their own link, and no number anywhere."""

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import numbers
from werkbote.actions import team as actions_team
from werkbote.store import ids, models, scope


@pytest.fixture
def team() -> staff.Staff:
    return staff.staff()


@pytest.fixture
def bob(team: staff.Staff) -> Client:
    return staff.signed_in(team.bob)


def _on_whatsapp(organisation: int, *, name: str) -> int:
    """Make one more branch, with a number."""
    branch = actions_team.create_branch(
        organisation=organisation,
        name=name,
        legal_entity="Autohaus Nordlicht GmbH",
        state_code="HH",
        by="system",
        at=dealers.NOW,
    )
    numbers.connect(
        organisation=organisation,
        branch=branch,
        number=numbers.Connection(
            phone_number_id=str(ids.new()),
            account_id=str(ids.new()),
            phone="+494066969002",
            label="Service",
            token="token",
            app_secret="app-secret",
            verify_token="verify-me",
            graph_url="http://127.0.0.1:9",
        ),
        by="system",
        at=dealers.NOW,
    )
    return branch


def _link(branch: int) -> str:
    return f"http://127.0.0.1/w/{ids.short(branch)}"


def test_a_branch_finds_its_texts_with_its_own_link(team, bob):
    page = html.unescape(bob.get("/contact/texts/").content.decode())
    link = _link(team.dealer.branch)
    assert f"Weg zu WhatsApp: {link}</textarea>" in page
    assert f'<a href="{link}" rel="noopener">Per WhatsApp schreiben</a></textarea>' in page
    assert f"Unter {link.partition('://')[2]} finden Sie" in page
    assert "wa.me/" not in page
    assert Client(SERVER_NAME="127.0.0.1").get(link).status_code == 200


def test_texts_come_in_english_and_with_an_address_that_can_be_said(bob):
    page = bob.get("/contact/texts/?lang=en&spoken=muster.example/whatsapp").content.decode()
    assert "at muster.example/whatsapp you will find" in page
    assert "We missed your call" in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("lang=fr", 200),
        ("lang=", 200),
        ("spoken=%00", 422),
        ("spoken=<script>alert(1)</script>", 422),
        ("spoken=" + "a" * 5_000, 422),
        ("spoken=a.example&lang=en&lang=xx", 200),
    ],
)
def test_odd_wishes_are_answered_calmly(bob, asked, status):
    answer = bob.get(f"/contact/texts/?{asked}")
    assert answer.status_code == status
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert ('role="alert"' in page) == (status == 422)
    assert "Ansage am Telefon" in page


def test_the_code_is_a_picture_of_the_own_page(team, bob):
    branch = team.dealer.branch
    assert bob.get(f"/contact/texts/{branch}.svg").content.startswith(b"<?xml")
    assert bob.get(f"/contact/texts/{branch}.png").content.startswith(b"\x89PNG")
    assert bob.get(f"/contact/texts/{branch}.exe").status_code == 404
    assert bob.get("/contact/texts/1.svg").status_code == 404


def test_charlie_sees_nothing_of_another_branch(team):
    charlie = staff.signed_in(team.charlie)
    assert _link(team.dealer.branch) not in charlie.get("/contact/texts/").content.decode()
    assert charlie.get(f"/contact/texts/{team.dealer.branch}.svg").status_code == 404


def test_a_branch_without_a_number_is_told_what_is_missing(team):
    page = staff.signed_in(team.charlie).get("/contact/texts/").content.decode()
    assert "Noch keine Nummer" in page
    assert "Ansage am Telefon" not in page


def test_looking_keeps_nothing(team, bob):
    def rows() -> tuple[int, int]:
        with scope.looking(organisation=team.dealer.organisation):
            return models.Person.objects.count(), models.AuditEntry.objects.count()

    before = rows()
    bob.get("/contact/texts/?spoken=muster.example/whatsapp")
    assert rows() == before
    assert bob.post("/contact/texts/", {"spoken": "a.example"}).status_code == 405


def test_three_branches_are_asked_as_often_as_one(team):
    dealer = team.dealer
    places = [
        dealer.branch,
        *(_on_whatsapp(dealer.organisation, name=name) for name in ("Lübeck", "Bremen")),
    ]
    counts = []
    for some in (places[:1], places):
        browser = staff.signed_in(
            staff.member(dealer.organisation, role=staff.roles.Role.AGENT, branches=some)
        )
        browser.get("/contact/texts/")
        with CaptureQueriesContext(connection) as seen:
            page = browser.get("/contact/texts/").content.decode()
        assert page.count("Ansage am Telefon") == len(some)
        counts.append(len(seen))
    assert counts[0] == counts[1]
