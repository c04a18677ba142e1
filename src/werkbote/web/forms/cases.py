"""Forms of cases and vehicles."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from werkbote.actions import cases as deeds
from werkbote.domain import cases
from werkbote.web import desk_labels

_SELECT = {"class": "form-select"}
_TEXT = {"class": "form-control", "autocomplete": "off"}
_EVENING = time(18, 0)


class Case(forms.Form):
    """What people say about a case."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=list(desk_labels.CASE_KINDS.items()),
        widget=forms.Select(attrs=_SELECT),
    )
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs=_TEXT))
    due = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput(attrs={**_TEXT, "type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        *args: Any,
        members: tuple[tuple[int, str], ...] = (),
        teams: tuple[tuple[int, str], ...] = (),
        vehicles: tuple[tuple[int, str], ...] = (),
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        for name, label, choices in (
            ("owner", _("Who takes care"), members),
            ("team", _("Team"), teams),
            ("vehicle", _("Vehicle"), vehicles),
        ):
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "–"), *choices],
                widget=forms.Select(attrs=_SELECT),
            )

    def details(self) -> deeds.Details:
        """Return the details the deed needs; a day is due at its end."""
        due = self.cleaned_data["due"]
        return deeds.Details(
            kind=cases.Kind(self.cleaned_data["kind"]),
            title=self.cleaned_data["title"],
            owner=self.cleaned_data["owner"],
            team=self.cleaned_data["team"],
            vehicle=self.cleaned_data["vehicle"],
            due_at=datetime.combine(due, _EVENING, tzinfo=timezone.get_current_timezone())
            if due
            else None,
        )


class Known(forms.Form):
    """What is known of a vehicle."""

    plate = forms.CharField(
        label=_("Number plate"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={**_TEXT, "placeholder": "HH-AB 123"}),
    )
    country = forms.RegexField(
        regex=r"^[A-Za-z]{1,3}$",
        label=_("Country sign"),
        initial=cases.GERMANY,
        widget=forms.TextInput(attrs=_TEXT),
    )
    vin = forms.CharField(
        label=_("Identification number (VIN)"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_TEXT),
    )
    make = forms.CharField(
        label=_("Make"), required=False, max_length=60, widget=forms.TextInput(attrs=_TEXT)
    )
    model = forms.CharField(
        label=_("Model"), required=False, max_length=60, widget=forms.TextInput(attrs=_TEXT)
    )
    first_registration = forms.DateField(
        label=_("First registration"),
        required=False,
        widget=forms.DateInput(attrs={**_TEXT, "type": "date"}, format="%Y-%m-%d"),
    )
    hu = forms.RegexField(
        regex=r"^(0[1-9]|1[0-2])/20\d\d$",
        label=_("Next inspection (HU)"),
        required=False,
        error_messages={"invalid": _("Write the month as 03/2027.")},
        widget=forms.TextInput(attrs={**_TEXT, "placeholder": "03/2027"}),
    )
    mileage = forms.IntegerField(
        label=_("Mileage (km)"),
        required=False,
        min_value=0,
        max_value=9_999_999,
        widget=forms.NumberInput(attrs=_TEXT),
    )

    def told(self) -> cases.Vehicle:
        """Return what was told about the vehicle."""
        data, hu = self.cleaned_data, self.cleaned_data["hu"]
        return cases.Vehicle(
            plate=data["plate"],
            country=data["country"].upper(),
            vin=data["vin"],
            make=data["make"],
            model=data["model"],
            first_registration=data["first_registration"],
            hu_due_on=datetime.strptime(f"01/{hu}", "%d/%m/%Y").date() if hu else None,  # noqa: DTZ007 -- a day has no zone
            mileage=data["mileage"],
        )

    @staticmethod
    def of(known: cases.Vehicle) -> dict[str, Any]:
        """Return what is known as the form shows it."""
        return {
            "plate": known.plate,
            "country": known.country,
            "vin": known.vin,
            "make": known.make,
            "model": known.model,
            "first_registration": known.first_registration,
            "hu": f"{known.hu_due_on:%m/%Y}" if known.hu_due_on else "",
            "mileage": known.mileage,
        }


class Vehicle(Known):
    """What people say about a vehicle, and who the person is to it."""

    role = forms.ChoiceField(
        label=_("The person is"),
        choices=list(desk_labels.VEHICLE_ROLES.items()),
        widget=forms.Select(attrs=_SELECT),
    )


class Role(forms.Form):
    """Who else is what to a vehicle."""

    person = forms.CharField(
        label=_("Name or telephone number"), max_length=100, widget=forms.TextInput(attrs=_TEXT)
    )
    role = forms.ChoiceField(
        label=_("This person is"),
        choices=list(desk_labels.VEHICLE_ROLES.items()),
        widget=forms.Select(attrs=_SELECT),
    )
