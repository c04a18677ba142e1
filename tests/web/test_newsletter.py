"""The newsletter's pages: showing changes nothing, a POST does, and who must not write cannot."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import dealers, readers, staff
from werkbote.actions import newsletter
from werkbote.domain import team as roles
from werkbote.reads import consent_tasks
from werkbote.store import ids, models, scope
from werkbote.web import clock


@pytest.fixture
def cast() -> staff.Staff:
    return staff.everybody()


@pytest.fixture
def house(cast) -> Iterator[readers.House]:
    with readers.house(cast.dealer) as made:
        yield made


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


def _base(house: readers.House) -> str:
    return f"/n/{ids.short(house.branch)}"


def _token(client: Client, address: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found.group(1)


def _fill(client: Client, house: readers.House, *, origin: str = "", **changes: str):
    given = {
        "email": readers.ANNA,
        "agree": "yes",
        "age": "yes",
        "token": _token(client, _base(house)),
        **changes,
    }
    headers = {"Origin": origin} if origin else {}
    return client.post(_base(house), given, headers=headers)


def _deeds(house: readers.House) -> list[str]:
    with scope.looking(organisation=house.dealer.organisation):
        rows = models.ConsentEvent.objects.order_by("position")
        return list(rows.values_list("deed", flat=True))


def test_showing_the_form_sets_nothing_and_ticks_nothing(client, house):
    answer = client.get(_base(house))
    page = answer.content.decode()
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert "<script" not in page
    assert " checked" not in page
    assert page.count('type="checkbox"') == 2
    assert _deeds(house) == []


def test_a_branch_without_a_newsletter_has_no_page(client):
    assert client.get(f"/n/{ids.short(dealers.dealer().branch)}").status_code == 404
    assert client.get("/n/nothing").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""},
        {"email": "anna"},
        {"email": "anna@"},
        {"email": "anna@localhost"},
        {"email": "a b@c.example"},
        {"email": "anna@web.de\r\nBcc: b@c.example"},
        {"email": "anna@web.de, ben@web.de"},
        {"email": f"{'a' * 65}@web.de"},
        {"email": "a@" + "x" * 260 + ".de"},
        {"email": "anna@web.de\x00"},
        {"email": "\u202eanna@web.de"},
        {"agree": ""},
        {"age": ""},
        {"token": "forged"},
        {"token": ""},
    ],
)
def test_a_form_that_lacks_something_is_shown_again(client, house, changes):
    answer = _fill(client, house, **changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    for field in changes.keys() & {"email", "agree", "age"}:
        assert f'<a href="#{field}">' in page
        assert f'aria-describedby="wrong-{field}"' in page
    assert _deeds(house) == []


def test_a_form_from_another_site_or_in_the_trap_asks_nobody(client, house):
    assert _fill(client, house, origin="https://elsewhere.example").status_code == 422
    assert _fill(client, house, website="https://spam.example").status_code == 200
    assert _deeds(house) == []


def test_the_answer_is_the_same_for_known_and_unknown_addresses(client, house):
    house.subscribes(readers.BEN, at=clock.now())
    first = _fill(client, house, email=readers.BEN)
    second = _fill(client, house, email="neu@leserin.example")
    assert (first.status_code, first.content) == (second.status_code, second.content)


@pytest.mark.shows("R-09")
def test_a_link_preview_confirms_nothing_and_the_button_does(client, house):
    _fill(client, house)
    (letter,) = house.sends(at=clock.now())
    page = f"{_base(house)}/c/{readers.word(letter, 'c')}"
    for method in (client.get, client.head, client.get):
        assert method(page).status_code == 200
    assert _deeds(house) == ["requested"]
    assert "Sie sind angemeldet" in client.post(page).content.decode()
    assert _deeds(house) == ["requested", "confirmed"]
    assert client.get(page).status_code == 200
    assert client.post(page[:-2] + "00").status_code == 410
    assert client.get(f"{_base(house)}/c/x-y").status_code == 410


@pytest.mark.shows("R-15")
def test_one_click_leaves_without_login_cookie_or_token(client, house):
    house.subscribes(readers.ANNA, at=clock.now() - timedelta(hours=1))
    house.publishes(at=clock.now())
    (letter,) = house.sends(at=clock.now())
    address = letter["List-Unsubscribe"].strip("<>")
    page = address[address.index("/n/") :]
    assert client.get(page).status_code == 200
    assert house.state() == "granted"
    answer = client.post(
        page,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert house.state() == "withdrawn"
    assert client.post(page).status_code == 200
    client.post(page, {"back": "yes", "agree": "yes"})
    assert house.state() == "withdrawn"
    client.post(page, {"back": "yes", "agree": "yes", "age": "yes"})
    assert house.state() == "granted"
    assert client.post(page[:-1] + "~").status_code == 404
    assert client.post(page[:-1]).status_code == 410


def test_the_archive_shows_what_was_sent_and_no_draft(client, house, cast):
    sent = house.publishes(at=clock.now(), subject="Winterreifen & mehr")
    draft = newsletter.save(
        organisation=house.dealer.organisation,
        branch=house.branch,
        draft=newsletter.Draft(subject="Geheim", text="<script>alert(1)</script> **fett**"),
        issue=None,
        by=cast.alice,
        at=clock.now(),
    )
    page = client.get(f"{_base(house)}/archive").content.decode()
    assert "Winterreifen &amp; mehr" in page
    assert "Geheim" not in page
    shown = client.get(f"{_base(house)}/archive/{ids.short(sent)}").content.decode()
    assert "<strong>offen bis 19 Uhr</strong>" in shown
    assert "/u/" not in shown
    assert client.get(f"{_base(house)}/archive/{ids.short(draft)}").status_code == 404
    assert client.get(f"{_base(house)}/archive/x").status_code == 404


def test_alice_writes_looks_sends_and_stops(house, cast, no_jobs):
    del no_jobs
    house.subscribes(readers.ANNA, at=clock.now() - timedelta(hours=1))
    browser = staff.signed_in(cast.alice)
    given = {
        "subject": "Herbst",
        "language": "de",
        "text": "# Hallo\n\n<img src=x> [da](https://a.example)",
    }
    answer = browser.post(f"/newsletter/at/{house.branch}/write/", given)
    issue = int(answer.url.strip("/").split("/")[-1])
    look = browser.get(f"/newsletter/{issue}/preview/")
    assert "sandbox" in look.headers["Content-Security-Policy"]
    assert "<img" not in look.content.decode()
    assert browser.post(f"/newsletter/{issue}/send/").status_code == 302
    newsletter.spread(organisation=house.dealer.organisation, issue=issue, at=clock.now())
    assert browser.post(f"/newsletter/{issue}/send/").status_code == 422
    assert browser.post(f"/newsletter/{issue}/halt/").status_code == 302
    assert house.sends(at=clock.now()) == []
    page = browser.get(f"/newsletter/{issue}/").content.decode()
    assert "So ging sie hinaus" in page


@pytest.mark.parametrize(
    "changes", [{"subject": ""}, {"text": ""}, {"language": "xx"}, {"subject": "x" * 151}]
)
def test_an_issue_that_lacks_something_is_shown_again(house, cast, changes):
    browser = staff.signed_in(cast.alice)
    given = {"subject": "Herbst", "language": "de", "text": "Hallo", **changes}
    assert browser.post(f"/newsletter/at/{house.branch}/write/", given).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "keine"},
        {"name": ""},
        {"agreement_at": "gestern"},
        {"per_second": "0"},
        {"per_second": "51"},
        {"per_second": "viele"},
    ],
)
def test_a_sender_that_cannot_be_is_not_opened(house, cast, changes):
    browser = staff.signed_in(cast.alice)
    given = {
        "address": "news@autohaus.example",
        "name": "Autohaus",
        "agreement_at": "2026-11-01",
        "per_second": "5",
    }
    page = f"/newsletter/at/{house.branch}/sender/"
    assert browser.get(page).status_code == 200
    assert browser.post(page, {**given, **changes}).status_code == 422
    assert browser.post(page, given).status_code == 302


def test_charlie_and_bob_write_no_newsletter_and_eve_not_this_one(house, cast):
    issue = house.publishes(at=clock.now())
    market = staff.member(
        cast.dealer.organisation, role=roles.Role.MARKETING, branches=[cast.dealer.branch]
    )
    pages = [
        f"/newsletter/{issue}/",
        f"/newsletter/{issue}/preview/",
        f"/newsletter/at/{house.branch}/write/",
        f"/newsletter/at/{house.branch}/sender/",
    ]
    for who, status in ((cast.bob, 404), (cast.charlie, 404), (cast.eve, 404), (market, 200)):
        browser = staff.signed_in(who)
        assert {browser.get(page).status_code for page in pages} == {status}
        if status == 404:
            for deed in ("send", "halt"):
                assert browser.post(f"/newsletter/{issue}/{deed}/").status_code == 404
            leave = f"/newsletter/at/{house.branch}/withdraw/"
            assert (
                browser.post(leave, {"email": readers.ANNA, "channel": "phone"}).status_code == 404
            )


def test_a_word_that_was_heard_is_entered(house, cast):
    house.subscribes(readers.ANNA, at=clock.now() - timedelta(hours=1))
    browser = staff.signed_in(cast.alice)
    page = f"/newsletter/at/{house.branch}/withdraw/"
    assert browser.post(page, {"email": "keine", "channel": "phone"}).status_code == 422
    assert browser.post(page, {"email": readers.ANNA, "channel": "traum"}).status_code == 422
    assert browser.post(page, {"email": readers.ANNA, "channel": "phone"}).status_code == 302
    assert house.state() == "withdrawn"


def test_the_list_asks_as_often_for_one_issue_as_for_three(house, cast):
    browser = staff.signed_in(cast.alice)
    counts = []
    for number in (1, 2):
        for row in range(number):
            newsletter.save(
                organisation=house.dealer.organisation,
                branch=house.branch,
                draft=newsletter.Draft(subject=f"Nr. {row}", text="Hallo"),
                issue=None,
                by=cast.alice,
                at=clock.now(),
            )
        browser.get("/newsletter/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/newsletter/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_list_of_readers_is_no_chat(house, cast):
    house.subscribes(readers.ANNA, at=clock.now())
    browser = staff.signed_in(cast.alice)
    with scope.looking(organisation=house.dealer.organisation):
        talk = models.Conversation.objects.get(number=house.number).id
    assert f"/inbox/{talk}/" not in browser.get("/inbox/").content.decode()
    assert browser.get(f"/inbox/{talk}/").status_code == 404


def test_who_was_only_sent_an_e_mail_is_owed_no_notice_about_whatsapp(cast, house):
    house.signs_up(readers.ANNA, at=dealers.NOW)
    (letter,) = house.sends(at=dealers.NOW)
    assert letter["To"] == readers.ANNA
    assert consent_tasks.open_notices(viewer=staff.viewer(cast.alice)) == ()
