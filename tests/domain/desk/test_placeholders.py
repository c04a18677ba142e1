"""Places in a canned reply: filled where something is known, left to be seen where nothing is."""

import pytest

from werkbote.domain import desk

_KNOWN = {desk.Place.NAME: "Petra Beispiel", desk.Place.PLATE: ""}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hallo {Name}!", "Hallo Petra Beispiel!"),
        ("Hallo {name}, {NAME}", "Hallo Petra Beispiel, Petra Beispiel"),
        ("Ihr {Kennzeichen} ist fertig", "Ihr {Kennzeichen} ist fertig"),
        ("Preis {netto} {} { Name }", "Preis {netto} {} { Name }"),
        ("{{Name}}", "{Petra Beispiel}"),
        ("", ""),
    ],
)
def test_what_is_known_is_filled_in_and_the_rest_stays(text, filled):
    assert desk.fill(text, _KNOWN) == filled


def test_a_name_that_looks_like_a_place_is_not_filled_again():
    assert desk.fill("{Name}", {desk.Place.NAME: "{Betrieb}", desk.Place.BRANCH: "Kiel"}) == (
        "{Betrieb}"
    )


def test_gaps_are_named_once_and_in_order():
    assert desk.gaps("{HU} {Name} {HU} {netto}") == ("{HU}", "{Name}")


@pytest.mark.parametrize(("name", "said"), [("", "Guten Tag"), ("Petra", "Guten Tag Petra")])
def test_nobody_is_given_a_title(name, said):
    assert desk.greeting(name) == said
