"""What the customer may tap, as the composer's panel sends it and shows it again."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from werkbote.actions import drafts
from werkbote.domain import events, offers
from werkbote.web import labels

_LONGEST = 300
"""Characters of a field; what is longer than that was never typed."""

_MOST_LINES = 2 * offers.MOST_ROWS
_SENTENCES: tuple[Promise, ...] = (
    _("What the customer can tap is missing: offer buttons or a list."),
    _("The question is missing: write above the answers what you ask."),
    _("An answer holds signs that cannot be seen: write it anew, on one line."),
    _("Write on the buttons what the customer can answer."),
    _("Three buttons at most: take a list for more answers."),
    _("A button has more than 20 characters: shorten it."),
    _("Two buttons say the same: give each words of its own."),
    _("The button that opens the list needs words of its own."),
    _("The button that opens the list has more than 20 characters: shorten it."),
    _("Write at least one line for the list."),
    _("Ten lines at most: leave some out."),
    _("Every line of the list needs a title."),
    _("With headings, the first line of the list needs one too."),
    _("A title in the list has more than 24 characters: shorten it."),
    _("A description in the list has more than 72 characters: shorten it."),
    _("A heading in the list has more than 24 characters: shorten it."),
    _("Two lines of the list say the same: give each words of its own."),
)
"""What is said about an offer that Meta would refuse; named here so that a translation is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The fields of the panel, as many as there may be; `kind` is empty while nothing is offered."""

    kind: str
    buttons: tuple[str, ...]
    label: str
    rows: tuple[offers.Row, ...]
    headed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as it will look on the phone, and what Meta would refuse of it."""

    text: str
    offer: offers.Offer
    problems: tuple[str, ...]


def asked(data: Mapping[str, Any]) -> offers.Offer | None:
    """Return what stands in the panel, None where it is closed (or of a kind nobody offers)."""
    kind = data.get("offer", "")
    if not isinstance(data, QueryDict) or kind not in set(offers.Kind):
        return None
    lines = itertools.zip_longest(
        *(_texts(data, name) for name in ("row_title", "row_more", "row_heading")), fillvalue=""
    )
    return offers.Offer(
        kind=offers.Kind(kind),
        buttons=tuple(_texts(data, "answer")),
        label=data.get("label", "")[:_LONGEST],
        rows=tuple(
            offers.Row(title=one, description=two, heading=three) for one, two, three in lines
        ),
    )


def panel(offer: offers.Offer | None) -> Panel:
    """Return the panel with what is offered already."""
    tidied = offers.tidied(offer) if offer else None
    buttons, rows = (tidied.buttons, tidied.rows) if tidied else ((), ())
    gaps = ("",) * (offers.MOST_BUTTONS - len(buttons))
    empty = (offers.Row(title=""),) * (offers.MOST_ROWS - len(rows))
    return Panel(
        kind=tidied.kind if tidied else "",
        buttons=(*buttons, *gaps),
        label=tidied.label if tidied else "",
        rows=(*rows, *empty),
        headed=any(row.heading for row in rows),
    )


def shown(offer: offers.Offer | None, text: str) -> Shown | None:
    """Return what the customer's phone would show to tap, None while nothing is offered."""
    if offer is None:
        return None
    tidied = offers.tidied(offer)
    draft = drafts.Draft(kind=events.Kind.INTERACTIVE, text=text, content=offers.content(tidied))
    return Shown(
        text=text[: drafts.MOST_TEXT].strip(),
        offer=tidied,
        problems=tuple(labels.sentence(one) for one in drafts.offer_problems(draft, whole=False)),
    )


def _texts(data: QueryDict, name: str) -> list[str]:
    return [one[:_LONGEST] for one in data.getlist(name)[:_MOST_LINES]]
