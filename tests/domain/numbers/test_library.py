"""The ready-made templates, held against the editor's own rules."""

from datetime import date

import pytest

from werkbote.domain import numbers
from werkbote.store import rechtsstand

DAY = date(2026, 11, 26)
ENTRIES = rechtsstand.templates(DAY)
LAW = rechtsstand.on(DAY)
SENT = [purpose for purpose in LAW.purposes.values() if purpose.messages]
ADVERTISING = {purpose.code for purpose in SENT if purpose.advertising}
SERVICE = {purpose.code for purpose in SENT if not purpose.advertising}


def test_there_are_at_least_twenty_five_with_names_of_their_own():
    names = [entry.draft.name for entry in ENTRIES]
    assert len(names) >= 25
    assert len(set(names)) == len(names)
    assert len({entry.name_de for entry in ENTRIES}) == len(names)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.draft.name)
def test_each_passes_the_editors_own_rules(entry):
    found = numbers.problems(entry.draft, advertising=ADVERTISING, service=SERVICE)
    assert found == ()
    assert all((entry.name_de, entry.name_en, entry.note_de, entry.note_en, entry.group))


def test_reminders_surveys_and_offers_are_advertising():
    classes = {entry.draft.name: entry.draft.purpose for entry in ENTRIES}
    assert {name: code for name, code in classes.items() if code in ADVERTISING} == {
        "hu_erinnerung": "P-04",
        "inspektion_erinnerung": "P-04",
        "reifenwechsel_erinnerung": "P-04",
        "zufriedenheit_frage": "P-06",
        "bewertung_bitte": "P-06",
        "raeder_angebot": "P-05",
        "gutschein_klima": "P-05",
    }


def test_the_first_set_advertises_nothing():
    basic = [entry for entry in ENTRIES if entry.basic]
    assert len(basic) >= 8
    assert not {entry.draft.purpose for entry in basic} & ADVERTISING


@pytest.mark.parametrize(
    "document", [{}, {"templates": None}, {"templates": [{}]}, {"templates": [{"de": "x"}]}]
)
def test_a_malformed_file_is_told(document):
    with pytest.raises(numbers.UnableToReadLibrary):
        numbers.parse(document)
