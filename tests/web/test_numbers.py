"""Pages of numbers and templates: who sees them, what they refuse with a sentence, what they never show."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import dealers, simulator, staff
from werkbote.actions import numbers
from werkbote.domain import numbers as words
from werkbote.domain import team
from werkbote.store import ids, models, scope
from werkbote.web import clock

NOW = dealers.NOW
TEMPLATE = {
    "name": "fahrzeug_fertig_neu",
    "language": "de",
    "category": "UTILITY",
    "purpose": "P-01",
    "body": "Guten Tag {{1}}, Ihr Fahrzeug {{2}} ist fertig und steht für Sie bereit.",
    "examples": "Frau Beispiel\nB-WB 1234",
    "b0-kind": "QUICK_REPLY",
    "b0-text": "Ich komme",
}


@pytest.fixture(scope="module")
def meta() -> Iterator[simulator.Simulator]:
    with simulator.running() as made:
        yield made


@pytest.fixture
def cast(meta: simulator.Simulator, monkeypatch: pytest.MonkeyPatch) -> staff.Staff:
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW)
    made = staff.everybody(dealers.dealer(graph_url=meta.url))
    meta.connect(made.dealer, registered=False)
    return made


def _paths(cast: staff.Staff) -> tuple[str, ...]:
    number = cast.dealer.number
    return (
        "/numbers/",
        "/numbers/connect/",
        f"/numbers/{number}/",
        "/templates/",
        f"/templates/{number}/",
        f"/templates/{number}/write/",
        f"/templates/{number}/library/",
    )


def _member(cast: staff.Staff, role: team.Role) -> Any:
    here = cast.dealer
    return staff.signed_in(staff.member(here.organisation, role=role, branches=[here.branch]))


def test_owner_and_it_set_numbers_up_and_nobody_else(cast):
    for role in team.Role:
        browser = _member(cast, role)
        expected = 200 if role in {team.Role.OWNER, team.Role.IT} else 404
        assert [browser.get(path).status_code for path in _paths(cast)[:3]] == [expected] * 3, role


def test_it_of_another_branch_and_strangers_see_no_number(cast):
    other = models.Branch.objects
    with scope.looking(organisation=cast.dealer.organisation):
        kiel = other.exclude(id=cast.dealer.branch).get().id
    charlie = staff.signed_in(
        staff.member(cast.dealer.organisation, role=team.Role.IT, branches=[kiel])
    )
    for browser in (charlie, staff.signed_in(cast.eve)):
        assert "Service" not in browser.get("/numbers/").content.decode() or browser is not charlie
        for path in (_paths(cast)[2], *_paths(cast)[4:]):
            assert browser.get(path).status_code == 404, path
        for deed in ("look/", "steps/region/", "confirm/contact_book/", "secrets/token/"):
            assert browser.post(f"{_paths(cast)[2]}{deed}").status_code == 404, deed


def test_a_step_out_of_turn_is_refused_with_a_sentence(cast, meta):
    alice = staff.signed_in(cast.alice)
    page = f"/numbers/{cast.dealer.number}/"
    answer = alice.post(f"{page}steps/registration/", {"pin": "481520"})
    assert answer.status_code == 422
    assert "Kontaktbuch" in answer.content.decode()
    alice.post(f"{page}confirm/contact_book/", {"on_day": "2026-11-20"})
    answer = alice.post(f"{page}steps/registration/", {"pin": "481520"})
    assert "bevor die Nummer registriert wird" in answer.content.decode()
    found = meta.call("GET", "numbers")["numbers"]
    here = [one for one in found if one["phone_number_id"] == cast.dealer.phone_number_id]
    assert [one["registered"] for one in here] == [False]


def test_steps_show_who_said_so(cast):
    alice = staff.signed_in(cast.alice)
    page = f"/numbers/{cast.dealer.number}/"
    alice.post(f"{page}confirm/contact_book/", {"on_day": "2026-11-20"})
    alice.post(f"{page}steps/region/")
    alice.post(f"{page}steps/registration/", {"pin": "481520"})
    shown = alice.get(page).content.decode()
    assert "Von einer Person bestätigt" in shown
    assert "Anna Muster" in shown
    assert "20.11.2026" in shown
    assert "Antwort von Metas Schnittstelle" in shown
    assert "481520" not in shown


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("confirm/contact_book/", {}),
        ("confirm/contact_book/", {"on_day": "gestern"}),
        ("confirm/contact_book/", {"on_day": "2027-01-01"}),
        ("steps/registration/", {"pin": ""}),
        ("steps/registration/", {"pin": "123456"}),
        ("steps/registration/", {"pin": "12345x"}),
        ("secrets/token/", {"value": " "}),
        ("secrets/app-secret/", {}),
        ("secrets/pin/", {"value": "1"}),
        ("deregister/", {}),
    ],
)
def test_broken_input_is_said_and_changes_nothing(cast, deed, given):
    alice = staff.signed_in(cast.alice)
    answer = alice.post(f"/numbers/{cast.dealer.number}/{deed}", given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.NumberCheck.objects.filter(state="passed").exists()


@pytest.mark.parametrize("deed", ["steps/agreement/", "confirm/region/", "secrets/verify/"])
def test_there_is_no_such_deed(cast, deed):
    alice = staff.signed_in(cast.alice)
    assert alice.post(f"/numbers/{cast.dealer.number}/{deed}").status_code == 404


def _connection(cast: staff.Staff, **changes: str) -> dict[str, str]:
    return {
        "branch": str(cast.dealer.branch),
        "label": "Verkauf",
        "phone": "+49 30 23125 117",
        "phone_number_id": str(ids.new()),
        "account_id": "777",
        "token": "geheimes-token",
        "app_secret": "geheimes-app-secret",
        "agreement_at": "2026-11-01",
        **changes,
    }


def test_a_number_is_connected_and_its_secrets_are_never_shown(cast):
    alice = staff.signed_in(cast.alice)
    shown = alice.post("/numbers/connect/", _connection(cast), follow=True).content.decode()
    assert "Verkauf" in shown
    assert "geheimes" not in shown
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Number.objects.get(account_id="777")
    assert b"geheimes" not in bytes(row.token_sealed) + bytes(row.app_secret_sealed)
    assert row.graph_url == "https://graph.facebook.com"


@pytest.mark.parametrize(
    "changes",
    [
        {"branch": "1"},
        {"branch": "x"},
        {"label": ""},
        {"phone": "keine"},
        {"phone": "+49"},
        {"phone_number_id": "../1"},
        {"phone_number_id": ""},
        {"account_id": "abc"},
        {"token": ""},
        {"app_secret": ""},
        {"agreement_at": "irgendwann"},
    ],
)
def test_a_broken_connection_is_refused(cast, changes):
    alice = staff.signed_in(cast.alice)
    answer = alice.post("/numbers/connect/", _connection(cast, **changes))
    assert answer.status_code == 422
    assert "geheimes" not in answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Number.objects.count() == 1


def test_a_number_is_connected_once(cast):
    alice = staff.signed_in(cast.alice)
    again = _connection(cast, phone_number_id=cast.dealer.phone_number_id)
    answer = alice.post("/numbers/connect/", again)
    assert "schon verbunden" in answer.content.decode()


def test_the_preview_needs_no_scripts_and_stores_nothing(cast):
    alice = staff.signed_in(cast.alice)
    where = f"/templates/{cast.dealer.number}/write/"
    shown = alice.post(where, {**TEMPLATE, "preview": "1"}).content.decode()
    assert "Guten Tag Frau Beispiel, Ihr Fahrzeug B-WB 1234 ist fertig" in shown
    assert "Ich komme" in shown
    part = alice.post(f"/templates/{cast.dealer.number}/preview/", TEMPLATE).content.decode()
    assert "Frau Beispiel" in part
    assert "<html" not in part
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Template.objects.count() == 0


def test_what_is_typed_is_shown_as_text(cast):
    alice = staff.signed_in(cast.alice)
    evil = {**TEMPLATE, "body": "Hallo <script>alert(1)</script> {{1}} und {{2}} da.", "preview": 1}
    shown = alice.post(f"/templates/{cast.dealer.number}/write/", evil).content.decode()
    assert "<script>alert" not in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Groß"}, "Kleinbuchstaben"),
        ({"body": "{{1}} ist da, das Auto {{2}} auch schon."}, "am Anfang oder Ende"),
        ({"body": ""}, None),
        ({"purpose": ""}, "ohne Klasse"),
        ({"purpose": "P-99"}, "ohne Klasse"),
        ({"body": "Ihre HU ist bald fällig, {{1}} und {{2}} kommen bitte."}, "Werbung"),
        ({"examples": ""}, "Beispiel"),
        ({"b0-text": ""}, "Knopf"),
        ({"b0-kind": "URL", "b0-value": "http://x"}, "https://"),
        ({"body": "Bitte {{1}} schicken Sie uns {{2}} ein Foto vom Personalausweis."}, "Ausweis"),
    ],
)
def test_a_template_that_breaks_a_rule_is_refused_with_a_sentence(cast, changes, said):
    alice = staff.signed_in(cast.alice)
    answer = alice.post(f"/templates/{cast.dealer.number}/write/", {**TEMPLATE, **changes})
    assert answer.status_code == 422
    if said is not None:
        assert said in answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        assert models.Template.objects.count() == 0


def test_a_template_is_written_changed_and_deleted(cast, meta):
    marta = _member(cast, team.Role.MARKETING)
    where = f"/templates/{cast.dealer.number}/"
    shown = marta.post(f"{where}write/", TEMPLATE, follow=True).content.decode()
    assert "in Prüfung" in shown
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Template.objects.get()
    assert (
        "warten Sie"
        in marta.post(
            f"{where}{row.id}/", {**TEMPLATE, "footer": "Ihre Werkstatt"}
        ).content.decode()
    )
    meta.call("POST", f"templates/{row.provider_id}/event", event="REJECTED", reason="PROMOTIONAL")
    shown = marta.post(f"{where}refresh/", follow=True).content.decode()
    assert "Meta liest Werbung heraus" in shown
    answer = marta.post(f"{where}{row.id}/", {**TEMPLATE, "footer": "Ihre Werkstatt"})
    assert answer.status_code == 302
    marta.post(f"{where}{row.id}/delete/")
    assert "fahrzeug_fertig_neu" not in marta.get(where).content.decode()
    assert marta.get(f"{where}{row.id}/").status_code == 404


def test_one_click_adopts_a_ready_made_template(cast):
    alice = staff.signed_in(cast.alice)
    where = f"/templates/{cast.dealer.number}/library/"
    assert alice.get(where).content.decode().count("Übernehmen") >= 25
    shown = alice.post(f"{where}hu_erinnerung/", follow=True).content.decode()
    assert "in Prüfung" in shown
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Template.objects.get()
    assert (row.name, row.purpose, row.category) == ("hu_erinnerung", "P-04", "UTILITY")
    assert alice.post(f"{where}hu_erinnerung/").status_code == 422
    assert alice.post(f"{where}gibt_es_nicht/").status_code == 404


def test_a_ready_made_template_is_the_beginning_of_an_own_one(cast):
    alice = staff.signed_in(cast.alice)
    where = f"/templates/{cast.dealer.number}/write/"
    assert (
        "Räder sind bei uns eingelagert"
        in alice.get(f"{where}?after=raeder_eingelagert").content.decode()
    )
    assert alice.get(f"{where}?after=nichts").status_code == 200


def _queries(browser: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def test_pages_ask_no_more_at_three_rows_than_at_one(cast):
    alice = staff.signed_in(cast.alice)
    number = cast.dealer.number
    who = {"organisation": cast.dealer.organisation, "by": cast.alice, "at": NOW}
    numbers.confirm(number=number, what="contact_book", on_day=NOW.date(), **who)
    numbers.adopt(number=number, name="fahrzeug_fertig", **who)
    paths = (
        "/numbers/",
        f"/numbers/{number}/",
        f"/templates/{number}/",
        f"/templates/{number}/library/",
    )
    for path in paths:
        _queries(alice, path)
    before = [_queries(alice, path) for path in paths]
    for what in ("transfer", "works_council"):
        numbers.confirm(number=number, what=what, on_day=NOW.date(), **who)
    for name in ("teile_da", "verzoegerung"):
        numbers.adopt(number=number, name=name, **who)
    for place in range(2):
        alice.post("/numbers/connect/", _connection(cast, label=f"Nummer {place}"))
    assert [_queries(alice, path) for path in paths] == before


def test_the_month_is_counted_against_the_free_thousand(cast):
    with scope.transaction(organisation=cast.dealer.organisation):
        for category, billable, count in (
            ("service", False, 412),
            ("service", True, 7),
            ("marketing", True, 30),
        ):
            models.Meter(
                organisation_id=cast.dealer.organisation,
                number_id=cast.dealer.number,
                month=NOW.date().replace(day=1),
                category=category,
                kind="regular" if billable else "free_customer_service",
                billable=billable,
                count=count,
            ).save(force_insert=True)
    shown = staff.signed_in(cast.alice).get("/numbers/").content.decode()
    assert "412 von 1.000" in shown or "412 von 1000" in shown
    assert "37 berechnet" in shown


def test_conditions_are_red_until_shown_and_a_person_confirms_the_rest(cast):
    alice = staff.signed_in(cast.alice)
    page = f"/numbers/{cast.dealer.number}/"
    assert alice.get(page).content.decode().count('<li class="red">') >= 5
    before = alice.get(page).content.decode().count('<li class="green">')
    alice.post(f"{page}confirm/transfer/", {"on_day": "2026-11-20"})
    assert alice.get(page).content.decode().count('<li class="green">') == before + 1
    assert set(numbers.CONFIRMED) < set(words.Condition)


@pytest.mark.shows("S-34")
@pytest.mark.parametrize(("days", "light"), [(0, "green"), (180, "green"), (181, "red")])
def test_administrators_at_meta_are_looked_through_every_half_year(cast, days, light):
    alice = staff.signed_in(cast.alice)
    page = f"/numbers/{cast.dealer.number}/"
    assert _light(alice.get(page), "Verwalter bei Meta") == "red"
    day = (clock.now().date() - timedelta(days=days)).isoformat()
    alice.post(f"{page}confirm/administrators/", {"on_day": day})
    assert _light(alice.get(page), "Verwalter bei Meta") == light


def _light(answer: Any, words: str) -> str:
    found = re.search(
        rf'<li class="(\w+)">(?:(?!</li>).)*{words}', answer.content.decode(), re.DOTALL
    )
    assert found
    return found[1]
