"""Forms of the team: signing in, a new password, codes, invitations, roles and branches."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from werkbote.actions import team as deeds
from werkbote.domain import team
from werkbote.web import labels, team_labels


class SignIn(forms.Form):
    """E-mail address and password."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "class": "form-control"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "form-control"}
        ),
    )


class ChangePassword(forms.Form):
    """The present password and a new one; typed once, since it can be shown."""

    present = forms.CharField(
        label=_("Present password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "form-control"}
        ),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        help_text=_("At least 12 characters. Afterwards you are signed out everywhere else."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )


class Unlock(forms.Form):
    """The password or a code, to open a locked screen."""

    secret = forms.CharField(
        label=_("Password, or a code of your app"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(
            attrs={
                "autocomplete": "current-password",
                "autofocus": True,
                "class": "form-control",
            }
        ),
    )


class Lock(forms.Form):
    """After how many idle minutes a screen is locked."""

    minutes = forms.IntegerField(
        label=_("After minutes without a touch"),
        min_value=deeds.FEWEST_MINUTES,
        max_value=deeds.MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


class Code(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autofocus": True,
                "class": "form-control",
                "spellcheck": "false",
            }
        ),
    )


class Join(forms.Form):
    """Name and password of somebody who was invited."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "form-control"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        help_text=_("At least 12 characters. A sentence is easier to keep than a riddle."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )


class Place(forms.Form):
    """Role and branches of a member."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, labels.ROLES[role]) for role in team.Role],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    branches = forms.TypedMultipleChoiceField(
        label=_("Branches"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, branches: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branches"].choices = list(branches)  # type: ignore[attr-defined]


class Invite(Place):
    """The address of somebody who is asked in."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )
    field_order = ("email", "role", "branches")


class Token(forms.Form):
    """What a new token is called, may do, and how long."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, labels.SCOPES[scope]) for scope in team.Scope],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    days = forms.IntegerField(
        label=_("Valid for how many days"),
        min_value=1,
        max_value=366,
        initial=90,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


class Training(forms.Form):
    """What a member was trained on, and when."""

    topic = forms.ChoiceField(
        label=_("Training"),
        choices=[(topic.value, team_labels.TOPICS[topic]) for topic in team.Topic],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    held_on = forms.DateField(
        label=_("Held on"), widget=forms.DateInput(attrs={"class": "form-control", "type": "date"})
    )


class Subscription(forms.Form):
    """The address that is told of changes."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )
