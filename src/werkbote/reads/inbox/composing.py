"""What the viewer has begun to write into a conversation."""

from dataclasses import dataclass

import orjson

from werkbote.domain import offers, team
from werkbote.reads import access
from werkbote.reads.inbox import people
from werkbote.store import keyring, models, scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What stands in the composer."""

    text: str = ""
    purpose: str = ""
    reply_to: int | None = None
    offer: offers.Offer | None = None


def begun(*, viewer: access.Viewer, conversation: int) -> Begun:
    """Return the viewer's own draft, an empty one where there is none; nobody sees another's."""
    access.check_right(viewer, team.Right.WRITE)
    keyhole = people.Keyhole(keyring.organisation(viewer.organisation))
    with scope.looking(organisation=viewer.organisation):
        row = (
            models.MessageDraft.objects.select_related("person")
            .filter(
                conversation_id=conversation,
                conversation__number__branch_id__in=viewer.branches,
                person__restricted_at=None,
                member_id=viewer.member,
            )
            .first()
        )
        if row is None:
            return Begun()
        body = orjson.loads(
            keyhole.of(row.person).open(
                row.body_sealed, table="message_draft", row=row.id, column="body_sealed"
            )
        )
    return Begun(
        text=body["text"],
        purpose=body["purpose"],
        reply_to=body["reply_to"],
        offer=offers.restored(body.get("offer")),
    )
