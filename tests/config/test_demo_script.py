"""The talks of the demonstration as they are written: enough of every kind, in order, before now."""

from datetime import UTC, datetime, timedelta

import pytest

from werkbote.config import demo_cast, demo_script
from werkbote.domain import cases as words

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
KINDS = {
    "text",
    "image",
    "video",
    "audio",
    "system",
    "raw",
    "voice",
    "document",
    "sticker",
    "location",
    "contacts",
    "order",
    "reaction",
    "edit",
    "revoke",
    "unsupported",
}


@pytest.fixture(params=range(8), ids=lambda days: f"day{days}")
def now(request: pytest.FixtureRequest) -> datetime:
    """A moment on every day of a week, early and late."""
    days: int = request.param
    return MONDAY + timedelta(days=days, hours=2 * days)


def test_every_talk_lies_in_the_simulators_past_in_order(now):
    for talk in demo_script.talks(now):
        moments = [line.at for line in talk.lines]
        assert moments == sorted(moments), talk.key
        assert len(set(moments)) == len(moments), talk.key
        assert now - demo_script.BEHIND < moments[0], talk.key
        assert moments[-1] < now, talk.key


def test_forty_people_write_first_and_are_told_apart():
    talks = demo_script.talks(MONDAY)
    assert len(talks) == 40
    assert len({talk.key for talk in talks}) == len({talk.phone for talk in talks}) == 40
    assert [talk.key for talk in talks if talk.lines[0].who] == []
    known = dict(demo_cast.CUSTOMERS)
    assert {key: known[key]["phone"] for key in known} == {
        talk.key: talk.phone for talk in talks if talk.key in known
    }


def test_every_kind_of_message_and_every_state_of_a_talk_is_there():
    talks = demo_script.talks(MONDAY)
    orders = [line.order for talk in talks for line in talk.lines]
    assert {str(order["kind"]) for order in orders} >= KINDS
    assert {str(order.get("press")) for order in orders} >= {"Ja, einverstanden", "Nein"}
    told = [talk.told for talk in talks]
    for name in ("close", "snooze", "spam", "nobody", "review", "vehicle", "counter", "label"):
        assert [one for one in told if name in one], name
    cases = {one["case"]["kind"] for one in told if "case" in one}
    assert cases == set(words.Kind)
    assert {talk.south for talk in talks} == {True, False}


def test_a_line_names_only_messages_before_it():
    for talk in demo_script.talks(MONDAY):
        sent = 0
        for line in talk.lines:
            assert int(line.order.get("of", -1)) < sent, talk.key
            sent += line.sign != "!"


def test_an_answer_falls_into_the_window_of_24_hours():
    for talk in demo_script.talks(MONDAY):
        last = talk.lines[0].at
        for line in talk.lines:
            if line.sign == "<" or line.order.keys() & {"list", "file"}:
                assert line.at - last < timedelta(hours=24), talk.key
            elif not line.who:
                last = line.at
