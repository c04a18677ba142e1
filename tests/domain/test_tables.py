"""What a cell of a handed-out table may begin with."""

import pytest

from werkbote.domain import tables


@pytest.mark.parametrize("words", ["=1+1", "+49 171", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_becomes_words(words):
    assert tables.harmless(words) == f"'{words}"


@pytest.mark.parametrize("value", ["", "Moin", 7, None, "a=b"])
def test_everything_else_stays_as_it_is(value):
    assert tables.harmless(value) is value
