"""Forms of numbers and templates: they read what was typed; the rules stand in the domain."""

from collections.abc import Iterator, Sequence
from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.domain import numbers
from werkbote.web import numbers_labels

_TEXT = {"class": "form-control", "autocomplete": "off"}
_SECRET = {**_TEXT, "autocomplete": "new-password", "spellcheck": "false"}
_SELECT = {"class": "form-select"}
_LANGUAGES = (("de", _("German")), ("en", _("English")))
BUTTONS = 4


def _text(label: Any, *, most: int, hint: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=hint,
        required=required,
        widget=forms.TextInput(attrs=_TEXT),
    )


def _secret(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        help_text=hint,
        widget=forms.PasswordInput(attrs=_SECRET),
    )


class Connect(forms.Form):
    """A number that Meta knows already, with what is needed to speak as it."""

    branch = forms.TypedChoiceField(
        label=_("Branch"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    label = _text(_("Name in the house"), most=60, hint=_("Such as “Service” or “Verkauf”."))
    phone = _text(_("Phone number"), most=32, hint=_("With country code: +49 …"))
    phone_number_id = _text(_("Phone number id"), most=32)
    account_id = _text(_("WhatsApp Business account id"), most=32)
    token = _secret(_("Access token"), _("Of a system user, without expiry."))
    app_secret = _secret(_("App secret"))
    agreement_at = forms.DateField(
        label=_("Date of the processing agreement"),
        help_text=_("Meta's terms of data processing: file the PDF, enter its date."),
        widget=forms.DateInput(attrs={**_TEXT, "type": "date"}),
    )

    def __init__(self, *args: Any, branches: Sequence[tuple[int, str]] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["branch"].choices = list(branches)  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """Return the number as E.164."""
        try:
            parsed = phonenumbers.parse(self.cleaned_data["phone"], "DE")
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise forms.ValidationError(_("This is no phone number: write it like +49 30 …"))
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

    def _digits(self, name: str) -> str:
        value = str(self.cleaned_data[name])
        if not (value.isascii() and value.isdigit()):
            raise forms.ValidationError(_("This id has only digits: copy it from Meta."))
        return value

    def clean_phone_number_id(self) -> str:
        """Return the id Meta gave the number."""
        return self._digits("phone_number_id")

    def clean_account_id(self) -> str:
        """Return the id Meta gave the account."""
        return self._digits("account_id")


class Day(forms.Form):
    """The day on which somebody saw to something."""

    on_day = forms.DateField(widget=forms.DateInput(attrs={**_TEXT, "type": "date"}))


class Button(forms.Form):
    """One line of buttons; lines left empty make none."""

    kind = forms.ChoiceField(
        label=_("Button"),
        required=False,
        choices=[
            ("", "–"),
            (numbers.ButtonKind.QUICK_REPLY, _("Answer")),
            (numbers.ButtonKind.URL, _("Link")),
            (numbers.ButtonKind.PHONE_NUMBER, _("Call")),
        ],
        widget=forms.Select(attrs=_SELECT),
    )
    text = _text(_("Words on it"), most=60, required=False)
    value = _text(_("Address or number"), most=2000, required=False)

    def button(self) -> numbers.Button | None:
        """Return the button; None for a line left empty."""
        if not self.cleaned_data.get("kind"):
            return None
        return numbers.Button(
            kind=numbers.ButtonKind(self.cleaned_data["kind"]),
            text=self.cleaned_data["text"],
            value=self.cleaned_data["value"],
        )


class Template(forms.Form):
    """A template; every rule about it stands in the domain."""

    name = _text(
        _("Name"), most=600, hint=_("Small letters, digits, underscores. Only you see it.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=_LANGUAGES, widget=forms.Select(attrs=_SELECT)
    )
    purpose = forms.ChoiceField(
        label=_("What it is for, in German law"),
        required=False,
        help_text=_("Reminders, surveys and offers are advertising, also where Meta says utility."),
        widget=forms.Select(attrs=_SELECT),
    )
    category = forms.ChoiceField(
        label=_("What Meta should call it"),
        choices=list(numbers_labels.CATEGORIES.items()),
        help_text=_("Decides the price, not the law."),
        widget=forms.Select(attrs=_SELECT),
    )
    header = _text(_("Heading (optional)"), most=200, required=False)
    body = forms.CharField(
        label=_("Text"),
        max_length=4000,
        help_text=_("Places to fill in: {{1}}, {{2}} … with words before, between and after them."),
        widget=forms.Textarea(attrs={**_TEXT, "rows": 6}),
    )
    examples = forms.CharField(
        label=_("Examples for the places"),
        required=False,
        max_length=4000,
        help_text=_("One a line. Invented ones: Meta's reviewers read them."),
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
    )
    footer = _text(_("Small print (optional)"), most=200, required=False)

    def __init__(
        self, *args: Any, purposes: Sequence[tuple[str, str]] = (), fixed: bool = False, **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.fields["purpose"].choices = [("", "–"), *purposes]  # type: ignore[attr-defined]
        if fixed:
            for name in ("name", "language"):
                self.fields[name].disabled = True
        self.lines = [Button(self.data or None, prefix=f"b{place}") for place in range(BUTTONS)]
        if not self.is_bound:
            self._offer(self.initial.get("buttons", ()))

    def _offer(self, buttons: Sequence[numbers.Button]) -> None:
        for line, button in zip(self.lines, buttons, strict=False):
            line.initial = {"kind": button.kind, "text": button.text, "value": button.value}

    def draft(self) -> numbers.Draft:
        """Return what was typed, as far as it can be read."""
        given = {**dict.fromkeys(self.fields, ""), **self.cleaned_data}
        return numbers.Draft(
            name=given["name"],
            language=given["language"],
            category=given["category"],
            purpose=given["purpose"],
            header=given["header"],
            body=given["body"].replace("\r\n", "\n"),
            footer=given["footer"],
            examples=tuple(one.strip() for one in given["examples"].splitlines() if one.strip()),
            buttons=tuple(self._buttons()),
        )

    def _buttons(self) -> Iterator[numbers.Button]:
        for line in self.lines:
            if line.is_valid() and (button := line.button()):
                yield button


def initial(draft: numbers.Draft) -> dict[str, Any]:
    """Return a draft as a form begins with it."""
    return {
        "name": draft.name,
        "language": draft.language,
        "purpose": draft.purpose,
        "category": draft.category,
        "header": draft.header,
        "body": draft.body,
        "examples": "\n".join(draft.examples),
        "footer": draft.footer,
        "buttons": draft.buttons,
    }
