"""What a house calls much."""

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.domain import watch


class Number(forms.IntegerField):
    """A number of persons."""

    widget = forms.NumberInput(attrs={"class": "form-control"})


class Thresholds(forms.Form):
    """From how many persons on a second person must agree, or reading is noticed."""

    alone = Number(
        label=_("Persons in a file without a second person"),
        min_value=watch.LEAST,
        max_value=watch.MOST,
    )
    hourly = Number(
        label=_("Persons read in an hour until it is noticed"),
        min_value=watch.LEAST,
        max_value=watch.MOST,
    )
    daily = Number(
        label=_("Persons read in a day until it is noticed"),
        min_value=watch.LEAST,
        max_value=watch.MOST,
    )

    def wanted(self) -> watch.Thresholds:
        """Return the thresholds of a valid form."""
        return watch.Thresholds(**self.cleaned_data)
