"""The forms of the reports: which period, branch and team; and the switch of the works council."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

from werkbote.actions import reports as deeds
from werkbote.reads import reports
from werkbote.web import reports_labels

_PLAIN = {"class": "form-control"}
_CHOICE = {"class": "form-select"}
_DAYS = 30
_CENTURY = (
    validators.MinValueValidator(date(2000, 1, 1)),
    validators.MaxValueValidator(date(2099, 12, 31)),
)


class Period(forms.Form):
    """From, until, branch, team; what is empty or cannot be understood does not narrow."""

    since = forms.DateField(
        label=_("From"),
        required=False,
        validators=_CENTURY,
        widget=forms.DateInput({"type": "date", **_PLAIN}, "%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        validators=_CENTURY,
        widget=forms.DateInput({"type": "date", **_PLAIN}, "%Y-%m-%d"),
    )
    branch = forms.TypedChoiceField(
        label=_("Branch"), required=False, coerce=int, widget=forms.Select(_CHOICE)
    )
    team = forms.TypedChoiceField(
        label=_("Team"), required=False, coerce=int, widget=forms.Select(_CHOICE)
    )

    def __init__(self, data: Mapping[str, Any], *, choices: reports.Choices, today: date) -> None:
        given = {name: data.get(name, "") for name in ("since", "until", "branch", "team")}
        given["until"] = given["until"] or today.isoformat()
        begin = today - timedelta(days=_DAYS - 1)
        given["since"] = given["since"] or begin.isoformat()
        super().__init__(given)
        self._today = today
        branches, teams = self.fields["branch"], self.fields["team"]
        assert isinstance(branches, forms.TypedChoiceField)
        assert isinstance(teams, forms.TypedChoiceField)
        branches.choices = [("", _("All branches")), *choices.branches.items()]
        teams.choices = [
            ("", _("All teams")),
            *(
                (row, f"{choices.branches[branch]}: {name}")
                for row, (branch, name) in choices.teams.items()
            ),
        ]

    def wanted(self) -> reports.Wanted:
        """Return the period; days that are none are the last thirty."""
        self.is_valid()
        found = self.cleaned_data
        until = found.get("until") or self._today
        return reports.Wanted(
            since=found.get("since") or until - timedelta(days=_DAYS - 1),
            until=until,
            branch=found.get("branch") or None,
            team=found.get("team") or None,
        )


class Switch(forms.Form):
    """On what ground, and why, single members are to be shown."""

    ground = forms.ChoiceField(
        label=_("What allows it"),
        choices=[(ground.value, reports_labels.GROUNDS[ground]) for ground in deeds.Ground],
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    reason = forms.CharField(
        label=_("What the figures are for"),
        max_length=300,
        widget=forms.TextInput(_PLAIN),
        help_text=_("Stands in the audit and in the list of settings that differ from privacy."),
    )
