"""The form of a new way in: where, what has to be written, for what, and what the poster says."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.actions import consent


class Way(forms.Form):
    """A keyword with a campaign code."""

    branch = forms.TypedChoiceField(
        label=_("Branch"), coerce=int, widget=forms.Select(attrs={"class": "form-select"})
    )
    title = forms.CharField(
        label=_("Large letters on the poster"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("Empty: “We write to you on WhatsApp”."),
    )
    keyword = forms.CharField(
        label=_("What people send"),
        max_length=60,
        initial="WERBUNG JA",
        widget=forms.TextInput(attrs={"class": "form-control", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Campaign code"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("Stands behind the keyword and in the evidence. Empty: one is drawn."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("For what"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(
        self,
        *args: Any,
        branches: Sequence[tuple[int, str]],
        purposes: Sequence[tuple[str, str]],
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        for name, choices in (("branch", branches), ("purposes", purposes)):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = list(choices)

    def offer(self) -> consent.Offer:
        """Return what was filled in."""
        return consent.Offer(
            branch=self.cleaned_data["branch"],
            keyword=self.cleaned_data["keyword"],
            purposes=tuple(self.cleaned_data["purposes"]),
            code=self.cleaned_data["code"],
            title=self.cleaned_data["title"],
        )
