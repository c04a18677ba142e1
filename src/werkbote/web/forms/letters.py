"""Forms of the archive of commercial letters: what to show, and why it is opened or handed out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from werkbote.domain import privacy as rights
from werkbote.reads import privacy
from werkbote.web import clock
from werkbote.web import privacy_labels as labels

REASONS = [(code, labels.LETTER_REASONS[code]) for code in rights.LETTER_REASONS]
_LARGEST = 2**63 - 1


class Wanted(forms.Form):
    """Which letters to show; what cannot be read does not narrow."""

    year = forms.IntegerField(required=False, min_value=1990, max_value=2999)
    branch = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST)
    case = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def wanted(self, *, case: int | None = None) -> privacy.Wanted:
        """Return what to show; `case` is set where the address names it, 0 for letters in none."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        return privacy.Wanted(
            year=data.get("year"),
            branch=data.get("branch"),
            case=data.get("case") if case is None else case,
            page=data.get("page") or 1,
        )


class Export(forms.Form):
    """A fiscal year, and why its letters are handed out."""

    year = forms.IntegerField(
        min_value=1990,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value"), gettext_lazy("Give the fiscal year as 2026.")
        ),
    )
    reason = forms.ChoiceField(
        choices=REASONS,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            gettext_lazy("Say why you need the letters: it is written down."),
        ),
    )

    def clean_year(self) -> int:
        """Return the year; raise ValidationError for one to come."""
        year: int = self.cleaned_data["year"]
        if year > clock.today().year:
            raise forms.ValidationError(gettext_lazy("This fiscal year has not begun yet."))
        return year

    def first_problem(self) -> str:
        """Return the first sentence about what is wrong."""
        return str(next(iter(self.errors.values()))[0])
