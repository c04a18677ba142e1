"""Letting support in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.actions import support as deeds
from werkbote.domain import support


class Opening(forms.Form):
    """Whom, of which vendor, why, how long, and whether with conversations."""

    member = forms.TypedChoiceField(
        label=_("Account of the role “Support”"),
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    vendor = forms.ChoiceField(
        label=_("Vendor, with a processor agreement on record"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = forms.CharField(
        label=_("Why does support look in?"),
        max_length=support.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )
    hours = forms.IntegerField(
        label=_("For how many hours (1 to 8)"),
        min_value=1,
        max_value=support.MOST_HOURS,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    chats = forms.BooleanField(
        label=_("It sees conversations too"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, accounts: Any, vendors: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["member"].choices = accounts  # type: ignore[attr-defined]
        self.fields["vendor"].choices = vendors  # type: ignore[attr-defined]

    def opening(self) -> deeds.Opening:
        """Return what a valid form asks for."""
        return deeds.Opening(**self.cleaned_data)
