"""A mail server on loopback that keeps what it is given, or says what a test tells it to say."""

import email
import email.policy
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "werkbank-im-flur"


@dataclass(slots=True)
class Box:
    """Letters in the order of arrival; `says` maps a step (MAIL, RCPT, DATA) to the answer given.

    An answer of None hangs up in the middle of the step. `logins` counts who showed a password, and
    `encrypted` says of each letter whether its line was.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    says: dict[str, str | None] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)
    logins: int = 0
    address: str = "127.0.0.1"
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://{self.address}:{self.port}"

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        del session, options
        envelope.mail_from = address
        return self._said("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        del session, options
        answer = self._said("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        answer = self._said("DATA", server)
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(email.message_from_bytes(content, policy=email.policy.default))
            assert server.transport is not None
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        return answer

    def _said(self, step: str, server: SMTP) -> str:
        answer = self.says.get(step, "250 OK")
        if answer is None:
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        return answer


def _doorman(box: Box) -> Any:
    """Return what looks at passwords."""

    def login(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: LoginPassword
    ) -> AuthResult:
        del server, session, envelope, mechanism
        box.logins += 1
        return AuthResult(success=auth.password.decode() == PASSWORD, handled=False)

    return login


class _OnAnyPort(Controller):
    """Asks for port 0 and learns which one it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(
    *,
    login: bool = False,
    address: str = "127.0.0.1",
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Box]:
    """Run the server on a free port for as long as the block lasts.

    It offers STARTTLS with one context, or speaks TLS from the first byte with the other.
    """
    box = Box(address=address)
    options: dict[str, Any] = {"tls_context": starttls, "ssl_context": tls}
    if login:
        options |= {"authenticator": _doorman(box), "auth_require_tls": False}
    controller = _OnAnyPort(box, hostname=address, port=0, ready_timeout=60, **options)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()
