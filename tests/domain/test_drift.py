"""What counts as a privacy default, and what of a file is refused."""

from copy import deepcopy
from typing import Any

import pytest

from werkbote.domain import drift

FILE: dict[str, Any] = {
    "source": "DSGVO Art. 25",
    "settings": [
        {"name": "lock", "fields": ["A.b"], "most": 15, "article": "Art. 32", "de": "w", "en": "w"},
        {
            "name": "region",
            "fields": ["A.c"],
            "allowed": ["EU", ""],
            "article": "Art. 44",
            "de": "w",
            "en": "w",
        },
    ],
    "fixed": [{"name": "masked", "article": "Art. 5", "de": "w", "en": "w"}],
    "without": [{"fields": ["A.d"], "de": "w", "en": "w"}],
}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("lock", "15", True),
        ("lock", "1", True),
        ("lock", "16", False),
        ("lock", "", False),
        ("lock", "-1", False),
        ("lock", "fifteen", False),
        ("region", "EU", True),
        ("region", "", True),
        ("region", "US", False),
        ("region", "eu", False),
    ],
)
def test_value_is_as_privacy_would_have_it(name: str, value: str, kept: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert drift.parse(FILE).settings[name].is_kept(value) is kept


def test_default_is_the_first_value_allowed_or_the_largest_number() -> None:
    settings = drift.parse(FILE).settings
    assert (settings["lock"].value, settings["region"].value) == ("15", "EU")


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("settings", "name"),
        ("settings", "fields"),
        ("settings", "most"),
        ("settings", "article"),
        ("settings", "de"),
        ("fixed", "article"),
        ("fixed", "en"),
        ("without", "fields"),
        ("without", "de"),
    ],
)
def test_file_that_lacks_something_is_refused(place: str, key: str) -> None:
    broken = deepcopy(FILE)
    del broken[place][0][key]
    with pytest.raises(drift.UnableToReadDefaults, match=key):
        drift.parse(broken)


@pytest.mark.parametrize("most", ["many", None, []])
def test_limit_that_is_no_number_is_refused(most: object) -> None:
    broken = deepcopy(FILE)
    broken["settings"][0]["most"] = most
    with pytest.raises(drift.UnableToReadDefaults):
        drift.parse(broken)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 301])
def test_reason_that_is_none_is_refused(reason: str) -> None:
    with pytest.raises(drift.UnableToExplain, match="300"):
        drift.check_reason(reason)
