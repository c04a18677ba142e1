"""Forms of the newsletter: signing up, the sender, an issue, and a word to the staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from werkbote.actions.newsletter import opening
from werkbote.domain import newsletter


class SignUp(forms.Form):
    """An address, one unticked box, the age; `token` proves that we showed the form, `website` is a trap."""

    email = forms.CharField(max_length=newsletter.MAX_ADDRESS)
    agree = forms.BooleanField(required=False)
    age = forms.BooleanField(required=False)
    token = forms.CharField(max_length=400)
    website = forms.CharField(required=False, max_length=200)

    def clean_email(self) -> str:
        """Return the address as it is kept."""
        found = newsletter.address(self.cleaned_data["email"])
        if found is None:
            raise forms.ValidationError(gettext("Enter an e-mail address such as anna@web.de."))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for the box and for the age."""
        cleaned = super().clean() or {}
        if not cleaned.get("agree"):
            self.add_error("agree", gettext("Tick the box if you want the newsletter."))
        if not cleaned.get("age"):
            self.add_error("age", gettext("This is only possible from age 16."))
        return cleaned


def _text(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", **more})


class Sender(forms.Form):
    """Where e-mails of a branch come from."""

    address = forms.CharField(
        label=gettext_lazy("Sender address"),
        max_length=newsletter.MAX_ADDRESS,
        widget=_text(inputmode="email"),
        help_text=gettext_lazy("Undeliverable mail returns there. Its domain needs SPF and DKIM."),
    )
    name = forms.CharField(
        label=gettext_lazy("Sender name"), max_length=80, widget=_text(autocomplete="organization")
    )
    agreement_at = forms.DateField(
        label=gettext_lazy("Agreement with the mail provider (AVV) of"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}),
        help_text=gettext_lazy("Art. 28 GDPR. With a mail server of your own: today."),
    )
    per_second = forms.IntegerField(
        label=gettext_lazy("E-mails a second, at most"),
        min_value=1,
        max_value=opening.MOST_PER_SECOND,
        initial=5,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


class Issue(forms.Form):
    """An issue as it is written."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=newsletter.MAX_SUBJECT, widget=_text()
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("de", "Deutsch"), ("en", "English")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=newsletter.MAX_TEXT,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 16}),
        help_text=gettext_lazy(
            "# Heading, **bold**, - list, [words](https://…). Pictures and HTML are not sent: "
            "they would load from elsewhere and tell who reads."
        ),
    )


class Leave(forms.Form):
    """An address that is to get nothing more, because somebody said so."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=newsletter.MAX_ADDRESS,
        widget=_text(inputmode="email", autocomplete="off"),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Heard"),
        choices=[
            ("phone", gettext_lazy("by phone")),
            ("counter", gettext_lazy("at the counter")),
            ("email", gettext_lazy("by e-mail")),
            ("letter", gettext_lazy("by letter")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
