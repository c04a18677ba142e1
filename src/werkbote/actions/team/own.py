"""What members do for themselves: a new password, the language of their screens, having read the policy."""

from datetime import datetime

from django.contrib.auth import hashers, password_validation
from django.core.exceptions import ValidationError

from werkbote.actions import audit
from werkbote.store import ids, models, scope


class UnableToChangePassword(Exception):
    """The present password is wrong, or the new one is too weak; `problems` says what to change."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def change_password(*, organisation: int, present: str, new: str, by: int, at: datetime) -> str:
    """Give the member `by` a new password and return the new stamp: all other sessions are over.

    Raises UnableToChangePassword when the present one is wrong or the new one too weak.
    """
    with scope.transaction(organisation=organisation):
        member = models.Member.objects.select_for_update().get(id=by)
        if not hashers.check_password(present, member.password):
            raise UnableToChangePassword(["The present password is wrong: type it again."])
        try:
            password_validation.validate_password(new)
        except ValidationError as error:
            raise UnableToChangePassword(list(error.messages)) from None
        member.password = hashers.make_password(new)
        member.save(update_fields=["password"])
        record(organisation, by, "team.change_password", at)
    return member.get_session_auth_hash()


def choose_language(*, organisation: int, language: str, by: int, at: datetime) -> None:
    """Show the screens of the member `by` in German or English."""
    with scope.transaction(organisation=organisation):
        models.Member.objects.filter(id=by).update(language=language)
        record(organisation, by, "team.choose_language", at)


def acknowledge(*, organisation: int, version: str, by: int, at: datetime) -> None:
    """Write down that the member `by` has read a version of the messenger policy; twice is once."""
    with scope.transaction(organisation=organisation):
        _, fresh = models.Acknowledgement.objects.get_or_create(
            member_id=by,
            version=version,
            defaults={"id": ids.new(), "organisation_id": organisation, "at": at},
        )
        if fresh:
            record(organisation, by, "team.acknowledge_policy", at)


def record(organisation: int, member: int, verb: str, at: datetime) -> None:
    """Write down what a member did to the own account."""
    audit.record(organisation=organisation, by=member, verb=verb, object=f"member:{member}", at=at)
