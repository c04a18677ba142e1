"""Nudges are seen and go; handing out is written down; no deed reaches a stranger."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import staff
from tests.deskwork import NOW, audited, by_bob
from werkbote.actions import audit
from werkbote.actions import desk as deeds


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


def test_nudges_are_seen_and_go_after_thirty_days(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    deeds.assign(member=crew.alice, **by_bob(crew, conversation))
    organisation = crew.dealer.organisation
    seen = {"organisation": organisation, "conversation": conversation, "at": NOW}
    assert [deeds.see_nudges(by=one, **seen) for one in (crew.bob, crew.alice, crew.alice)] == [
        0,
        1,
        0,
    ]
    kept = deeds.forget_nudges(organisation=organisation, at=NOW + timedelta(days=30))
    gone = deeds.forget_nudges(organisation=organisation, at=NOW + timedelta(days=31))
    assert (kept, gone) == (0, 1)


def test_handing_out_a_file_is_written_down(crew: staff.Staff) -> None:
    conversation = staff.wrote(crew.dealer)
    deeds.record_export(**by_bob(crew, conversation))
    assert audited(crew) == ["desk.exported"]
    assert audit.first_broken(organisation=crew.dealer.organisation) is None


@pytest.mark.parametrize(
    "deed",
    [
        lambda where: deeds.assign(member=None, **where),
        lambda where: deeds.note(text="x", **where),
        lambda where: deeds.reopen(**where),
        lambda where: deeds.mark_spam(**where),
        lambda where: deeds.record_export(**where),
        lambda where: deeds.block(**where),
        lambda where: deeds.run_macro(macro=1, **where),
    ],
)
def test_no_deed_reaches_another_organisations_conversation(
    crew: staff.Staff, deed: Callable[[dict[str, Any]], None]
) -> None:
    stranger = staff.wrote(staff.staff().dealer)
    with pytest.raises(deeds.UnableToDo, match="not here any more"):
        deed(by_bob(crew, stranger))
