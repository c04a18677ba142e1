"""The records of processing name everything that is kept about people, and nothing that is not there."""

from datetime import date

import pytest

from werkbote.store import personal_data, rechtsstand

DAY = date(2026, 11, 27)
OUTLINE = rechtsstand.records(DAY)
_PEOPLE = {personal_data.Whose.PERSON, personal_data.Whose.MEMBER}
_OF_THE_REGISTER = {"Paper"}
"""Tables that name a member only as who answered for a paper."""

ABOUT_PEOPLE = {
    table.model.removeprefix("store."): table
    for table in personal_data.TABLES
    if {field.whose for field in table.fields} & _PEOPLE
}


@pytest.mark.shows("R-44")
def test_every_table_about_people_belongs_to_an_activity() -> None:
    listed = {name for one in OUTLINE.activities for name in one.tables}
    assert sorted(listed) == sorted(ABOUT_PEOPLE.keys() - _OF_THE_REGISTER)


@pytest.mark.shows("R-44")
def test_every_deletion_class_of_a_table_is_named_by_its_activity() -> None:
    missing = {
        (activity.code, ABOUT_PEOPLE[name].rule)
        for activity in OUTLINE.activities
        for name in activity.tables
        if ABOUT_PEOPLE[name].rule not in {"", *activity.classes}
    }
    assert missing == set()


def test_lines_and_classes_exist() -> None:
    lines = {line for one in OUTLINE.activities for line in one.lines}
    house = {code for code, line in rechtsstand.outside(DAY).lines.items() if line.whose == "house"}
    assert lines == rechtsstand.outside(DAY).lines.keys() - house, "every recipient is in one"
    classes = {code for one in OUTLINE.activities for code in one.classes}
    assert classes <= rechtsstand.retention(DAY).rules.keys()


def test_every_kind_and_protection_has_words() -> None:
    assert set(OUTLINE.kinds) == {one.value for one in personal_data.Kind}
    protections = {one.value for one in personal_data.Protection} - {"plain"}
    assert set(OUTLINE.protections) == protections
