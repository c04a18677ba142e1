"""Forms of the desk: what can be done with a conversation, and how the house is arranged."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from werkbote.domain import desk, team
from werkbote.web import desk_labels

_SELECT = {"class": "form-select"}
_TEXT = {"class": "form-control", "autocomplete": "off"}
_MORNING = time(8, 0)
_OPENINGS = 2


class Snooze(forms.Form):
    """Until when a conversation rests: an offered span, or a day."""

    until = forms.ChoiceField(
        choices=[("hour", ""), ("tomorrow", ""), ("monday", ""), ("week", ""), ("day", "")]
    )
    day = forms.DateField(required=False)

    def moment(self, *, at: datetime) -> datetime:
        """Return when it comes back: in an hour, or in the morning of a day."""
        local = timezone.localtime(at)
        if self.cleaned_data["until"] == "hour":
            return at + timedelta(hours=1)
        days = {
            "tomorrow": local.date() + timedelta(days=1),
            "monday": local.date() + timedelta(days=8 - local.isoweekday()),
            "week": local.date() + timedelta(days=7),
            "day": self.cleaned_data["day"] or local.date(),
        }
        day = days[self.cleaned_data["until"]]
        return datetime.combine(day, _MORNING, tzinfo=local.tzinfo)


class HandOver(forms.Form):
    """To whom, and what they should know; `to` is “m7” for a member, “t7” for a team."""

    to = forms.RegexField(regex=r"^[mt]\d{1,19}$", required=False)
    note = forms.CharField(required=False, max_length=4000)

    def receiver(self) -> tuple[int | None, int | None]:
        """Return (member, team)."""
        to = self.cleaned_data["to"]
        number = int(to[1:]) if to else None
        return (None, number) if to.startswith("t") else (number, None)


class Step(forms.Form):
    """One line of a macro or rule; lines left empty do nothing."""

    act = forms.ChoiceField(
        label=_("Step"),
        required=False,
        choices=[("", "–"), *desk_labels.ACTS.items()],
        widget=forms.Select(attrs=_SELECT),
    )
    target = forms.CharField(required=False, max_length=20)
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={**_TEXT, "rows": 1})
    )
    hours = forms.IntegerField(
        label=_("Hours"), required=False, widget=forms.NumberInput(attrs={**_TEXT, "min": 1})
    )

    def __init__(self, *args: Any, targets: Iterable[tuple[str, str]] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["target"] = forms.ChoiceField(
            label=_("Who or what"),
            required=False,
            choices=[("", "–"), *targets],
            widget=forms.Select(attrs=_SELECT),
        )

    def plain(self) -> dict[str, Any] | None:
        """Return the step as the domain reads it; None for a line left empty."""
        if not self.cleaned_data.get("act"):
            return None
        return {
            "act": self.cleaned_data["act"],
            "target": self.cleaned_data["target"][1:],
            "text": self.cleaned_data["text"],
            "hours": self.cleaned_data["hours"],
        }


class Rule(forms.Form):
    """When, and up to one condition of each kind that matters most."""

    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    trigger = forms.ChoiceField(
        label=_("When"),
        choices=list(desk_labels.TRIGGERS.items()),
        widget=forms.Select(attrs=_SELECT),
    )
    words = forms.CharField(
        label=_("The message speaks of"),
        required=False,
        max_length=200,
        help_text=_("Words or phrases with commas between; one of them is enough."),
        widget=forms.TextInput(attrs=_TEXT),
    )
    hours = forms.ChoiceField(
        label=_("The branch is"),
        required=False,
        choices=[("", _("open or closed")), ("open", _("open")), ("closed", _("closed"))],
        widget=forms.Select(attrs=_SELECT),
    )
    unassigned = forms.BooleanField(label=_("Only what is nobody's"), required=False)

    def conditions(self) -> list[dict[str, Any]]:
        """Return the conditions as the domain reads them."""
        found: list[dict[str, Any]] = []
        if self.cleaned_data["words"]:
            found.append({"subject": desk.Subject.WORDS, "value": self.cleaned_data["words"]})
        if self.cleaned_data["hours"]:
            found.append({"subject": desk.Subject.HOURS, "value": self.cleaned_data["hours"]})
        if self.cleaned_data["unassigned"]:
            found.append({"subject": desk.Subject.UNASSIGNED})
        return found


class Team(forms.Form):
    """A team of a branch."""

    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind, desk_labels.TEAMS[kind]) for kind in team.TeamKind],
        widget=forms.Select(attrs=_SELECT),
    )


class Hours(forms.Form):
    """A week of two openings a day, what is said while closed, and the promise."""

    keeps_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
    tells_absence = forms.BooleanField(
        label=_("Tell whoever writes while we are closed"), required=False
    )
    absence = forms.CharField(
        label=_("What we say then"),
        required=False,
        max_length=1000,
        help_text=_("Empty: our own words. When you open next is added by itself."),
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
    )
    reply_minutes = forms.IntegerField(
        label=_("First answer within (minutes of opening time)"),
        required=False,
        widget=forms.NumberInput(attrs={**_TEXT, "min": 1}),
    )
    asks_satisfaction = forms.BooleanField(
        label=_("Ask how it was, after closing, whoever agreed to it"), required=False
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for day in range(1, 8):
            for place in range(_OPENINGS):
                for end in ("opens", "closes"):
                    self.fields[f"{end}_{day}_{place}"] = forms.TimeField(
                        required=False,
                        widget=forms.TimeInput(attrs={**_TEXT, "type": "time"}, format="%H:%M"),
                    )

    def week(self) -> dict[str, list[list[str]]]:
        """Return the week as the domain reads it; a line with one time missing is left out."""
        week: dict[str, list[list[str]]] = {}
        for day in range(1, 8):
            for place in range(_OPENINGS):
                pair = [
                    self.cleaned_data.get(f"{end}_{day}_{place}") for end in ("opens", "closes")
                ]
                if all(pair):
                    week.setdefault(str(day), []).append([f"{one:%H:%M}" for one in pair if one])
        return week
