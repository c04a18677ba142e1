"""Two persons become one: their conversations with a number are joined, and what hangs on them moves."""

from django.db import connection

PROPOSED = "proposed"
"""The kind of a question that a member asks: no news of a customer, so no sending waits for it."""

_MOVE = """
UPDATE {table} SET conversation_id = k.id
FROM conversation d JOIN conversation k ON k.number_id = d.number_id AND k.person_id = %(keep)s
WHERE d.person_id = %(drop)s AND {table}.conversation_id = d.id
"""
_MOVED = (
    "message",
    "message_change",
    "change",
    "note",
    "conversation_event",
    "nudge",
    "conversation_label",
    "message_draft",
)
_FREE_KEYS = """
UPDATE message m SET request_key = NULL
FROM conversation d JOIN conversation k ON k.number_id = d.number_id AND k.person_id = %(keep)s
     JOIN message o ON o.conversation_id = k.id
WHERE d.person_id = %(drop)s AND m.conversation_id = d.id AND m.request_key = o.request_key
"""
_DROP_LABELS = """
DELETE FROM conversation_label l
USING conversation d JOIN conversation k ON k.number_id = d.number_id AND k.person_id = %(keep)s
     JOIN conversation_label o ON o.conversation_id = k.id
WHERE d.person_id = %(drop)s AND l.conversation_id = d.id AND l.label_id = o.label_id
"""
_DROP_DRAFTS = """
DELETE FROM message_draft f
USING conversation d JOIN conversation k ON k.number_id = d.number_id AND k.person_id = %(keep)s
     JOIN message_draft o ON o.conversation_id = k.id
WHERE d.person_id = %(drop)s AND f.conversation_id = d.id AND f.member_id = o.member_id
"""
_JOIN_WORK = """
UPDATE conversation k SET
    owner_id = COALESCE(k.owner_id, d.owner_id),
    team_id = COALESCE(k.team_id, d.team_id),
    waiting_since = LEAST(k.waiting_since, d.waiting_since),
    blocked_at = GREATEST(k.blocked_at, d.blocked_at),
    spam_at = CASE WHEN d.spam_at IS NOT NULL THEN k.spam_at END,
    state = CASE WHEN d.state = 'open' THEN 'open' ELSE k.state END,
    snoozed_until = CASE WHEN d.state <> 'open' THEN k.snoozed_until END,
    closed_at = CASE WHEN d.state <> 'open' THEN k.closed_at END
FROM conversation d
WHERE d.person_id = %(drop)s AND k.person_id = %(keep)s AND k.number_id = d.number_id
"""
_JOIN_TIMES = """
UPDATE conversation k SET
    last_inbound_at = GREATEST(k.last_inbound_at, d.last_inbound_at),
    last_call_at = GREATEST(k.last_call_at, d.last_call_at),
    last_message_at = GREATEST(k.last_message_at, d.last_message_at),
    last_received_at = GREATEST(k.last_received_at, d.last_received_at),
    seen_at = CASE
        WHEN k.last_received_at IS NULL THEN d.seen_at
        WHEN d.last_received_at IS NULL THEN k.seen_at
        WHEN k.seen_at IS NOT NULL AND d.seen_at IS NOT NULL THEN LEAST(k.seen_at, d.seen_at)
    END,
    pair_clear_at = GREATEST(k.pair_clear_at, d.pair_clear_at)
FROM conversation d
WHERE d.person_id = %(drop)s AND k.person_id = %(keep)s AND k.number_id = d.number_id
"""
_DROP_JOINED = """
DELETE FROM conversation d USING conversation k
WHERE d.person_id = %(drop)s AND k.person_id = %(keep)s AND k.number_id = d.number_id
"""
_MOVE_REST = "UPDATE conversation SET person_id = %(keep)s WHERE person_id = %(drop)s"
_ANSWERED = """
DELETE FROM identity_review r USING person a, person b
WHERE r.state = 'open' AND a.id = r.previous_id AND b.id = r.current_id
  AND %(keep)s IN (a.id, a.merged_into_id) AND %(keep)s IN (b.id, b.merged_into_id)
"""


def join_conversations(*, keep: int, drop: int) -> None:
    """Let one person have the conversations of two. Inside a transaction."""
    both = {"keep": keep, "drop": drop}
    moves = tuple(_MOVE.format(table=table) for table in _MOVED)
    steps = (
        _FREE_KEYS,
        _DROP_LABELS,
        _DROP_DRAFTS,
        *moves,
        _JOIN_WORK,
        _JOIN_TIMES,
        _DROP_JOINED,
        _MOVE_REST,
    )
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, both)


def drop_answered(*, keep: int) -> None:
    """Delete the open questions whether two are one that a merge has answered. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, {"keep": keep})
