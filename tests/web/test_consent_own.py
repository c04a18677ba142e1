"""The customer's own page: who may open it, what its switches do, and what they never do."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import dealers, phones, staff
from werkbote.actions import consent, drafts, outbox
from werkbote.domain import consent as ledger
from werkbote.store import ids, models, scope

NOW = dealers.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


@pytest.fixture
def dealer() -> dealers.Dealer:
    return dealers.dealer()


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's clock stands where the stories do."""
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW + 10 * MINUTE)


def _link(dealer: dealers.Dealer, *, at: datetime = NOW, words: str = "Meine Daten!") -> str:
    """Ask for the page in the chat and return the path that the answer names."""
    phones.writes(dealer, words, at=at)
    with scope.looking(organisation=dealer.organisation):
        newest = models.Message.objects.filter(outgoing=True).latest("id")
    found = re.search(r"https?://[^/]+(/m/\S+)", phones.content(dealer, newest)["text"])
    assert found is not None
    return found.group(1)


def _state(dealer: dealers.Dealer, purpose: str = "P-05") -> str:
    with scope.looking(organisation=dealer.organisation):
        return models.Consent.objects.get(purpose=purpose).state


def _events(dealer: dealers.Dealer) -> int:
    with scope.looking(organisation=dealer.organisation):
        return models.ConsentEvent.objects.count()


def test_the_keyword_brings_a_link_that_the_gate_lets_out(dealer):
    _link(dealer)
    with scope.looking(organisation=dealer.organisation):
        answer = models.Message.objects.filter(outgoing=True).latest("id")
    assert phones.accepted(dealer, answer, at=NOW + MINUTE) != ""


@pytest.mark.shows("R-15", "R-69")
def test_opening_the_link_changes_nothing_sets_nothing_and_runs_nothing(client, dealer):
    phones.agrees(dealer, at=NOW)
    path, before = _link(dealer, at=NOW + 5 * MINUTE), _events(dealer)
    for ask in (client.get, client.head, client.get):
        answer = ask(path)
        assert (answer.status_code, len(answer.cookies)) == (200, 0)
    page = client.get(path).content.decode()
    assert "<script" not in page
    assert page.count('aria-checked="true"') == 1
    assert dealers.ALICE not in page
    assert _events(dealer) == before
    assert client.get(f"{path}?off=P-05&all=everything").status_code == 200
    assert _state(dealer) == "granted"


@pytest.mark.shows("R-15")
def test_one_switch_ends_one_consent_with_whole_evidence_and_leaves_the_rest(client, dealer):
    phones.agrees(dealer, at=NOW)
    phones.agrees(dealer, at=NOW + 2 * MINUTE, keyword="ERINNERUNG JA")
    path = _link(dealer, at=NOW + 5 * MINUTE)
    answer = client.post(path, {"off": "P-05"})
    assert answer.status_code == 302
    assert "Erledigt" in client.get(answer["Location"]).content.decode()
    assert (_state(dealer), _state(dealer, "P-04")) == ("withdrawn", "granted")
    with scope.looking(organisation=dealer.organisation):
        assert models.Suppression.objects.count() == 0
        event = models.ConsentEvent.objects.filter(deed="withdrawn").latest("position")
    ended = phones.evidence(dealer, event).withdrawal
    assert ended is not None
    assert (ended.channel, ended.handled_by, ended.raw_text) == ("own page", "person", "P-05")


@pytest.mark.shows("R-15")
def test_a_consent_on_hold_is_ended_by_itself(client, dealer):
    phones.agrees(dealer, at=NOW)
    phones.agrees(dealer, at=NOW + 2 * MINUTE, keyword="ERINNERUNG JA")
    phones.writes(dealer, "Das bin ich nicht.", at=NOW + 4 * MINUTE)
    assert _state(dealer) == "frozen"
    path = _link(dealer, at=NOW + 5 * MINUTE)
    assert 'name="off" value="P-05"' in client.get(path).content.decode()
    client.post(path, {"off": "P-05"})
    assert (_state(dealer), _state(dealer, "P-04")) == ("withdrawn", "frozen")


@pytest.mark.shows("R-15", "R-35")
def test_a_stop_on_the_page_refuses_what_was_queued(client, dealer):
    phones.agrees(dealer, at=NOW)
    path = _link(dealer, at=NOW + 5 * MINUTE)
    with scope.looking(organisation=dealer.organisation):
        conversation = models.Conversation.objects.get().id
    message = outbox.queue_message(
        organisation=dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Winterräder ab 399 Euro."),
        purpose="P-05",
        by=None,
        at=NOW + 30 * MINUTE,
    )
    client.post(path, {"all": "advertising"})
    outbox.claim(organisation=dealer.organisation, number=dealer.number, at=NOW + 11 * MINUTE)
    with scope.looking(organisation=dealer.organisation):
        row = models.Message.objects.select_related("refusal").get(id=message)
        assert (row.state, row.refusal.rule) == ("refused", "objected")
        assert set(models.Suppression.objects.values_list("scope", flat=True)) == {"advertising"}


def test_everything_off_also_ends_messages_on_open_cases(client, dealer):
    path = _link(dealer)
    client.post(path, {"all": "everything"})
    with scope.looking(organisation=dealer.organisation):
        scopes = set(models.Suppression.objects.values_list("scope", flat=True))
    assert scopes == {"advertising", "everything"}


@pytest.mark.shows("R-64")
def test_switching_on_grants_nothing_until_the_number_confirms(client, dealer):
    path = _link(dealer)
    answer = client.post(path, {"on": "P-05"})
    assert "Ein Schritt fehlt noch" in answer.content.decode()
    assert _state(dealer) == "pending"
    question = phones.asked(dealer)
    quoted = phones.accepted(dealer, question, at=NOW + 11 * MINUTE)
    phones.taps(dealer, phones.payloads(dealer, question)[0], at=NOW + 12 * MINUTE, quoted=quoted)
    assert _state(dealer) == "granted"
    with scope.looking(organisation=dealer.organisation):
        event = models.ConsentEvent.objects.get(deed="confirmed")
    found = phones.evidence(dealer, event)
    assert found.missing() == ()
    assert found.presentation is not None
    assert found.presentation.kind == "own page"


@pytest.mark.parametrize("given", [{"off": "P-99"}, {"on": "P-01"}, {"all": "x"}, {}])
def test_a_switch_that_is_none_says_so_and_changes_nothing(client, dealer, given):
    path, before = _link(dealer), _events(dealer)
    answer = client.post(path, given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert _events(dealer) == before


@pytest.mark.parametrize("spoil", ["mac", "house", "shape", "other"])
def test_a_forged_or_foreign_link_opens_nothing(client, dealer, spoil):
    path = _link(dealer)
    _, _, house, token = path.split("/")
    conversation, identity, until, mac = token.split("-")
    if spoil == "mac":
        token = f"{conversation}-{identity}-{until}-{mac[:-1]}{'0' if mac[-1] != '0' else '1'}"
    elif spoil == "house":
        house = ids.short(dealers.dealer().branch)
    elif spoil == "shape":
        token = "nonsense"
    else:
        token = f"{ids.short(ids.new())}-{identity}-{until}-{mac}"
    for answer in (client.get(f"/m/{house}/{token}"), client.post(f"/m/{house}/{token}")):
        assert answer.status_code == 410
    assert _events(dealer) == 0


def test_a_link_ends_after_its_days_and_says_how_to_get_a_new_one(client, dealer, monkeypatch):
    path = _link(dealer)
    monkeypatch.setattr("werkbote.web.clock.now", lambda: NOW + consent.LINK_VALID)
    answer = client.get(path)
    assert answer.status_code == 410
    assert "MEINE DATEN" in answer.content.decode()


def test_a_link_ends_when_the_number_it_was_sent_to_is_replaced(client, dealer):
    path = _link(dealer)
    with scope.transaction(organisation=dealer.organisation):
        models.Identity.objects.update(replaced_at=NOW)
    assert client.post(path, {"all": "everything"}).status_code == 410


def test_two_stops_at_once_are_both_written_down_and_end_in_one_state(client, dealer):
    phones.agrees(dealer, at=NOW)
    path = _link(dealer, at=NOW + 5 * MINUTE)
    for _ in range(2):
        assert client.post(path, {"off": "P-05"}).status_code == 302
    phones.writes(dealer, "STOPP", at=NOW + 10 * MINUTE)
    assert _state(dealer) == "withdrawn"
    with scope.looking(organisation=dealer.organisation):
        stops = models.ConsentEvent.objects.filter(
            deed=ledger.Deed.WITHDRAWN, purpose="P-05"
        ).count()
    assert stops == 3


def test_staff_send_the_link_and_a_stranger_cannot():
    people = staff.staff()
    conversation = staff.wrote(people.dealer)
    address = f"/inbox/{conversation}/own-page/"
    for member in (people.charlie, people.dora, people.eve):
        assert staff.signed_in(member).post(address).status_code == 404
    assert staff.signed_in(people.alice).get(address).status_code == 405
    assert staff.signed_in(people.bob).post(address).status_code == 302
    with scope.looking(organisation=people.dealer.organisation):
        sent = models.Message.objects.get(outgoing=True)
    assert "/m/" in phones.content(people.dealer, sent)["text"]
