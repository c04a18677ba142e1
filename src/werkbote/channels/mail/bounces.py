"""What comes back: a mailbox is emptied letter by letter, and each letter is read for what it says did not arrive."""

import contextlib
import email
import email.policy
import imaplib
import mailbox
import re
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import imap_tools
from flufl import bounce

from werkbote.domain import events

HARD, SOFT = 550, 554
"""The codes a returned letter is kept under: the address does not exist, or only this letter was refused."""

MOST_BYTES = 2 * 1024 * 1024
_MOST_AT_ONCE = 500
_SECONDS = 30
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_IDENT = re.compile(r"<?(wb\.(\d{1,19})\.[0-9a-f]{20}@[A-Za-z0-9.-]{1,253})>?")
_NO_BOX = re.compile(r"5\.(?:1\.[0-9]+|2\.1|0\.0)")
_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)


class UnableToFetch(Exception):
    """Raised when the mailbox of returned letters cannot be read; the sentence says what to check."""


def read(body: bytes, *, received_at: datetime) -> tuple[events.Event, ...]:
    """Return the failure a returned letter reports of one of ours; nothing for any other letter.

    Delays and successes report nothing. Only a permanent failure does.
    """
    letter = email.message_from_bytes(body[:MOST_BYTES], policy=email.policy.compat32)
    ident = _IDENT.search(_texts(letter))
    if ident is None:
        return ()
    temporary, permanent = bounce.all_failures(letter)
    status = _status(letter)
    if not permanent and not (status and status.startswith("5")):
        return ()
    if temporary and not permanent:
        return ()
    code = HARD if status is None or _NO_BOX.fullmatch(status) else SOFT
    return (
        events.StatusIn(
            number="mail",
            provider_id=ident.group(1),
            status=events.Status.FAILED,
            at=received_at,
            callback=ident.group(2),
            failure=events.Failure(code=code, title=status or ""),
        ),
    )


def _texts(letter: Message) -> str:
    """Return everything a letter quotes, its own references first: our Message-ID is in one of them."""
    found = [str(letter.get(name, "")) for name in ("In-Reply-To", "References")]
    for part in letter.walk():
        found.append(str(part.get("Message-ID", "")))
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                found.append(content[:MOST_BYTES].decode("utf-8", "replace"))
    return "\n".join(found)


def _status(letter: Message) -> str | None:
    """Return the worst status a delivery report names (RFC 3464), None where there is no report."""
    found = [
        status
        for part in letter.walk()
        if part.get_content_type() == "message/delivery-status"
        for status in _STATUS.findall("\n".join(str(one) for one in _parts(part)))
    ]
    return max(found, default=None)


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def collect(address: str, *, take: Callable[[bytes], object]) -> int:
    """Hand every waiting letter to `take`, remove it after that, and return how many there were.

    `address` is `maildir:/path` or `imaps://user:password@host/FOLDER`. A letter that `take` fails on
    stays. Raises UnableToFetch.
    """
    parts = urlsplit(address)
    if parts.scheme == "maildir":
        return _empty_maildir(Path(parts.path), take)
    return _empty_imap(address, take)


def _empty_maildir(path: Path, take: Callable[[bytes], object]) -> int:
    if not path.is_dir():
        raise UnableToFetch(f"There is no mailbox at {path}: check WERKBOTE_MAIL_BOUNCES.")
    box = mailbox.Maildir(path, create=False)
    keys = sorted(box.keys())[:_MOST_AT_ONCE]
    for key in keys:
        take(box.get_bytes(key))
        box.discard(key)
    return len(keys)


def _empty_imap(address: str, take: Callable[[bytes], object]) -> int:
    parts = urlsplit(address)
    if parts.scheme != "imaps" and parts.hostname not in _LOOPBACK:
        raise UnableToFetch(
            f"The mailbox at {parts.hostname} would see the password unencrypted: use imaps://."
        )
    kind = imap_tools.MailBox if parts.scheme == "imaps" else imap_tools.MailBoxUnencrypted
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    try:
        box = kind(parts.hostname or "", port=port, timeout=_SECONDS)
        try:
            return _take_all(box, parts, take)
        finally:
            with contextlib.suppress(imap_tools.ImapToolsError, imaplib.IMAP4.error, OSError):
                box.logout()
    except (imap_tools.ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        raise UnableToFetch(
            f"The mailbox at {parts.hostname} cannot be read ({type(error).__name__}): check "
            "WERKBOTE_MAIL_BOUNCES and whether the server can be reached."
        ) from None


def _take_all(
    box: imap_tools.BaseMailBox, parts: SplitResult, take: Callable[[bytes], object]
) -> int:
    """Sign in, hand over letter after letter, and remove each after it was taken."""
    box.login(
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        initial_folder=unquote(parts.path.strip("/")) or "INBOX",
    )
    count = 0
    for letter in box.fetch(limit=_MOST_AT_ONCE, mark_seen=False, bulk=50):
        take(letter.obj.as_bytes())
        box.delete([letter.uid or ""])
        count += 1
    return count
