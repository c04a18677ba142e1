"""Charts: every number is drawn, long names and odd signs are words, and a strict page can carry them."""

import re
import xml.etree.ElementTree as ET

import pytest

from werkbote.papers import charts

SVG = "{http://www.w3.org/2000/svg}"
LOOKS = {"paper": charts.PAPER, "page": charts.PAGE}


def lying(*rows: charts.Row, look: charts.Look = charts.PAPER) -> ET.Element:
    return ET.fromstring(charts.bars(rows, limits=(60, 85), look=look, width=470))


def standing(
    chart: charts.Columns, *, look: charts.Look = charts.PAPER, language: str = "de"
) -> ET.Element:
    drawn = charts.columns(chart, look=look, width=380, height=150, language=language)
    return ET.fromstring(drawn)


def words(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def lengths(picture: ET.Element, colour: str) -> list[float]:
    """Return the larger extent that varies of each bar of a colour."""
    found = [path.get("d", "") for path in picture.iter(f"{SVG}path") if path.get("fill") == colour]
    return [float(re.search(r"h(-?[\d.]+)", d).group(1)) for d in found]  # type: ignore[union-attr]


def row(name: str, value: int | None) -> charts.Row:
    return charts.Row(name=name, value=value, words="entfällt" if value is None else str(value))


def test_bars_are_as_long_as_their_points():
    picture = lying(row("Kanal", 50), row("Werbung", 100), row("KI", None))
    half, whole, none = lengths(picture, charts.PAPER.series[0])
    assert half == pytest.approx(whole / 2)
    assert none == 0
    names, ends, scale = words(picture)[:3], words(picture)[3:6], words(picture)[6:]
    assert names == ["Kanal", "Werbung", "KI"]
    assert ends == ["50", "100", "entfällt"]
    assert scale == ["0", "60", "85", "100"]


def test_names_are_words_whatever_they_hold():
    picture = lying(row('<script>alert("x")</script> & Söhne', 3))
    assert not list(picture.iter(f"{SVG}script"))
    assert any(said.startswith("<script>") for said in words(picture))


def test_columns_stand_on_each_other_and_the_legend_names_them():
    chart = charts.Columns(names=["8", "9"], series={"Eingang": [2, 4], "Ausgang": [2, 0]})
    picture = standing(chart)
    assert {"8", "9", "Eingang", "Ausgang", "4"} <= set(words(picture))
    assert len(lengths(picture, charts.PAPER.series[0])) >= len(chart.names)


def test_one_series_needs_no_legend_and_small_counts_have_no_halves():
    said = words(standing(charts.Columns(names=["Mo", "Di"], series={"Nachrichten": [1, 2]})))
    assert "Nachrichten" not in said
    assert not [one for one in said if "," in one or "." in one]


@pytest.mark.parametrize(("language", "written"), [("de", "2.000"), ("en", "2,000")])
def test_numbers_are_written_as_in_the_language(language, written):
    chart = charts.Columns(names=["Mo"], series={"n": [2000]})
    assert written in words(standing(chart, language=language))


@pytest.mark.parametrize(
    "chart",
    [
        charts.Columns(names=[], series={"n": []}),
        charts.Columns(names=["Mo"], series={"n": [0]}),
        charts.Columns(names=[str(n) for n in range(366)], series={"n": [0.5] * 366}),
    ],
)
def test_no_numbers_zeros_and_many_numbers_are_drawn(chart):
    assert standing(chart).get("viewBox")


@pytest.mark.parametrize("look", LOOKS)
def test_pictures_hold_neither_style_nor_script_nor_address(look):
    pictures = [
        lying(row("Kanal", 50), look=LOOKS[look]),
        standing(charts.Columns(names=["8"], series={"Ein": [2], "Aus": [1]}), look=LOOKS[look]),
    ]
    for picture in pictures:
        for node in picture.iter():
            assert node.tag.removeprefix(SVG) in {"svg", "g", "path", "line", "rect", "text"}
            assert not [key for key in node.attrib if key == "style" or "href" in key]


def test_a_row_of_numbers_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="zip"):
        standing(charts.Columns(names=["8", "9"], series={"n": [1]}))
