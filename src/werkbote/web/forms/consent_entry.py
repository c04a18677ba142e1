"""The forms of entering: a consent that a member took, and a file of consents from elsewhere."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from werkbote.actions import consent
from werkbote.web import consent_labels
from werkbote.web.forms import consent as consent_forms


class _Placed(forms.Form):
    """A form that asks at which of the member's branches."""

    branch = forms.TypedChoiceField(
        label=_("Branch"), coerce=int, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, branches: Sequence[tuple[int, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        place = self.fields["branch"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = list(branches)


class Entry(_Placed):
    """What was taken: from whom (a chat that is known, or a number), how, when and for what."""

    conversation = forms.IntegerField(required=False, widget=forms.HiddenInput())
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "tel"}),
    )
    how = forms.ChoiceField(
        label=_("Taken"),
        choices=[(how, consent_labels.HOW[how]) for how in consent.HOW],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    on = forms.DateField(
        label=_("On"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    scan = forms.FileField(
        label=_("Scan or photo of the signed form"),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": "image/jpeg,image/png,application/pdf"}
        ),
        help_text=_("JPEG, PNG or PDF, at most 10 MB. Needed for paper."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("For what"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        chosen = self.fields["purposes"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(purposes)

    def clean_phone(self) -> str:
        """Return the number as E.164; empty where the chat is known."""
        text = self.cleaned_data["phone"]
        if not text and self.cleaned_data.get("conversation"):
            return ""
        return consent_forms.e164(text)

    def clean_scan(self) -> Any:
        """Refuse what is too large before anything reads it."""
        file = self.cleaned_data["scan"]
        if file is not None and file.size > consent.MOST_SCAN:
            raise forms.ValidationError(
                gettext("A scan is a JPEG, a PNG or a PDF of at most 10 MB.")
            )
        return file


class Import(_Placed):
    """A CSV file of consents."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".csv,text/csv"}),
    )
