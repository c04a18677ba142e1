"""Legal holds on screen: counted before they begin, listed with their review, ended with a reason."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, letters, phones, staff
from werkbote.actions import cases, privacy
from werkbote.domain import cases as matter
from werkbote.domain import team as roles
from werkbote.store import models, scope
from werkbote.web import clock

PAGE = "/privacy/holds/"
PLATE = "HH-NL 2026"


@pytest.fixture
def cast() -> staff.Staff:
    """A dealer with two customers: one of them has a case with a vehicle."""
    made = staff.staff()
    phones.writes(made.dealer, "Moin", at=dealers.NOW, wa_id=dealers.BOB)
    with scope.looking(organisation=made.dealer.organisation):
        person = models.Person.objects.get().id
    common = {"organisation": made.dealer.organisation, "by": made.alice, "at": dealers.NOW}
    vehicle = cases.record_vehicle(
        person=person, role=matter.Role.HOLDER, told=matter.Vehicle(plate=PLATE), **common
    )
    message = letters.closed(
        made.dealer, "Bremsen", matter.Contract.YES, dealers.NOW, wa_id=dealers.BOB
    )
    with scope.transaction(organisation=made.dealer.organisation):
        models.Case.objects.filter(id=letters.case_of(made.dealer, message)).update(vehicle=vehicle)
    phones.writes(made.dealer, "Moin", at=dealers.NOW)
    return made


def holds(cast: staff.Staff) -> list[models.LegalHold]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.LegalHold.objects.order_by("id"))


@pytest.mark.shows("S-11")
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "2 Personen, mit 3 Nachrichten"),
        ({"phone": f"+{dealers.BOB}"}, "eine Person, mit 2 Nachrichten"),
        ({"case_kind": "repair_order"}, "eine Person, mit 2 Nachrichten"),
        ({"case_kind": "accident"}, "0 Personen, mit 0 Nachrichten"),
        ({"plate": "hh-nl 2026"}, "eine Person, mit 2 Nachrichten"),
        ({"since": "2026-01-01", "until": "2026-12-31"}, "2 Personen, mit 3 Nachrichten"),
        ({"until": "2026-01-01"}, "0 Personen, mit 0 Nachrichten"),
        ({"branch": "here"}, "2 Personen, mit 3 Nachrichten"),
    ],
)
def test_hold_is_counted_before_it_begins(cast, fields, told):
    if "branch" in fields:
        fields = {"branch": str(cast.dealer.branch)}
    alice = staff.signed_in(cast.alice)
    shown = alice.post(PAGE, {"reason": "Streit"} | fields).content.decode()
    assert told in shown
    assert holds(cast) == []
    assert alice.post(PAGE, {"reason": "Streit", "begin": "1"} | fields).status_code == 302
    assert len(holds(cast)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": " "},
        {"phone": "keine"},
        {"phone": "+491713920077"},
        {"phone": f"+{dealers.BOB}", "case_kind": "repair_order"},
        {"plate": "kein Kennzeichen"},
        {"plate": "HH-XX 9"},
        {"since": "2026-12-31", "until": "2026-01-01"},
        {"since": "gestern"},
        {"branch": "4711"},
        {"case_kind": "murder"},
        {"review_on": "2020-01-01"},
        {"review_on": "2999-01-01"},
    ],
)
def test_hold_that_cannot_be_is_refused_and_none_begins(cast, fields):
    alice = staff.signed_in(cast.alice)
    answer = alice.post(PAGE, {"reason": "Streit", "begin": "1"} | fields)
    assert answer.status_code == 422
    assert holds(cast) == []


@pytest.mark.shows("S-11")
def test_hold_by_vehicle_keeps_whose_it_is_and_nobody_else(cast):
    staff.signed_in(cast.alice).post(PAGE, {"reason": "Streit", "begin": "1", "plate": PLATE})
    with scope.looking(organisation=cast.dealer.organisation):
        bob, alice = models.Person.objects.order_by("id").values_list("id", flat=True)
    found = [
        privacy.preview(organisation=cast.dealer.organisation, person=one, at=dealers.NOW).held
        for one in (bob, alice)
    ]
    assert found == [True, False]


def test_holds_are_listed_with_scope_and_review_and_overdue_ones_are_marked(cast):
    alice = staff.signed_in(cast.alice)
    alice.post(PAGE, {"reason": "Streit um Bremsen", "begin": "1", "plate": PLATE})
    shown = alice.get(PAGE).content.decode()
    assert "Streit um Bremsen" in shown
    assert f"Kennzeichen: {PLATE}" in shown
    assert "Überprüfung fällig" not in shown
    with scope.transaction(organisation=cast.dealer.organisation):
        models.LegalHold.objects.update(review_on=clock.today() - timedelta(days=1))
    assert "Überprüfung fällig" in alice.get(PAGE).content.decode()
    assert "Überprüfung fällig" in alice.get("/privacy/").content.decode()


def test_hold_ends_with_a_reason_that_is_written_down(cast):
    alice = staff.signed_in(cast.alice)
    alice.post(PAGE, {"reason": "Streit", "begin": "1"})
    (hold,) = holds(cast)
    for reason in ("", "whim", "x" * 5000):
        assert alice.post(f"{PAGE}{hold.id}/end/", {"reason": reason}).status_code == 422
    assert holds(cast)[0].ended_at is None
    ended = alice.post(f"{PAGE}{hold.id}/end/", {"reason": "dispute_over"})
    assert ended.status_code == 302
    with scope.looking(organisation=cast.dealer.organisation):
        entry = models.AuditEntry.objects.get(verb="privacy.end_hold")
    assert (entry.object, entry.detail) == (f"legal_hold:{hold.id}", {"reason": "dispute_over"})


@pytest.mark.shows("S-04")
@pytest.mark.parametrize("who", ["bob", "charlie", "dora"])
def test_holds_are_missing_for_who_may_not(cast, who):
    browser = staff.signed_in(getattr(cast, who))
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, {"reason": "Streit", "begin": "1"}).status_code == 404
    assert holds(cast) == []


@pytest.fixture
def kim(cast):
    """Who handles rights at the other branch alone."""
    (elsewhere,) = staff.viewer(cast.charlie).branches
    member = staff.member(cast.dealer.organisation, role=roles.Role.PRIVACY, branches=[elsewhere])
    return staff.signed_in(member)


@pytest.mark.shows("S-05")
@pytest.mark.parametrize(
    ("fields", "same_as"),
    [
        ({"phone": f"+{dealers.BOB}"}, {"phone": "+491713920077"}),
        ({"plate": PLATE}, {"plate": "HH-XX 9"}),
        ({}, {"case_kind": "repair_order"}),
    ],
)
def test_who_handles_rights_at_another_branch_holds_nothing_and_learns_nothing(
    cast, kim, fields, same_as
):
    given = {"reason": "Streit", "begin": "1"}
    refused, unknown = (kim.post(PAGE, given | more) for more in (fields, same_as))
    assert (refused.status_code, unknown.status_code) == (422, 422)
    told = [re.findall(r'role="alert">([^<]+)', one.content.decode()) for one in (refused, unknown)]
    assert told[0] == told[1] != []
    assert holds(cast) == []


@pytest.mark.shows("S-05")
@pytest.mark.parametrize(
    "fields", [{"phone": f"+{dealers.BOB}"}, {"plate": PLATE}, {"branch": "here"}]
)
def test_hold_of_another_branch_is_neither_seen_nor_ended(cast, kim, fields):
    if "branch" in fields:
        fields = {"branch": str(cast.dealer.branch)}
    staff.signed_in(cast.alice).post(PAGE, {"reason": "Streit um Bremsen", "begin": "1"} | fields)
    (hold,) = holds(cast)
    for page in (PAGE, "/privacy/"):
        shown = kim.get(page).content.decode()
        assert "Streit um Bremsen" not in shown
        assert PLATE not in shown
    assert kim.post(f"{PAGE}{hold.id}/end/", {"reason": "dispute_over"}).status_code == 404
    assert holds(cast)[0].ended_at is None


def test_hold_for_the_whole_house_is_ended_by_who_works_at_all_of_it(cast, kim):
    alice = staff.signed_in(cast.alice)
    alice.post(PAGE, {"reason": "Durchsuchung", "begin": "1"})
    (hold,) = holds(cast)
    assert "Durchsuchung" in kim.get(PAGE).content.decode()
    ended = kim.post(f"{PAGE}{hold.id}/end/", {"reason": "dispute_over"})
    assert ended.status_code == 422
    assert "in allen Filialen" in ended.content.decode()
    assert alice.post(f"{PAGE}{hold.id}/end/", {"reason": "dispute_over"}).status_code == 302


@pytest.mark.shows("S-05")
def test_who_handles_rights_at_another_branch_erases_nobody_here_and_frees_no_brake(cast, kim):
    (elsewhere,) = staff.viewer(cast.charlie).branches
    form = {
        "kind": "erasure",
        "channel": "letter",
        "received_on": clock.today().isoformat(),
        "branch": str(elsewhere),
        "said": "",
    }
    page = kim.post("/privacy/", form).url
    for deed in ("identify", "send_code", "ask_back"):
        known = {"deed": deed, "rung": "counter", "phone": f"+{dealers.BOB}"}
        answer = kim.post(f"{page}act/", known)
        assert answer.status_code == 422
        assert "Unter dieser Nummer ist niemand bekannt" in answer.content.decode()
    audit = {"year": "2025", "until": (clock.today() + timedelta(days=9)).isoformat()}
    assert kim.post("/privacy/retention/", audit).status_code == 422
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.TaxAudit.objects.count() == 0
        assert models.PersonRequest.objects.get().subject is None


def test_page_costs_the_same_for_one_hold_and_three(cast):
    alice, counts = staff.signed_in(cast.alice), []
    for _ in range(3):
        alice.post(PAGE, {"reason": "Streit", "begin": "1", "plate": PLATE})
        with CaptureQueriesContext(connection) as caught:
            alice.get(PAGE)
        counts.append(len(caught))
    assert counts == [counts[0]] * 3
