"""What a member's role lets them see and do: one table, asked by every page and deed."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the team.

    PRIVACY is the data protection officer (Datenschutzbeauftragter): reads evidence, never chats. IT
    operates without reading what is said. An AUDITOR from outside reads decisions, counts and the archive
    of commercial letters, never chats. SUPPORT is a vendor's technician: nobody, except while an owner lets
    them in, and without chats unless the owner says so.
    """

    OWNER = "owner"
    AGENT = "agent"
    MARKETING = "marketing"
    PRIVACY = "privacy"
    IT = "it"
    AUDITOR = "auditor"
    SUPPORT = "support"


class Right(StrEnum):
    """One thing that can be seen or done."""

    READ_CHATS = "read_chats"
    WRITE = "write"
    READ_DECISIONS = "read_decisions"
    EXPORT_DECISIONS = "export_decisions"
    READ_OPERATION = "read_operation"
    OPERATE = "operate"
    READ_COSTS = "read_costs"
    MANAGE_TEAM = "manage_team"
    OFFER = "offer"
    KEEP_CONSENTS = "keep_consents"
    HANDLE_REQUESTS = "handle_requests"
    READ_RESTRICTED = "read_restricted"
    EXPORT_LETTERS = "export_letters"
    READ_DECLARATIONS = "read_declarations"
    READ_AUDIT = "read_audit"
    READ_SETTINGS = "read_settings"
    EXPLAIN_SETTINGS = "explain_settings"
    HANDLE_BREACHES = "handle_breaches"
    KEEP_REGISTERS = "keep_registers"
    PUBLISH = "publish"
    SET_UP = "set_up"
    WRITE_TEMPLATES = "write_templates"
    READ_REPORTS = "read_reports"
    READ_STAFF_REPORTS = "read_staff_reports"
    WATCH = "watch"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.AGENT: frozenset({Right.READ_CHATS, Right.WRITE, Right.READ_DECISIONS, Right.OFFER}),
    Role.MARKETING: frozenset(
        {
            Right.READ_DECISIONS,
            Right.READ_COSTS,
            Right.OFFER,
            Right.PUBLISH,
            Right.WRITE_TEMPLATES,
            Right.READ_REPORTS,
        }
    ),
    Role.PRIVACY: frozenset(
        {
            Right.KEEP_CONSENTS,
            Right.READ_DECISIONS,
            Right.EXPORT_DECISIONS,
            Right.READ_OPERATION,
            Right.HANDLE_REQUESTS,
            Right.READ_RESTRICTED,
            Right.READ_DECLARATIONS,
            Right.READ_AUDIT,
            Right.READ_SETTINGS,
            Right.EXPLAIN_SETTINGS,
            Right.HANDLE_BREACHES,
            Right.KEEP_REGISTERS,
            Right.READ_REPORTS,
            Right.WATCH,
        }
    ),
    Role.IT: frozenset(
        {
            Right.READ_OPERATION,
            Right.OPERATE,
            Right.READ_COSTS,
            Right.READ_SETTINGS,
            Right.SET_UP,
            Right.WRITE_TEMPLATES,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Right.READ_DECISIONS,
            Right.EXPORT_DECISIONS,
            Right.READ_OPERATION,
            Right.READ_COSTS,
            Right.READ_DECLARATIONS,
            Right.READ_AUDIT,
            Right.READ_SETTINGS,
            Right.READ_REPORTS,
            Right.EXPORT_LETTERS,
        }
    ),
    Role.SUPPORT: frozenset({Right.READ_OPERATION, Right.OPERATE}),
}


class Scope(StrEnum):
    """One thing a token of the API may do, within what its member may."""

    READ = "read"
    SEND = "send"
    DECISIONS = "decisions"


class UnableToAllow(Exception):
    """The member's role does not include this."""


def can(*, role: Role, right: Right) -> bool:
    """Return whether a role includes a right."""
    return right in RIGHTS[role]


def check(*, role: Role, right: Right) -> None:
    """Raise UnableToAllow, in words for the member, unless the role includes the right."""
    if not can(role=role, right=right):
        raise UnableToAllow(
            f"The role “{role}” does not include “{right}”: ask an owner of your organisation."
        )


class TeamKind(StrEnum):
    """What a team of a branch does: Service, Verkauf, Teile, or something of its own."""

    SERVICE = "service"
    SALES = "sales"
    PARTS = "parts"
    OTHER = "other"


class Topic(StrEnum):
    """What a training was about."""

    MESSENGER = "messenger"
    PRIVACY = "privacy"
    SECURITY = "security"


TRAINED_FOR = timedelta(days=365)
"""How long a training holds before it is due again: a year, as the check asks for; no statute sets it."""


def training_due(held_on: date | None, *, today: date) -> bool:
    """Return whether a member has to be trained (again)."""
    return held_on is None or today - held_on > TRAINED_FOR
