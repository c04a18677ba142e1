"""No page of the desk asks the database more at three rows than at one."""

import pytest

from tests import staff
from tests.panels import NOW, by_bob, opened, queries
from werkbote.actions import desk as deeds


@pytest.fixture
def cast() -> staff.Staff:
    return staff.staff()


def test_no_page_asks_more_at_three_rows_than_at_one(cast):
    bob, alice = staff.signed_in(cast.bob), staff.signed_in(cast.alice)
    label = deeds.create_label(
        organisation=cast.dealer.organisation, name="Eilig", colour="red", by=cast.alice, at=NOW
    )

    def one_more(number: int) -> int:
        conversation = staff.wrote(cast.dealer, phone=f"+49171392000{number}")
        deeds.assign(member=cast.alice, **by_bob(cast, conversation))
        deeds.put_label(label=label, **by_bob(cast, conversation))
        deeds.note(text="Notiz", **by_bob(cast, conversation))
        opened(cast, conversation)
        return conversation

    first = one_more(1)
    pages = [
        (bob, "/inbox/?view=all"),
        (bob, "/cases/"),
        (alice, "/nudges/"),
        (bob, f"/inbox/{first}/news/?panel=1"),
        (alice, "/arrange/"),
    ]
    for browser, path in pages:
        queries(browser, path)
    before = [queries(browser, path) for browser, path in pages]
    for number in (2, 3):
        one_more(number)
        deeds.note(text="Noch eine", **by_bob(cast, first))
        opened(cast, first, title="Noch einer")
        deeds.create_label(
            organisation=cast.dealer.organisation,
            name=f"Label {number}",
            colour="blue",
            by=cast.alice,
            at=NOW,
        )
    assert [queries(browser, path) for browser, path in pages] == before
