"""Forms of persons' requests: receiving, making sure who asks, answering, holding, looking."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext, gettext_lazy

from werkbote.domain import privacy
from werkbote.web import privacy_labels as labels

_SELECT = {"class": "form-select"}
_INPUT = {"class": "form-control"}


def e164(value: str) -> str:
    """Return a number as E.164, German where no country is given; raise ValidationError for none."""
    try:
        parsed = phonenumbers.parse(value, "DE")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise forms.ValidationError(gettext("Enter the number the person writes from."))
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


class Received(forms.Form):
    """A request as somebody heard or read it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"),
        choices=[(kind.value, labels.REQUEST_KINDS[kind]) for kind in privacy.Kind],
        widget=forms.Select(attrs=_SELECT),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Received"),
        choices=[(code, labels.HEARD[code]) for code in ("phone", "counter", "email", "letter")],
        widget=forms.Select(attrs=_SELECT),
    )
    received_on = forms.DateField(
        label=gettext_lazy("on"), widget=forms.DateInput(attrs={**_INPUT, "type": "date"})
    )
    said = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={**_INPUT, "rows": 2}),
    )

    def __init__(self, *args: Any, branches: list[tuple[int, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["branch"] = forms.TypedChoiceField(
            label=gettext("Branch"),
            choices=branches,
            coerce=int,
            widget=forms.Select(attrs=_SELECT),
        )


class Known(forms.Form):
    """Which number whoever asks is known by, and how it was made sure of; both may be left out."""

    phone = forms.CharField(
        label=gettext_lazy("Number they are known by"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "tel"}),
    )
    rung = forms.ChoiceField(
        label=gettext_lazy("Made sure by"),
        choices=[
            (rung.value, labels.RUNGS[rung]) for rung in privacy.Rung if privacy.by_hand(rung)
        ],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )

    def clean_phone(self) -> str:
        """Return the number as E.164, empty where none was given."""
        given = self.cleaned_data["phone"].strip()
        return e164(given) if given else ""


class Fact(forms.Form):
    """What only the customer knows: a plate, and a month in which that vehicle was here."""

    plate = forms.CharField(
        label=gettext_lazy("Number plate"),
        max_length=15,
        widget=forms.TextInput(attrs={**_INPUT, "autocapitalize": "characters"}),
    )
    month = forms.DateField(
        label=gettext_lazy("Month of a visit"),
        input_formats=["%Y-%m", "%m.%Y", "%m/%Y"],
        widget=forms.DateInput(attrs={**_INPUT, "type": "month"}, format="%Y-%m"),
    )


class Unreadable(Exception):
    """What was typed in cannot be read; the form says where."""

    def __init__(self, form: Known) -> None:
        super().__init__("What was typed in cannot be read.")
        self.form = form


class Words(forms.Form):
    """A reason, a name: one line of words."""

    words = forms.CharField(max_length=4000, required=False)


class TaxAudit(forms.Form):
    """A fiscal year and until when its audit is open."""

    year = forms.IntegerField(
        label=gettext_lazy("Fiscal year"), widget=forms.NumberInput(attrs=_INPUT)
    )
    until = forms.DateField(
        label=gettext_lazy("open until"), widget=forms.DateInput(attrs={**_INPUT, "type": "date"})
    )
