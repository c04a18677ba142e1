"""What was meant where nothing holds the words that were typed: known words a slip away."""

from collections.abc import Iterable, Sequence

from django.db import connection

from werkbote.domain import search, search_typos
from werkbote.reads import access
from werkbote.store import keyring, models, scope, vault
from werkbote.store import search as index

_MOST_TOKENS = 6000

_OCCURS = """
SELECT t.token FROM unnest(%s::bigint[]) AS t (token)
WHERE EXISTS (SELECT FROM search_token s WHERE s.organisation_id = %s AND s.token = t.token)
"""


def meant(viewer: access.Viewer, text: str) -> str:
    """Return the words with each unknown one replaced by a known one a slip away; empty if none is."""
    keys = keyring.organisation(viewer.organisation)
    with scope.looking(organisation=viewer.organisation):
        numbers = list(
            models.Number.objects.filter(branch_id__in=viewer.branches)
            .order_by("id")
            .values_list("id", flat=True)
        )
        meant, changed = [], False
        for word in text.split():
            known = _known(keys, numbers, search.wanted(word))
            other = "" if known else _neighbour(keys, numbers, word)
            changed = changed or bool(other)
            meant.append(other or word)
    return " ".join(meant) if changed else ""


def _neighbour(keys: vault.OrganisationKeys, numbers: Sequence[int], word: str) -> str:
    near = search_typos.neighbours(word)
    known = _known(keys, numbers, (stem for _, stem in near))
    return next((other for other, stem in near if stem in known), "")


def _known(
    keys: vault.OrganisationKeys, numbers: Sequence[int], wanted: Iterable[str]
) -> frozenset[str]:
    """Return which stems occur in messages of the numbers."""
    tokens = {
        index.token(keys=keys, number=number, stem=stem): stem
        for stem in wanted
        for number in numbers
    }
    asked = list(tokens)[:_MOST_TOKENS]
    with connection.cursor() as cursor:
        cursor.execute(_OCCURS, [asked, keys.organisation])
        return frozenset(tokens[token] for (token,) in cursor.fetchall())
