"""The blind index: keyed stems of messages, written here, looked up by `reads.search`."""

from collections.abc import Iterable, Sequence

from django.db import connection

from werkbote.domain import search
from werkbote.store import vault

_NUMBERS = "SELECT id, number_id FROM message WHERE id = ANY(%s)"

_INSERT = """
INSERT INTO search_token (organisation_id, token, message_id)
SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[])
ON CONFLICT DO NOTHING
"""


def token(*, keys: vault.OrganisationKeys, number: int, stem: str) -> int:
    """Return the token of a stem in the messages of one number: the same word differs per number."""
    return keys.token(f"{number}\0{stem}")


def index(*, keys: vault.OrganisationKeys, rows: Sequence[tuple[int, str]]) -> int:
    """Make stored messages findable by their texts, given as (message id, text); return how many stems.

    Runs in the transaction that stored them. Ids that are no messages here are passed over.
    """
    tokens: list[int] = []
    messages: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [[message for message, _ in rows]])
        numbers = dict(cursor.fetchall())
        for message, text in rows:
            if message not in numbers:
                continue
            for stem in search.stems(text):
                tokens.append(token(keys=keys, number=numbers[message], stem=stem))
                messages.append(message)
        if tokens:
            cursor.execute(_INSERT, [keys.organisation, tokens, messages])
    return len(tokens)


def forget(messages: Iterable[int]) -> int:
    """Take messages out of the index and return how many stems went; deleting a message does it too."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_token WHERE message_id = ANY(%s)", [list(messages)])
        return int(cursor.rowcount)
