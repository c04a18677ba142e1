"""The public form for contact, a demonstration or a call back."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext

from werkbote.domain import contact, newsletter


class Ask(forms.Form):
    """Who asks for what, and where to answer; `website` is a trap that people never see."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in contact.Kind])
    name = forms.CharField(max_length=contact.MAX_NAME)
    reach = forms.CharField(max_length=newsletter.MAX_ADDRESS)
    words = forms.CharField(max_length=contact.MAX_WORDS, required=False)
    token = forms.CharField(max_length=600)
    work = forms.CharField(max_length=contact.MAX_WORK, required=False)
    website = forms.CharField(max_length=200, required=False)

    def clean_reach(self) -> str:
        """Return an address as it is kept, or a number as E.164."""
        typed = self.cleaned_data["reach"]
        address = newsletter.address(typed)
        if address is not None:
            return address
        try:
            parsed = phonenumbers.parse(typed, "DE")
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise forms.ValidationError(gettext("Enter a phone number or an e-mail address."))
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

    def clean(self) -> dict[str, Any]:
        """Ask for a number where a call back is wanted."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == contact.Kind.CALLBACK and "@" in cleaned.get("reach", ""):
            self.add_error("reach", gettext("Enter the phone number that is to be called."))
        return cleaned
