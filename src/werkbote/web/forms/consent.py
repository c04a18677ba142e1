"""Forms of consent: the public opt-in form, and a withdrawal that a member of staff heard."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext, gettext_lazy

from werkbote.actions import consent
from werkbote.web import consent_labels


def e164(text: str) -> str:
    """Return a number as E.164, German where no country is given; raise ValidationError for none."""
    try:
        parsed = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise forms.ValidationError(gettext("Enter the mobile number you use WhatsApp with."))
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


class OptIn(forms.Form):
    """A number, one unticked box per purpose, and the age; `token` proves that we showed the form."""

    phone = forms.CharField(
        max_length=30,
        error_messages={
            "required": gettext_lazy("Enter the mobile number you use WhatsApp with."),
        },
    )
    age = forms.BooleanField(required=False)
    token = forms.CharField(max_length=400)

    def __init__(self, *args: Any, purposes: tuple[str, ...], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["purposes"] = forms.MultipleChoiceField(
            choices=[(code, code) for code in purposes], required=False
        )

    def clean_phone(self) -> str:
        """Return the number as E.164; German where no country is given."""
        return e164(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Ask for at least one purpose, and for the age."""
        cleaned = super().clean() or {}
        if not cleaned.get("purposes") and "purposes" not in self.errors:
            self.add_error("purposes", gettext("Tick at least one box, or leave this page."))
        if not cleaned.get("age"):
            self.add_error("age", gettext("This is only possible from age 16."))
        return cleaned


class Withdrawal(forms.Form):
    """A withdrawal as it was heard."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Heard"),
        choices=[(channel, consent_labels.CHANNELS[channel]) for channel in consent.CHANNELS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    said = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    everything = forms.BooleanField(
        label=gettext_lazy("No WhatsApp messages at all, not even on open cases"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class Transcript(forms.Form):
    """What a voice note says."""

    transcript = forms.CharField(
        label=gettext_lazy("What is said"),
        max_length=consent.MOST_TRANSCRIPT,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 5}),
        help_text=gettext_lazy("Word for word, as far as it can be understood."),
    )
