"""Reports over HTTP: figures per branch and team, tables, the switch of the works council, the walls."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import dealers, phones, staff
from tests.deskwork import WEEKDAYS
from werkbote.actions import desk as deeds
from werkbote.actions import drafts, outbox
from werkbote.domain import desk, team
from werkbote.reads import drift
from werkbote.store import models, scope

NOW = dealers.NOW
PERIOD = "since=2026-11-23&until=2026-11-29"
ALICE, OTHER, THIRD = "+491713920001", "+491713920002", "+491713920003"


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def answers(cast, conversation, *, minutes, at=NOW, by=None) -> int:
    return outbox.queue_message(
        organisation=cast.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(kind="text", text="Ist fertig."),
        purpose="P-01",
        by=by or cast.bob,
        at=at + timedelta(minutes=minutes),
    )


def switched_on(cast) -> None:
    answer = staff.signed_in(cast.alice).post(
        "/reports/members/switch/", {"ground": "agreement", "reason": "Urlaubsplanung"}
    )
    assert answer.status_code == 302


def test_figures_and_tables_say_what_happened(cast):
    first = staff.wrote(cast.dealer, phone=ALICE)
    staff.wrote(cast.dealer, phone=ALICE, at=NOW + timedelta(minutes=5))
    answers(cast, first, minutes=20)
    second = staff.wrote(cast.dealer, phone=OTHER)
    answers(cast, second, minutes=120)
    staff.wrote(cast.dealer, phone=THIRD)
    deeds.close(
        organisation=cast.dealer.organisation,
        conversation=first,
        outcome=desk.Outcome.ANSWERED,
        by=cast.bob,
        at=NOW + timedelta(hours=3),
    )
    dora = staff.signed_in(cast.dora)
    page = dora.get(f"/reports/?{PERIOD}").content.decode()
    assert page.count("<svg") > 4
    assert "1 Std. 10 Min." in page
    assert "33 %" in page
    days = table(dora.get(f"/reports/days.csv?{PERIOD}"))
    assert len(days) == 8
    assert days[1] == ["2026-11-23", "4", "0"]
    hours = {row[0]: row[1:] for row in table(dora.get(f"/reports/hours.csv?{PERIOD}"))}
    assert hours["10"] == ["1", "2"]
    replies = dict(table(dora.get(f"/reports/replies.csv?{PERIOD}"))[1:])
    assert (replies["≤ 1 Std."], replies["≤ 4 Std."]) == ("1", "1")
    closings = dict(table(dora.get(f"/reports/closings.csv?{PERIOD}"))[1:])
    assert closings["≤ 4 Std."] == "1"
    (_, place) = table(dora.get(f"/reports/places.csv?{PERIOD}"))
    assert place[:5] == ["Hamburg", "", "4", "0", "3"]
    assert place[7:] == ["1", "", ""]


def test_replies_are_measured_in_opening_hours_and_windows_are_missed_by_the_clock(cast):
    deeds.arrange_branch(
        organisation=cast.dealer.organisation,
        branch=cast.dealer.branch,
        told=deeds.Arrangement(week=WEEKDAYS),
        by=cast.alice,
        at=NOW,
    )
    evening = NOW + timedelta(hours=7, minutes=30)
    conversation = staff.wrote(cast.dealer, at=evening)
    answers(cast, conversation, minutes=26 * 60, at=evening)
    page = staff.signed_in(cast.dora).get(f"/reports/?{PERIOD}").content.decode()
    assert "11 Std. 0 Min." in page
    rows = table(staff.signed_in(cast.dora).get(f"/reports/places.csv?{PERIOD}"))
    assert rows[1][6] == "1"


@pytest.mark.parametrize(
    ("said", "waits", "missed"),
    [
        ("Danke!", "1", "0"),
        ("👍", "1", "0"),
        ("Danke, wann denn?", "2", "1"),
        ("Nein danke", "2", "1"),
    ],
)
def test_mere_thanks_for_an_answer_are_no_question_that_was_missed(cast, said, waits, missed):
    phones.writes(cast.dealer, "Ist mein Auto fertig?", at=NOW)
    with scope.looking(organisation=cast.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    answers(cast, conversation, minutes=20)
    phones.writes(cast.dealer, said, at=NOW + timedelta(minutes=25))
    (_, place) = table(staff.signed_in(cast.dora).get(f"/reports/places.csv?{PERIOD}"))
    assert (place[2], place[4], place[6]) == ("2", waits, missed)


def test_a_week_without_anything_is_a_page(cast):
    answer = staff.signed_in(cast.dora).get("/reports/?since=2025-01-01&until=2025-01-07")
    assert "wurde nichts geschrieben" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=gestern&until=%00", 200),
        ("since=2026-11-29&until=2026-11-23", 422),
        ("since=2020-01-01&until=2026-11-23", 422),
        ("since=0001-01-01&until=0001-01-02", 200),
        ("since=9999-12-30&until=9999-12-31", 200),
        ("branch=1&team=x", 200),
        ("since=2026-01-01&until=2026-11-23", 200),
    ],
)
def test_whatever_is_asked_is_answered(cast, query, status):
    dora = staff.signed_in(cast.dora)
    assert dora.get(f"/reports/?{query}").status_code == status
    assert dora.get(f"/reports/days.csv?{query}").status_code == status
    assert dora.get("/reports/names.csv").status_code == 404


@pytest.mark.shows("R-60")
def test_times_of_a_small_team_are_withheld_and_its_counts_are_not(cast):
    here = cast.dealer
    service = deeds.create_team(
        organisation=here.organisation,
        branch=here.branch,
        kind=team.TeamKind.SERVICE,
        name="Service",
        by=cast.alice,
        at=NOW,
    )
    deeds.join_team(
        organisation=here.organisation, team=service, member=cast.bob, by=cast.alice, at=NOW
    )
    conversation = staff.wrote(here)
    deeds.assign_team(
        organisation=here.organisation,
        conversation=conversation,
        team=service,
        by=cast.alice,
        at=NOW,
    )
    answers(cast, conversation, minutes=20)
    alice = staff.signed_in(cast.alice)
    for query in (f"team={service}", f"branch={here.branch}"):
        page = alice.get(f"/reports/?{PERIOD}&{query}").content.decode()
        assert "weniger als drei Personen" in page
        assert "20 Min." not in page
        assert len(table(alice.get(f"/reports/replies.csv?{PERIOD}&{query}"))) == 1
        rows = table(alice.get(f"/reports/places.csv?{PERIOD}&{query}"))
        assert {tuple(row[-2:]) for row in rows[1:]} == {("", "")}
        assert {row[4] for row in rows[1:]} == {"1"}
    staff.member(here.organisation, role=team.Role.AGENT, branches=[here.branch])
    page = alice.get(f"/reports/?{PERIOD}&branch={here.branch}").content.decode()
    assert "20 Min." in page


@pytest.mark.shows("R-60")
def test_members_are_shown_only_while_the_switch_is_on_and_looking_is_written_down(cast):
    answers(cast, staff.wrote(cast.dealer), minutes=20)
    alice = staff.signed_in(cast.alice)
    off = alice.get("/reports/members/").content.decode()
    assert "wie ausgeliefert" in off
    assert "Anna Muster" not in off
    assert alice.post("/reports/members/export/").status_code == 422
    for broken in ({}, {"ground": "agreement"}, {"ground": "told", "reason": "  "}):
        assert alice.post("/reports/members/switch/", broken).status_code == 422
    switched_on(cast)
    assert "Anna Muster" in alice.get(f"/reports/members/?{PERIOD}").content.decode()
    rows = table(
        alice.post("/reports/members/export/", {"since": "2026-11-23", "until": "2026-11-29"})
    )
    assert rows[1:] == [["Anna Muster", "1", "20"]]
    assert alice.post("/reports/members/switch/", {"off": "1"}).status_code == 302
    assert "wie ausgeliefert" in alice.get("/reports/members/").content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        verbs = models.AuditEntry.objects.filter(verb__startswith="reports.")
        assert list(verbs.order_by("position").values_list("verb", flat=True)) == [
            "reports.switch_on",
            "reports.members",
            "reports.export_members",
            "reports.switch_off",
        ]


@pytest.mark.shows("R-40", "R-60")
def test_the_switch_stands_among_the_settings_that_differ_from_privacy(cast):
    switched_on(cast)
    found = {one.setting: one for one in away(cast)}
    assert found["report_members"].by == "Anna Muster"
    assert found["report_members"].reason == "Urlaubsplanung"
    words = staff.signed_in(cast.dora).get("/audit/settings/").content.decode()
    assert "Urlaubsplanung" in words
    staff.signed_in(cast.alice).post("/reports/members/switch/", {"off": "1"})
    assert "report_members" not in {one.setting for one in away(cast)}


def away(cast: staff.Staff) -> Sequence[drift.Line]:
    return drift.report(viewer=staff.viewer(cast.dora), day=timezone.localdate()).drifting


@pytest.mark.parametrize("who", ["bob", "charlie", "dora", "eve"])
def test_nobody_but_an_owner_here_sees_members(cast, who):
    answers(cast, staff.wrote(cast.dealer), minutes=20)
    switched_on(cast)
    browser = staff.signed_in(getattr(cast, who))
    answer = browser.get(f"/reports/members/?{PERIOD}")
    assert answer.status_code == (200 if who == "eve" else 404)
    assert "Urlaubsplanung" not in answer.content.decode()


def test_a_report_holds_nothing_of_other_branches_and_houses(cast):
    staff.wrote(cast.dealer)
    elsewhere = staff.member(
        cast.dealer.organisation, role=team.Role.AUDITOR, branches=[_other(cast)]
    )
    for member in (elsewhere, cast.eve):
        browser = staff.signed_in(member)
        rows = table(browser.get(f"/reports/days.csv?{PERIOD}"))
        assert {row[1] for row in rows[1:]} == {"0"}
        narrowed = table(browser.get(f"/reports/places.csv?{PERIOD}&branch={cast.dealer.branch}"))
        assert len(narrowed) == 1


def _other(cast) -> int:
    with scope.looking(organisation=cast.dealer.organisation):
        found = models.Membership.objects.filter(member_id=cast.charlie)
        branch: int = found.values_list("branch_id", flat=True).get()
    return branch


def test_restricted_people_and_spam_do_not_count(cast):
    first, second = staff.wrote(cast.dealer, phone=ALICE), staff.wrote(cast.dealer, phone=OTHER)
    with scope.transaction(organisation=cast.dealer.organisation):
        person = models.Conversation.objects.get(id=first).person_id
        models.Person.objects.filter(id=person).update(restricted_at=NOW)
    deeds.mark_spam(organisation=cast.dealer.organisation, conversation=second, by=cast.bob, at=NOW)
    rows = table(staff.signed_in(cast.dora).get(f"/reports/days.csv?{PERIOD}"))
    assert {row[1] for row in rows[1:]} == {"0"}


def test_a_report_costs_the_same_for_one_conversation_and_three(cast):
    alice = staff.signed_in(cast.alice)
    switched_on(cast)
    counts = []
    for group in ((ALICE,), (OTHER, THIRD)):
        for phone in group:
            answers(cast, staff.wrote(cast.dealer, phone=phone), minutes=20)
        for path in ("/reports/", "/reports/members/", "/reports/places.csv"):
            alice.get(f"{path}?{PERIOD}")
            with CaptureQueriesContext(connection) as caught:
                assert alice.get(f"{path}?{PERIOD}").status_code == 200
            counts.append(len(caught))
    assert counts[:3] == counts[3:]
