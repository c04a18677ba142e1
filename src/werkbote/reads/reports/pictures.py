"""The charts of a report: drawn in the page's own colours; their numbers stand in tables beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkbote.papers import charts
from werkbote.reads.reports import figures

_WIDTH, _HEIGHT = 440, 190
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written into the charts, in the viewer's language: `days` as the report has them."""

    received: str
    sent: str
    soon: str
    later: str
    days: Sequence[str]
    answers: Sequence[str]
    closings: Sequence[str]
    language: str


def _some(names: Sequence[str]) -> Sequence[str]:
    """Return the few names that fit below the columns."""
    step = max(1, -(-len(names) // _MOST_NAMES))
    return names[step // 2 :: step]


def pictures(report: figures.Report, words: Words) -> Mapping[str, str]:
    """Return the charts as SVG, by what they show: days, hours, replies, closings."""
    wanted = {
        "days": charts.Columns(
            names=words.days,
            series={
                words.received: [received for _, received, _ in report.days],
                words.sent: [sent for _, _, sent in report.days],
            },
            shown=_some(words.days),
        ),
        "hours": charts.Columns(
            names=[str(hour) for hour in range(24)],
            series={
                words.soon: [soon for soon, _ in report.hours],
                words.later: [later for _, later in report.hours],
            },
            shown=[str(hour) for hour in range(0, 24, 3)],
        ),
        "replies": charts.Columns(names=words.answers, series={words.soon: report.replies}),
        "closings": charts.Columns(names=words.closings, series={words.soon: report.closings}),
    }
    return {
        name: charts.columns(
            chart, look=charts.PAGE, width=_WIDTH, height=_HEIGHT, language=words.language
        )
        for name, chart in wanted.items()
    }
