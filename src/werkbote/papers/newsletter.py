"""A letter of the newsletter: Markdown in, a plain text and an HTML form with its styles inlined out."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import css_inline
from markdown_it import MarkdownIt
from markdown_it.token import Token

LEAVE = "https://leave.invalid/"
"""Stands where each reader's own link goes."""

_WORDS = {
    "de": {"online": "Im Browser lesen", "leave": "Abmelden (ein Klick genügt)"},
    "en": {"online": "Read in the browser", "leave": "Unsubscribe (one click is enough)"},
}
_SAFE = frozenset({"https", "http", "mailto", "tel"})

_STYLE = """
body { margin: 0; padding: 0; background: #eef1f5; color: #1c2430; font-family: -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; font-size: 16px; line-height: 1.55; }
.around { width: 100%; background: #eef1f5; }
.sheet { width: 100%; max-width: 600px; margin: 0 auto; background: #ffffff; }
.head { padding: 22px 28px 18px; border-bottom: 4px solid #0b6e5e; font-size: 18px; font-weight: bold; color: #0b6e5e; }
.words { padding: 12px 28px 24px; }
h1 { font-size: 24px; line-height: 1.25; margin: 16px 0 12px; }
h2 { font-size: 19px; line-height: 1.3; margin: 26px 0 8px; }
h3 { font-size: 16px; margin: 20px 0 6px; }
p { margin: 0 0 14px; }
ul, ol { margin: 0 0 14px; padding-left: 24px; }
li { margin: 0 0 6px; }
a { color: #0b6e5e; }
blockquote { margin: 0 0 14px; padding: 4px 16px; border-left: 4px solid #b9d9d2; color: #46505f; }
hr { border: 0; border-top: 1px solid #dfe3ea; margin: 24px 0; }
.foot { padding: 18px 28px 26px; border-top: 1px solid #dfe3ea; font-size: 13px; line-height: 1.5; color: #566173; }
.foot p { margin: 0 0 8px; }
.foot a { color: #566173; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be printed. `footer` is plain words; `online` an address, empty for none.

    `leave` adds the link by which a reader leaves, as the placeholder `LEAVE`.
    """

    subject: str
    text: str
    company: str
    language: str
    footer: str
    online: str = ""
    leave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Both forms of a letter, and `inside`: its words alone as harmless HTML, for pages of ours."""

    text: str
    html: str
    inside: str


def render(letter: Letter) -> Printed:
    """Return both forms. Raw HTML, pictures and script links in the words come out as plain text."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
    parser.validateLink = _is_safe  # type: ignore[method-assign]
    inside = str(parser.render(letter.text))
    return Printed(
        text=_text_form(letter, parser.parse(letter.text)),
        html=css_inline.inline(_page(letter, inside)),
        inside=inside,
    )


def _is_safe(url: str) -> bool:
    return urlsplit(url.strip()).scheme.casefold() in _SAFE


def _page(letter: Letter, inside: str) -> str:
    words = _WORDS[letter.language]
    links = []
    if letter.online:
        links.append(f'<a href="{html.escape(letter.online)}">{words["online"]}</a>')
    if letter.leave:
        links.append(f'<a href="{LEAVE}">{words["leave"]}</a>')
    footer = "".join(f"<p>{_linked(line)}</p>" for line in letter.footer.splitlines() if line)
    company, subject = html.escape(letter.company), html.escape(letter.subject)
    return (
        f'<!doctype html><html lang="{letter.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light">'
        f"<title>{subject}</title><style>{_STYLE}</style></head><body>"
        '<table role="presentation" class="around" cellpadding="0" cellspacing="0"><tr><td align="center">'
        '<table role="presentation" class="sheet" cellpadding="0" cellspacing="0">'
        f'<tr><td class="head">{company}</td></tr>'
        f'<tr><td class="words"><h1>{subject}</h1>{inside}</td></tr>'
        f'<tr><td class="foot">{footer}<p>{" · ".join(links)}</p></td></tr>'
        "</table></td></tr></table></body></html>"
    )


def _linked(line: str) -> str:
    return re.sub(
        r"https?://\S+", lambda found: f'<a href="{found[0]}">{found[0]}</a>', html.escape(line)
    )


def _text_form(letter: Letter, tokens: list[Token]) -> str:
    words = _WORDS[letter.language]
    lines = [letter.subject, "=" * min(len(letter.subject), 72), ""]
    lines += _paragraphs(tokens)
    lines += ["", "-- ", *letter.footer.splitlines()]
    if letter.online:
        lines.append(f"{words['online']}: {letter.online}")
    if letter.leave:
        lines.append(f"{words['leave']}: {LEAVE}")
    return "\n".join(lines) + "\n"


def _paragraphs(tokens: list[Token]) -> list[str]:
    """Return the words as lines: headings underlined, list items marked, links behind their words."""
    lines: list[str] = []
    marks: list[str] = []
    heading = False
    for one in tokens:
        if one.type == "heading_open":
            heading = True
        elif one.type in {"bullet_list_open", "ordered_list_open"}:
            marks.append("- ")
        elif one.type in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
            lines += [] if marks else [""]
        elif one.type == "hr":
            lines += ["-" * 20, ""]
        elif one.type in {"fence", "code_block"}:
            lines += [one.content.rstrip(), ""]
        elif one.type == "inline":
            said = _said(one.children or [])
            lines.append(("  " * (len(marks) - 1) + marks[-1] if marks else "") + said)
            lines += ["-" * min(len(said), 72)] if heading else []
            lines += [] if marks else [""]
            heading = False
    return lines


def _said(pieces: list[Token]) -> str:
    words: list[str] = []
    targets: list[str] = []
    for one in pieces:
        if one.type == "link_open":
            targets.append(str(one.attrGet("href") or ""))
        elif one.type == "link_close":
            target = targets.pop()
            words.append("" if words and words[-1] == target else f" ({target})")
        elif one.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        else:
            words.append(one.content)
    return "".join(words)
