"""Forms of the breach register: open, write down, assess, report, who is concerned, close."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from werkbote.domain import breaches
from werkbote.web import clock, labels

_LONGEST = 8000
_MOST = 10_000_000
_CHOICE = {"class": "form-select"}


def _moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
    )
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    return forms.DateTimeField(label=label, required=required, widget=widget, input_formats=formats)


def _text(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )


def _not_tomorrow(moment: datetime) -> datetime:
    if moment > clock.now():
        raise forms.ValidationError(gettext("This lies in the future: enter when it was."))
    return moment


class Opening(forms.Form):
    """A new case."""

    branch = forms.TypedChoiceField(
        label=_("Branch"), coerce=int, widget=forms.Select(attrs=_CHOICE)
    )
    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[*labels.BREACHES.items()],
        widget=forms.Select(attrs=_CHOICE),
    )
    aware_at = _moment(_("When did somebody here learn of it?"))
    happened_at = _moment(_("When did it happen, if known?"), required=False)
    nature = _text(_("In one or two sentences: what happened?"), required=True)
    records = forms.IntegerField(
        label=_("About how many records?"),
        min_value=0,
        max_value=_MOST,
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, branches: Sequence[tuple[int, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["branch"].choices = branches  # type: ignore[attr-defined]

    def clean_aware_at(self) -> datetime:
        """Refuse a moment that has not come."""
        return _not_tomorrow(self.cleaned_data["aware_at"])


class Contents(forms.Form):
    """The points of the notification, as the law of the day names them."""

    def __init__(self, *args: Any, points: Sequence[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name, label in points:
            self.fields[name] = _text(label)


class Assessment(forms.Form):
    """The decision about the risk, with its reasons."""

    risk = forms.ChoiceField(
        label=_("Risk for those concerned"),
        choices=[(code, labels.RISKS[code]) for code in ("none", "some", "high")],
        widget=forms.Select(attrs=_CHOICE),
    )
    reasons = _text(_("Reasons"), required=True)

    def clean_risk(self) -> breaches.Risk:
        """Return the risk as the domain knows it."""
        return breaches.Risk(self.cleaned_data["risk"])


class Report(forms.Form):
    """When the authority was told."""

    told_at = _moment(_("When was the authority told?"))

    def clean_told_at(self) -> datetime:
        """Refuse a moment that has not come."""
        return _not_tomorrow(self.cleaned_data["told_at"])


class Query(forms.Form):
    """Who is concerned: everybody who exchanged messages with the branch in a time."""

    since = _moment(_("From"))
    until = _moment(_("To"))


class Telling(forms.Form):
    """How those concerned were told."""

    way = forms.ChoiceField(
        label=_("How were they told?"),
        choices=[*labels.WAYS_TOLD.items()],
        widget=forms.Select(attrs=_CHOICE),
    )

    def clean_way(self) -> breaches.Way:
        """Return the way as the domain knows it."""
        return breaches.Way(self.cleaned_data["way"])


class Closing(forms.Form):
    """What was learned."""

    lessons = _text(_("What will be done differently from now on?"), required=True)
