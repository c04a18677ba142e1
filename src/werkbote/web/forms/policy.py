"""The form that filters evidence, and the one that finds a person by their number."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext

from werkbote.reads import policy

_MOST_DIGITS = 19


class Filter(forms.Form):
    """Which decisions to show; every field may stay empty."""

    answer = forms.ChoiceField(required=False, choices=[("", ""), ("yes", ""), ("no", "")])
    purpose = forms.CharField(required=False, max_length=8)
    rule = forms.CharField(required=False, max_length=64)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    person = forms.RegexField(required=False, regex=rf"^\d{{1,{_MOST_DIGITS}}}$")
    message = forms.RegexField(required=False, regex=rf"^\d{{1,{_MOST_DIGITS}}}$")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The period ends before it begins."))
        return cleaned

    def wanted(self) -> policy.Wanted:
        """Return what is looked for; a valid form's fields."""
        given = self.cleaned_data
        answers = {"yes": True, "no": False}
        return policy.Wanted(
            person=_id(given["person"]),
            message=_id(given["message"]),
            permitted=answers.get(given["answer"]),
            rule=given["rule"],
            purpose=given["purpose"],
            since=given["since"],
            until=given["until"],
        )

    def fields_given(self) -> list[tuple[str, str]]:
        """Return the fields that narrow, by name, to carry them on."""
        return [(name, str(self.data[name])) for name in self.fields if self.data.get(name)]


def _id(text: str) -> int | None:
    return int(text) if text and int(text) < 1 << 63 else None


class Export(Filter):
    """A filter, and what the file shall be."""

    format = forms.ChoiceField(choices=[(one.value, one.value) for one in policy.Format])


class Number(forms.Form):
    """A telephone number whose owner is looked for; German where no country is given."""

    phone = forms.CharField(max_length=30)

    def clean_phone(self) -> str:
        """Return the number as E.164."""
        try:
            parsed = phonenumbers.parse(self.cleaned_data["phone"], "DE")
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise forms.ValidationError(gettext("Enter a whole telephone number."))
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
