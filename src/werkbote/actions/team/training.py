"""Training: that a member was trained, when and on what, as whoever answers for the team enters it (Art. 32(4))."""

from datetime import date, datetime

from django.utils import timezone

from werkbote.actions import audit
from werkbote.domain import team
from werkbote.store import ids, models, scope


class UnableToEnterTraining(Exception):
    """The training cannot be entered like that; the sentence says why."""


def enter_training(
    *, organisation: int, member: int, topic: team.Topic, held_on: date, by: int, at: datetime
) -> None:
    """Enter that a member was trained; twice the same is once. Raises UnableToEnterTraining."""
    if held_on > timezone.localtime(at).date():
        raise UnableToEnterTraining("The day lies in the future: check the date.")
    with scope.transaction(organisation=organisation):
        if not models.Member.objects.filter(id=member, is_active=True).exists():
            raise UnableToEnterTraining("There is no such member (any more): reload the page.")
        _, fresh = models.Training.objects.get_or_create(
            member_id=member,
            topic=topic,
            held_on=held_on,
            defaults={
                "id": ids.new(),
                "organisation_id": organisation,
                "entered_by_id": by,
                "at": at,
            },
        )
        if fresh:
            audit.record(
                organisation=organisation,
                by=by,
                verb="team.enter_training",
                object=f"member:{member}",
                detail={"topic": topic.value, "held_on": held_on.isoformat()},
                at=at,
            )
