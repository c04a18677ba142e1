"""The newsletter's own arithmetic: which addresses can be written to, and what an SMTP answer means for us."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from werkbote.domain import failures

PURPOSE = "P-14"
"""The purpose a newsletter by e-mail is sent for (recht.md 3.1; its own consent)."""

NO_BOX = "mail_no_box"
"""The reason that ends sending to an address until it signs up again."""

MAX_ADDRESS = 254
"""Longest address, in characters (RFC 5321, 4.5.3.1.3)."""

ALONE = 50
"""To more readers an issue is not sent by whoever wrote it last, where somebody else could (ASVS V2)."""

MAX_SUBJECT = 150
MAX_TEXT = 40_000

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+{_LABEL})")
_MAX_LOCAL = 64

_PERMANENT = 500  # RFC 5321, 4.2.1: 4yz is a transient negative reply
_ENHANCED = re.compile(r"5\.(\d{1,3})\.\d{1,3}")
_NO_SUCH_BOX = frozenset({510, 511, 521, 541, 550, 551, 553, 556})
_REFUSED_LOGIN = frozenset({530, 534, 535, 538})


def address(typed: str) -> str | None:
    """Return an address as it is kept and compared (small letters, IDNA domain), None if it is none.

    Small letters: no mail server of our time tells two people apart by them.
    """
    local, at, domain = typed.strip().rpartition("@")
    try:
        spoken = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    if len(spoken) > MAX_ADDRESS or len(local) > _MAX_LOCAL or not _ADDRESS.fullmatch(spoken):
        return None
    return spoken.casefold()


def _reason(name: str, *words: str) -> tuple[str, failures.Reason]:
    de, en, remedy_de, remedy_en = words
    return name, failures.Reason(name=name, de=de, en=en, remedy_de=remedy_de, remedy_en=remedy_en)


REASONS: Mapping[str, failures.Reason] = MappingProxyType(
    dict(
        (
            _reason(
                "mail_unreachable",
                "Der Mailserver war nicht erreichbar; die E-Mail hat das Haus nicht verlassen.",
                "The mail server could not be reached; the e-mail has not left the house.",
                "Es wird von selbst erneut versucht; prüfen Sie sonst WERKBOTE_MAIL_URL.",
                "It is tried again by itself; otherwise check WERKBOTE_MAIL_URL.",
            ),
            _reason(
                "mail_unclear",
                "Es ist unklar, ob der Mailserver die E-Mail angenommen hat.",
                "It is unclear whether the mail server accepted the e-mail.",
                "Sehen Sie in das Protokoll des Mailservers, bevor Sie erneut senden.",
                "Look into the mail server's log before you send again.",
            ),
            _reason(
                "mail_later",
                "Der Mailserver nimmt die E-Mail gerade nicht an.",
                "The mail server does not take the e-mail right now.",
                "Es wird von selbst erneut versucht.",
                "It is tried again by itself.",
            ),
            _reason(
                "mail_login",
                "Der Mailserver hat die Anmeldung abgelehnt.",
                "The mail server refused the login.",
                "Prüfen Sie Benutzer und Passwort in WERKBOTE_MAIL_URL.",
                "Check user and password in WERKBOTE_MAIL_URL.",
            ),
            _reason(
                "mail_no_box",
                "Diese Adresse gibt es nicht oder sie nimmt nichts an.",
                "There is no such address, or it takes nothing.",
                "An diese Adresse wird nicht mehr gesendet, bis sie sich neu anmeldet.",
                "Nothing is sent to this address until it signs up again.",
            ),
            _reason(
                "mail_refused",
                "Der Mailserver hat die E-Mail abgelehnt.",
                "The mail server refused the e-mail.",
                "Prüfen Sie Absenderadresse, SPF und DKIM Ihrer Domain.",
                "Check the sender address, and SPF and DKIM of your domain.",
            ),
        )
    )
)

_LATER = failures.Row(course=failures.Course.RETRY_LATER, reason="mail_later", wait=300)
_MOST_TRIES = 8


type Verdict = failures.Verdict


def verdict(
    code: int | None, *, attempt: int, said: str = "", of_box: bool = False
) -> failures.Verdict:
    """Return what an SMTP answer means. `of_box`: it was the answer to the recipient's address.

    `code` None means that no answer came although nothing of the message had been handed over. An
    enhanced status (RFC 3463) in what was `said` tells a missing box from a refused letter.
    """
    if code is None:
        row = failures.Row(course=failures.Course.RETRY_SOON, reason="mail_unreachable", wait=30)
    elif code in _REFUSED_LOGIN and not of_box:
        row = failures.Row(course=failures.Course.TOKEN, reason="mail_login")
    elif code < _PERMANENT:
        row = _LATER
    elif of_box and _is_missing(code, said):
        row = failures.Row(course=failures.Course.GIVE_UP, reason=NO_BOX)
    else:
        row = failures.Row(course=failures.Course.GIVE_UP, reason="mail_refused")
    return _judged(row, code=code, attempt=attempt)


def unclear() -> failures.Verdict:
    """Return the verdict on a connection lost while the message itself was handed over."""
    row = failures.Row(course=failures.Course.UNKNOWN_OUTCOME, reason="mail_unclear")
    return _judged(row, code=None, attempt=1)


def ends_sending(verdict: failures.Verdict) -> bool:
    """Return whether a failure says that the address itself takes nothing any more."""
    return verdict.reason.name == NO_BOX


def is_hard(code: int) -> bool:
    """Return whether the code a returned letter is kept under means that there is no such address."""
    return code in _NO_SUCH_BOX


def _is_missing(code: int, said: str) -> bool:
    enhanced = _ENHANCED.match(said)
    if enhanced is None:
        return code in _NO_SUCH_BOX
    return enhanced.group(1) == "1" or enhanced.group() == "5.2.1"


def _judged(row: failures.Row, *, code: int | None, attempt: int) -> failures.Verdict:
    retries = row.course in {failures.Course.RETRY_SOON, failures.Course.RETRY_LATER}
    exhausted = retries and attempt >= _MOST_TRIES
    return failures.Verdict(
        course=failures.Course.GIVE_UP if exhausted else row.course,
        reason=REASONS[row.reason],
        row=row,
        code=code,
        exhausted=exhausted,
    )
