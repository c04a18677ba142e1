"""A mailbox that takes every e-mail on loopback and shows it: what a reader would see, with its links."""

import asyncio
import email
import email.policy
import html
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

_MOST = 200
_BYTES = 5 * 1024 * 1024
_LINK = re.compile(r"https?://[^\s<>&]+")
_STYLE = """\
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #eef1f5; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
ul { list-style: none; padding: 0; }
li a { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1rem; padding: .9rem 1rem;
  margin-bottom: .5rem; background: #fff; border-radius: .5rem; color: inherit; text-decoration: none; }
li span { color: #566173; }
iframe { width: 100%; height: 34rem; border: 1px solid #dfe3ea; border-radius: .5rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #fff; padding: 1rem; border-radius: .5rem; }
button { font: inherit; padding: .5rem 1rem; margin-bottom: 1rem; }
"""
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action http: https:; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail as it arrived."""

    to: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject line."""
        return str(self.message["Subject"] or "")

    @property
    def leave(self) -> str:
        """The address of the one-click way out, empty where there is none."""
        return str(self.message["List-Unsubscribe"] or "").strip("<> ")

    def form(self, kind: str) -> str:
        """One of its forms, "plain" or "html", empty where it has none."""
        body = self.message.get_body((kind,))
        return "" if body is None else str(body.get_content())


@dataclass(slots=True)
class Mailbox:
    """Letters in the order of arrival, the newest last; `handle_DATA` is called by aiosmtpd."""

    letters: list[Letter] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 -- aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a letter for each recipient."""
        del server, session
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        for to in envelope.rcpt_tos:
            self.letters.append(Letter(to=to, message=message))
        del self.letters[:-_MOST]
        return "250 OK"

    async def listen(self, *, host: str, port: int) -> asyncio.Server:
        """Start taking letters; the caller closes the server."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(self, loop=loop, hostname="graphsim", data_size_limit=_BYTES), host, port
        )


def attach(app: web.Application, box: Mailbox) -> None:
    """Add the pages of the mailbox, and its content as JSON for programs."""

    async def pages(_: web.Request) -> web.Response:
        return _shown(_list(box))

    async def page(request: web.Request) -> web.Response:
        return _shown(_one(box, int(request.match_info["number"])))

    async def letter(request: web.Request) -> web.Response:
        found = _found(box, int(request.match_info["number"]))
        headers = {"Content-Security-Policy": _LETTER_POLICY}
        return web.Response(text=found.form("html"), content_type="text/html", headers=headers)

    async def content(_: web.Request) -> web.Response:
        return web.json_response([_plain(one) for one in box.letters])

    async def style(_: web.Request) -> web.Response:
        return web.Response(text=_STYLE, content_type="text/css")

    app.router.add_get("/mail", pages)
    app.router.add_get("/mail.css", style)
    app.router.add_get(r"/mail/{number:\d+}", page)
    app.router.add_get(r"/mail/{number:\d+}/letter", letter)
    app.router.add_get("/sim/mail", content)


def _plain(one: Letter) -> dict[str, Any]:
    return {
        "to": one.to,
        "subject": one.subject,
        "text": one.form("plain"),
        "html": one.form("html"),
        "leave": one.leave,
    }


def _found(box: Mailbox, number: int) -> Letter:
    try:
        return box.letters[number]
    except IndexError:
        raise web.HTTPNotFound(text="There is no such letter (any more).") from None


def _shown(inside: str) -> web.Response:
    text = (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Postfach – Sandbox</title><link rel="stylesheet" href="/mail.css"></head>'
        f"<body><main>{inside}</main></body></html>"
    )
    headers = {"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)


def _list(box: Mailbox) -> str:
    rows = "".join(
        f'<li><a href="/mail/{number}"><strong>{html.escape(one.subject)}</strong>'
        f"<span>{html.escape(one.to)}</span></a></li>"
        for number, one in reversed(list(enumerate(box.letters)))
    )
    empty = "<p>Noch keine E-Mail. Was Werkbote sendet, erscheint hier.</p>"
    return f"<h1>Postfach</h1><ul>{rows}</ul>" if rows else f"<h1>Postfach</h1>{empty}"


def _one(box: Mailbox, number: int) -> str:
    found = _found(box, number)
    words = _LINK.sub(
        lambda link: f'<a href="{link[0]}" rel="noopener">{link[0]}</a>',
        html.escape(found.form("plain"), quote=False),
    )
    leave = ""
    if found.leave:
        leave = (
            f'<form method="post" action="{html.escape(found.leave)}">'
            '<input type="hidden" name="List-Unsubscribe" value="One-Click">'
            "<button>Abmelden (Knopf des Mailprogramms)</button></form>"
        )
    return (
        f'<p><a href="/mail">Postfach</a></p><h1>{html.escape(found.subject)}</h1>'
        f"<p>Von {html.escape(str(found.message['From']))}<br>An {html.escape(found.to)}</p>{leave}"
        f'<iframe src="/mail/{number}/letter" title="E-Mail" sandbox></iframe>'
        f"<h2>Als Text, mit Links</h2><pre>{words}</pre>"
    )
