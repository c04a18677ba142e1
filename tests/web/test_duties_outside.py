"""What leaves the house: derived from what runs, shown to whom it concerns, taken out as table and JSON."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests import dealers, pushservice, staff
from werkbote.actions import newsletter, push, subscriptions, team
from werkbote.config import outside as command
from werkbote.domain import team as roles
from werkbote.reads import duties
from werkbote.store import models, scope

NOW = dealers.NOW


@pytest.fixture
def people() -> staff.Staff:
    return staff.staff(dealers.dealer(graph_url="https://graph.facebook.com"))


def found(people: staff.Staff, member: int | None = None) -> duties.Outside:
    viewer = staff.viewer(people.dora if member is None else member)
    return duties.outside(viewer=viewer, day=NOW.date())


def states(people: staff.Staff) -> dict[tuple[str, str], str]:
    said = found(people)
    return {(one.code, one.destination): one.state for one in (*said.recipients, *said.own)}


@pytest.mark.shows("S-19")
def test_list_says_what_is_on_right_now(people):
    assert states(people) == {
        ("whatsapp", "graph.facebook.com"): "on",
        ("mail", ""): "off",
        ("mail_returns", ""): "off",
        ("push", "fcm.googleapis.com"): "off",
        ("push", "push.services.mozilla.com"): "off",
        ("push", "push.apple.com"): "off",
        ("push", "notify.windows.com"): "off",
        ("company_sign_in", ""): "off",
        ("callbacks", ""): "off",
        ("scanner", ""): "off",
        ("backup", ""): "off",
        ("database", place("database", people)): "on",
        ("own_address", place("own_address", people)): "on",
        ("simulator", ""): "off",
    }


def place(code: str, people: staff.Staff) -> str:
    return next(one.destination for one in found(people).own if one.code == code)


@pytest.mark.shows("S-19")
def test_what_is_set_up_appears_and_what_ends_goes(people, monkeypatch, tmp_path: Path):
    file = tmp_path / "s3.json"
    file.write_text('{"endpoint": "https://s3.example.de", "secret": "geheim"}')
    for name, value in {
        "WERKBOTE_MAIL_URL": "smtps://nord:geheim@smtp.example.de:465",
        "WERKBOTE_MAIL_BOUNCES": "imaps://nord:geheim@imap.example.de",
        "WERKBOTE_OIDC_ISSUER": "https://login.example.de/realm",
        "WERKBOTE_CLAMAV": "127.0.0.1:3310",
        "WERKBOTE_BACKUP_TO": "s3://keller/werkbote",
        "WERKBOTE_BACKUP_S3_FILE": file,
    }.items():
        monkeypatch.setattr(settings, name, value)
    here = people.dealer
    newsletter.open_sender(
        organisation=here.organisation,
        branch=here.branch,
        sender=newsletter.Sender(
            address="news@autohaus.example", name="Nordlicht", agreement_at=date(2026, 11, 1)
        ),
        by=people.alice,
        at=NOW,
    )
    subscriptions.subscribe(
        organisation=here.organisation,
        url="https://dms.example.de/hook?token=geheim",
        by=people.alice,
        at=NOW,
    )
    on = {one for one, state in states(people).items() if state == "on"}
    assert on >= {
        ("mail", "smtp.example.de:465"),
        ("mail_returns", "imap.example.de"),
        ("company_sign_in", "login.example.de"),
        ("callbacks", "dms.example.de"),
        ("scanner", "127.0.0.1:3310"),
        ("backup", "s3.example.de"),
    }
    assert "geheim" not in json.dumps(duties.plain(found(people)))
    with scope.transaction(organisation=here.organisation):
        models.Subscription.objects.update(ended_at=NOW)
    assert states(people)["callbacks", ""] == "off"


@pytest.mark.shows("S-19")
def test_push_service_is_on_while_a_device_is_there(people):
    here = people.dealer
    entry = team.enter(
        organisation=here.organisation, device="Safari", strong=True, by=people.bob, at=NOW
    )
    with pushservice.running() as service:
        said = service.described()
    push.subscribe(
        organisation=here.organisation,
        entry=entry,
        endpoint="https://web.push.apple.com/abc",
        secrets=(said["p256dh"], said["auth"]),
        by=people.bob,
        at=NOW,
    )
    pushing = {place: state for (code, place), state in states(people).items() if code == "push"}
    assert pushing == {
        "web.push.apple.com": "on",
        "fcm.googleapis.com": "off",
        "push.services.mozilla.com": "off",
        "notify.windows.com": "off",
    }


@pytest.mark.parametrize("content", ["", "[]", "{", '{"endpoint": 7}', '{"other": "x"}'])
def test_store_file_that_cannot_be_read_hides_no_connection(people, monkeypatch, tmp_path, content):
    file = tmp_path / "s3.json"
    file.write_text(content)
    monkeypatch.setattr(settings, "WERKBOTE_BACKUP_TO", "s3://keller/werkbote")
    monkeypatch.setattr(settings, "WERKBOTE_BACKUP_S3_FILE", file)
    assert [state for (code, _), state in states(people).items() if code == "backup"] == ["on"]


@pytest.mark.shows("S-19")
def test_every_connection_says_all_that_the_records_need(people):
    page = staff.signed_in(people.alice).get("/duties/outside/").content.decode()
    assert "WhatsApp Ireland Limited" in page
    for one in found(people).recipients:
        assert one.title in page
        assert one.purpose in page
        assert one.data in page
        assert one.encryption in page
        assert one.agreement in page


@pytest.mark.shows("S-19", "S-24")
def test_list_is_taken_out_as_table_and_for_programs_and_that_is_an_entry(people):
    dora = staff.signed_in(people.dora)
    table = dora.post("/duties/outside/list.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:5] == ["Verbindung", "Ziel", "Empfänger", "Rechtlich", "Zurzeit"]
    assert rows[1][:5] == [
        "WhatsApp (Graph API von Meta)",
        "graph.facebook.com",
        "WhatsApp Ireland Limited",
        "Auftragsverarbeiter (Art. 28 DSGVO)",
        "eingeschaltet",
    ]
    told = json.loads(dora.post("/duties/outside/list.json").content)
    assert len(told["recipients"]) + len(told["own"]) == len(rows) - 1
    assert (dora.get("/duties/outside/list.csv").status_code) == 405
    assert dora.post("/duties/outside/list.xml").status_code == 404
    with scope.looking(organisation=people.dealer.organisation):
        entries = models.AuditEntry.objects.filter(verb="outside.export").order_by("position")
        assert [one.detail["kind"] for one in entries] == ["csv", "json"]


@pytest.mark.shows("S-19", "S-04")
def test_list_is_for_who_answers_for_it_at_every_branch(people):
    here = people.dealer
    other = team.create_branch(
        organisation=here.organisation,
        name="Kiel",
        legal_entity="Autohaus Nordlicht GmbH",
        state_code="SH",
        by="system",
        at=NOW,
    )
    told = {}
    for role in roles.Role:
        for branch in (here.branch, other):
            browser = staff.signed_in(staff.member(here.organisation, role=role, branches=[branch]))
            told[role, branch] = (
                browser.get("/duties/outside/").status_code,
                browser.post("/duties/outside/list.json").status_code,
            )
    may = {roles.Role.OWNER, roles.Role.PRIVACY, roles.Role.AUDITOR, roles.Role.IT}
    assert told == {
        (role, branch): (200, 200) if role in may else (404, 404)
        for role in roles.Role
        for branch in (here.branch, other)
    }


@pytest.mark.shows("S-04")
def test_other_house_sees_its_own(people):
    with scope.transaction(organisation=people.dealer.organisation):
        models.Number.objects.update(graph_url="https://only-here.example")
    assert "only-here.example" in json.dumps(duties.plain(found(people)))
    assert "only-here.example" not in json.dumps(duties.plain(found(people, people.eve)))


def test_command_says_of_a_house_that_cannot_be_opened_that_it_cannot(people):
    with scope.transaction(organisation=people.dealer.organisation):
        models.Processor.objects.create(
            organisation_id=people.dealer.organisation,
            code="meta",
            body_sealed=b"not ours",
            changed_at=NOW,
        )
    told = json.loads(command.told(as_json=True, day=NOW.date()))
    own = next(one for one in told if one["organisation"] == people.dealer.organisation)
    assert "werkbote doctor" in own["problem"]
    table = command.told(as_json=False, day=NOW.date())
    part = table.partition(f"Organisation {people.dealer.organisation}\n")[2]
    assert "does not open" in part.splitlines()[0]


@pytest.mark.shows("S-19")
def test_command_tells_the_same(people):
    told = json.loads(command.told(as_json=True, day=NOW.date()))
    own = next(one for one in told if one["organisation"] == people.dealer.organisation)
    assert [(one["code"], one["state"]) for one in own["recipients"]] == [
        (one.code, one.state) for one in found(people).recipients
    ]
    table = command.told(as_json=False, day=NOW.date())
    part = table.partition(f"Organisation {people.dealer.organisation}\n")[2]
    line = next(one for one in part.splitlines() if "graph.facebook.com" in one)
    assert line.split("  ")[0] == "ON"
    assert "IE→US" in line
