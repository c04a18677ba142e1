"""Words one typing error away: how an index that knows whole words alone can still forgive a slip."""

from collections.abc import Iterator

from werkbote.domain import search

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4
_LONGEST = 24


def neighbours(word: str) -> tuple[tuple[str, str], ...]:
    """Return (word, stem) of what may have been meant, the likeliest slips first; none for short words.

    Two letters swapped, one too many, one wrong, one missing.
    """
    plain = search.folded(word.casefold())
    if not (_SHORTEST <= len(plain) <= _LONGEST) or not plain.isalpha():
        return ()
    own = set(search.stems(plain))
    found: dict[str, str] = {}
    for other in dict.fromkeys(_edits(plain)):
        for stem in search.stems(other)[:1]:
            if stem not in own:
                found.setdefault(stem, other)
    return tuple((other, stem) for stem, other in found.items())


def _edits(word: str) -> Iterator[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b)
    yield from (a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS)
    yield from (a + letter + b for a, b in cuts for letter in _LETTERS)
