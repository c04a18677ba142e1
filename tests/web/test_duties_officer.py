"""The data protection officer: the question, who is named in the notice, and that the authority is told."""

import pytest
from django.conf import settings

from tests import dealers, staff
from werkbote.actions import drift as nightly
from werkbote.actions import notice
from werkbote.domain import notice_page
from werkbote.domain import team as roles
from werkbote.reads import drift, duties
from werkbote.reads import notice as notices
from werkbote.store import models, scope
from werkbote.web import clock

NOW = dealers.NOW
FORM = {
    "people": "25",
    "name": "Frau Dr. Wacholder",
    "contact": "dsb@nordlicht.example",
    "appointed_on": "2026-11-02",
    "notified_on": "",
    "reference": "",
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff()


def answered(people: staff.Staff, /, **changes: str) -> int:
    browser = staff.signed_in(people.alice)
    return browser.post("/duties/officer/answer/", FORM | changes).status_code


def standing(people: staff.Staff) -> str:
    return duties.officer(viewer=staff.viewer(people.dora), day=NOW.date()).standing


def officer_of(people: staff.Staff) -> tuple[str, ...]:
    page = notices.page(branch=people.dealer.branch, language="de", at=NOW)
    return next((one.paragraphs for one in page.sections if one.id == "officer"), ())


@pytest.mark.shows("R-51")
def test_question_is_asked_answered_and_says_what_is_left(people):
    assert standing(people) == "unanswered"
    assert "noch niemand beantwortet" in page(people)
    nobody = {"name": "", "contact": "", "appointed_on": ""}
    assert answered(people, people="5", **nobody) == 302
    assert standing(people) == "not_needed"
    assert answered(people, people="5", assessment="on", **nobody) == 302
    assert standing(people) == "missing"
    assert "Eine Folgenabschätzung ist geschuldet" in page(people)
    assert answered(people) == 302
    assert standing(people) == "untold"
    assert "müssen der Behörde mitgeteilt werden (Art. 37 Abs. 7 DSGVO)" in page(people)
    assert answered(people, notified_on="2026-11-10", reference="LDA 7/26") == 302
    assert standing(people) == "in_order"
    assert "LDA 7/26" in page(people)


def page(people: staff.Staff) -> str:
    return str(staff.signed_in(people.dora).get("/duties/officer/").content.decode())


@pytest.mark.shows("R-51")
def test_members_of_the_product_count_whatever_the_answer_says(people):
    here = people.dealer
    for _ in range(19):
        staff.member(here.organisation, role=roles.Role.AGENT, branches=[here.branch])
    answered(people, people="3", name="", contact="", appointed_on="")
    assert standing(people) == "missing"


@pytest.mark.shows("R-51")
def test_contact_is_published_in_the_notice_of_every_branch_that_names_nobody(people):
    answered(people)
    assert officer_of(people) == ("Frau Dr. Wacholder dsb@nordlicht.example",)
    with scope.looking(organisation=people.dealer.organisation):
        assert models.PublishedNotice.objects.filter(branch=people.dealer.branch).exists()
    own = notice_page.Details(
        company="", branch="", state_code="", officer="Herr Föhre", officer_contact="hf@x.example"
    )
    notice.enter_details(
        organisation=people.dealer.organisation,
        branch=people.dealer.branch,
        details=own,
        by=people.alice,
        at=NOW,
    )
    assert officer_of(people) == ("Herr Föhre hf@x.example",)


def test_form_of_a_branch_does_not_take_the_house_s_officer_for_its_own(people):
    answered(people)
    found = notices.details(viewer=staff.viewer(people.alice), branch=people.dealer.branch)
    assert found.officer_contact == ""


@pytest.mark.shows("R-51")
def test_records_of_processing_name_the_officer(people):
    answered(people)
    (house,) = duties.records(viewer=staff.viewer(people.dora), day=NOW.date()).said["controllers"]
    assert house["officer"] == "Frau Dr. Wacholder, dsb@nordlicht.example"


@pytest.mark.shows("R-51")
def test_night_reminds_until_the_authority_is_told(people, monkeypatch):
    answered(people)
    monkeypatch.setattr(settings, "WERKBOTE_SECOND_FACTOR", "required")
    viewer = staff.viewer(people.dora)
    assert nightly.notice(organisation=people.dealer.organisation, at=NOW) > 0
    away = drift.report(viewer=viewer, day=NOW.date()).drifting
    assert [one.value for one in away if one.setting == "officer"] == ["untold"]
    monkeypatch.setattr(settings, "WERKBOTE_SECOND_FACTOR", "optional")
    answered(people, notified_on="2026-11-10")
    away = drift.report(viewer=viewer, day=NOW.date()).drifting
    assert [one.value for one in away if one.setting == "officer"] == []


@pytest.mark.shows("R-51")
@pytest.mark.parametrize(
    "changes",
    [
        {"people": ""},
        {"people": "-1"},
        {"people": "viele"},
        {"people": "9" * 30},
        {"name": "x" * 301},
        {"name": "x" * 201},
        {"contact": "a\x00b"},
        {"contact": ""},
        {"appointed_on": ""},
        {"appointed_on": "2026-13-01"},
        {"appointed_on": "2027-01-01"},
        {"notified_on": "gestern"},
        {"notified_on": "2026-11-01"},
    ],
)
def test_answer_that_cannot_stand_is_refused_and_kept_on_the_page(people, changes):
    answer = staff.signed_in(people.alice).post("/duties/officer/answer/", FORM | changes)
    assert answer.status_code == 422
    if "people" not in changes:
        assert 'value="25"' in answer.content.decode()
    assert standing(people) == "unanswered"


@pytest.mark.shows("S-04", "R-51")
def test_page_is_for_who_answers_for_it_and_the_answer_for_owner_and_privacy(people):
    here, told = people.dealer, {}
    for role in roles.Role:
        member = staff.member(here.organisation, role=role, branches=[here.branch])
        browser = staff.signed_in(member)
        told[role] = (
            browser.get("/duties/officer/").status_code,
            browser.post("/duties/officer/answer/", FORM).status_code,
        )
    assert told == {
        roles.Role.OWNER: (200, 302),
        roles.Role.PRIVACY: (200, 302),
        roles.Role.AUDITOR: (200, 404),
        roles.Role.IT: (200, 404),
        roles.Role.AGENT: (404, 404),
        roles.Role.MARKETING: (404, 404),
        roles.Role.SUPPORT: (404, 404),
    }
    eve = staff.signed_in(people.eve)
    assert "Wacholder" not in eve.get("/duties/officer/").content.decode()
