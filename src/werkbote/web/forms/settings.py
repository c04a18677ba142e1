"""The reason why a setting differs from its privacy default."""

from django import forms

from werkbote.domain import drift


class Explanation(forms.Form):
    """Which setting, what it was when the page was shown, and why it may be so."""

    setting = forms.CharField(max_length=24)
    object = forms.CharField(max_length=40)
    value = forms.CharField(max_length=80, required=False, strip=False)
    reason = forms.CharField(max_length=drift.LONGEST)
