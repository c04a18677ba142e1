"""Forms of legal holds: for whom, why and until when it is looked at again."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from werkbote.domain import cases
from werkbote.domain.events import Json
from werkbote.web import desk_labels
from werkbote.web.forms import privacy

_SELECT = {"class": "form-select"}
_INPUT = {"class": "form-control"}
_DAY = {**_INPUT, "type": "date"}
_NARROWS = ("branch", "case_kind", "plate", "since", "until")


class Hold(forms.Form):
    """A person, or conditions that messages meet: without any it is everybody."""

    reason = forms.CharField(
        label=gettext_lazy("Why must it not be deleted?"),
        max_length=1000,
        widget=forms.TextInput(attrs=_INPUT),
    )
    phone = forms.CharField(
        label=gettext_lazy("Number of the person (empty: everybody)"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "tel"}),
    )
    case_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of case"),
        choices=[
            ("", gettext_lazy("All kinds")),
            *((kind.value, desk_labels.CASE_KINDS[kind]) for kind in cases.Kind),
        ],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )
    plate = forms.CharField(
        label=gettext_lazy("Number plate"),
        max_length=15,
        required=False,
        widget=forms.TextInput(attrs={**_INPUT, "autocapitalize": "characters"}),
    )
    since = forms.DateField(
        label=gettext_lazy("Messages since"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Messages until"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    review_on = forms.DateField(
        label=gettext_lazy("Look at it again on (empty: in six months)"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, branches: list[tuple[int, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["branch"] = forms.TypedChoiceField(
            label=gettext("Branch"),
            choices=[("", gettext("All branches")), *branches],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.Select(attrs=_SELECT),
        )

    def clean_phone(self) -> str:
        """Return the number as E.164, empty where none was given."""
        given = self.cleaned_data["phone"].strip()
        return privacy.e164(given) if given else ""

    def clean(self) -> dict[str, Any]:
        """Refuse a person narrowed down, and a period that ends before it begins."""
        data: dict[str, Any] = self.cleaned_data
        if data.get("phone") and any(data.get(name) for name in _NARROWS):
            raise forms.ValidationError(
                gettext("A hold for a person covers everything of them: leave the rest empty.")
            )
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            raise forms.ValidationError(gettext("The period ends before it begins."))
        return data

    def query(self) -> dict[str, Json]:
        """Return the conditions as a hold keeps them; the vehicle is looked up by whoever asks."""
        data = self.cleaned_data
        found: dict[str, Json] = {}
        if data["branch"]:
            found["branch"] = data["branch"]
        if data["case_kind"]:
            found["case_kind"] = data["case_kind"]
        for name in ("since", "until"):
            if data[name]:
                found[name] = data[name].isoformat()
        return found
