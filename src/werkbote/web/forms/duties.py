"""Forms of the register of recipients: what is recorded about one, and its switch."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.domain.duties import joint, officer, recipients
from werkbote.web import duties_labels

_MOST_CODE = 280


def _text(label: Any, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=recipients.LONGEST,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


def _country(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=hint,
        max_length=2,
        widget=forms.TextInput(attrs={"class": "form-control", "size": 2}),
    )


def _day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=False, help_text=hint, widget=widget, input_formats=["%Y-%m-%d"]
    )


class Recording(forms.Form):
    """What the house records about one recipient."""

    code = forms.CharField(max_length=_MOST_CODE, required=False, widget=forms.HiddenInput)
    name = _text(_("Recipient, as named in its agreement"), required=True)
    contact = _text(_("Contact for privacy"))
    agreement_on = _day(
        _("Agreement (Art. 28 GDPR) of"),
        _("For Meta and mail servers it stands at the number or sender and counts from there."),
    )
    agreement = _text(_("Where the agreement lies, version, sub-processors"))
    country = _country(_("Country"), _("Two letters, such as DE or IE"))
    onward = _country(_("Passes data on to"), _("Two letters, such as US; empty for nowhere"))
    basis = forms.ChoiceField(
        label=_("Ground of the transfer"),
        required=False,
        choices=[*duties_labels.BASES.items()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    checked_on = _day(
        _("Found in the list of the Data Privacy Framework on"),
        _("Look at dataprivacyframework.gov whether the entry is active."),
    )
    assessment = _text(_("Reference of the transfer assessment (TIA)"))
    assessed_on = _day(_("Assessed on"))
    ground = _text(_("Ground under Art. 49 GDPR, in words"))

    def entry(self) -> recipients.Entry:
        """Return the entry a valid form holds."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "code"}
        given["country"], given["onward"] = given["country"].upper(), given["onward"].upper()
        return recipients.Entry(**given)


class Switch(forms.Form):
    """Stopping or releasing one recipient."""

    code = forms.CharField(max_length=_MOST_CODE)
    deed = forms.ChoiceField(choices=[("stop", "stop"), ("release", "release")])
    reason = forms.CharField(max_length=recipients.LONGEST, required=False)


class Officer(forms.Form):
    """Whether a data protection officer is needed, and whom the house appointed."""

    people = forms.IntegerField(
        label=_("How many people here constantly work with personal data on a screen?"),
        help_text=_("Everybody counts: office, workshop, part-time, trainees (§ 38(1) BDSG)."),
        min_value=0,
        max_value=officer.MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    assessment = forms.BooleanField(
        label=_("We owe an impact assessment (Art. 35 GDPR), for example for an AI assistant"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    name = _text(_("Data protection officer"))
    contact = _text(
        _("How to reach the data protection officer"),
        hint=_("Stands in the notice of every branch that names nobody of its own."),
    )
    appointed_on = _day(_("Appointed on"))
    notified_on = _day(
        _("Told to the authority on"), _("Art. 37(7) GDPR: by the form of your Land’s authority.")
    )
    reference = _text(_("Receipt of the authority"))


def _words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=joint.LONGEST_ESSENCE,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


class Joint(forms.Form):
    """An agreement between joint controllers."""

    name = _text(_("Who decides with you"), required=True)
    subject = _text(
        _("About which processing"), required=True, hint=_("Such as: leads of the manufacturer")
    )
    agreed_on = _day(_("Agreement of"))
    essence_de = _words(_("Essence of the agreement, in German (published)"))
    essence_en = _words(_("Essence of the agreement, in English (published)"))
    paper = forms.FileField(
        label=_("Agreement (PDF)"),
        max_length=200,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "application/pdf"}),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        """Ask for the day too: without it there is no agreement."""
        super().__init__(*given, **named)
        self.fields["agreed_on"].required = True


class Row(forms.Form):
    """Which row is meant."""

    row = forms.IntegerField(min_value=1, max_value=2**63 - 1)
