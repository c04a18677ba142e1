"""The form of the search: one line that understands fields, and the fields themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.domain import events, search_fields
from werkbote.web import labels

_SELECT = {"class": "form-select"}
_TEXT = {"class": "form-control", "autocomplete": "off"}
_KINDS = (
    events.Kind.TEXT,
    events.Kind.IMAGE,
    events.Kind.VOICE,
    events.Kind.VIDEO,
    events.Kind.DOCUMENT,
    events.Kind.LOCATION,
    events.Kind.CONTACTS,
    events.Kind.TEMPLATE,
)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={**_TEXT, "type": "date"}, format="%Y-%m-%d"),
    )


class Search(forms.Form):
    """What is looked for."""

    line = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=search_fields.MOST,
        widget=forms.TextInput(
            attrs={
                **_TEXT,
                "type": "search",
                "placeholder": _("Words, name, number, plate"),
                "autofocus": True,
            }
        ),
    )
    person = forms.CharField(
        label=_("Person"), required=False, max_length=100, widget=forms.TextInput(attrs=_TEXT)
    )
    number = forms.CharField(
        label=_("Telephone number, or its last four digits"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={**_TEXT, "inputmode": "tel"}),
    )
    plate = forms.CharField(
        label=_("Number plate or VIN"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_TEXT),
    )
    case = forms.CharField(
        label=_("Title of the case"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs=_TEXT),
    )
    kind = forms.ChoiceField(
        label=_("Kind of message"),
        required=False,
        choices=[("", "–"), *((kind.value, labels.KINDS[kind]) for kind in _KINDS)],
        widget=forms.Select(attrs=_SELECT),
    )
    since = _day(_("From"))
    until = _day(_("Until"))

    def __init__(self, *args: Any, offered: tuple[tuple[int, str], ...] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["label"] = forms.ChoiceField(
            label=_("Label"),
            required=False,
            choices=[("", "–"), *((str(row), name) for row, name in offered)],
            widget=forms.Select(attrs=_SELECT),
        )

    def asked(self) -> search_fields.Asked:
        """Return what line and fields ask for together."""
        data = self.cleaned_data
        line = search_fields.read(data["line"])
        form = search_fields.Asked(
            person=data["person"],
            number=data["number"],
            plate=data["plate"],
            case=data["case"],
            label=data["label"],
            kind=data["kind"],
            since=data["since"],
            until=data["until"],
        )
        return search_fields.joined(_in_codes(line), form)


def _in_codes(line: search_fields.Asked) -> search_fields.Asked:
    """Return a line with the kind as its code: people type „Foto“ or "photo"."""
    wanted = line.kind.casefold()
    if not wanted:
        return line
    found = (kind for kind in _KINDS if wanted in {kind.value, str(labels.KINDS[kind]).casefold()})
    kind = next(found, None)
    return search_fields.changed(line, kind=kind.value if kind else "", typed=line.kind)
