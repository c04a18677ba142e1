"""The form of a text kept ready: its name, its words, and for whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from werkbote.actions import desk as deeds
from werkbote.actions import drafts
from werkbote.reads import desk

_TEXT = {"class": "form-control", "autocomplete": "off"}


class Reply(forms.Form):
    """A text kept ready; `place` is empty for the whole house, “b7” for a branch, “t7” for a team."""

    name = forms.CharField(label=_("Name"), max_length=40, widget=forms.TextInput(attrs=_TEXT))
    text = forms.CharField(
        label=_("Text"),
        max_length=drafts.MOST_TEXT,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 4}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        places: Sequence[tuple[str, str]],
        reply: desk.Reply | None = None,
        prefix_id: str = "typed",
    ) -> None:
        initial = (
            {"name": reply.name, "text": reply.text, "place": place_of(reply)} if reply else None
        )
        super().__init__(data, initial=initial, auto_id=f"reply-{prefix_id}-%s")
        self.fields["place"] = forms.ChoiceField(
            label=_("For whom"),
            required=False,
            choices=list(places),
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def reply(self) -> deeds.Reply:
        """Return what is to be kept."""
        place = self.cleaned_data["place"]
        number = int(place[1:]) if place else None
        return deeds.Reply(
            name=self.cleaned_data["name"],
            text=self.cleaned_data["text"],
            branch=number if place.startswith("b") else None,
            team=number if place.startswith("t") else None,
        )


def place_of(reply: desk.Reply) -> str:
    """Return the choice that stands for whom a text is."""
    if reply.team is not None:
        return f"t{reply.team}"
    return "" if reply.branch is None else f"b{reply.branch}"


def places(arranged: desk.Arranged) -> list[tuple[str, str]]:
    """Return for whom a text can be: the house, each branch, each team with its branch."""
    found = [("", gettext("The whole house"))]
    for branch in arranged.branches:
        found.append((f"b{branch.id}", branch.name))
        found += [
            (f"t{team.id}", f"{branch.name} · {team.name}")
            for team in arranged.teams
            if team.branch == branch.id
        ]
    return found
