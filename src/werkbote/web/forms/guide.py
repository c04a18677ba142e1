"""Forms of the check: the answers so far travel in one signed field, and nowhere else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from werkbote.actions import guide as press
from werkbote.domain import guide, guide_answers, guide_forms

KEPT_FOR = timedelta(days=180)
LONGEST_STATE = 400
_SALT = "werkbote.check.answers"
_STALE = _("These answers cannot be read any more: please start the check again.")


def seal(answers: guide.Answers, *, catalogue: guide.Catalogue) -> str:
    """Return the answers as one signed word with its time; it holds no personal data."""
    packed = guide_forms.pack(answers, catalogue=catalogue)
    return signing.TimestampSigner(salt=_SALT).sign(packed)


class _Sealed(forms.Form):
    """Reads the signed field; `cleaned_data["state"]` are the answers, none if it is empty."""

    state = forms.CharField(
        required=False, max_length=LONGEST_STATE, error_messages={"max_length": _STALE}
    )

    def __init__(self, data: Any, *, catalogue: guide.Catalogue) -> None:
        super().__init__(data)
        self.catalogue = catalogue

    def clean_state(self) -> guide.Answers:
        """Return the answers; refuse a word that is not ours, too old, or of another catalogue."""
        word = self.cleaned_data["state"]
        if not word:
            return {}
        try:
            packed = signing.TimestampSigner(salt=_SALT).unsign(word, max_age=KEPT_FOR)
            return guide_forms.unpack(packed, catalogue=self.catalogue)
        except (signing.BadSignature, guide.UnableToReadAnswers):
            raise forms.ValidationError(_STALE) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a step leads: `question` None is the outcome; `missing` asks for an answer first."""

    answers: guide.Answers
    question: str | None
    missing: bool = False


class Step(_Sealed):
    """One step of the check: the question that was shown, its answer, and where to go."""

    question = forms.CharField(required=False, max_length=64)
    answer = forms.CharField(required=False, max_length=64)
    go = forms.ChoiceField(
        required=False,
        choices=[(word, word) for word in ("next", "back", "show", "result", "resume")],
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the code where somebody wants to go on without one."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("go") == "resume" and not data.get("state") and "state" not in self.errors:
            self.add_error("state", _("Paste the code you copied, then go on."))
        return data

    def move(self) -> Move:
        """Return where this step leads; raise UnableToReadAnswers if no such question is open."""
        answers, asked = self.cleaned_data["state"], self.cleaned_data["question"]
        if not asked:
            over = self.cleaned_data["go"] == "result" and answers
            return Move(answers=answers, question=None if over else self._open(answers))
        if self.cleaned_data["go"] == "show":
            return Move(answers=answers, question=asked)
        return self._leave(answers, asked)

    def _leave(self, before: guide.Answers, asked: str) -> Move:
        given = self.cleaned_data["answer"]
        page = guide_forms.page(before, question=asked, catalogue=self.catalogue, language="de")
        fits = given in guide_answers.accepted(self.catalogue.question(asked))
        answers = before
        if fits:
            answers = guide_forms.answered(
                before, question=asked, answer=given, catalogue=self.catalogue
            )
        if self.cleaned_data["go"] == "back":
            return Move(answers=answers, question=page.previous or asked)
        if not fits:
            return Move(answers=answers, question=asked, missing=True)
        if self._open(before) is None:
            return Move(answers=answers, question=self._open(answers))
        after = guide.next_question(answers, catalogue=self.catalogue, after=asked)
        return Move(answers=answers, question=after.id if after else self._open(answers))

    def _open(self, answers: guide.Answers) -> str | None:
        first = guide.next_question(answers, catalogue=self.catalogue)
        return first.id if first else None


class Paper(_Sealed):
    """The name to print on the guide, if any."""

    dealer = forms.CharField(
        required=False,
        max_length=press.LONGEST_NAME,
        error_messages={
            "max_length": _("The name is longer than %(limit_value)d characters: shorten it."),
            "null_characters_not_allowed": _("The name holds invisible characters: type it again."),
        },
    )
