"""Events are plain, frozen and complete: what every driver says and every deed understands."""

import dataclasses
import inspect
from datetime import UTC, datetime

import pytest

from werkbote.domain import events

EVENTS = [member for _, member in inspect.getmembers(events, dataclasses.is_dataclass)]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_cannot_be_changed_or_given_by_position(event: type) -> None:
    parameters = dataclasses.fields(event)
    assert event.__dataclass_params__.frozen
    assert not hasattr(event, "__dict__") or "__slots__" in vars(event)
    assert {field.kw_only for field in parameters} == {True}


def test_the_union_of_events_names_every_event_that_is_no_part_of_another() -> None:
    parts = {events.Party, events.MediaRef, events.Failure, events.Pricing}
    assert set(events.Event.__value__.__args__) == set(EVENTS) - parts


def test_the_kinds_are_written_as_the_cloud_api_writes_them_and_mail_is_ours() -> None:
    assert {kind.value for kind in events.Kind} == {
        *("text", "image", "audio", "voice", "video", "document", "sticker", "location"),
        *("contacts", "button", "interactive", "order", "template", "system"),
        *("unsupported", "unknown", "mail"),
    }


def test_two_messages_share_no_content() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    common = {"number": "1", "provider_id": "a", "party": events.Party(phone="+4915228817386")}
    one, other = (events.MessageIn(**common, at=at, kind=events.Kind.TEXT) for _ in range(2))
    assert one == other
    assert one.content is not other.content
