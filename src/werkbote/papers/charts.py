"""Charts: plain numbers in, a picture as SVG out, drawn by Vega-Lite; no words of their own.

The pictures hold attributes only, neither style nor script, so that a strict page may carry them.
Whoever shows one says in words what it shows and puts the numbers beside it.
"""

import functools
import math
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import vl_convert

_VERSION: Final = "v5.20"
_SCALE: Final = 100
_MARKS: Final = 4

type _Spec = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours and type of a picture: `series` from the strongest, `size` in the picture's units."""

    ink: str
    soft: str
    hair: str
    wash: str
    series: Sequence[str]
    font: str
    size: float


PAPER: Final = Look(
    ink="#12212e",
    soft="#5a6872",
    hair="#c9d1d6",
    wash="#eef2f4",
    series=("#123a54", "#8fb3c9"),
    font="Inter",
    size=8.5,
)
PAGE: Final = Look(
    ink="currentColor",
    soft="currentColor",
    hair="var(--tblr-border-color)",
    wash="var(--tblr-border-color)",
    series=("var(--tblr-primary)", "var(--wb-chart-second)"),
    font="inherit",
    size=12,
)
"""On a page the colours are the theme's, so that a picture follows it into the dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bar: its name, a length of 0 to 100 or none, and the words at its end."""

    name: str
    value: int | None
    words: str


def bars(rows: Sequence[Row], *, limits: Sequence[int], look: Look, width: int) -> str:
    """Return lying bars on a scale of 0 to 100, limits marked; without a value, an empty frame."""
    values = [
        {"name": row.name, "end": row.value or 0, "scored": row.value is not None}
        | {"words": row.words}
        for row in rows
    ]
    bare: _Spec = {"ticks": False, "domain": False, "title": None}
    names: _Spec = {"field": "name", "type": "nominal", "sort": None, "title": None}
    names["scale"] = {"paddingInner": 0.3}
    names["axis"] = bare | {"labelLimit": width // 3, "labelColor": look.ink, "labelPadding": 6}
    scale: _Spec = {"type": "quantitative", "scale": {"domain": [0, _SCALE]}}
    scale["axis"] = bare | {"values": [0, *limits, _SCALE], "grid": True, "zindex": 1}
    inside = {"test": f"datum.value % {_SCALE} !== 0", "value": look.soft}
    scale["axis"] |= {"gridDash": [2, 2], "gridColor": {"condition": inside, "value": None}}
    full = scale | {"datum": _SCALE}
    wash = {"condition": {"test": "datum.scored", "value": look.wash}, "value": "transparent"}
    frame = {"type": "bar", "stroke": look.hair, "strokeWidth": 0.6}
    end = {"type": "text", "align": "right", "fontWeight": 600, "dx": look.size * 7}
    layers = [
        {"mark": frame, "encoding": {"x": full, "fill": wash}},
        {
            "mark": {"type": "bar", "color": look.series[0]},
            "encoding": {"x": scale | {"field": "end"}},
        },
        {
            "mark": end,
            "encoding": {"x": full, "text": {"field": "words"}, "color": {"value": look.ink}},
        },
    ]
    return _drawn(
        {
            "width": width,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "height": {"step": look.size * 1.8},
            "data": {"values": values},
            "encoding": {"y": names},
            "layer": layers,
        },
        look,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns side by side: `names` along the foot, and for each series a value for each name.

    `shown` are the names that are written, where all of them would not fit.
    """

    names: Sequence[str]
    series: Mapping[str, Sequence[float]]
    shown: Sequence[str] = ()


def columns(chart: Columns, *, look: Look, width: int, height: int, language: str) -> str:
    """Return standing columns, one stack per name; more than one series get a legend on top."""
    values = [
        {"name": name, "series": series, "order": place, "value": value}
        for place, (series, numbers) in enumerate(chart.series.items())
        for name, value in zip(chart.names, numbers, strict=True)
    ]
    foot: _Spec = {"ticks": False, "labelAngle": 0, "domainColor": look.hair, "title": None}
    if chart.shown:
        foot["values"] = list(chart.shown)
    colour: _Spec = {"field": "series", "type": "nominal", "sort": list(chart.series)}
    colour["scale"] = {"domain": list(chart.series), "range": list(look.series)}
    colour["legend"] = (
        {"orient": "top", "title": None, "symbolType": "square", "labelLimit": width}
        if len(chart.series) > 1
        else None
    )
    side: _Spec = {"grid": True, "gridColor": look.hair, "domain": False, "ticks": False}
    side |= {"title": None, "format": ",~f"} | _steps(chart)
    return _drawn(
        {
            "width": width,
            "height": height,
            "data": {"values": values},
            "mark": {"type": "bar"},
            "encoding": {
                "x": {
                    "field": "name",
                    "type": "ordinal",
                    "sort": list(chart.names),
                    "axis": foot,
                    "scale": {"paddingInner": 0.25},
                },
                "y": {"field": "value", "type": "quantitative", "axis": side},
                "color": colour,
                "order": {"field": "order", "type": "ordinal"},
            },
        },
        look,
        language=language,
    )


def _steps(chart: Columns) -> _Spec:
    """Return the marks of the scale: about four, and no halves between small counts."""
    tops = [math.ceil(sum(numbers)) for numbers in zip(*chart.series.values(), strict=True)]
    most = max(tops, default=0)
    return {"tickCount": _MARKS} if most > _MARKS else {"values": list(range(most + 1))}


def _drawn(spec: _Spec, look: Look, *, language: str = "de") -> str:
    config = {
        "aria": False,
        "background": None,
        "font": look.font,
        "view": {"stroke": None},
        "text": {"font": look.font, "fontSize": look.size},
        "axis": {"labelFontSize": look.size, "labelColor": look.soft, "labelFont": look.font},
        "legend": {"labelFontSize": look.size, "labelColor": look.ink, "labelFont": look.font},
    }
    _know_our_typeface()
    return vl_convert.vegalite_to_svg(
        spec | {"config": config, "padding": 0},
        vl_version=_VERSION,
        format_locale="de-DE" if language == "de" else "en-GB",
        allowed_base_urls=[],
    )


@functools.cache
def _know_our_typeface() -> None:
    """Let texts be measured in the typeface they are set in."""
    vl_convert.register_font_directory(str(pathlib.Path(__file__).parent / "fonts"))
