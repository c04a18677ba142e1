"""The form of a branch: what its privacy notice and its imprint say about it."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _line(label: object, *, most: int = 200, hint: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        required=False,
        max_length=most,
        help_text=hint,  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class Details(forms.Form):
    """Address and contacts of a branch; Art. 13(1) DSGVO and § 5 DDG ask for them."""

    street = _line(_("Street and number"))
    place = _line(_("Postcode and town"))
    phone = _line(_("Telephone"), most=40)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    imprint = forms.CharField(
        label=_("Register, VAT number and representatives"),
        required=False,
        max_length=1000,
        help_text=_("As in your imprint on the web (§ 5 DDG)."),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    officer = _line(_("Data protection officer"))
    officer_contact = _line(_("How to reach the data protection officer"))
    host = _line(_("Who runs the server"), hint=_("Empty where you run it yourselves."))
