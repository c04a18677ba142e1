"""Identification numbers, and who may be told what about a vehicle."""

from datetime import date

import pytest

from werkbote.domain import cases


@pytest.mark.parametrize(
    "typed", ["WVWZZZ1JZXW000001", "wvw zzz 1jz xw 000001", "WVW-ZZZ1JZXW000001"]
)
def test_a_vin_is_read_however_it_is_typed(typed: str) -> None:
    assert cases.read_vin(typed) == "WVWZZZ1JZXW000001"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "17 signs"),
        ("WVWZZZ1JZXW00001", "17 signs"),
        ("WVWZZZ1JZXW0000011", "17 signs"),
        ("WVWZZZ1JZXWO00001", "never holds I, O or Q"),
        ("IVWZZZ1JZXW000001", "never holds I, O or Q"),
        ("WVWZZZ1JZXW00000Q", "never holds I, O or Q"),
        ("WVWZZZ1JZXW00000Ö", "letters and digits alone"),
        ("WVWZZZ1JZXW00000!", "letters and digits alone"),
    ],
)
def test_what_is_no_vin_is_refused_with_a_remedy(typed: str, says: str) -> None:
    with pytest.raises(cases.UnableToReadVin, match=says):
        cases.read_vin(typed)


@pytest.mark.parametrize(
    ("vin", "fits"),
    [
        ("1HGCM82633A004352", True),
        ("11111111111111111", True),
        ("1M8GDM9AXKP042788", True),
        ("1HGCM82643A004352", False),
        ("WVWZZZ1JZXW000001", False),
    ],
)
def test_the_check_digit_is_a_hint(vin: str, *, fits: bool) -> None:
    assert cases.check_digit_fits(vin) is fits


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (cases.Role.HOLDER, {"appointment", "defects", "documents"}),
        (cases.Role.DRIVER, {"appointment"}),
        (cases.Role.CLIENT, {"appointment", "defects", "price", "documents"}),
        (cases.Role.PAYER, {"appointment", "price"}),
    ],
)
def test_a_role_decides_what_somebody_may_be_told(role: cases.Role, told: set[str]) -> None:
    assert {m.value for m in cases.Matter if cases.may_be_told(roles=[role], matter=m)} == told


def test_somebody_without_a_role_is_told_nothing() -> None:
    assert [m for m in cases.Matter if cases.may_be_told(roles=[], matter=m)] == []


def test_what_is_told_joins_what_is_known() -> None:
    known = cases.Vehicle(plate="HH-AB 1", vin="WVWZZZ1JZXW000001", make="VW", mileage=90_000)
    told = cases.Vehicle(
        plate="B-CD 2", make="Volkswagen", model="Golf", mileage=80_000, hu_due_on=date(2027, 3, 1)
    )
    assert cases.joined(known, told) == cases.Vehicle(
        plate="B-CD 2",
        vin="WVWZZZ1JZXW000001",
        make="VW",
        model="Golf",
        mileage=90_000,
        hu_due_on=date(2027, 3, 1),
    )
