"""Marking a message in the dialog over the thread, and the retention page that shows every class."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import dealers, phones, staff
from werkbote.actions import cases, privacy
from werkbote.domain import team
from werkbote.store import models, rechtsstand, scope
from werkbote.web import privacy_labels

AT = dealers.NOW


@pytest.fixture
def cast():
    made = staff.staff()
    phones.writes(made.dealer, "Moin, hier ist Petra", at=AT)
    return made


@pytest.fixture
def alice(cast):
    return staff.signed_in(cast.alice)


def newest(cast: staff.Staff) -> models.Message:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Message.objects.latest("id")


def test_member_marks_a_message_in_the_dialog_and_the_thread_says_so(cast, alice):
    row = newest(cast)
    page = f"/messages/{row.id}/mark/"
    shown = alice.get(page, headers={"HX-Request": "true"}).content.decode()
    assert (shown.count('name="tag"'), "bis zum Jahresende" in shown) == (9, True)
    answer = alice.post(page, {"tag": "identity_document"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "thread-changed, dialog-close")
    assert newest(cast).tag == "identity_document"
    thread = alice.get(f"/inbox/{row.conversation_id}/").content.decode()
    assert "Ausweis, Führerschein, IBAN" in thread
    assert alice.post(page, {"tag": ""}).status_code == 302
    assert newest(cast).tag == ""


@pytest.mark.parametrize("tag", ["secret", "L-05", "commercial_letter ", "Handelsbrief"])
def test_unknown_mark_is_refused_in_words_and_changes_nothing(cast, alice, tag):
    answer = alice.post(f"/messages/{newest(cast).id}/mark/", {"tag": tag})
    assert answer.status_code == 422
    assert "wählen Sie eine aus der Liste" in answer.content.decode()
    assert newest(cast).tag == ""


def test_charlie_marks_nothing_of_alices(cast):
    charlie = staff.signed_in(cast.charlie)
    page = f"/messages/{newest(cast).id}/mark/"
    answers = [charlie.get(page).status_code, charlie.post(page, {"tag": "small_talk"}).status_code]
    assert (answers, newest(cast).tag) == ([404, 404], "")


def test_words_of_marks_are_those_of_the_law() -> None:
    tags = rechtsstand.retention(AT.date()).tags
    assert {name: one.en for name, one in tags.items()} == _english()


def _english() -> dict[str, str]:
    with translation.override("en"):
        return {name: str(words) for name, words in privacy_labels.TAGS.items()}


@pytest.mark.shows("R-06")
def test_page_shows_every_class_and_what_has_no_data_by_a_look_into_the_database(alice):
    shown = alice.get("/privacy/retention/").content.decode()
    lines = {
        code: shown.count(f'<tr id="{code}') for code in rechtsstand.retention(AT.date()).rules
    }
    assert [code for code, count in lines.items() if not count] == []
    empty = [
        part.split('"')[0] for part in shown.split('<tr id="')[1:] if "gibt es hier nicht" in part
    ]
    assert empty == ["L-12", "L-13", "L-14", "L-15", "L-27"]
    assert "Niemand hat gesagt" not in shown
    assert "nichts beendet sie bisher" not in shown


@pytest.mark.shows("R-74")
def test_identification_of_cash_sales_is_kept_apart_five_years_and_ten_at_the_latest(alice):
    """There is no field for it: the page says so by a look into the database, and where it belongs."""
    shown = alice.get("/privacy/retention/").content.decode()
    line = shown.split('<tr id="L-12')[1].partition("</tr>")[0]
    for words in (
        "§ 8 Abs. 4 GwG",
        "gibt es hier nicht",
        "gehören getrennt in die Akte",
        "5 Jahre, bis zum Jahresende",
        "längstens 10 Jahre",
    ):
        assert words in line
    rule = rechtsstand.retention(AT.date()).rules["L-12"]
    assert (rule.due(date(2026, 3, 1)), rule.action) == (date(2032, 1, 1), "elsewhere")


def test_table_nobody_listed_is_shown_in_red(alice, owner):
    owner.execute("CREATE TABLE voice_recording (id bigint)")
    try:
        assert "voice_recording" in alice.get("/privacy/retention/").content.decode()
    finally:
        owner.execute("DROP TABLE voice_recording")


def test_progress_of_a_sweep_under_way_is_shown(cast, alice):
    privacy.sweep(organisation=cast.dealer.organisation, at=AT)
    assert "<progress" not in alice.get("/privacy/retention/").content.decode()
    with scope.transaction(organisation=cast.dealer.organisation):
        marks = models.RetentionMark.objects.filter(name="unfiled")
        marks.update(state="running", due=8, done=2)
        models.RetentionMark.objects.exclude(name="unfiled").update(due=0, done=0)
    assert "25 % erledigt" in alice.get("/privacy/retention/").content.decode()


def test_dialog_asks_the_database_as_often_whatever_there_is(cast, alice):
    def asks() -> int:
        with CaptureQueriesContext(connection) as seen:
            alice.get(f"/messages/{newest(cast).id}/mark/")
        return len(seen)

    asks()  # the first call reads the policy and keeps that in the session
    first = asks()
    phones.writes(cast.dealer, "Noch etwas", at=AT)
    phones.writes(cast.dealer, "Und noch etwas", at=AT)
    assert asks() == first


def test_only_those_who_write_may_mark() -> None:
    able = {role for role in team.Role if team.can(role=role, right=team.Right.WRITE)}
    assert able == {team.Role.OWNER, team.Role.AGENT}


def test_letter_that_is_owed_stands_on_the_page_until_it_is_printed(cast, alice):
    late = AT + timedelta(days=2)
    cases.mark_message(
        organisation=cast.dealer.organisation,
        message=newest(cast).id,
        tag="identity_document",
        by=cast.alice,
        at=late,
    )
    shown = alice.get("/privacy/retention/").content.decode()
    assert "Per Brief Bescheid geben" in shown
    (page,) = set(re.findall(r"/privacy/unasked/\d+/letter/", shown))
    charlie = staff.signed_in(cast.charlie)
    assert (charlie.post(page).status_code, alice.get(page).status_code) == (404, 405)
    letter = alice.post(page)
    assert (letter["Content-Type"], letter["Cache-Control"]) == ("application/pdf", "no-store")
    assert "Per Brief Bescheid geben" not in alice.get("/privacy/retention/").content.decode()
