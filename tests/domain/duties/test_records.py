"""The outline of the records of processing, and what of a file is refused."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from werkbote.domain.duties import records
from werkbote.store import rechtsstand

DAY = date(2026, 11, 27)
FILE: dict[str, Any] = deepcopy(dict(rechtsstand.shipped("records", day=DAY)))
OUTLINE = records.parse(FILE)


@pytest.mark.shows("R-44")
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_activity_says_what_for_on_which_basis_and_how_long(language: str) -> None:
    for activity in OUTLINE.activities:
        purposes, bases = records.aims(activity, rechtsstand.shipped_law(DAY), language)
        assert all(purposes), activity.code
        assert all(bases), activity.code
        periods = records.periods(activity, rechtsstand.retention(DAY), language)
        assert len(periods) == len(activity.classes) > 0


def test_periods_are_said_in_words() -> None:
    chat = next(one for one in OUTLINE.activities if one.code == "chat")
    said = records.periods(chat, rechtsstand.retention(DAY), "de")
    assert said[0] == "L-01 Rohdaten der Webhooks: 7 Tage"
    assert any(one.endswith("6 Jahre, zum Jahresende") for one in said)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *((("activities", 0, name), None) for name in ("code", "title", "tables", "lines", "classes", "purposes", "subjects", "department")),
        (("activities", 0, "title"), {"de": "w"}),
        (("activities", 4, "basis"), ""),
        (("activities", 4, "purpose"), {}),
        (("activities",), None),
        (("kinds",), None),
        (("protections",), 7),
        (("bases",), None),
        (("measures",), "w"),
        (("unknown",), None),
        (("absent",), [{"de": "w"}]),
        (("source",), None),
    ],
)  # fmt: skip
def test_malformed_file_is_refused(place: tuple[Any, ...], value: object) -> None:
    broken = deepcopy(FILE)
    inner: Any = broken
    for step in place[:-1]:
        inner = inner[step]
    if value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    with pytest.raises(records.UnableToReadRecords, match="correct it"):
        records.parse(broken)
