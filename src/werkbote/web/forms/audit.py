"""The filter of the audit page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.reads import audit

_PLAIN = {"class": "form-control"}


class Filter(forms.Form):
    """Object, actor, verb, period; whatever is empty does not narrow."""

    object = forms.CharField(
        label=_("Object"), max_length=80, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    actor = forms.CharField(max_length=40, required=False)
    verb = forms.CharField(max_length=60, required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date", **_PLAIN})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date", **_PLAIN})
    )
    before = forms.IntegerField(min_value=1, max_value=2**62, required=False)

    def wanted(self) -> audit.Filter:
        """Return the filter; a field that cannot be understood does not narrow."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return audit.Filter(**found)
