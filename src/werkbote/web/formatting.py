"""WhatsApp's own marks (*bold* _italic_ ~struck~ ```code```) as safe HTML; everything else is text.

Marks count only where WhatsApp lets them: at the edge of a word, around something, on one line.
"""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_CODE = re.compile(r"```(.+?)```", re.DOTALL)
_INLINE = re.compile(r"(?<![\w`])`([^`\n]+)`(?![\w`])")
_LINK = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]]")
_MARKS = (("*", "strong"), ("_", "em"), ("~", "s"))
_LONGEST = 20_000
"""Meta's longest text has 4,096 characters; beyond this a text is shown without marks."""


def _pattern(mark: str) -> re.Pattern[str]:
    sign = re.escape(mark)
    return re.compile(rf"(?<![\w{sign}]){sign}(?=[^\s{sign}])([^{sign}\n]*[^\s{sign}]){sign}(?!\w)")


_PATTERNS = tuple((_pattern(mark), tag) for mark, tag in _MARKS)


def html(text: str) -> SafeString:
    """Return a message's text as HTML with its marks and links; line breaks stay line breaks."""
    if len(text) > _LONGEST:
        return mark_safe(escape(text))  # noqa: S308 -- escaped
    parts: list[str] = []
    for index, piece in enumerate(_CODE.split(text)):
        parts.append(f"<code>{escape(piece)}</code>" if index % 2 else _line(piece))
    return mark_safe("".join(parts))  # noqa: S308 -- every piece is escaped below


def is_marked(text: str) -> bool:
    """Return whether a text has marks, so that it will look different from how it is typed."""
    if len(text) > _LONGEST:
        return False
    return any(one.search(text) for one in (_CODE, _INLINE, *(one for one, _ in _PATTERNS)))


def plain(text: str) -> str:
    """Return a text on one line, without its marks, for lists and quotes."""
    bare = _CODE.sub(r"\1", text[:_LONGEST])
    for pattern, _ in _PATTERNS:
        bare = pattern.sub(r"\1", bare)
    return " ".join(bare.split())


def _line(piece: str) -> str:
    parts: list[str] = []
    for index, rest in enumerate(_INLINE.split(piece)):
        parts.append(f"<code>{escape(rest)}</code>" if index % 2 else _links(rest))
    return "".join(parts)


def _links(piece: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(piece):
        address = escape(found.group())
        parts += [
            _marked(piece[end : found.start()]),
            f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>',
        ]
        end = found.end()
    return "".join([*parts, _marked(piece[end:])])


def _marked(piece: str) -> str:
    marked = str(escape(piece))
    for pattern, tag in _PATTERNS:
        marked = pattern.sub(rf"<{tag}>\1</{tag}>", marked)
    return marked
