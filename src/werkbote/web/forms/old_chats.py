"""Forms of the way out of private WhatsApp: an upload, a decision, a declaration."""

import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.domain import offboarding, old_chats
from werkbote.reads import old_chats as reads

_CONTROL = {"class": "form-control"}
_SELECT = {"class": "form-select"}
_USUAL = "Europe/Berlin"
_ZONES = (
    "Europe/Berlin",
    "Europe/Vienna",
    "Europe/Zurich",
    "Europe/Amsterdam",
    "Europe/London",
    "Europe/Warsaw",
    "Europe/Istanbul",
    "Europe/Athens",
    "UTC",
)


class Upload(forms.Form):
    """An exported chat, and what it does not say itself: whose phone, which device, which time zone."""

    file = forms.FileField(
        label=_("Exported chat (ZIP or TXT)"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".zip,.txt"}),
    )
    owner = forms.TypedChoiceField(
        label=_("From whose phone?"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    device = forms.CharField(
        label=_("Device"),
        max_length=80,
        help_text=_("For example “iPhone, private” or “Business app, reception”."),
        widget=forms.TextInput(attrs={**_CONTROL, "autocomplete": "off"}),
    )
    branch = forms.TypedChoiceField(
        label=_("For which branch?"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    zone = forms.ChoiceField(
        label=_("Time zone of the phone"),
        help_text=_("Exports do not say it. We remember your answer."),
        widget=forms.Select(attrs=_SELECT),
    )
    order = forms.ChoiceField(
        label=_("Dates in the export"),
        required=False,
        choices=[
            ("", _("Recognise by themselves")),
            (old_chats.Order.DAY, _("Day first (13.03.24)")),
            (old_chats.Order.MONTH, _("Month first (3/13/24)")),
        ],
        widget=forms.Select(attrs=_SELECT),
    )

    def __init__(self, *args: Any, choices: reads.Choices, **rest: Any) -> None:
        super().__init__(*args, **rest)
        zones = dict.fromkeys([choices.zone or _USUAL, *_ZONES])
        self._offer("owner", choices.members)
        self._offer("branch", choices.branches)
        self._offer("zone", [(zone, zone.replace("_", " ")) for zone in zones])
        self.fields["zone"].initial = choices.zone or _USUAL

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean_zone(self) -> str:
        """Return a zone that this machine knows."""
        zone = str(self.cleaned_data["zone"])
        zoneinfo.ZoneInfo(zone)
        return zone


class Declaration(forms.Form):
    """One box for each step, the last confirmation, and the name typed as signature."""

    name = forms.CharField(
        label=_("Sign with your first name and surname"),
        max_length=offboarding.LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={**_CONTROL, "autocomplete": "name"}),
    )
    confirmed = forms.BooleanField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, rules: offboarding.Rules, **rest: Any
    ) -> None:
        super().__init__(data, **rest)
        self.fields["ticks"] = forms.MultipleChoiceField(
            required=False, choices=[(step.id, step.id) for step in rules.steps]
        )
