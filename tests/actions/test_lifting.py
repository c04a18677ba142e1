"""A restriction ends when the person was told why before it, by a message or by a letter (Art. 18(3))."""

from datetime import timedelta

import pytest

from tests import dealers, erasures, phones, staff
from werkbote.actions import drafts, outbox, privacy
from werkbote.domain import privacy as rights
from werkbote.store import models, scope

AT = dealers.NOW
MINUTE = timedelta(minutes=1)
CLOSED = timedelta(hours=25)

pytestmark = pytest.mark.usefixtures("journal_folder")


@pytest.fixture
def cast() -> staff.Staff:
    made = staff.staff()
    phones.writes(made.dealer, "Bitte nur noch speichern", at=AT)
    return made


def restricted(cast: staff.Staff) -> int:
    """A request for restriction, answered."""
    common = {"organisation": cast.dealer.organisation, "by": cast.alice, "at": AT}
    person = erasures.the_person(cast.dealer)
    asked = privacy.receive(
        received=privacy.Received(
            branch=cast.dealer.branch, kind=rights.Kind.RESTRICTION, channel="counter"
        ),
        **common,
    )
    privacy.identify(request=asked, rung=rights.Rung.COUNTER, person=person, **common)
    privacy.restrict(request=asked, **common)
    return asked


def announces(cast: staff.Staff, asked: int, *, reason: str = "accurate", later=MINUTE) -> None:
    privacy.announce_lift(
        organisation=cast.dealer.organisation,
        request=asked,
        reason=reason,
        by=cast.alice,
        at=AT + later,
    )


def lifts(cast: staff.Staff, asked: int) -> None:
    privacy.lift(
        organisation=cast.dealer.organisation, request=asked, by=cast.alice, at=AT + 2 * MINUTE
    )


def stands(cast: staff.Staff) -> bool:
    with scope.looking(organisation=cast.dealer.organisation):
        return models.Person.objects.filter(restricted_at__isnull=False).exists()


def notices(cast: staff.Staff) -> list[models.Message]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.Message.objects.filter(role="restriction_notice"))


@pytest.mark.shows("R-31")
def test_message_tells_the_reason_and_only_when_it_left_the_restriction_ends(cast):
    asked = restricted(cast)
    announces(cast, asked)
    (notice,) = notices(cast)
    assert "dass die Daten richtig sind" in phones.content(cast.dealer, notice)["text"]
    with pytest.raises(privacy.UnableToHandle, match="First tell"):
        lifts(cast, asked)
    assert stands(cast)
    assert phones.accepted(cast.dealer, notice, at=AT + MINUTE)
    lifts(cast, asked)
    assert not stands(cast)
    with scope.looking(organisation=cast.dealer.organisation):
        said = models.AuditEntry.objects.get(verb="privacy.lift_restriction")
        permit = models.Decision.objects.get(message_ref=notice.id)
    assert said.detail == {"reason": "accurate", "request": asked}
    assert permit.permitted
    assert "Art. 18 Abs. 3" in permit.basis
    with pytest.raises(privacy.UnableToHandle, match="Nothing is restricted"):
        lifts(cast, asked)


def test_outside_the_window_a_letter_tells_it(cast):
    asked = restricted(cast)
    announces(cast, asked, later=CLOSED)
    assert notices(cast) == []
    with pytest.raises(privacy.UnableToHandle, match="First tell"):
        lifts(cast, asked)
    common = {"organisation": cast.dealer.organisation, "by": cast.alice, "at": AT + CLOSED}
    assert privacy.lift_paper(request=asked, **common)[:4] == b"%PDF"
    lifts(cast, asked)
    assert not stands(cast)


def test_message_the_gate_refuses_late_needs_the_letter(cast):
    asked = restricted(cast)
    announces(cast, asked)
    (notice,) = notices(cast)
    assert phones.accepted(cast.dealer, notice, at=AT + CLOSED) == ""
    with pytest.raises(privacy.UnableToHandle, match="First tell"):
        lifts(cast, asked)


@pytest.mark.parametrize("reason", ["", "boredom", "accurate ", "x" * 5000])
def test_reason_that_is_none_announces_nothing(cast, reason):
    asked = restricted(cast)
    with pytest.raises(privacy.UnableToHandle):
        announces(cast, asked, reason=reason)
    assert notices(cast) == []


def test_told_once_and_no_letter_before(cast):
    asked = restricted(cast)
    common = {"organisation": cast.dealer.organisation, "by": cast.alice, "at": AT}
    with pytest.raises(privacy.UnableToHandle, match="no letter"):
        privacy.lift_paper(request=asked, **common)
    announces(cast, asked)
    with pytest.raises(privacy.UnableToHandle, match="already"):
        announces(cast, asked)
    assert len(notices(cast)) == 1


def test_nothing_but_the_notice_leaves_meanwhile(cast):
    restricted(cast)
    with scope.looking(organisation=cast.dealer.organisation):
        conversation = models.Conversation.objects.get().id
    message = outbox.queue_message(
        organisation=cast.dealer.organisation,
        conversation=conversation,
        draft=drafts.Draft(text="Ihr Wagen ist fertig."),
        purpose="P-02",
        by=cast.alice,
        at=AT + MINUTE,
    )
    outbox.claim(organisation=cast.dealer.organisation, number=cast.dealer.number, at=AT + MINUTE)
    with scope.looking(organisation=cast.dealer.organisation):
        row = models.Message.objects.select_related("refusal").get(id=message)
    assert (row.state, row.refusal.rule) == ("refused", "restricted")


def test_what_is_kept_of_the_erased_stays_restricted(cast):
    asked = restricted(cast)
    erasures.asked(cast.dealer, erasures.the_person(cast.dealer))
    with pytest.raises(privacy.UnableToHandle, match="stays restricted"):
        announces(cast, asked)


@pytest.mark.shows("R-31", "S-24")
def test_page_tells_then_lifts_and_others_may_not(cast):
    asked = restricted(cast)
    page = f"/privacy/requests/{asked}/"
    for who in (cast.bob, cast.charlie, cast.dora, cast.eve):
        other = staff.signed_in(who)
        for deed in ("announce", "lift"):
            answer = other.post(f"{page}act/", {"deed": deed, "reason": "accurate"})
            assert answer.status_code in {403, 404}
        assert other.get(f"{page}lift.pdf").status_code in {403, 404}
    assert (stands(cast), notices(cast)) == (True, [])
    alice = staff.signed_in(cast.alice)
    assert "Person benachrichtigen" in alice.get(page).content.decode()
    assert alice.post(f"{page}act/", {"deed": "lift"}).status_code == 422
    assert alice.post(f"{page}act/", {"deed": "announce", "reason": "no"}).status_code == 422
    assert alice.get(f"{page}lift.pdf").status_code == 404
    alice.post(f"{page}act/", {"deed": "announce", "reason": "wish"})
    assert "Einschränkung aufheben" not in alice.get(page).content.decode()
    assert alice.get(f"{page}lift.pdf").status_code == 200
    assert "Einschränkung aufheben" in alice.get(page).content.decode()
    alice.post(f"{page}act/", {"deed": "lift"})
    assert "Die Einschränkung ist aufgehoben" in alice.get(page).content.decode()
    assert not stands(cast)
