"""Forms of the composer: words, a file, a template."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from werkbote.actions import drafts, outbox
from werkbote.domain import events, policy
from werkbote.domain import offers as words
from werkbote.reads import numbers
from werkbote.web import attachments, labels
from werkbote.web.forms import offers

_KEY = r"^[A-Za-z0-9_-]{16,64}$"
_SENTENCES: tuple[Promise, ...] = (
    _("Choose the case in which the file is filed."),
    _("A place of the template is empty: fill it in."),
    _("What stands in a place is longer than 1,024 characters: shorten it."),
    _("A place of the template takes one line without tabs, and four spaces in a row at most."),
    _("A place of the template holds signs that cannot be seen: write it anew."),
    _("A place of the template holds braces: fill in the words themselves."),
)
"""What deeds and the gate say about a file or a place of a template; named here so that a translation is asked for."""


def _second(key: str) -> str:
    """Return the key of a second message from the same composer, the same for the same one."""
    return hashlib.sha256(key.encode()).hexdigest()


def _check_parameter(value: str) -> None:
    flaw = policy.parameter_flaw(value)
    if flaw:
        raise forms.ValidationError(labels.sentence(flaw))


class Message(forms.Form):
    """A message in one's own words, with or without a file. `key` makes sending twice send once.

    `photo` is the file that a phone's camera made; without JavaScript it comes beside `file`.
    """

    text = forms.CharField(required=False, max_length=drafts.MOST_TEXT, strip=False)
    file = forms.FileField(required=False, max_length=255, allow_empty_file=True)
    photo = forms.FileField(required=False, max_length=255, allow_empty_file=True)
    purpose = forms.CharField(max_length=8)
    reply_to = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    case = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    only = forms.BooleanField(required=False)
    key = forms.RegexField(regex=_KEY)

    def clean(self) -> dict[str, Any]:
        """Recognise the file, and refuse to send nothing at all."""
        cleaned = super().clean() or {}
        uploads = [cleaned[name] for name in ("file", "photo") if cleaned.get(name) is not None]
        if len(uploads) > 1:
            self.add_error("file", gettext("One file per message: send the other one afterwards."))
        elif uploads:
            try:
                attachments.check_size(uploads[0].size)
                cleaned["prepared"] = attachments.prepare(
                    content=uploads[0].read(), filename=uploads[0].name
                )
            except attachments.UnableToAttach as error:
                self.add_error("file", str(error))
        elif (
            not self.offer
            and not str(cleaned.get("text", "")).strip()
            and "text" not in self.errors
        ):
            self.add_error("text", gettext("Write something or attach a file."))
        if cleaned.get("only") and not uploads:
            self.add_error("only", gettext("Take a photo or attach a file to be filed."))
        if uploads and self.offer:
            self.add_error(None, gettext("Send the file first, then what can be tapped."))
        return cleaned

    @property
    def offer(self) -> words.Offer | None:
        """What the customer may tap, None where nothing is offered."""
        return offers.asked(self.data)

    def kept(self) -> drafts.Draft | None:
        """Return the file with its words where it is filed and not sent, None where it is sent."""
        if not self.cleaned_data["only"]:
            return None
        prepared: attachments.Prepared = self.cleaned_data["prepared"]
        return drafts.Draft(
            kind=prepared.kind,
            text=str(self.cleaned_data["text"]).strip(),
            content={"unsent": True},
            attachment=prepared.attachment,
            request_key=self.cleaned_data["key"],
            case=self.cleaned_data["case"],
        )

    def parts(self) -> list[drafts.Draft]:
        """Return what the member wants to say: a sound carries no words, so they go before it.

        Only the file is filed in the chosen case.
        """
        said = drafts.Draft(
            text=str(self.cleaned_data.get("text", "")).strip(),
            reply_to=self.cleaned_data.get("reply_to"),
            request_key=self.cleaned_data["key"],
        )
        if self.offer:
            offered = words.content(words.tidied(self.offer))
            return [replace(said, kind=events.Kind.INTERACTIVE, content=offered)]
        prepared: attachments.Prepared | None = self.cleaned_data.get("prepared")
        case: int | None = self.cleaned_data["case"]
        if prepared is None:
            return [said]
        if not said.text or prepared.kind in drafts.CAPTIONED:
            return [replace(said, kind=prepared.kind, attachment=prepared.attachment, case=case)]
        sound = drafts.Draft(
            kind=prepared.kind,
            attachment=prepared.attachment,
            case=case,
            request_key=_second(self.cleaned_data["key"]),
        )
        return [said, sound]


class Voice(forms.Form):
    """A voice note, recorded in the browser."""

    voice = forms.FileField(max_length=255, allow_empty_file=True)
    purpose = forms.CharField(max_length=8)
    key = forms.RegexField(regex=_KEY)

    def clean_voice(self) -> attachments.Prepared:
        """Return the recording as WhatsApp takes it."""
        upload = self.cleaned_data["voice"]
        try:
            attachments.check_size(upload.size)
            return attachments.voice(upload.read())
        except attachments.UnableToAttach as error:
            raise forms.ValidationError(str(error)) from None

    def draft(self) -> drafts.Draft:
        """Return the voice note as a message that can be taken back for a moment."""
        prepared: attachments.Prepared = self.cleaned_data["voice"]
        return drafts.Draft(
            kind=prepared.kind,
            attachment=prepared.attachment,
            request_key=self.cleaned_data["key"],
            hold=outbox.UNDO,
        )


class Begun(forms.Form):
    """What has been written so far; nothing of it is checked but its length."""

    text = forms.CharField(required=False, max_length=4 * drafts.MOST_TEXT, strip=False)
    purpose = forms.CharField(required=False, max_length=8)
    reply_to = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    key = forms.RegexField(regex=_KEY)

    def begun(self) -> outbox.Begun:
        """Return what is to be kept."""
        return outbox.Begun(
            text=self.cleaned_data["text"],
            purpose=self.cleaned_data["purpose"],
            reply_to=self.cleaned_data["reply_to"],
            key=self.cleaned_data["key"],
            offer=offers.asked(self.data),
        )


class Template(forms.Form):
    """A template with a field for each of its places."""

    key = forms.RegexField(regex=_KEY, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, template: numbers.Template, **rest: Any
    ) -> None:
        super().__init__(data, **rest)
        self.template = template
        for place in template.places:
            self.fields[f"place_{place}"] = forms.CharField(
                label=_("Place {place}").format(place=place)
                if place.isdecimal()
                else place.replace("_", " "),
                validators=[_check_parameter],
                widget=forms.TextInput(
                    attrs={"class": "form-control", "autocomplete": "off", "data-place": place}
                ),
            )

    def draft(self) -> drafts.Draft:
        """Return the template as a message: what Meta needs, and what the thread will show."""
        values = {place: str(self.cleaned_data[f"place_{place}"]) for place in self.template.places}
        return draft(self.template, values, key=self.cleaned_data["key"])


def draft(
    template: numbers.Template, values: Mapping[str, str], *, key: str | None = None
) -> drafts.Draft:
    """Return a template, filled in, as a message."""
    return drafts.Draft(
        kind=events.Kind.TEMPLATE,
        text=template.filled(values),
        content={
            "template": {
                "name": template.name,
                "language": template.language,
                "parameters": dict(values),
            },
            "header": {"text": template.header},
            "footer": {"text": template.footer},
            "buttons": [{"text": button} for button in template.buttons],
        },
        request_key=key,
    )
