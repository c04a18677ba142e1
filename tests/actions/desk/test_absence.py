"""Opening hours, holidays, and what is said while nobody is there."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import staff
from tests.deskwork import NOW, arranged, arrives, waiting, words_of
from werkbote.actions import desk as deeds
from werkbote.domain import desk


@pytest.fixture
def crew() -> staff.Staff:
    return staff.staff()


EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=desk.ZONE)


def test_absence_is_told_once_per_absence_with_the_next_opening(crew: staff.Staff) -> None:
    arranged(crew, tells_absence=True, absence="Wir sind im Feierabend.")
    arrives(crew, "Noch da?", at=EVENING)
    arrives(crew, "Hallo?", at=EVENING + timedelta(hours=1))
    first = waiting(crew)
    assert [(row.purpose, row.author_id) for row in first] == [("P-02", None)]
    assert "Wir sind im Feierabend. Wieder für Sie da: Dienstag, 24.11., 07:30 Uhr." in words_of(
        crew, first[0]
    )
    arrives(crew, "Wieder abends", at=EVENING + timedelta(days=1))
    assert len(waiting(crew)) == 2


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"tells_absence": False}, EVENING),
        ({"tells_absence": True}, EVENING.replace(hour=10)),
    ],
)
def test_absence_is_not_told_where_nobody_wants_it_or_somebody_is_there(
    crew: staff.Staff, more: dict[str, bool], at: datetime
) -> None:
    arranged(crew, **more)
    arrives(crew, at=at)
    assert waiting(crew) == []


def test_company_holidays_and_public_holidays_are_absences(crew: staff.Staff) -> None:
    arranged(crew, tells_absence=True)
    noon = EVENING.replace(hour=12)
    closed = deeds.close_days(
        organisation=crew.dealer.organisation,
        branch=crew.dealer.branch,
        first=noon.date(),
        last=noon.date(),
        by=crew.alice,
        at=NOW,
    )
    arrives(crew, at=noon)
    assert len(waiting(crew)) == 1
    take_back = {"organisation": crew.dealer.organisation, "by": crew.alice, "at": NOW}
    deeds.open_days(closed=closed, **take_back)
    with pytest.raises(deeds.UnableToDo, match="open already"):
        deeds.open_days(closed=closed, **take_back)
    arrives(crew, at=noon + timedelta(minutes=5))
    assert len(waiting(crew)) == 1
    arrives(crew, at=datetime(2026, 12, 25, 12, 0, tzinfo=desk.ZONE))
    assert len(waiting(crew)) == 2


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"week": {"1": [["18:00", "07:00"]]}}, "closes after"),
        ({"week": {}, "tells_absence": True}, "Set opening hours first"),
        ({"absence": "x" * 1001}, "more than 1000"),
        ({"reply_minutes": 0}, "within one minute to one week"),
        ({"reply_minutes": 10_081}, "within one minute to one week"),
    ],
)
def test_an_arrangement_that_is_none_is_refused(
    crew: staff.Staff, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(deeds.UnableToDo, match=says):
        arranged(crew, **more)


def test_closed_days_are_in_order(crew: staff.Staff) -> None:
    with pytest.raises(deeds.UnableToDo, match="before the first"):
        deeds.close_days(
            organisation=crew.dealer.organisation,
            branch=crew.dealer.branch,
            first=NOW.date(),
            last=NOW.date() - timedelta(days=1),
            by=crew.alice,
            at=NOW,
        )
