"""Number plates as people type them, and what is none."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import cases
from werkbote.store import rechtsstand

DISTRICTS = rechtsstand.plate_districts(date(2026, 11, 26))


def read(text: str) -> str:
    return str(cases.read_plate(text, districts=DISTRICTS))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("HH-AB 123", "HH-AB 123"),
        ("hh ab123", "HH-AB 123"),
        ("HHAB123E", "HH-AB 123E"),
        ("  B · AB   1 ", "B-AB 1"),
        ("MÜ-X 1", "MÜ-X 1"),
        ("ERH-AB 99", "ERH-AB 99"),
        ("HH-AB 123H", "HH-AB 123H"),
        ("HH AB 123 (04–10)", "HH-AB 123 (04–10)"),
        ("HH-AB 123H 3/10", "HH-AB 123H (03–10)"),
        ("BRB-X 7", "BRB-X 7"),
        ("BR-UH 1", "BR-UH 1"),
        ("HH-06123", "HH-06123"),
        ("THW 84123", "THW-84123"),
        ("NRW 4-1234", "NRW-41234"),
        ("Y-123 456", "Y-123456"),
    ],
)
def test_plates_are_read_however_they_are_typed(typed: str, written: str) -> None:
    assert read(typed) == written


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no German number plate"),
        ("123", "no German number plate"),
        ("HH-AB", "no German number plate"),
        ("HH-AB 0123", "no German number plate"),
        ("HH-AB 12345", "no German number plate"),
        ("M ÄB 1", "no German number plate"),
        ("HH-ABC 1", "no German number plate"),
        ("XQ-A 1", "no such registration district"),
        ("QQA1", "No registration district begins"),
        ("BAB1", "more than one way"),
        ("KA-AB 1234E", "at most eight signs"),
        ("HH-AB 123 (04-04)", "at least two months"),
        ("HH-AB 123 (04-13)", "no German number plate"),
        ("<b>HH-AB 1</b>", "no German number plate"),
        ("HH-AB 1" * 500, "no German number plate"),
    ],
)
def test_what_is_no_plate_is_refused_with_a_remedy(typed: str, says: str) -> None:
    with pytest.raises(cases.UnableToReadPlate, match=says):
        read(typed)


def test_suffix_and_season_do_not_make_another_plate() -> None:
    keys = {
        cases.read_plate(typed, districts=DISTRICTS).key
        for typed in ("HH-AB 123", "HH-AB 123E", "HH-AB 123 (04-10)")
    }
    assert keys == {"HH-AB 123"}


@given(
    st.sampled_from(sorted(code for code in DISTRICTS if len(code) <= 3)),
    st.text(string.ascii_uppercase, min_size=1, max_size=2),
    st.integers(1, 99),
    st.sampled_from(["", "E", "H"]),
)
def test_every_plate_that_is_written_is_read_as_itself(
    district: str, letters: str, digits: int, suffix: str
) -> None:
    written = f"{district}-{letters} {digits}{suffix}"
    assert [read(written), read(written.lower()), read(read(written))] == [written] * 3


def test_the_list_of_districts_is_whole() -> None:
    assert len(DISTRICTS) > 700
    assert {"B", "HH", "M", "MÜ", "NO", "ÜB", "Y", "THW", "BR", "ZS"} - DISTRICTS == {"NO"}
    odd = [code for code in DISTRICTS if not 1 <= len(code) <= 3 or not code.isupper()]
    assert odd == []
