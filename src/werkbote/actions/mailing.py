"""An e-mail as it will leave: the server it goes to, its keyed Message-ID, and both forms of its words."""

import functools
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from werkbote.channels import outgoing
from werkbote.papers import newsletter as paper
from werkbote.store import ids, keyring, models, rechtsstand, vault

_MAC = 20
ZONE = ZoneInfo("Europe/Berlin")
_DAYS = {"de": "%d.%m.%Y", "en": "%d %B %Y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The SMTP server of this installation; `base_url` is its address without a login, empty for none."""

    base_url: str
    user: str = ""
    password: str = field(default="", repr=False)


def server() -> Server:
    """Return the server that WERKBOTE_MAIL_URL names."""
    parts = urlsplit(settings.WERKBOTE_MAIL_URL)
    if not parts.hostname:
        return Server(base_url="")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return Server(
        base_url=f"{parts.scheme}://{host}{port}",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def token(keys: vault.OrganisationKeys, *, deed: str, subject: int) -> str:
    """Return the word in a link that lets exactly one thing be done, by whoever got the e-mail."""
    return f"{ids.short(subject)}-{_mac(keys, deed, subject)}"


def read_token(keys: vault.OrganisationKeys, *, deed: str, word: str) -> int | None:
    """Return what a link is about, None for a word that is not ours or is for another deed."""
    named, _, mac = word.partition("-")
    subject = ids.long(named)
    if subject is None:
        return None
    genuine = hmac.compare_digest(mac.encode(), _mac(keys, deed, subject).encode())
    return subject if genuine else None


def _mac(keys: vault.OrganisationKeys, deed: str, subject: int) -> str:
    return keys.digest("mail link", f"{deed}\0{subject}".encode()).hex()[:_MAC]


def ident(keys: vault.OrganisationKeys, *, message: int, sender: str) -> str:
    """Return the Message-ID of a message: a returned letter that names it was sent by us."""
    return f"wb.{message}.{_mac(keys, 'ident', message)}@{sender.rpartition('@')[2]}"


def is_ours(keys: vault.OrganisationKeys, *, message: int, named: str) -> bool:
    """Return whether a Message-ID is the one we gave this message."""
    found = named.partition("@")[0].rpartition(".")[2]
    return hmac.compare_digest(found.encode(), _mac(keys, "ident", message).encode())


def sender(keys: vault.OrganisationKeys, number: models.Number) -> tuple[str, str]:
    """Return address and name that e-mails of a branch come from."""
    address, name = (
        keys.main.open_text(sealed, table="number", row=number.id, column=column)
        for sealed, column in (
            (number.phone_sealed, "phone_sealed"),
            (number.label_sealed, "label_sealed"),
        )
    )
    return address, name


def address(branch: int, *parts: str) -> str:
    """Return the public address of a branch's newsletter page."""
    path = "/".join(("n", ids.short(branch), *parts))
    return f"{settings.WERKBOTE_PUBLIC_URL.rstrip('/')}/{path}"


def body(
    number: models.Number, message: int, *, text: str, content: Mapping[str, Any]
) -> outgoing.Mail:
    """Return a stored e-mail as it leaves: an issue with its own way out, or words of their own."""
    keys = keyring.organisation(number.organisation_id)
    from_address, company = sender(keys, number)
    wanted = content["mail"]
    footer = str(wanted["footer"])
    leave = address(number.branch_id, "u", token(keys, deed="unsubscribe", subject=message))
    is_issue = "issue" in wanted
    if is_issue:
        issue = models.NewsletterIssue.objects.get(id=wanted["issue"])
        letter = issue_letter(issue, company=company, footer=footer)
    else:
        subject, language = str(wanted["subject"]), str(wanted["language"])
        letter = paper.Letter(
            subject=subject, text=text, company=company, language=language, footer=footer
        )
    made = printed(letter)
    domain = from_address.rpartition("@")[2]
    return outgoing.Mail(
        ident=ident(keys, message=message, sender=from_address),
        subject=letter.subject,
        text=made.text.replace(paper.LEAVE, leave),
        html=made.html.replace(paper.LEAVE, leave),
        sender=from_address,
        company=company,
        unsubscribe=leave if is_issue else "",
        list_id=f"newsletter.{ids.short(number.branch_id)}.{domain}" if is_issue else "",
    )


def issue_letter(
    issue: models.NewsletterIssue, *, company: str, footer: str, public: bool = False
) -> paper.Letter:
    """Return an issue as it is printed; `public` leaves out what belongs to one reader."""
    online = address(issue.branch_id, "archive", ids.short(issue.id))
    return paper.Letter(
        subject=issue.subject,
        text=issue.text,
        company=company,
        language=issue.language,
        footer=footer,
        online="" if public else online,
        leave=not public,
    )


def reminder(number: models.Number, row: models.RequestReminder, *, at: datetime) -> outgoing.Mail:
    """Return the e-mail that reminds a member of a request; whom it is about stands behind its link."""
    keys = keyring.organisation(number.organisation_id)
    from_address, company = sender(keys, number)
    day, language = at.astimezone(ZONE).date(), row.member.language
    words, due = rechtsstand.reminder(day), f"{row.due_on:{_DAYS[language]}}"
    link = f"{settings.WERKBOTE_PUBLIC_URL.rstrip('/')}/privacy/requests/{row.request_id}/"
    age = str((day - row.request.received_on).days)
    letter = paper.Letter(
        subject=words.say("subject", language=language, due=due),
        text=words.say("text", language=language, age=age, due=due, link=link),
        company=company,
        language=language,
        footer=words.say("footer", language=language, company=company),
    )
    made = printed(letter)
    return outgoing.Mail(
        ident=ident(keys, message=row.id, sender=from_address),
        subject=letter.subject,
        text=made.text,
        html=made.html,
        sender=from_address,
        company=company,
    )


@functools.lru_cache(maxsize=16)
def printed(letter: paper.Letter) -> paper.Printed:
    """Return both forms of a letter; the same letter is printed once for all its readers."""
    return paper.render(letter)
