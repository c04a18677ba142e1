"""Meta's error codes as a table: code or range, HTTP status, what to do, and why.

Source: Meta, "Error codes" (Cloud API, v25), its OpenAPI examples, and the pages on throughput, pair
rate, templates and onboarding of app users. Waits are in seconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

_MINUTE, _HOUR = 60, 3600


class Course(StrEnum):
    """What to do about a failed attempt."""

    RETRY_SOON = "retry soon"
    RETRY_LATER = "retry later"
    THROTTLED = "throttled"
    GIVE_UP = "give up"
    RECIPIENT_STOPPED = "recipient stopped"
    WINDOW_CLOSED = "window closed"
    TOKEN = "token"  # noqa: S105 -- a word, not a secret
    ACCOUNT = "account"
    PAYMENT = "payment"
    UNKNOWN_OUTCOME = "unknown outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; a wait grows by the factor `growth` with every failed attempt."""

    course: Course
    reason: str
    http: int | None = None
    wait: int = 5
    growth: int = 2


def _row(
    course: Course, reason: str, http: int | None = None, wait: int = 5, growth: int = 2
) -> Row:
    return Row(course=course, reason=reason, http=http, wait=wait, growth=growth)


CODES = MappingProxyType(
    {
        0: _row(Course.TOKEN, "token", 401),
        1: _row(Course.UNKNOWN_OUTCOME, "unclear", 400),
        2: _row(Course.RETRY_SOON, "busy", 503),
        3: _row(Course.TOKEN, "permission", 500),
        4: _row(Course.THROTTLED, "account_rate", 400, 5 * _MINUTE),
        10: _row(Course.TOKEN, "permission", 403),
        33: _row(Course.ACCOUNT, "registration", 400),
        100: _row(Course.GIVE_UP, "invalid", 400),
        104: _row(Course.TOKEN, "token", 401),
        190: _row(Course.TOKEN, "token", 401),
        368: _row(Course.ACCOUNT, "blocked", 403),
        803: _row(Course.GIVE_UP, "missing", 404),
        80007: _row(Course.THROTTLED, "account_rate", 400, 5 * _MINUTE),
        130429: _row(Course.THROTTLED, "throughput", 400, 1),
        130472: _row(Course.GIVE_UP, "experiment", 400),
        130497: _row(Course.GIVE_UP, "country", 403),
        131000: _row(Course.UNKNOWN_OUTCOME, "unclear", 500),
        131005: _row(Course.TOKEN, "permission", 403),
        131008: _row(Course.GIVE_UP, "invalid", 400),
        131009: _row(Course.GIVE_UP, "invalid", 400),
        131016: _row(Course.RETRY_SOON, "busy", 500),
        131021: _row(Course.GIVE_UP, "own_number", 400),
        131026: _row(Course.GIVE_UP, "undeliverable", 400),
        131030: _row(Course.GIVE_UP, "test_number", 400),
        131031: _row(Course.ACCOUNT, "blocked", 403),
        131035: _row(Course.GIVE_UP, "lost_event"),
        131036: _row(Course.GIVE_UP, "lost_event"),
        131037: _row(Course.ACCOUNT, "display_name", 400),
        131042: _row(Course.PAYMENT, "payment", 400),
        131045: _row(Course.ACCOUNT, "registration", 500),
        131047: _row(Course.WINDOW_CLOSED, "window_closed", 400),
        131048: _row(Course.THROTTLED, "spam", 400, _HOUR),
        131049: _row(Course.GIVE_UP, "marketing_limit", 400),
        131050: _row(Course.RECIPIENT_STOPPED, "recipient_stopped", 400),
        131051: _row(Course.GIVE_UP, "unsupported", 400),
        131052: _row(Course.GIVE_UP, "media_in", 400),
        131053: _row(Course.GIVE_UP, "media_out", 400),
        131055: _row(Course.GIVE_UP, "marketing_api", 400),
        131056: _row(Course.THROTTLED, "pair_rate", 400, 1, 4),
        131057: _row(Course.RETRY_LATER, "maintenance", 500, _MINUTE),
        131059: _row(Course.GIVE_UP, "cursor", 400),
        131060: _row(Course.GIVE_UP, "companion"),
        131062: _row(Course.GIVE_UP, "needs_phone", 400),
        131063: _row(Course.GIVE_UP, "marketing_api"),
        131064: _row(Course.RETRY_LATER, "messaging_limit", None, 6 * _HOUR, 1),
        132000: _row(Course.GIVE_UP, "template_filling", 400),
        132001: _row(Course.GIVE_UP, "template_missing", 404),
        132005: _row(Course.GIVE_UP, "template_filling", 400),
        132007: _row(Course.GIVE_UP, "template_wording", 400),
        132008: _row(Course.GIVE_UP, "template_filling", 400),
        132012: _row(Course.GIVE_UP, "template_filling", 400),
        132015: _row(Course.RETRY_LATER, "template_paused", 400, 3 * _HOUR),
        132016: _row(Course.GIVE_UP, "template_disabled", 400),
        132068: _row(Course.GIVE_UP, "flow", 400),
        132069: _row(Course.RETRY_LATER, "flow_rate", 400, _HOUR, 1),
        133000: _row(Course.ACCOUNT, "registration", 500),
        133004: _row(Course.RETRY_SOON, "busy", 503),
        133005: _row(Course.GIVE_UP, "pin", 400),
        133006: _row(Course.ACCOUNT, "registration", 400),
        133008: _row(Course.GIVE_UP, "pin_locked", 400),
        133009: _row(Course.GIVE_UP, "pin_locked", 400),
        133010: _row(Course.ACCOUNT, "registration", 400),
        133015: _row(Course.RETRY_LATER, "registration_rate", 400, 5 * _MINUTE),
        133016: _row(Course.RETRY_LATER, "registration_rate", 400, 72 * _HOUR, 1),
        134011: _row(Course.GIVE_UP, "payments_terms", 400),
        134100: _row(Course.GIVE_UP, "marketing_api", 400),
        134101: _row(Course.RETRY_LATER, "template_syncing", 500, 10 * _MINUTE),
        134102: _row(Course.GIVE_UP, "marketing_api", 400),
        135000: _row(Course.GIVE_UP, "invalid", 400),
        137000: _row(Course.GIVE_UP, "identity"),
        139102: _row(Course.RETRY_SOON, "busy"),
        139103: _row(Course.RETRY_SOON, "busy"),
        2388019: _row(Course.GIVE_UP, "template_count"),
        2388040: _row(Course.GIVE_UP, "template_wording"),
        2388047: _row(Course.GIVE_UP, "template_wording"),
        2388072: _row(Course.GIVE_UP, "template_wording"),
        2388073: _row(Course.GIVE_UP, "template_wording"),
        2388293: _row(Course.GIVE_UP, "template_wording"),
        2388299: _row(Course.GIVE_UP, "template_wording"),
        2494100: _row(Course.RETRY_LATER, "maintenance", None, 10 * _MINUTE),
        2593107: _row(Course.GIVE_UP, "sync_once", 400),
        2593108: _row(Course.GIVE_UP, "sync_once", 400),
        2593109: _row(Course.GIVE_UP, "sync_declined"),
    }
)
"""Every single code; it goes before the range it lies in."""

RANGES = (
    (200, 299, _row(Course.TOKEN, "permission", 403)),
    (138000, 138018, _row(Course.GIVE_UP, "calling")),
    (139000, 139004, _row(Course.GIVE_UP, "flow")),
    (139100, 139103, _row(Course.GIVE_UP, "block_list")),
    (2388001, 2388103, _row(Course.GIVE_UP, "migration")),
)
"""Ranges of codes, both ends included."""

_STATUSES = MappingProxyType(
    {
        401: _row(Course.TOKEN, "token"),
        403: _row(Course.TOKEN, "permission"),
        404: _row(Course.GIVE_UP, "missing"),
        408: _row(Course.RETRY_SOON, "busy"),  # RFC 9110 §15.5.9: the request never arrived whole
        429: _row(Course.THROTTLED, "throughput", wait=_MINUTE),  # RFC 6585 §4
    }
)
_UNCLEAR = _row(Course.UNKNOWN_OUTCOME, "unclear")
_REDIRECTED = _row(Course.ACCOUNT, "redirected")
_INVALID = _row(Course.GIVE_UP, "invalid")
_OK, _REDIRECT, _CLIENT_ERROR, _SERVER_ERROR = 200, 300, 400, 500


def find(code: int | None) -> Row | None:
    """The row of a code, or None when the table does not know it."""
    if code is None:
        return None
    row = CODES.get(code)
    if row is not None:
        return row
    return next((row for first, last, row in RANGES if first <= code <= last), None)


def by_status(http: int | None) -> Row:
    """The row of an answer whose code is missing or new: the HTTP status decides.

    A server's error leaves open what became of the request, and so does a success that cannot be
    read; a client's error means it was refused. Without a status a webhook said it failed.
    """
    if http is None:
        return _INVALID
    if http in _STATUSES:
        return _STATUSES[http]
    if _REDIRECT <= http < _CLIENT_ERROR:
        return _REDIRECTED
    if _CLIENT_ERROR <= http < _SERVER_ERROR:
        return _INVALID
    return _UNCLEAR
