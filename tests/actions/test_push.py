"""Devices hear that there is something new, never what; they are forgotten with their session."""

from collections.abc import Iterator
from datetime import timedelta

import orjson
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import dealers, pushservice, staff
from werkbote.actions import desk, push, team
from werkbote.actions.duties import recipients
from werkbote.store import models, scope

NOW = dealers.NOW
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


@pytest.fixture
def service() -> Iterator[pushservice.Service]:
    with pushservice.running() as made:
        yield made


def entered(cast: staff.Staff, member: int) -> int:
    return team.enter(
        organisation=cast.dealer.organisation, device="Firefox", strong=True, by=member, at=NOW
    )


def subscribed(cast: staff.Staff, member: int, service: pushservice.Service) -> int:
    entry, said = entered(cast, member), service.described()
    push.subscribe(
        organisation=cast.dealer.organisation,
        entry=entry,
        endpoint=f"{said['endpoint']}/{entry}",
        secrets=(said["p256dh"], said["auth"]),
        by=member,
        at=NOW,
    )
    return entry


def devices(cast: staff.Staff) -> list[int]:
    with scope.looking(organisation=cast.dealer.organisation):
        return list(models.PushDevice.objects.order_by("id").values_list("member_id", flat=True))


def tell(cast: staff.Staff, conversation: int, *, minutes: int = 1) -> int:
    return push.tell(
        organisation=cast.dealer.organisation,
        conversation=conversation,
        at=NOW + timedelta(minutes=minutes),
    )


@pytest.mark.shows("S-09")
def test_a_device_reads_that_there_is_something_new_and_nothing_else(cast, service):
    conversation = staff.wrote(cast.dealer, words="Geheim: Bremsen")
    subscribed(cast, cast.bob, service)
    assert tell(cast, conversation) == 1
    headers, body = service.got[0]
    assert orjson.loads(service.opened()) == {"body": "Neue Nachricht"}
    assert b"Neue" not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")


def test_a_device_is_told_once_in_a_while(cast, service):
    conversation = staff.wrote(cast.dealer)
    subscribed(cast, cast.bob, service)
    assert [tell(cast, conversation, minutes=one) for one in (1, 1, 2)] == [1, 0, 1]


@pytest.mark.shows("S-04")
def test_whom_a_conversation_concerns_is_told_and_nobody_else(cast, service):
    conversation = staff.wrote(cast.dealer)
    for member in (cast.alice, cast.bob, cast.charlie, cast.dora):
        subscribed(cast, member, service)
    assert tell(cast, conversation) == 2
    desk.assign(
        organisation=cast.dealer.organisation,
        conversation=conversation,
        member=cast.bob,
        by=cast.alice,
        at=NOW,
    )
    assert tell(cast, conversation, minutes=2) == 1


def test_spam_tells_nobody(cast, service):
    conversation = staff.wrote(cast.dealer)
    subscribed(cast, cast.bob, service)
    desk.mark_spam(
        organisation=cast.dealer.organisation, conversation=conversation, by=cast.bob, at=NOW
    )
    assert tell(cast, conversation) == 0


@pytest.mark.parametrize(("answer", "left"), [(404, 0), (410, 0), (429, 1), (500, 1), (403, 1)])
def test_a_device_that_is_no_more_is_forgotten(cast, service, answer, left):
    conversation = staff.wrote(cast.dealer)
    subscribed(cast, cast.bob, service)
    service.answer = answer
    assert tell(cast, conversation) == 0
    assert len(devices(cast)) == left


def test_a_device_goes_with_its_session(cast, service):
    organisation = cast.dealer.organisation
    first, second = (subscribed(cast, cast.bob, service) for _ in range(2))
    subscribed(cast, cast.alice, service)
    team.sign_out(organisation=organisation, entry=first, by=cast.bob, at=NOW)
    assert devices(cast) == [cast.bob, cast.alice]
    team.end_entry(organisation=organisation, entry=second, by=cast.bob, at=NOW)
    assert devices(cast) == [cast.alice]


def test_who_leaves_is_told_no_more(cast, service):
    subscribed(cast, cast.bob, service)
    team.let_go(organisation=cast.dealer.organisation, member=cast.bob, by=cast.alice, at=NOW)
    assert devices(cast) == []


def test_a_browser_is_told_for_one_session_alone(cast, service):
    said = service.described()
    for member in (cast.alice, cast.bob):
        push.subscribe(
            organisation=cast.dealer.organisation,
            entry=entered(cast, member),
            endpoint=said["endpoint"],
            secrets=(said["p256dh"], said["auth"]),
            by=member,
            at=NOW,
        )
    assert devices(cast) == [cast.bob]


@pytest.mark.parametrize(
    ("endpoint", "key"),
    [("https://evil.example/x", None), ("http://10.0.0.1/x", None), (None, "x"), ("", None)],
)
def test_an_address_that_is_no_push_service_is_refused(cast, service, endpoint, key):
    said = service.described()
    with pytest.raises(push.UnableToSubscribe, match="not known"):
        push.subscribe(
            organisation=cast.dealer.organisation,
            entry=entered(cast, cast.bob),
            endpoint=said["endpoint"] if endpoint is None else endpoint,
            secrets=(key or said["p256dh"], said["auth"]),
            by=cast.bob,
            at=NOW,
        )


def test_a_message_asks_for_it_only_where_somebody_wants_it(cast, service):
    def arrives(words: str) -> int:
        body = dealers.body(cast.dealer, dealers.text(words, at=LATER))
        dealers.arrive(cast.dealer, body, at=LATER)
        dealers.understand(cast.dealer, at=LATER)
        return ProcrastinateJob.objects.filter(
            task_name="tell_devices", args__organisation=cast.dealer.organisation
        ).count()

    assert arrives("Moin") == 0
    subscribed(cast, cast.bob, service)
    assert arrives("Noch da?") == 1


@pytest.mark.shows("R-52")
def test_a_device_at_a_stopped_service_is_not_told(cast, service):
    conversation = staff.wrote(cast.dealer)
    subscribed(cast, cast.bob, service)
    who = {"organisation": cast.dealer.organisation, "code": "push"}
    recipients.stop(**who, reason="kein Vertrag", by=cast.alice, at=NOW)
    assert tell(cast, conversation) == 0
    assert service.got == []
    assert devices(cast) == [cast.bob]
    recipients.release(**who, by=cast.alice, at=NOW)
    assert tell(cast, conversation, minutes=2) == 1
