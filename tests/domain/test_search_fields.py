"""One line asks for words and fields, in German or English; what is no field stays a word."""

from datetime import date

import pytest

from werkbote.domain import search_fields
from werkbote.domain.search_fields import Asked


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", Asked()),
        ("  bremse   quietscht ", Asked(words="bremse quietscht")),
        ("kennzeichen:HH-AB123 bremse", Asked(plate="HH-AB123", words="bremse")),
        ('Kennzeichen:"HH-AB 123"', Asked(plate="HH-AB 123")),
        ("plate:HH-AB123 label:eilig", Asked(plate="HH-AB123", label="eilig")),
        ("von:1.10.2026 bis:31.10.2026", Asked(since=date(2026, 10, 1), until=date(2026, 10, 31))),
        ("from:2026-10-01 until:1.11.26", Asked(since=date(2026, 10, 1), until=date(2026, 11, 1))),
        ("person:Petra person:Beispiel", Asked(person="Petra Beispiel")),
        ('vorgang:"Bremsen vorn" art:foto', Asked(case="Bremsen vorn", kind="foto")),
        ("nummer:0171/3920001", Asked(number="0171/3920001")),
        ("von:gestern", Asked(not_understood=("von:gestern",))),
        ("von:31.2.2026 golf", Asked(not_understood=("von:31.2.2026",), words="golf")),
        ("um 10:30 https://beispiel.example", Asked(words="um 10:30 https://beispiel.example")),
        ('"ganzer Satz"', Asked(words="ganzer Satz")),
        ("label:", Asked(words="label:")),
        ('person:"" golf', Asked(words="golf")),
        ("fremd:wert", Asked(words="fremd:wert")),
        ("art:" + "x" * 900, Asked(kind="x" * 396)),
    ],
)
def test_a_line_is_read(line, asked):
    assert search_fields.read(line) == asked


def test_a_form_counts_before_the_line():
    line = search_fields.read("person:Petra bremse von:1.10.2026")
    form = Asked(person="Jonas", until=date(2026, 10, 2))
    assert search_fields.joined(line, form) == Asked(
        person="Jonas", words="bremse", since=date(2026, 10, 1), until=date(2026, 10, 2)
    )


@pytest.mark.parametrize(("line", "empty"), [("von:nie", True), ("", True), ("golf", False)])
def test_nothing_asked_for_is_empty(line, empty):
    assert search_fields.read(line).is_empty is empty
