"""How far a dealer is with leaving private WhatsApp."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbote.domain import guide, law, offboarding

S = offboarding.Standing
_STANDINGS = st.lists(st.sampled_from(S), max_size=8)
_RANK = {guide.Light.RED: 0, guide.Light.YELLOW: 1, guide.Light.GREEN: 2}


@pytest.mark.parametrize(
    ("members", "undecided", "late", "light", "answer"),
    [
        ([S.SIGNED, S.SIGNED], 0, 0, guide.Light.GREEN, "settled"),
        ([S.SIGNED, S.SIGNED], 1, 0, guide.Light.YELLOW, "partly"),
        ([S.SIGNED, S.OPEN], 0, 0, guide.Light.YELLOW, "partly"),
        ([S.SIGNED, S.NOT_ASKED], 0, 0, guide.Light.YELLOW, "partly"),
        ([S.SIGNED, S.OVERDUE], 0, 0, guide.Light.RED, "partly"),
        ([S.SIGNED, S.SIGNED], 1, 1, guide.Light.RED, "partly"),
        ([S.OPEN, S.OPEN], 0, 0, guide.Light.RED, "no"),
        ([], 0, 0, guide.Light.RED, "no"),
    ],
)
def test_the_light_and_the_answer_of_the_check(members, undecided, late, light, answer):
    found = offboarding.outlook(members=members, undecided=undecided, late=late)
    assert (found.light, found.answer) == (light, answer)


@given(_STANDINGS, st.integers(0, 3), st.data())
def test_one_more_signature_never_makes_the_light_worse(members, undecided, data):
    if not members:
        return
    place = data.draw(st.integers(0, len(members) - 1))
    better = [S.SIGNED if at == place else one for at, one in enumerate(members)]
    before = offboarding.outlook(members=members, undecided=undecided, late=0)
    after = offboarding.outlook(members=better, undecided=undecided, late=0)
    assert _RANK[after.light] >= _RANK[before.light]


@pytest.mark.parametrize(
    ("asked", "signed", "due", "standing"),
    [
        (False, False, None, S.NOT_ASKED),
        (True, False, date(2026, 11, 24), S.OPEN),
        (True, False, date(2026, 11, 22), S.OVERDUE),
        (False, True, None, S.SIGNED),
    ],
)
def test_how_a_member_stands(asked, signed, due, standing):
    today = date(2026, 11, 23)
    assert offboarding.standing(asked=asked, signed=signed, due_on=due, today=today) is standing


def test_a_garbled_file_says_what_is_missing():
    with pytest.raises(law.UnableToReadLaw, match="version"):
        offboarding.parse({})
