"""The one conversation in which an e-mail leaves, step by step, so that it is known how far it came."""

import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiosmtplib

from werkbote.channels import driver, outgoing
from werkbote.channels.mail import composing
from werkbote.domain import newsletter, policy

_SECONDS = 30.0
_PORTS = {"smtps": 465, "smtp": 587}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(slots=True)
class _Progress:
    """How far one conversation has come: who was asked last, and whether the message was begun."""

    of_box: bool = False
    begun: bool = False


async def send(
    permit: policy.Permit,
    message: outgoing.Outgoing,
    *,
    access: driver.Access,
    attempt: int,
) -> outgoing.Receipt:
    """Hand one e-mail to the server and return its Message-ID; raises `driver.Unable`.

    Until the message itself is begun, every failure is certain: nothing was accepted. A connection
    that breaks after that leaves the outcome open, unless the server had already said no.
    """
    body = message.body
    if not isinstance(body, outgoing.Mail) or not message.to.email:
        raise outgoing.NoRecipient("The message is no e-mail, or has no address to go to.")
    to = message.to.email
    progress = _Progress()
    try:
        raw = composing.message(body, to=to, at=permit.decided_at).as_bytes()
        async with _line(access) as line:
            await line.mail(body.sender)
            progress.of_box = True
            await line.rcpt(to)
            progress.begun = True
            await line.data(raw)
    except composing.UnableToCompose:
        raise driver.Unable(newsletter.verdict(554, attempt=attempt)) from None
    except aiosmtplib.SMTPResponseException as problem:
        of_box = progress.of_box and not progress.begun
        said = newsletter.verdict(
            problem.code, said=problem.message, attempt=attempt, of_box=of_box
        )
        raise driver.Unable(said) from None
    except (aiosmtplib.SMTPException, OSError) as problem:
        raise driver.Unable(_unanswered(problem, progress, attempt)) from None
    return outgoing.Receipt(provider_id=body.ident)


def _unanswered(problem: Exception, progress: _Progress, attempt: int) -> newsletter.Verdict:
    if progress.begun and not isinstance(problem, aiosmtplib.SMTPNotSupported):
        return newsletter.unclear()
    return newsletter.verdict(None, attempt=attempt)


@contextlib.asynccontextmanager
async def _line(access: driver.Access) -> AsyncIterator[aiosmtplib.SMTP]:
    """Yield a connection on which we are known to the server; leaving it costs nothing any more."""
    parts = urlsplit(access.base_url)
    host = parts.hostname or ""
    here = host in _LOOPBACK
    line = aiosmtplib.SMTP(
        hostname=host,
        port=parts.port or _PORTS[parts.scheme],
        use_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp" and not here,
        tls_context=ssl.create_default_context(),
        timeout=_SECONDS,
    )
    try:
        await line.connect()
        if access.account:
            await line.login(access.account, access.token)
        else:
            await line.ehlo()
        yield line
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await line.quit()
    finally:
        line.close()
