"""Telling open pages that something changed: a row to catch up from, a NOTIFY to wake them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

CHANNEL = "werkbote_change"
"""The NOTIFY channel; its payload is JSON with o(rganisation), b(ranch), c(onversation), n(umber).

Of a member who is present also m(ember) and w(hat they do); `r`, 1 or 0, says that the row of the list
alone changed and nothing in the conversation.
"""

_ANNOUNCE = """
WITH news AS (
    INSERT INTO change (organisation_id, branch_id, conversation_id, at)
    SELECT c.organisation_id, n.branch_id, c.id, %(at)s
    FROM conversation c JOIN number n ON n.id = c.number_id
    WHERE c.id = ANY(%(conversations)s)
    RETURNING id, organisation_id, branch_id, conversation_id
)
SELECT pg_notify(%(channel)s, json_build_object(
    'o', organisation_id, 'b', branch_id, 'c', conversation_id, 'n', id, 'r', %(row_alone)s)::text)
FROM news
"""


_PRESENT = """
SELECT pg_notify(%(channel)s, json_build_object(
    'o', c.organisation_id, 'b', n.branch_id, 'c', c.id, 'n', 0, 'm', %(member)s, 'w', %(doing)s)::text)
FROM conversation c JOIN number n ON n.id = c.number_id
WHERE c.id = %(conversation)s
"""


def present(*, conversation: int, member: int, doing: int) -> None:
    """Tell open pages that a member has left (0), reads (1) or writes (2); no row is written.

    When the surrounding transaction commits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PRESENT,
            {"channel": CHANNEL, "member": member, "doing": doing, "conversation": conversation},
        )


def announce(*, conversations: Iterable[int], at: datetime, row_alone: bool = False) -> None:
    """Announce changed conversations when the surrounding transaction commits.

    Where the `row_alone` changed, pages that show the conversation need not look at it again.
    """
    changed = sorted(set(conversations))
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ANNOUNCE,
            {
                "at": at,
                "conversations": changed,
                "channel": CHANNEL,
                "row_alone": int(row_alone),
            },
        )
