import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.test import Client

from tests import dealers, phones
from werkbote.store import ids, models, scope

PHONE = "+" + dealers.ALICE


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


def _address(dealer: dealers.Dealer) -> str:
    return f"/e/{ids.short(dealer.branch)}"


def _token(client: Client, dealer: dealers.Dealer) -> str:
    page = client.get(_address(dealer)).content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def _fill(client: Client, dealer: dealers.Dealer, *, origin: str | None = None, **changes: object):
    given = {"phone": PHONE, "purposes": ["P-05"], "age": "yes", "token": _token(client, dealer)}
    headers = {"Origin": origin} if origin else {}
    return client.post(_address(dealer), {**given, **changes}, headers=headers)


def _events(dealer: dealers.Dealer) -> list[str]:
    with scope.looking(organisation=dealer.organisation):
        return list(models.ConsentEvent.objects.order_by("position").values_list("deed", flat=True))


@pytest.mark.shows("R-14", "R-69")
def test_showing_the_form_changes_nothing_and_sets_nothing(client, dealer):
    for method in (client.get, client.head):
        answer = method(_address(dealer))
        assert (answer.status_code, len(answer.cookies)) == (200, 0)
    page = client.get(_address(dealer)).content.decode()
    assert "<script" not in page
    assert "checked" not in page
    assert page.count('name="purposes"') == 3
    assert "bitten wir Sie per WhatsApp um eine Bestätigung" in page
    assert _events(dealer) == []


@pytest.mark.shows("R-14")
def test_a_get_with_everything_filled_in_changes_nothing(client, dealer):
    filled = {"phone": PHONE, "purposes": "P-05", "age": "yes", "token": _token(client, dealer)}
    assert client.get(_address(dealer), filled).status_code == 200
    assert _events(dealer) == []


@pytest.mark.shows("R-09")
def test_sending_the_form_asks_and_grants_nothing(client, dealer):
    answer = _fill(client, dealer)
    assert answer.status_code == 200
    assert len(answer.cookies) == 0
    assert _events(dealer) == ["requested"]
    with scope.looking(organisation=dealer.organisation):
        assert models.Consent.objects.get().state == "pending"


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": []},
        {"age": ""},
        {"phone": "abc"},
        {"token": "forged"},
        {"purposes": ["P-09"]},
    ],
)
@pytest.mark.shows("R-16")
def test_a_form_that_lacks_something_is_shown_again(client, dealer, changes):
    answer = _fill(client, dealer, **changes)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert _events(dealer) == []


@pytest.mark.shows("R-80")
def test_what_is_missing_is_named_and_leads_to_its_field(client, dealer):
    page = _fill(client, dealer, phone="", age="", purposes=[]).content.decode()
    for field, sentence in (
        ("phone", "Geben Sie die Mobilnummer ein, mit der Sie WhatsApp nutzen."),
        ("age", "Das ist erst ab 16 Jahren möglich."),
        ("purposes", "Kreuzen Sie mindestens ein Feld an oder verlassen Sie diese Seite."),
    ):
        assert f'<p id="wrong-{field}"><a href="#{field}">{sentence}</a></p>' in page
        assert f'aria-describedby="wrong-{field}"' in page
        assert f'id="{field}"' in page


@pytest.mark.shows("R-79")
def test_the_form_leads_to_the_imprint(client, dealer):
    page = client.get(f"/e/{ids.short(dealer.branch)}?lang=de").content.decode()
    (address,) = re.findall(r'href="(/i/[^"]+)"', page)
    assert "Autohaus Nordlicht GmbH" in client.get(address).content.decode()


def test_a_form_from_another_site_is_refused(client, dealer):
    assert _fill(client, dealer, origin="https://elsewhere.example").status_code == 422
    assert _events(dealer) == []


def test_the_token_of_another_branch_is_refused(client, dealer):
    token = _token(client, dealers.dealer())
    assert _fill(client, dealer, token=token).status_code == 422
    assert _events(dealer) == []


def test_a_form_shown_by_a_clock_ahead_of_ours_counts_as_shown_now(client, dealer, monkeypatch):
    monkeypatch.setattr("werkbote.web.clock.now", lambda: dealers.NOW + timedelta(minutes=10))
    token = _token(client, dealer)
    monkeypatch.setattr("werkbote.web.clock.now", lambda: dealers.NOW)
    assert _fill(client, dealer, token=token).status_code == 200
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get()
    times = phones.evidence(dealer, event).times
    assert times is not None
    assert (times.shown_at, times.given_at) == (dealers.NOW, dealers.NOW)


def _code(answer) -> str:
    found = re.search(r"wa\.me/\d+\?text=([^\"]+)", answer.content.decode())
    assert found is not None
    return unquote(found.group(1))


def test_the_code_from_the_same_number_leads_to_the_buttons_and_to_full_evidence(client, dealer):
    now = datetime.now(UTC)
    phones.writes(dealer, _code(_fill(client, dealer)), at=now)
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=now + timedelta(seconds=1))
    later = now + timedelta(minutes=1)
    phones.taps(dealer, phones.payloads(dealer, question)[0], at=later, quoted=quoted)
    with scope.looking(organisation=dealer.organisation):
        row = models.Consent.objects.get(purpose="P-05")
        assert row.state == "granted"
        confirmed = models.ConsentEvent.objects.get(deed="confirmed")
    evidence = phones.evidence(dealer, confirmed)
    assert evidence.missing() == ()
    assert (evidence.subject.number, evidence.presentation.kind) == (PHONE, "web form")
    assert evidence.origin.ip == "127.0.0.1"
    assert "16 Jahre" in evidence.age_statement
    assert "STOPP" in evidence.withdrawal_text
    assert evidence.notice_version.startswith("1-")
    assert evidence.chain_position == confirmed.position


def test_the_code_from_another_number_is_recorded_and_asks_nobody(client, dealer):
    code = _code(_fill(client, dealer))
    phones.writes(dealer, code, at=datetime.now(UTC), wa_id=dealers.BOB)
    with scope.looking(organisation=dealer.organisation):
        (told,) = models.Message.objects.filter(outgoing=True)
        refused = models.AuditEntry.objects.get(verb="consent.refuse_answer")
        assert refused.detail == {"why": "other_person"}
        assert told.role == "plain"
    assert phones.content(dealer, told)["text"].startswith("Ihre Antwort passt zu keiner")


def test_the_tablet_shows_a_code_for_the_phone_and_empties_itself(client, dealer):
    address = f"{_address(dealer)}/tresen"
    shown = client.get(address)
    assert shown["Refresh"] == f"600; url={address}?lang=de"
    given = {"phone": PHONE, "purposes": ["P-05"], "age": "yes", "token": _token(client, dealer)}
    answer = client.post(address, given)
    page = answer.content.decode()
    assert answer["Refresh"] == f"60; url={address}?lang=de"
    assert 'src="data:image/png;base64,' in page
    assert re.search(r"<strong>JA [0-9a-z]+</strong>", page)
    assert (PHONE in page, "wa.me" in page, "<script" in page) == (False, False, False)
    assert len(answer.cookies) == 0
    assert "Refresh" not in client.get(_address(dealer))


def test_a_branch_that_is_none_has_no_form(client):
    assert client.get("/e/zzzz").status_code == 404
