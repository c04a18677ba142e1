"""Readers of a newsletter in tests: they sign up, confirm, leave; and letters that come back."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings

from tests import dealers, mailserver
from werkbote.actions import newsletter, outbox
from werkbote.store import models, scope

ANNA = "anna@leserin.example"
BEN = "ben@leser.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A dealer with a newsletter, and the box its mail server is."""

    dealer: dealers.Dealer
    box: mailserver.Box
    number: int

    @property
    def branch(self) -> int:
        return self.dealer.branch

    def signs_up(self, email: str, *, at: datetime) -> None:
        newsletter.request(
            branch=self.branch,
            filled=newsletter.Filled(
                email=email, language="de", shown_at=at, ip="127.0.0.9", user_agent="Browser"
            ),
            at=at,
        )

    def sends(self, *, at: datetime) -> list[EmailMessage]:
        """Let everything that waits leave; return the letters that arrived by it."""
        before = len(self.box.letters)
        for second in range(60):
            moment = at + timedelta(seconds=second)
            ready = outbox.claim(
                organisation=self.dealer.organisation, number=self.number, at=moment
            )
            if not ready and not self._waits(moment):
                break
            outcomes = asyncio.run(_leave(ready, moment))
            if outcomes:
                outbox.settle(organisation=self.dealer.organisation, outcomes=outcomes)
        return self.box.letters[before:]

    def _waits(self, at: datetime) -> bool:
        with scope.looking(organisation=self.dealer.organisation):
            waiting = models.Message.objects.filter(number=self.number, state="queued")
            return waiting.filter(due_at__lte=at).exists()

    def subscribes(self, email: str, *, at: datetime) -> None:
        """Sign up, get the e-mail, and press the button behind its link."""
        self.signs_up(email, at=at)
        (letter,) = self.sends(at=at)
        assert newsletter.confirm(branch=self.branch, word=word(letter, "c"), at=later(at))

    def state(self) -> str:
        with scope.looking(organisation=self.dealer.organisation):
            return models.Consent.objects.get(purpose="P-14").state

    def publishes(self, *, at: datetime, subject: str = "Reifenwechsel im Herbst") -> int:
        """Write an issue and queue its copies."""
        issue = newsletter.save(
            organisation=self.dealer.organisation,
            branch=self.branch,
            draft=newsletter.Draft(subject=subject, text="Ab Oktober **offen bis 19 Uhr**."),
            issue=None,
            by=self.author,
            at=at,
        )
        newsletter.begin(organisation=self.dealer.organisation, issue=issue, by=self.author, at=at)
        newsletter.spread(organisation=self.dealer.organisation, issue=issue, at=at)
        return issue

    @property
    def author(self) -> int:
        with scope.looking(organisation=self.dealer.organisation):
            return models.Member.objects.order_by("id").values_list("id", flat=True)[0]


async def _leave(ready: list[outbox.Ready], at: datetime) -> list[outbox.Outcome]:
    try:
        return [await outbox.send(one, clock=lambda: at) for one in ready]
    finally:
        await outbox.hang_up()


def later(at: datetime, minutes: int = 5) -> datetime:
    return at + timedelta(minutes=minutes)


def plain(letter: EmailMessage) -> str:
    """The text form of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def word(letter: EmailMessage, page: str) -> str:
    """The word in the link to a page ("c" confirms, "u" leaves)."""
    found = re.search(rf"/n/\w+/{page}/([\w-]+)", plain(letter))
    assert found is not None
    return found.group(1)


@contextmanager
def house(dealer: dealers.Dealer) -> Iterator[House]:
    """Open the newsletter of a dealer with a mail server on loopback."""
    with mailserver.serving() as box, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WERKBOTE_MAIL_URL", box.url)
        number = newsletter.open_sender(
            organisation=dealer.organisation,
            branch=dealer.branch,
            sender=newsletter.Sender(
                address="news@autohaus.example",
                name="Autohaus Nordlicht GmbH",
                agreement_at=date(2026, 11, 1),
                per_second=50,
            ),
            by="system",
            at=dealers.NOW,
        )
        yield House(dealer=dealer, box=box, number=number)


def returned(ident: str, *, status: str = "5.1.1", action: str = "failed", to: str = ANNA) -> bytes:
    """A delivery report (RFC 3464) about a letter of ours."""
    return f"""From: MAILER-DAEMON@mail.example
To: news@autohaus.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Ihre Nachricht konnte nicht zugestellt werden.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

From: news@autohaus.example
To: {to}
Message-ID: <{ident}>
Subject: x

--b--
""".encode()
