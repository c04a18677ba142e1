"""An outgoing e-mail as bytes: text and HTML, one recipient, and the headers that let them leave with one click."""

import email.policy
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from werkbote.channels import outgoing

_POLICY = email.policy.SMTP.clone(max_line_length=200)


class UnableToCompose(ValueError):
    """Raised for words that cannot stand in a header, or an address that is none."""


def message(mail: outgoing.Mail, *, to: str, at: datetime) -> EmailMessage:
    """Return the message to one recipient; raise UnableToCompose where a header could be broken out of."""
    made = EmailMessage(policy=_POLICY)
    try:
        made["From"] = Address(display_name=mail.company, addr_spec=mail.sender)
        made["To"] = Address(addr_spec=to)
        made["Subject"] = mail.subject
        made["Date"] = format_datetime(at)
        made["Message-ID"] = f"<{mail.ident}>"
        made["Auto-Submitted"] = "auto-generated"
        if mail.list_id:
            made["List-Id"] = f"<{mail.list_id}>"
        if mail.unsubscribe:
            made["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except (ValueError, IndexError, TypeError) as error:
        raise UnableToCompose(
            "Subject, sender or recipient cannot stand in a header: remove line breaks and check the address."
        ) from error
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    return made
