"""Meta's error codes and the envelope in which the Graph API answers them."""

from dataclasses import dataclass
from typing import Any

type Json = dict[str, Any]

HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True, slots=True)
class Code:
    """One row of Meta's table: HTTP status (400 for those that come by webhook) and title."""

    http: int
    title: str


# Source: Meta, "Error codes" (Cloud API), and the examples of Meta's OpenAPI v23.0.
CODES: dict[int, Code] = {
    0: Code(401, "AuthException"),
    1: Code(400, "API Unknown"),
    2: Code(503, "API Service"),
    3: Code(500, "API Method"),
    4: Code(400, "API Too Many Calls"),
    10: Code(403, "Permission Denied"),
    33: Code(400, "Parameter value is not valid"),
    100: Code(400, "Invalid parameter"),
    104: Code(401, "An access token is required to request this resource."),
    190: Code(401, "Access token has expired"),
    200: Code(403, "API Permission"),
    368: Code(403, "Temporarily blocked for policies violations"),
    803: Code(404, "Some of the aliases you requested do not exist"),
    80007: Code(400, "Rate limit issues"),
    130429: Code(400, "Rate limit hit"),
    130472: Code(400, "User's number is part of an experiment"),
    130497: Code(403, "Business account is restricted from messaging users in this country."),
    131000: Code(500, "Something went wrong"),
    131005: Code(403, "Access denied"),
    131008: Code(400, "Required parameter is missing"),
    131009: Code(400, "Parameter value is not valid"),
    131016: Code(500, "Service unavailable"),
    131021: Code(400, "Recipient cannot be sender"),
    131026: Code(400, "Message undeliverable"),
    131030: Code(400, "Recipient phone number not in allowed list"),
    131031: Code(403, "Account has been locked"),
    131035: Code(400, "Webhook could not be delivered within data retention limit"),
    131036: Code(400, "Message payload not found"),
    131037: Code(400, "Display name approval is required"),
    131042: Code(400, "Business eligibility payment issue"),
    131045: Code(500, "Incorrect certificate"),
    131047: Code(400, "Re-engagement message"),
    131048: Code(400, "Spam rate limit hit"),
    131049: Code(400, "Message not delivered to maintain healthy ecosystem engagement"),
    131050: Code(400, "User has stopped receiving marketing messages"),
    131051: Code(400, "Unsupported message type"),
    131052: Code(400, "Media download error"),
    131053: Code(400, "Media upload error"),
    131055: Code(400, "Method not allowed"),
    131056: Code(400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: Code(500, "Account in maintenance mode"),
    131059: Code(400, "Invalid pagination cursor"),
    131060: Code(400, "This message is currently unavailable"),
    131062: Code(400, "Business-scoped user IDs are not supported for this message"),
    131063: Code(400, "Marketing templates are disabled for this API"),
    131064: Code(400, "Messaging limit reached"),
    132000: Code(400, "Template Param Count Mismatch"),
    132001: Code(404, "Template does not exist"),
    132005: Code(400, "Template Hydrated Text Too Long"),
    132007: Code(400, "Template Format Character Policy Violated"),
    132008: Code(400, "Template Parameter Value Is Not Valid"),
    132012: Code(400, "Template Parameter Format Mismatch"),
    132015: Code(400, "Template is Paused"),
    132016: Code(400, "Template is Disabled"),
    132068: Code(400, "Flow is blocked"),
    132069: Code(400, "Flow is throttled"),
    133000: Code(500, "Incomplete Deregistration"),
    133004: Code(503, "Server Temporarily Unavailable"),
    133005: Code(400, "Two step verification PIN Mismatch"),
    133006: Code(400, "Phone number re-verification needed"),
    133008: Code(400, "Too Many PIN guesses"),
    133009: Code(400, "PIN guessed too fast"),
    133010: Code(400, "Phone number not registered"),
    133015: Code(400, "Please wait a few minutes before attempting to register this phone number"),
    133016: Code(400, "Account register deregister rate limit exceeded"),
    134011: Code(400, "WhatsApp Payments terms of service has not been accepted"),
    134100: Code(400, "Only marketing messages are supported"),
    134101: Code(400, "Template is syncing"),
    134102: Code(500, "Template is unavailable for use"),
    135000: Code(400, "Generic user error"),
    137000: Code(400, "Recipient identity key hash mismatch"),
    138000: Code(400, "Calling is not enabled"),
    138001: Code(400, "Receiver cannot be called"),
    138002: Code(400, "Concurrent calls limit reached"),
    138003: Code(400, "Duplicate call"),
    138004: Code(400, "Connection error"),
    138005: Code(400, "Call rate limit exceeded"),
    138006: Code(400, "No approved call permission found"),
    138007: Code(400, "Connection timed out"),
    138009: Code(400, "Call permission request limit hit"),
    138012: Code(400, "Business-initiated calls limit hit"),
    138013: Code(400, "Business-initiated calling is not available"),
    138018: Code(400, "Call could not be completed"),
    139000: Code(400, "Blocked by integrity"),
    139001: Code(400, "Flow cannot be updated"),
    139002: Code(400, "Flow cannot be published"),
    139003: Code(400, "Flow cannot be deprecated"),
    139004: Code(400, "Flow cannot be deleted"),
    139100: Code(400, "Failed to block or unblock some users"),
    139101: Code(400, "The block list limit is reached"),
    139102: Code(400, "The block list was updated concurrently"),
    139103: Code(500, "Internal error while blocking users"),
    2388001: Code(400, "Phone number cannot be migrated"),
    2388012: Code(400, "Phone number is already registered"),
    2388103: Code(400, "Phone number migration is not possible"),
    2388019: Code(400, "Message template limit exceeded"),
    2388040: Code(400, "Character limit exceeded"),
    2388047: Code(400, "Message header format is incorrect"),
    2388072: Code(400, "Message body format is incorrect"),
    2388073: Code(400, "Message footer format is incorrect"),
    2388293: Code(400, "Parameters words ratio exceeds limit"),
    2388299: Code(400, "Leading or trailing params are not allowed"),
    2494100: Code(400, "Phone number is in maintenance"),
    2593107: Code(400, "Synchronization request limit exceeded"),
    2593108: Code(400, "Synchronization request made outside of the allowed time window"),
    2593109: Code(400, "History sync is turned off by the business"),
}

# What Meta adds to some codes in `details`.
DETAILS: dict[int, str] = {
    131026: "Message Undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer "
    "last replied to this number.",
    131050: "The recipient has chosen to stop receiving marketing messages on WhatsApp from you.",
    131064: "The business has reached its messaging limit for the last 24 hours.",
}

_TYPES = {803: "GraphMethodException", 2: "GraphMethodException"}


class GraphError(Exception):
    """A request the Graph API refuses: code, what exactly was wrong, and the HTTP status."""

    def __init__(
        self,
        code: int,
        details: str,
        *,
        subcode: int | None = None,
        beside: Json | None = None,
    ) -> None:
        super().__init__(details)
        self.beside = beside or {}
        self.code = code
        self.details = details
        self.subcode = subcode

    @property
    def http(self) -> int:
        """The HTTP status of Meta's table."""
        return CODES.get(self.code, CODES[100]).http

    def envelope(self, *, trace: str) -> Json:
        """The body Meta answers with."""
        title = CODES.get(self.code, CODES[100]).title
        error: Json = {
            "message": f"(#{self.code}) {title}",
            "type": _TYPES.get(self.code, "OAuthException"),
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": trace,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {**self.beside, "error": error}


def webhook_error(code: int, details: str | None = None) -> Json:
    """One element of `errors[]` in a webhook."""
    title = CODES.get(code, CODES[131000]).title
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or DETAILS.get(code) or f"{title}."},
        "href": HREF,
    }
