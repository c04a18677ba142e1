"""The forms of the house's own versions: what differs from the shipped file becomes the change."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.domain import amendments
from werkbote.reads import house_rules
from werkbote.web import consent_labels


class _Amendment(forms.Form):
    """A version with its reason."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )

    def __init__(
        self,
        *args: Any,
        standing: house_rules.Standing,
        purposes: Sequence[tuple[str, str]],
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        self.standing = standing
        self.build(purposes)

    def build(self, purposes: Sequence[tuple[str, str]]) -> None:
        """Make the fields of the topic."""
        raise NotImplementedError

    def _differing(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        shipped = self.standing.shipped
        return {
            name: value for name, value in wanted.items() if value != house_rules.at(shipped, name)
        }


class Texts(_Amendment):
    """Texts in both languages, keywords and offered purposes."""

    def build(self, purposes: Sequence[tuple[str, str]]) -> None:
        """One field for each text and language; keywords one a line."""
        for text in amendments.TEXTS:
            for language in amendments.LANGUAGES:
                name = f"{text}.{language}"
                self.fields[name] = forms.CharField(
                    label=f"{consent_labels.TEXTS[text]} ({language})",
                    initial=str(house_rules.at(self.standing.present, name)).strip(),
                    widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
                    max_length=900,
                )
        self.fields["keywords"] = forms.CharField(
            label=_("Keywords"),
            initial="\n".join(
                f"{one['keyword']} = {' '.join(one['purposes'])}"
                for one in self.standing.present["keywords"]
            ),
            widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
            help_text=_("One a line, with its purposes: WERBUNG JA = P-05"),
        )
        self.fields["purposes"] = forms.MultipleChoiceField(
            label=_("Offered on the form"),
            choices=list(purposes),
            initial=self.standing.present["purposes"],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        )

    def changes(self) -> dict[str, Any]:
        """Return in what the version differs from the shipped file."""
        given = self.cleaned_data
        wanted: dict[str, Any] = {}
        for text in amendments.TEXTS:
            for language in amendments.LANGUAGES:
                name = f"{text}.{language}"
                shipped = str(house_rules.at(self.standing.shipped, name))
                said = given[name].replace("\r\n", "\n")
                wanted[name] = shipped if said == shipped.strip() else said
        wanted["keywords"] = [
            {"keyword": words.strip(), "purposes": codes.replace(",", " ").split()}
            for words, _sign, codes in (
                line.partition("=") for line in given["keywords"].splitlines() if line.strip()
            )
        ]
        wanted["purposes"] = given["purposes"]
        return self._differing(wanted)


class Notice(_Amendment):
    """The sentences of the first-contact notice in both languages."""

    def build(self, purposes: Sequence[tuple[str, str]]) -> None:
        """One field for each sentence and language."""
        del purposes
        for language in amendments.LANGUAGES:
            for element in amendments.NOTICE:
                name = f"elements.{language}.{element}"
                self.fields[name] = forms.CharField(
                    label=f"{consent_labels.NOTICE[element]} ({language})",
                    initial=str(house_rules.at(self.standing.present, name)),
                    widget=forms.TextInput(attrs={"class": "form-control"}),
                    max_length=900,
                )

    def changes(self) -> dict[str, Any]:
        """Return in what the version differs from the shipped file."""
        return self._differing(
            {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        )


class Hours(_Amendment):
    """When advertising may reach people: for the whole house, or for one branch that keeps its own."""

    def build(self, purposes: Sequence[tuple[str, str]]) -> None:
        """Place, opening, closing and days of the week; `purposes` are the branches here."""
        present = self.standing.present["advertising"]
        self.fields["place"] = forms.ChoiceField(
            label=_("Holds for"),
            choices=[("", _("all branches without hours of their own")), *purposes],
            required=False,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        for name, label in (("opens", _("From")), ("closes", _("To"))):
            self.fields[name] = forms.TimeField(
                label=label,
                initial=present[name],
                widget=forms.TimeInput(attrs={"class": "form-control", "type": "time"}),
            )
        self.fields["weekdays"] = forms.TypedMultipleChoiceField(
            label=_("Days"),
            coerce=int,
            choices=list(consent_labels.DAYS.items()),
            initial=present["weekdays"],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        )
        self.fields["shared"] = forms.BooleanField(
            label=_("This branch keeps the hours of the house again"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )

    def changes(self) -> dict[str, Any]:
        """Return in what the version differs from the shipped file."""
        given, present = self.cleaned_data, self.standing.present
        said = {
            "opens": f"{given['opens']:%H:%M}",
            "closes": f"{given['closes']:%H:%M}",
            "weekdays": given["weekdays"],
        }
        branches = dict(present["branches"])
        if given["place"]:
            branches.pop(given["place"], None)
            if not given["shared"]:
                branches[given["place"]] = said
            said = dict(present["advertising"])
        wanted = {f"advertising.{name}": value for name, value in said.items()}
        return self._differing(wanted | {"branches": branches})


class Purposes(_Amendment):
    """What purposes are called, what the house means by them, and how often messages come at most."""

    def build(self, purposes: Sequence[tuple[str, str]]) -> None:
        """Names, explanations and frequency of each purpose."""
        shipped = {one["code"]: one for one in self.standing.shipped["purposes"]}
        for entry in self.standing.present["purposes"]:
            code = entry["code"]
            for part, most in amendments.PURPOSE.items():
                self.fields[f"{code}.{part}"] = forms.CharField(
                    label=str(consent_labels.PURPOSE_PARTS[part]),
                    initial=entry.get(part, ""),
                    max_length=most,
                    required=part.startswith("name"),
                    widget=forms.TextInput(attrs={"class": "form-control"}),
                )
            for place, cap in enumerate(entry.get("caps", [])):
                promised = shipped[code]["caps"][place]
                for part, low, high in (
                    ("count", 1, promised["count"]),
                    ("days", promised["days"], amendments.LONGEST_SPAN),
                ):
                    self.fields[f"{code}.caps.{place}.{part}"] = forms.IntegerField(
                        label=str(consent_labels.PURPOSE_PARTS[part]),
                        initial=cap[part],
                        min_value=low,
                        max_value=high,
                        widget=forms.NumberInput(attrs={"class": "form-control"}),
                    )
        self.fields["anew"] = forms.MultipleChoiceField(
            label=_("Means more than before: consents so far end, and are asked for anew"),
            choices=list(purposes),
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Each purpose with its law and its fields, as the page shows them."""
        return [
            {
                "entry": entry,
                "fields": [self[name] for name in self.fields if name.startswith(entry["code"])],
            }
            for entry in self.standing.present["purposes"]
        ]

    def changes(self) -> dict[str, Any]:
        """Return in what the version differs from the shipped file."""
        given, found = self.cleaned_data, dict[str, Any]()
        for entry in self.standing.shipped["purposes"]:
            code = entry["code"]
            for part in amendments.PURPOSE:
                value = given[f"{code}.{part}"]
                if value != entry.get(part, ""):
                    found[f"{code}.{part}"] = value
            caps = [
                {part: given[f"{code}.caps.{place}.{part}"] for part in ("count", "days")}
                for place in range(len(entry.get("caps", [])))
            ]
            if caps != entry.get("caps", []):
                found[f"{code}.caps"] = caps
        return found


class Words(_Amendment):
    """Words of withdrawal beside the shipped ones, of which none can go."""

    def build(self, purposes: Sequence[tuple[str, str]]) -> None:
        """One field for each reading, one phrase a line."""
        del purposes
        for reading in amendments.ENDING:
            shipped = self.standing.shipped["exact"][reading]
            self.fields[reading] = forms.CharField(
                label=str(consent_labels.ENDING[reading]),
                initial="\n".join(self.standing.present["exact"][reading][len(shipped) :]),
                required=False,
                widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
                help_text=_("One a line, as people write it"),
            )

    @property
    def fixed(self) -> dict[str, str]:
        """The shipped words by reading."""
        exact = self.standing.shipped["exact"]
        return {reading: ", ".join(exact[reading]) for reading in amendments.ENDING}

    def changes(self) -> dict[str, Any]:
        """Return the words added to each reading."""
        said = {
            reading: [line.strip() for line in self.cleaned_data[reading].splitlines()]
            for reading in amendments.ENDING
        }
        return {
            reading: [line for line in lines if line]
            for reading, lines in said.items()
            if any(lines)
        }
