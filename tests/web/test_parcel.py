"""The one-time link of a package: once, in its days, by whose phone it is; nobody else gets anything."""

import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection

from tests import dealers, erasures, phones, staff
from werkbote.actions import numbers, people, privacy
from werkbote.store import ids, models, scope

AT = dealers.NOW
DAY = timedelta(days=1)
ASKING = "Welche Daten haben Sie über mich?"


@pytest.fixture
def now(monkeypatch):
    """Return the moment that pages take for now, to be moved on."""
    moment = [AT]
    monkeypatch.setattr("werkbote.web.clock.now", lambda: moment[0])
    return moment


@pytest.fixture
def cast(now):
    """A dealer with its people, and two customers who ask for their data."""
    del now
    made = staff.staff()
    for wa_id in (dealers.ALICE, dealers.BOB):
        phones.writes(made.dealer, ASKING, at=AT, wa_id=wa_id)
    return made


def persons(cast: staff.Staff) -> list[int]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.Person.objects.order_by("id").values_list("id", flat=True))


def link(cast: staff.Staff, wa_id: str = dealers.ALICE) -> str:
    """Return the address under which a customer fetches the package that was made for them."""
    common = {"organisation": cast.dealer.organisation, "by": cast.alice, "at": AT}
    person = privacy.person_of(organisation=cast.dealer.organisation, phone=f"+{wa_id}")
    with scope.looking(organisation=cast.dealer.organisation):
        request = models.PersonRequest.objects.get(subject=person, state="review").id
    privacy.review(request=request, is_one=True, **common)
    package = privacy.begin_package(request=request, **common)
    token = privacy.make_package(package=package, **common)
    return f"/a/{ids.short(cast.dealer.branch)}/{token}"


def code(cast: staff.Staff, address: str) -> tuple[str, str]:
    """Ask for a code and return it with the number it goes to."""
    assert staff.browser().post(address, {"send": "1"}).status_code == 200
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Message.objects.filter(request_key__startswith="code:").latest("id")
        talk = models.Conversation.objects.select_related("number").get(id=row.conversation_id)
    return phones.content(cast.dealer, row)["text"].split(": ")[1][:6], talk.number.channel


def fetch(address: str, code_: str):
    return staff.browser().post(address, {"code": code_})


def test_link_is_good_for_one_fetch(cast):
    address = link(cast)
    told, _ = code(cast, address)
    first = fetch(address, told)
    assert zipfile.is_zipfile(BytesIO(b"".join(first.streaming_content)))
    for again in (fetch(address, told), staff.browser().get(address)):
        assert again.status_code == 410
        assert "Dieser Link" in again.content.decode()


def test_two_who_fetch_at_once_get_one_package(cast):
    address = link(cast)
    told, _ = code(cast, address)

    def go(_: int) -> int:
        try:
            return int(fetch(address, told).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(go, range(4))) == [200, 410, 410, 410]


def test_link_ends_after_fourteen_days_whoever_has_the_code(cast, now):
    address = link(cast)
    told, _ = code(cast, address)
    now[0] = AT + 14 * DAY
    assert fetch(address, told).status_code == 410
    assert staff.browser().post(address, {"send": "1"}).status_code == 410
    now[0] = AT - DAY
    assert fetch(address, told).status_code == 200, "a clock put back is no reason to keep it"


def test_code_of_another_customer_opens_nothing(cast):
    alices, bobs = link(cast), link(cast, dealers.BOB)
    told, _ = code(cast, bobs)
    own, _ = code(cast, alices)
    assert told != own
    assert fetch(alices, told).status_code == 410
    assert fetch(bobs, own).status_code == 410
    assert fetch(alices, own).status_code == 200


def test_without_a_code_and_at_another_house_there_is_nothing(cast):
    address = link(cast)
    house, token = address.split("/")[2:]
    eve = staff.viewer(cast.eve)
    elsewhere = f"/a/{ids.short(min(eve.branches))}/{token}"
    for given in ("", "000000", " ", "None"):
        assert fetch(address, given).status_code == 410
    for wrong in (elsewhere, f"/a/{house}/{token[:-1]}x", f"/a/zz/{token}"):
        assert staff.browser().get(wrong).status_code == 410


def test_link_dies_with_an_erasure_and_lives_through_a_merge(cast):
    address = link(cast)
    told, _ = code(cast, address)
    alice, bob = persons(cast)
    people.propose(
        organisation=cast.dealer.organisation, person=alice, other=bob, by=cast.bob, at=AT
    )
    with scope.looking(organisation=cast.dealer.organisation):
        review = models.IdentityReview.objects.get().id
    people.decide_review(
        organisation=cast.dealer.organisation, review=review, accept=True, by=cast.alice, at=AT
    )
    assert staff.browser().get(address).status_code == 200
    erasures.executed(cast.dealer, erasures.asked(cast.dealer, alice))
    assert fetch(address, told).status_code == 410


def test_code_goes_to_the_phone_they_wrote_from_and_not_where_they_never_wrote(cast):
    address = link(cast)
    other, _ = numbers.connect(
        organisation=cast.dealer.organisation,
        branch=cast.dealer.branch,
        number=numbers.Connection(
            phone_number_id=str(ids.new()),
            account_id=cast.dealer.account_id,
            phone="+494066969002",
            label="Verkauf",
            token="token",
            app_secret="app-secret",
            verify_token="verify-me",
            graph_url="http://127.0.0.1:9",
            agreement_at=date(2026, 11, 1),
        ),
        by=cast.alice,
        at=AT,
    )
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Number.objects.filter(id=other).update(channel="mail")
        models.Conversation.objects.create(
            organisation_id=cast.dealer.organisation,
            number_id=other,
            person_id=persons(cast)[0],
            created_at=AT,
        )
    assert code(cast, address)[1] == "whatsapp"


def test_after_a_day_of_silence_the_page_asks_for_a_message_first(cast, now):
    address = link(cast)
    now[0] = AT + 2 * DAY
    answer = staff.browser().post(address, {"send": "1"})
    assert "eine beliebige Nachricht" in answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.Message.objects.filter(request_key__startswith="code:").exists()
        assert models.AccessPackage.objects.get().tries == 0, "nothing was sent, nothing counts"
    phones.writes(cast.dealer, "Hallo", at=now[0])
    told, _ = code(cast, address)
    assert fetch(address, told).status_code == 200


def test_number_that_may_be_anothers_gets_no_code(cast):
    address = link(cast)
    alice, bob = persons(cast)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.IdentityReview.objects.create(
            organisation_id=cast.dealer.organisation,
            kind="identity_changed",
            provider_id=f"x{ids.new()}",
            previous_id=alice,
            current_id=bob,
            created_at=AT,
        )
    answer = staff.browser().post(address, {"send": "1"})
    assert "auf anderem Weg" in answer.content.decode()
    with scope.looking(organisation=cast.dealer.organisation):
        assert not models.Message.objects.filter(request_key__startswith="code:").exists()


def handed(cast: staff.Staff, member: int):
    """Ask the page of the only package for a code to hand over."""
    with scope.looking(organisation=cast.dealer.organisation):
        package = models.AccessPackage.objects.get().id
    return staff.signed_in(member).post(f"/privacy/packages/{package}/", {"hand": "1"})


def test_somebody_restricted_gets_the_code_from_hand_to_hand(cast):
    address = link(cast)
    with scope.transaction(organisation=cast.dealer.organisation):
        models.Person.objects.filter(id=persons(cast)[0]).update(restricted_at=AT)
    answer = staff.browser().post(address, {"send": "1"})
    assert "auf anderem Weg" in answer.content.decode()
    found = re.search(r'<code class="wrap">(\w+)</code>', handed(cast, cast.alice).content.decode())
    assert found is not None
    with scope.looking(organisation=cast.dealer.organisation):
        entry = models.AuditEntry.objects.get(verb="privacy.hand_code")
    assert (entry.actor, found[1] in str(entry.detail)) == (f"member:{cast.alice}", False)
    assert fetch(address, "000000").status_code == 410
    assert fetch(address, found[1]).status_code == 200
    again = handed(cast, cast.alice)
    assert again.status_code == 422
    assert "Erstellen Sie einen neuen" in again.content.decode()


def test_nobody_of_another_branch_or_house_hands_a_code_over(cast):
    link(cast)
    for member in (cast.charlie, cast.eve, cast.dora):
        assert handed(cast, member).status_code == 404
