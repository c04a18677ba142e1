"""The contact form and the way to WhatsApp: kept once, with a proof in place of a captcha, for the right eyes."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import dealers, staff
from werkbote.actions import upkeep
from werkbote.domain import contact
from werkbote.store import ids, models, scope
from werkbote.web import clock


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


def _address(dealer: dealers.Dealer) -> str:
    return f"/k/{ids.short(dealer.branch)}"


def _token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def _worked(token: str) -> str:
    for tried in range(10_000_000):
        found = sha256(f"{token}:{tried}".encode()).digest()
        if int.from_bytes(found[:4]) >> (32 - contact.BITS) == 0:
            return str(tried)
    raise AssertionError


def _given(client: Client, dealer: dealers.Dealer, *, worked: bool = True, **changes: str):
    token = _token(client.get(_address(dealer)).content.decode())
    given = {
        "kind": "demo",
        "name": "Petra Beispiel",
        "reach": "0171 3920001",
        "words": "Bitte eine Vorführung",
        "token": token,
        "work": _worked(token) if worked else "",
    }
    return {**given, **changes}


def _kept(dealer: dealers.Dealer) -> list[models.ContactRequest]:
    with scope.looking(organisation=dealer.organisation):
        return list(models.ContactRequest.objects.select_related("case").order_by("id"))


def test_a_request_with_its_work_is_kept_once_and_opens_a_case(client, cast):
    given = _given(client, cast.dealer)
    for _ in range(2):
        answer = client.post(_address(cast.dealer), given)
        assert (answer.status_code, len(answer.cookies)) == (200, 0)
    (row,) = _kept(cast.dealer)
    assert (row.kind, row.proof, row.state) == ("demo", "work", "open")
    assert (row.case.kind, row.case.state) == ("inquiry", "open")
    page = staff.signed_in(cast.alice).get("/contact/").content.decode()
    assert "Petra Beispiel" in page
    assert "Bitte eine Vorführung" in page


def test_without_scripts_a_second_look_and_a_moment_are_enough(client, cast, monkeypatch):
    first = client.post(_address(cast.dealer), _given(client, cast.dealer, worked=False))
    page = first.content.decode()
    assert "Bitte noch einmal ansehen" in page
    again = {"kind": "demo", "name": "Petra Beispiel", "reach": "0171 3920001", "words": ""}
    again["token"] = _token(page)
    early = client.post(_address(cast.dealer), again).content.decode()
    assert "Das ging schnell" in early
    assert _kept(cast.dealer) == []
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + contact.LOOK_AGAIN)
    again["token"] = _token(early)
    assert "angekommen" in client.post(_address(cast.dealer), again).content.decode()
    assert [row.proof for row in _kept(cast.dealer)] == ["wait"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"reach": ""},
        {"reach": "keine"},
        {"reach": "anna@web.de", "kind": "callback"},
        {"kind": "spam"},
        {"words": "x" * 2001},
        {"token": "forged"},
        {"token": ""},
        {"name": "\x00"},
        {"work": "1" * 13},
    ],
)
def test_a_form_that_lacks_something_is_shown_again(client, cast, changes):
    answer = client.post(_address(cast.dealer), _given(client, cast.dealer, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    for field in changes.keys() & {"name", "reach", "words"}:
        assert f'<a href="#{field}">' in page
        assert f'aria-describedby="wrong-{field}"' in page
    assert _kept(cast.dealer) == []


@pytest.mark.parametrize("work", ["0", "-1", "abc", "١٢", "1e5"])
def test_work_that_is_none_asks_to_look_again(client, cast, work):
    page = client.post(_address(cast.dealer), _given(client, cast.dealer, worked=False, work=work))
    assert "Bitte noch einmal ansehen" in page.content.decode()
    assert _kept(cast.dealer) == []


def test_the_trap_another_site_and_another_house_leave_nothing(client, cast):
    caught = client.post(_address(cast.dealer), _given(client, cast.dealer, website="x"))
    assert caught.status_code == 200
    elsewhere = client.post(
        _address(cast.dealer),
        _given(client, cast.dealer),
        headers={"Origin": "https://elsewhere.example"},
    )
    assert elsewhere.status_code == 422
    other = _given(client, dealers.dealer())
    assert client.post(_address(cast.dealer), other).status_code == 422
    assert _kept(cast.dealer) == []


def test_too_many_requests_are_put_off(client, cast, monkeypatch):
    answers, now = [], clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for _ in range(12):
        given = _given(client, cast.dealer)
        answers.append(client.post(_address(cast.dealer), given).status_code)
    assert answers[0] == 200
    assert answers[-1] == 429


def test_who_may_not_read_chats_sees_no_request_and_answers_none(client, cast, monkeypatch):
    monkeypatch.setattr(upkeep, "organisations", lambda: [cast.dealer.organisation])
    client.post(_address(cast.dealer), _given(client, cast.dealer))
    (row,) = _kept(cast.dealer)
    for who in (cast.dora, cast.eve, cast.charlie):
        browser = staff.signed_in(who)
        assert "Petra" not in browser.get("/contact/").content.decode()
        assert browser.post(f"/contact/{row.id}/").status_code == 404
    assert staff.signed_in(cast.bob).post(f"/contact/{row.id}/").status_code == 302
    assert staff.signed_in(cast.alice).post(f"/contact/{row.id}/").status_code == 302
    assert [one.state for one in _kept(cast.dealer)] == ["answered"]
    upkeep.let_go(at=clock.now() + timedelta(days=181))
    assert len(_kept(cast.dealer)) == 1
    upkeep.let_go(at=clock.now() + timedelta(days=183))
    assert _kept(cast.dealer) == []


def test_the_list_asks_as_often_for_one_request_as_for_three(client, cast):
    browser = staff.signed_in(cast.alice)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            client.post(_address(cast.dealer), _given(client, cast.dealer))
        browser.get("/contact/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/contact/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.shows("R-20")
def test_whatsapp_is_a_choice_with_the_notice_before_the_click(client, cast):
    page = client.get(f"/w/{ids.short(cast.dealer.branch)}").content.decode()
    assert page.index("gehört zu Meta") < page.index("https://wa.me/494066969001")
    assert f"/k/{ids.short(cast.dealer.branch)}" in page
    assert "<script" not in page
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Number.objects.all().delete()
    assert client.get(f"/w/{ids.short(cast.dealer.branch)}").status_code == 404
