"""Trying a rule: which messages of the last thirty days it would have answered to; nothing is done."""

from datetime import datetime, timedelta

from werkbote.domain import desk, team
from werkbote.reads import access
from werkbote.reads.desk import arrangement
from werkbote.reads.inbox import bubbles, people
from werkbote.store import desk as arrangements
from werkbote.store import keyring, models, scope

SPAN = timedelta(days=30)
MOST = 1000
"""How many of the newest messages are looked at: their texts must be opened one by one."""


def trial(*, viewer: access.Viewer, rule: int, at: datetime) -> arrangement.Trial:
    """Return what a rule would have fitted; raise access.UnableToSee for who must not arrange.

    Labels and owners are taken as they are today: what they were then is not kept.
    """
    access.check_right(viewer, team.Right.MANAGE_TEAM)
    keys = keyring.organisation(viewer.organisation)
    keyhole = people.Keyhole(keys)
    with scope.looking(organisation=viewer.organisation):
        row = models.AutomationRule.objects.filter(id=rule, ended_at=None).first()
        if row is None:
            raise access.UnableToSee("There is no such rule.")
        wanted = arrangement.opened_rule(keys, row)
        messages = models.Message.objects.filter(
            outgoing=False, historic=False, at__gte=at - SPAN, number__branch__in=viewer.branches
        )
        if wanted.branch is not None:
            messages = messages.filter(number__branch=wanted.branch)
        rows = list(
            messages.select_related("person", "number", "conversation").order_by("-at")[:MOST]
        )
        hours = arrangements.hours({one.number.branch_id for one in rows}, at=at)
        labels: dict[int, set[int]] = {}
        worn = models.ConversationLabel.objects.filter(
            conversation__in={one.conversation_id for one in rows}
        ).values_list("conversation_id", "label_id")
        for conversation, label in worn:
            labels.setdefault(conversation, set()).add(label)
    fits = [
        one.conversation_id
        for one in rows
        if desk.applies(
            wanted,
            desk.Happening(
                trigger=_trigger(one, wanted),
                text=bubbles.text_of(bubbles.body(one, keyhole)),
                kind=one.kind,
                number=one.number_id,
                open=hours[one.number.branch_id].is_open(one.at),
                labels=frozenset(labels.get(one.conversation_id, ())),
                assigned=one.conversation.owner_id is not None,
            ),
        )
    ]
    return arrangement.Trial(looked=len(rows), fits=tuple(fits))


def _trigger(row: models.Message, rule: desk.Rule) -> desk.Trigger:
    """Return what the message was; for a rule that waits for the end, as if it had come."""
    if rule.trigger is desk.Trigger.CLOSED:
        return desk.Trigger.CLOSED
    first = row.received_at - row.conversation.created_at < timedelta(minutes=1)
    return desk.Trigger.FIRST_MESSAGE if first else desk.Trigger.MESSAGE
