"""The register of recipients: what is recorded, when it is due again, who may switch one off."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import drift as nightly
from werkbote.actions import numbers
from werkbote.domain import team as roles
from werkbote.reads import drift, duties
from werkbote.store import models, scope
from werkbote.web import clock

NOW = dealers.NOW
FORM = {
    "code": "meta",
    "name": "WhatsApp Ireland Limited",
    "contact": "",
    "agreement_on": "",
    "agreement": "Bedingungen vom 22.08.2025, PDF im Ordner",
    "country": "ie",
    "onward": "US",
    "basis": "dpf",
    "checked_on": "2026-11-20",
    "assessment": "TIA 2026-3",
    "assessed_on": "2026-11-20",
    "ground": "",
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff(dealers.dealer(graph_url="https://graph.facebook.com"))


def meta(people: staff.Staff) -> duties.Recipient:
    return duties.recipient(viewer=staff.viewer(people.alice), code="meta", day=NOW.date())


def recorded(people: staff.Staff, **changes: str) -> int:
    answer = staff.signed_in(people.alice).post("/duties/recipients/record/", FORM | changes)
    return answer.status_code


def switched(member: int, **changes: str) -> int:
    form = {"code": "meta", "deed": "stop", "reason": "DPF gefallen"} | changes
    return staff.signed_in(member).post("/duties/recipients/switch/", form).status_code


@pytest.mark.shows("R-42", "R-52")
def test_recipient_is_recorded_with_ground_assessment_and_the_agreement_of_its_numbers(people):
    assert meta(people).check == "missing"
    assert recorded(people) == 302
    found = meta(people)
    assert (found.entry.country, found.entry.onward, found.entry.basis) == ("IE", "US", "dpf")
    assert (found.check, found.due_on) == ("current", date(2027, 2, 18))
    assert found.agreed_on == date(2026, 11, 1), "the agreement of the number, not a second one"
    page = staff.signed_in(people.dora).get("/duties/recipients/").content.decode()
    for words in ("TIA 2026-3", "IE → US", "EU-US Data Privacy Framework", "01.11.2026"):
        assert words in page
    listed = duties.outside(viewer=staff.viewer(people.dora), day=NOW.date()).recipients[0]
    assert (listed.country, listed.onward) == ("IE", "US")


@pytest.mark.shows("R-42")
def test_number_without_agreement_leaves_its_recipient_without(people):
    with scope.transaction(organisation=people.dealer.organisation):
        models.Number.objects.update(agreement_at=None)
    assert meta(people).agreed_on is None


@pytest.mark.shows("R-42")
def test_recipient_without_a_connection_of_ours_is_recorded_too(people):
    hosting = {"code": "", "name": "Rechenzentrum Nord GmbH", "country": "DE", "onward": ""}
    hosting |= {"basis": "eea", "checked_on": "", "agreement_on": "2026-10-01"}
    assert recorded(people, **hosting) == 302
    found = duties.recipients(viewer=staff.viewer(people.alice), day=NOW.date())
    (other,) = [one for one in found if one.code.startswith("other:")]
    assert (other.entry.name, other.agreed_on, other.can_stop) == (
        "Rechenzentrum Nord GmbH",
        date(2026, 10, 1),
        False,
    )
    assert recorded(people, **hosting | {"code": other.code, "name": "Rechenzentrum Süd"}) == 302
    assert len(duties.recipients(viewer=staff.viewer(people.alice), day=NOW.date())) == len(found)


@pytest.mark.shows("R-52")
@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 301},
        {"country": "Irland"},
        {"country": "1!"},
        {"basis": "friendship"},
        {"checked_on": ""},
        {"checked_on": "gestern"},
        {"checked_on": "2026-13-01"},
        {"checked_on": "2027-01-01"},
        {"basis": "scc_2", "assessment": ""},
        {"basis": "eea"},
        {"assessment": "a\x00b"},
    ],
)
def test_entry_that_cannot_stand_is_refused_and_what_was_typed_is_kept(people, changes):
    answer = staff.signed_in(people.alice).post("/duties/recipients/record/", FORM | changes)
    assert answer.status_code == 422
    assert "Bedingungen vom 22.08.2025, PDF im Ordner" in answer.content.decode()
    assert meta(people).check == "missing"


@pytest.mark.parametrize("code", ["nobody", "mail:nobody.example", "other:1", "x" * 281])
def test_unknown_recipient_is_not_there(people, code):
    alice = staff.signed_in(people.alice)
    assert alice.get(f"/duties/recipients/record/?of={code}").status_code == 404
    assert recorded(people, code=code) == 404
    assert switched(people.alice, code=code) == 422


@pytest.mark.shows("R-52")
def test_night_notices_a_ground_that_is_due_and_it_waits_on_the_pages_of_privacy(
    people, monkeypatch
):
    recorded(people)
    monkeypatch.setattr(settings, "WERKBOTE_SECOND_FACTOR", "required")
    organisation = people.dealer.organisation
    numbers.confirm(
        organisation=organisation,
        number=people.dealer.number,
        what="contact_book",
        on_day=NOW.date(),
        by=people.alice,
        at=NOW,
    )
    viewer = staff.viewer(people.dora)
    assert nightly.notice(organisation=organisation, at=NOW) == 0
    later = NOW + timedelta(days=90)
    assert nightly.notice(organisation=organisation, at=later) == 1
    (line,) = drift.report(viewer=viewer, day=later.date()).drifting
    assert (line.setting, line.name, line.value) == ("transfer", "WhatsApp Ireland Limited", "due")
    assert drift.unexplained(viewer=viewer) == 1


@pytest.mark.shows("R-52", "R-40")
def test_stopped_recipient_stands_in_the_report_of_settings_with_who_and_when(people):
    recorded(people)
    assert switched(people.alice) == 302
    found = drift.report(viewer=staff.viewer(people.dora), day=NOW.date()).drifting
    (line,) = [one for one in found if one.setting == "recipient"]
    assert (line.name, line.value, line.since) == ("WhatsApp Ireland Limited", "stopped", NOW)
    assert line.by == "Anna Muster"
    page = staff.signed_in(people.dora).get("/duties/recipients/").content.decode()
    assert "DPF gefallen" in page
    listed = duties.outside(viewer=staff.viewer(people.dora), day=NOW.date()).recipients[0]
    assert listed.state == "stopped"
    assert switched(people.alice, deed="release", reason="") == 302
    assert meta(people).stopped_at is None


@pytest.mark.shows("R-52")
@pytest.mark.parametrize(
    "changes", [{"deed": "explode"}, {"reason": ""}, {"reason": "x" * 301}, {"code": ""}]
)
def test_switch_without_reason_or_sense_changes_nothing(people, changes):
    assert switched(people.alice, **changes) == 422
    assert meta(people).stopped_at is None


@pytest.mark.shows("S-04", "R-52")
def test_register_is_read_by_who_answers_for_it_and_kept_by_owner_and_privacy(people):
    here, told = people.dealer, {}
    for role in roles.Role:
        member = staff.member(here.organisation, role=role, branches=[here.branch])
        browser = staff.signed_in(member)
        told[role] = (
            browser.get("/duties/recipients/").status_code,
            browser.get("/duties/recipients/record/?of=meta").status_code,
            browser.post("/duties/recipients/record/", FORM).status_code,
            switched(member),
            switched(member, deed="release"),
        )
    keeps, reads, none = (200, 200, 302, 302, 302), (200, 404, 404, 404, 404), (404,) * 5
    assert told == {
        roles.Role.OWNER: keeps,
        roles.Role.PRIVACY: keeps,
        roles.Role.AUDITOR: reads,
        roles.Role.SUPPORT: none,
        roles.Role.IT: reads,
        roles.Role.AGENT: none,
        roles.Role.MARKETING: none,
        roles.Role.SUPPORT: none,
    }


@pytest.mark.shows("S-04")
def test_other_house_sees_and_stops_nothing_of_it(people):
    recorded(people)
    assert switched(people.eve) == 302, "it stops its own"
    assert meta(people).stopped_at is None
    page = staff.signed_in(people.eve).get("/duties/recipients/").content.decode()
    assert "TIA 2026-3" not in page


def test_register_costs_the_same_for_one_recipient_and_three(people):
    dora, counts = staff.signed_in(people.dora), []
    recorded(people)
    dora.get("/duties/recipients/")
    for more in (0, 2):
        for one in range(more):
            recorded(people, code="", name=f"Anbieter {one}")
        with CaptureQueriesContext(connection) as caught:
            dora.get("/duties/recipients/")
        counts.append(len(caught))
    assert counts[0] == counts[1]
