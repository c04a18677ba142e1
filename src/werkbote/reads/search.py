"""Messages found by their words, newest first, among those a member may see."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from werkbote.domain import search, team
from werkbote.reads import access
from werkbote.store import keyring, scope, vault
from werkbote.store import search as index

_NEWEST_ID = 2**63 - 1
_SAMPLE = 256
_LOOKED_UP_FOR_EACH = 40
_LONGER = 8


class UnableToSearch(ValueError):
    """The words given say too little to look for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message that holds all the words; `text` is what a person reads in it."""

    id: int
    conversation: int
    person: int
    number: int
    outgoing: bool
    at: datetime
    text: str


def messages(
    *, viewer: access.Viewer, words: str, before: int | None = None, limit: int = 50
) -> tuple[Found, ...]:
    """Return the newest messages, older than message `before`, that hold all the `words`.

    Only messages of the viewer's branches. Raises UnableToSearch when the words are all filler and
    access.UnableToSee when chats are not the viewer's.
    """
    access.check_right(viewer, team.Right.READ_CHATS)
    stems = search.wanted(words)
    if not stems:
        raise UnableToSearch("Type a word that does not occur in every message.")
    keys = keyring.organisation(viewer.organisation)
    rows: list[tuple[Any, ...]] = []
    with scope.looking(organisation=viewer.organisation), connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [sorted(viewer.branches)])
        tokens = [
            [index.token(keys=keys, number=number, stem=stem) for stem in stems]
            for (number,) in cursor.fetchall()
        ]
        walk = _Walk(cursor=cursor, organisation=keys.organisation, tokens=tokens, page=limit)
        for found in walk.pages(before or _NEWEST_ID):
            cursor.execute(_MESSAGES, [found])
            rows += cursor.fetchall()
            if len(rows) >= limit:
                break
    open_key = functools.cache(lambda person, wrapped: keys.unwrap(wrapped, person=person))
    return tuple(_found(open_key, row) for row in rows[:limit])


_NUMBERS = "SELECT id FROM number WHERE branch_id = ANY(%s) AND channel <> 'mail' ORDER BY id"

_MESSAGES = """
SELECT m.id, m.conversation_id, m.number_id, m.outgoing, m.at, m.body, p.id, p.key_wrapped
FROM message m JOIN person p ON p.id = m.person_id
WHERE m.id = ANY(%s) AND p.restricted_at IS NULL ORDER BY m.id DESC
"""

_NEWEST_OF_EACH = """
SELECT t.token, s.count, s.oldest FROM unnest(%s::bigint[]) AS t (token) CROSS JOIN LATERAL (
    SELECT count(*), min(few.message_id) AS oldest FROM (
        SELECT s.message_id FROM search_token s
        WHERE s.organisation_id = %s AND s.token = t.token AND s.message_id < %s
        ORDER BY s.message_id DESC LIMIT %s) AS few) AS s
"""

_STRETCH = """
SELECT cardinality(r.ids), r.ids[cardinality(r.ids)], {both}
FROM unnest({arrays}) AS t ({names}) CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT s.message_id FROM search_token s
                 WHERE s.organisation_id = %(organisation)s AND s.token = t.w0
                   AND s.message_id < %(before)s
                 ORDER BY s.message_id DESC LIMIT %(stretch)s) AS ids OFFSET 0) AS r
"""

_ALSO = """
ARRAY(SELECT o.message_id FROM search_token o WHERE o.organisation_id = %(organisation)s
        AND o.token = t.w{word} AND o.message_id = ANY({among}))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """A walk along the rarest token of each number; `tokens` holds one list for each number.

    A stretch of it is looked up among the other tokens in one pass over their part of the index,
    since both are sorted. Where that gives too little, the next stretch is longer.
    """

    cursor: Any
    organisation: int
    tokens: Sequence[Sequence[int]]
    page: int

    def pages(self, before: int) -> Iterator[list[int]]:
        """Yield the messages that have all tokens of one number, newest first, at most `page` at once."""
        if not self.tokens:
            return
        several = len(self.tokens[0]) > 1
        tokens = self._rarest_first(before) if several else self.tokens
        length = self.page * (_LOOKED_UP_FOR_EACH if several else 1)
        while before:
            found, before = self._stretch(tokens, before, length)
            length *= _LONGER
            for first in range(0, len(found), self.page):
                yield found[first : first + self.page]

    def _rarest_first(self, before: int) -> list[list[int]]:
        """Return each number's tokens by how far back their newest messages reach; few come first."""
        every = [token for group in self.tokens for token in group]
        self.cursor.execute(_NEWEST_OF_EACH, [every, self.organisation, before, _SAMPLE])
        reach = {token: (count, oldest or 0) for token, count, oldest in self.cursor.fetchall()}
        return [sorted(group, key=reach.__getitem__) for group in self.tokens]

    def _stretch(
        self, tokens: Sequence[Sequence[int]], before: int, length: int
    ) -> tuple[list[int], int]:
        """Return what the next `length` messages of each number hold, and where to go on; 0 is the end.

        Numbers whose words are rarer reach further back; what lies beyond the nearest end is looked
        at again in the next stretch.
        """
        words, both = range(len(tokens[0])), "r.ids"
        for word in words[1:]:
            both = _ALSO.format(word=word, among=both)
        query = _STRETCH.format(
            both=both,
            arrays=", ".join(f"%(w{word})s::bigint[]" for word in words),
            names=", ".join(f"w{word}" for word in words),
        )
        given = {"organisation": self.organisation, "before": before, "stretch": length}
        columns = {f"w{word}": [group[word] for group in tokens] for word in words}
        self.cursor.execute(query, given | columns)
        rows = self.cursor.fetchall()
        end = max((oldest for count, oldest, _ in rows if count == length), default=0)
        return sorted((one for *_, ids in rows for one in ids if one >= end), reverse=True), end


def _found(open_key: Callable[[int, bytes], vault.Key], row: tuple[Any, ...]) -> Found:
    message, conversation, number, outgoing, at, sealed, person, wrapped = row
    key = open_key(person, bytes(wrapped))
    body = orjson.loads(key.open(sealed, table="message", row=message, column="body"))
    return Found(
        id=message,
        conversation=conversation,
        person=person,
        number=number,
        outgoing=outgoing,
        at=at,
        text=body["text"],
    )
