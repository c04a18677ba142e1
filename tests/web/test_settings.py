"""The page of settings against their privacy defaults: named, dated, explained, and noticed by night."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import desk, numbers, team, upkeep
from werkbote.actions import drift as deeds
from werkbote.domain import team as roles
from werkbote.reads import drift
from werkbote.store import models, scope

NOW = dealers.NOW
LATER = NOW + timedelta(days=3)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    """A house in which every setting is as privacy would have it."""
    monkeypatch.setattr(settings, "WERKBOTE_SECOND_FACTOR", "required")
    made = staff.everybody()
    here = made.dealer
    numbers.confirm(
        organisation=here.organisation,
        number=here.number,
        what="contact_book",
        on_day=NOW.date(),
        by=made.alice,
        at=NOW,
    )
    assert away(made) == {}
    return made


def signed_in(member: int) -> Client:
    """A browser in which the member came in with a second factor, as the house asks for."""
    made = staff.signed_in(member)
    session = made.session
    session["strong"] = True
    session.save()
    return made


def away(people: staff.Staff, member: int | None = None) -> Mapping[str, drift.Line]:
    viewer = staff.viewer(people.dora if member is None else member)
    return {one.setting: one for one in drift.report(viewer=viewer, day=LATER.date()).drifting}


def locked(people: staff.Staff, minutes: int, *, days: int = 0) -> None:
    team.set_lock(
        organisation=people.dealer.organisation,
        minutes=minutes,
        by=people.alice,
        at=NOW + timedelta(days=days),
    )


def reason(people: staff.Staff, **given: str) -> dict[str, str]:
    organisation = people.dealer.organisation
    good = {
        "setting": "lock_minutes",
        "object": f"organisation:{organisation}",
        "value": "60",
        "reason": "Diagnosestand ohne Publikum",
    }
    return {**good, **given}


def kinds(people: staff.Staff) -> list[str]:
    with scope.looking(organisation=people.dealer.organisation):
        return list(models.SettingNote.objects.order_by("id").values_list("kind", flat=True))


def verbs(people: staff.Staff) -> list[str]:
    with scope.looking(organisation=people.dealer.organisation):
        rows = models.AuditEntry.objects.filter(verb__startswith="settings.")
        return list(rows.order_by("position").values_list("verb", flat=True))


@pytest.mark.shows("R-40")
def test_what_differs_says_since_when_and_by_whom(people):
    locked(people, 60)
    locked(people, 60, days=1)
    found = away(people)["lock_minutes"]
    assert (found.value, found.default, found.since, found.by) == ("60", "15", NOW, "Anna Muster")
    assert found.reason == ""
    locked(people, 5, days=2)
    assert away(people) == {}
    locked(people, 60, days=3)
    assert away(people)["lock_minutes"].since == NOW + timedelta(days=3)


@pytest.mark.shows("R-40")
def test_settings_of_numbers_branches_and_templates_are_seen(people):
    here = people.dealer
    with scope.transaction(organisation=here.organisation):
        models.Number.objects.update(storage_region="US", agreement_at=None)
        models.NumberCheck.objects.all().delete()
        for name, purpose in (("winter", "P-02"), ("sommer", "P-05"), ("leer", "")):
            models.Template.objects.create(
                organisation_id=here.organisation,
                account_id=here.account_id,
                name=name,
                language="de",
                status="APPROVED",
                category="MARKETING",
                purpose=purpose,
            )
    desk.arrange_branch(
        organisation=here.organisation,
        branch=here.branch,
        told=desk.Arrangement(week={}, asks_satisfaction=True),
        by=people.alice,
        at=NOW,
    )
    found = away(people)
    assert {name: one.value for name, one in found.items()} == {
        "storage_region": "US",
        "agreement": "missing",
        "contact_book": "unconfirmed",
        "template_class": "P-02",
        "satisfaction": "on",
    }
    assert found["template_class"].name == "winter"
    assert (found["satisfaction"].since, found["satisfaction"].by) == (NOW, "Anna Muster")


@pytest.mark.shows("R-40")
@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("WERKBOTE_SECOND_FACTOR", "optional", "second_factor"),
        ("WERKBOTE_LOG_LEVEL", "debug", "log_level"),
        ("WERKBOTE_BACKUP_KEEP_DAYS", 36, "backup_days"),
        ("WERKBOTE_BACKUP_KEYS_KEEP_DAYS", 8, "backup_key_days"),
    ],
)
def test_settings_of_the_installation_are_seen(people, monkeypatch, name, value, setting):
    monkeypatch.setattr(settings, "WERKBOTE_BACKUP_TO", "backups")
    assert away(people) == {}
    monkeypatch.setattr(settings, name, value)
    assert list(away(people)) == [setting]
    page = signed_in(people.alice).get("/audit/settings/").content.decode()
    assert "vom Betreiber der Installation gesetzt" in page


@pytest.mark.shows("R-40")
def test_versions_of_the_house_bring_their_own_reason(people):
    with scope.transaction(organisation=people.dealer.organisation):
        for day, topic in ((0, "hours"), (0, "withdrawal"), (9, "optin")):
            models.HouseRule.objects.create(
                organisation_id=people.dealer.organisation,
                topic=topic,
                changes={"advertising.closes": "21:00"},
                valid_from=NOW.date() + timedelta(days=day),
                reason="Spätdienst am Donnerstag",
                made_by=people.alice,
                created_at=NOW,
            )
    found = away(people)
    assert list(found) == ["quiet_hours"], (
        "words of withdrawal protect, and the rest is not yet in force"
    )
    assert found["quiet_hours"].value == "advertising.closes"
    assert (found["quiet_hours"].since, found["quiet_hours"].by) == (NOW, "Anna Muster")
    assert found["quiet_hours"].reason == "Spätdienst am Donnerstag"
    assert deeds.notice(organisation=people.dealer.organisation, at=LATER) == 0, (
        "nobody is asked for a reason that is there"
    )


@pytest.mark.shows("R-40")
def test_night_asks_for_a_reason_once_and_sees_what_came_back(people, monkeypatch):
    monkeypatch.setattr(upkeep, "organisations", lambda: [people.dealer.organisation])
    organisation = people.dealer.organisation
    alice = signed_in(people.alice)
    assert deeds.notice(organisation=organisation, at=LATER) == 0
    locked(people, 60)
    assert upkeep.notice_drift(at=LATER) >= 1
    assert deeds.notice(organisation=organisation, at=LATER + timedelta(days=1)) == 0
    for page in ("/audit/", "/privacy/"):
        assert "1 Einstellung weicht von der" in alice.get(page).content.decode(), page
    assert alice.post("/audit/settings/explain/", reason(people)).status_code == 302
    assert "niemand hat gesagt" not in alice.get("/audit/").content.decode()
    page = alice.get("/audit/settings/").content.decode()
    assert "Diagnosestand ohne Publikum · Anna Muster" in page
    assert deeds.notice(organisation=organisation, at=LATER + timedelta(days=2)) == 0
    locked(people, 90, days=1)
    assert away(people)["lock_minutes"].reason == "", "the reason was for another value"
    assert deeds.notice(organisation=organisation, at=LATER + timedelta(days=3)) == 1
    locked(people, 15, days=2)
    assert deeds.notice(organisation=organisation, at=LATER + timedelta(days=4)) == 1
    assert deeds.notice(organisation=organisation, at=LATER + timedelta(days=5)) == 0
    assert kinds(people) == ["noticed", "explained", "noticed", "ended"]
    assert verbs(people) == [
        "settings.drifted",
        "settings.explain",
        "settings.drifted",
        "settings.returned",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"reason": ""},
        {"reason": "   "},
        {"reason": "x" * 301},
        {"value": "15"},
        {"value": "90"},
        {"setting": "second_factor"},
        {"setting": "no_such_setting"},
        {"setting": "x" * 25},
        {"object": "house"},
        {"object": "organisation:1"},
        {"object": "\0"},
        {"object": ""},
    ],
    ids=str,
)
def test_reason_for_what_is_not_so_is_refused(people, given):
    locked(people, 60)
    alice = signed_in(people.alice)
    answer = alice.post("/audit/settings/explain/", reason(people, **given))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert kinds(people) == []


def test_reason_that_was_overtaken_is_refused(people):
    with pytest.raises(deeds.UnableToExplain, match="reload"):
        deeds.explain(
            organisation=people.dealer.organisation,
            reason=deeds.Reason(setting="lock_minutes", object="x", value="60", words="so"),
            by=people.alice,
            at=NOW,
        )
    assert kinds(people) == []


@pytest.mark.shows("R-40", "S-25")
def test_notes_are_never_changed(people):
    locked(people, 60)
    deeds.notice(organisation=people.dealer.organisation, at=LATER)
    for change in (
        lambda: models.SettingNote.objects.update(value="15"),
        lambda: models.SettingNote.objects.all().delete(),
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            scope.transaction(organisation=people.dealer.organisation),
        ):
            change()


@pytest.mark.shows("R-40")
def test_table_holds_every_setting_and_is_an_entry_itself(people):
    locked(people, 60)
    dora = signed_in(people.dora)
    assert dora.get("/audit/settings/export/").status_code == 405
    answer = dora.post("/audit/settings/export/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:5] == ["Einstellung", "Wovon", "Voreinstellung", "Zurzeit", "Weicht ab"]
    assert rows[1][:5] == ["Bildschirmsperre (Minuten)", "Betrieb", "15", "60", "ja"]
    assert {row[4] for row in rows[2:]} == {"nein"}
    named = {row[0] for row in rows[1:]}
    assert {"Zahlen einzelner Personen", "Speicherort der Nachrichten bei Meta"} <= named
    assert verbs(people) == ["settings.export"]


@pytest.mark.shows("S-04")
def test_page_is_for_who_answers_for_settings(people):
    locked(people, 60)
    here = people.dealer
    told = {}
    for role in roles.Role:
        browser = signed_in(staff.member(here.organisation, role=role, branches=[here.branch]))
        told[role] = (
            browser.get("/audit/settings/").status_code,
            browser.post("/audit/settings/explain/", reason(people)).status_code,
            browser.post("/audit/settings/export/").status_code,
        )
    assert told == {
        roles.Role.OWNER: (200, 302, 200),
        roles.Role.PRIVACY: (200, 302, 200),
        roles.Role.AUDITOR: (200, 404, 200),
        roles.Role.SUPPORT: (404, 404, 404),
        roles.Role.IT: (200, 404, 200),
        roles.Role.AGENT: (404, 404, 404),
        roles.Role.MARKETING: (404, 404, 404),
    }


@pytest.mark.shows("S-04")
def test_other_branch_and_other_house_see_and_explain_nothing_of_it(people):
    here = people.dealer
    with scope.transaction(organisation=here.organisation):
        models.Number.objects.update(storage_region="US")
        other = models.Branch.objects.exclude(id=here.branch).get().id
    charlie = staff.member(here.organisation, role=roles.Role.PRIVACY, branches=[other])
    assert away(people, charlie) == {}
    assert "storage_region" not in away(people, people.eve)
    given = reason(people, setting="storage_region", object=f"number:{here.number}", value="US")
    for member in (charlie, people.eve):
        answer = signed_in(member).post("/audit/settings/explain/", given)
        assert answer.status_code == 422
    assert kinds(people) == []
    assert signed_in(people.alice).post("/audit/settings/explain/", given).status_code == 302


def test_page_costs_the_same_for_one_setting_and_three(people):
    dora = signed_in(people.dora)
    dora.get("/audit/settings/")
    counts = []
    for wanted in ({"storage_region": "US"}, {"agreement_at": None}):
        with scope.transaction(organisation=people.dealer.organisation):
            models.Number.objects.update(**wanted)
        with CaptureQueriesContext(connection) as caught:
            dora.get("/audit/settings/")
        counts.append(len(caught))
    assert counts[0] == counts[1]
